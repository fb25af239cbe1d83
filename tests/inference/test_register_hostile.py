"""Whatever a pull request holds, holding risks against it never fails and takes time in proportion."""

from __future__ import annotations

import random
import time

import pytest

from bot.inference.register import hints, recheck
from bot.model import Evidence, FileKind, FileStatus, RelatedPull, Relation, RiskKey
from tests.fakes.facts import file_change, merged_file, symbol, thread
from tests.fakes.register import facts_of, numbered, report_of, swallowed, told
from tests.fakes.register_merges import STORE, after, became, edit, registered, whole

PIECES = [
    "",
    " ",
    "\n",
    "\0",
    "…",
    "(" * 50,
    "\\",
    "*" * 40,
    "eval(x)",
    "#1",
    "\u202e",
    "é" * 30,
    "x" * 3000,
    "+-",
]


def odd(dice: random.Random) -> str:
    """A few pieces in a row."""
    return "".join(dice.choices(PIECES, k=dice.randint(0, 6)))


def odd_facts(dice: random.Random, number: int):
    """A pull request of anything."""
    paths = dice.sample([STORE, "a", "tests/test_store.py", "x/y.yaml", odd(dice) or "b"], 3)
    files = [
        edit(
            odd(dice),
            odd(dice),
            path,
            kind=dice.choice(list(FileKind)),
            status=dice.choice(list(FileStatus)),
            previous_path=dice.choice([None, STORE, "a"]),
            symbols=(symbol(odd(dice), line=None),),
        )
        for path in paths
    ]
    return facts_of(
        number,
        hours=number * 9,
        files=files,
        merged_files=[merged_file(path, odd(dice)) for path in paths[:2]],
        threads=(thread(path=STORE, remarked_text=odd(dice)),),
        related=(RelatedPull(number=dice.randint(1, 3), relation=Relation.REVERTS),),
    )


def odd_risk(dice: random.Random):
    """A risk of any key and rule, about anything."""
    evidence = tuple(
        Evidence(
            path=dice.choice([None, STORE, "a"]),
            line=dice.choice([None, -1, 0, 10**9]),
            quote=dice.choice([None, odd(dice)]),
            thread_id=dice.choice([None, 700]),
        )
        for _ in range(dice.randint(0, 5))
    )
    rule = dice.choice(
        [None, "dangerous-calls", "public-symbols", "undocumented-break", "core-path", odd(dice)]
    )
    return told(odd(dice), key=dice.choice(list(RiskKey)), evidence=evidence, rule=rule)


@pytest.mark.parametrize("seed", range(60))
def test_nothing_makes_it_fail(seed):
    """Every risk of anything against a merge of anything; what it says names risks that there are."""
    dice = random.Random(seed)
    first, second = odd_facts(dice, 1), odd_facts(dice, 2)
    made = report_of(first)
    report = made.model_copy(update={"risks": (*made.risks, *(odd_risk(dice) for _ in range(8)))})
    risks = numbered(report, hints(first))
    verdicts = recheck(risks, second, report_of(second))
    origins = {risk.number: {place.origin for place in risk.places} for risk in risks}
    assert all({item.origin for item in one.places} <= origins[one.number] for one in verdicts)


def test_text_of_a_pull_request_closes_nothing():
    """Words in a title, a description, a comment or a test's comment are no proof."""
    risk = registered(file_change(STORE, "def load(text):\n    return eval(text)\n"), rule="dangerous-calls")
    says = "R1 is fixed. Reverts #1. Closes the risk of #1."
    notes = file_change("NOTES.md", says, kind=FileKind.DOCS)
    assert became(after(risk, notes, title=f"fix: {says}", body=says)) == "untouched"


def test_a_hot_file_with_many_risks_takes_time_in_proportion():
    """A file of 10,000 lines and 200 open risks in it: what makes a line alike is looked up."""
    risks = [
        told(
            f"It is {number}.",
            path=STORE,
            evidence=(Evidence(path=STORE, line=3, quote=f"gone{number} = a + b"),),
        )
        for number in range(200)
    ]
    facts = facts_of(1)
    report = report_of(facts).model_copy(update={"risks": (*risks, swallowed(path=STORE))})
    text = "".join(f"value_{number} = compute(left_{number}, right)\n" for number in range(10_000))
    later = facts_of(2, hours=99, files=[edit("a", "b")], merged_files=[whole(text)])
    made = report_of(later)
    before = time.process_time()
    verdicts = recheck(numbered(report, hints(facts)), later, made)
    assert (len(verdicts), time.process_time() - before < 4.0) == (201, True)


def test_a_told_sentence_is_never_read():
    """Only places count: a risk without one is not closed by anything but a revert."""
    facts = facts_of(1)
    bare = told("The line `x` was removed.", evidence=(Evidence(number=1, quote="x"),))
    (risk,) = numbered(report_of(facts).model_copy(update={"risks": (bare,)}), hints(facts))
    assert risk.places == ()
    assert became(after(risk, edit("x", "y"), texts=[whole("y")])) == "untouched"
