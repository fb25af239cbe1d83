"""Budgets: what is sent stays within the terms, however large the change and however small the call."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.inference.prompts import Depth, estimate, plan, synthesis
from bot.llm import Size
from bot.model import (
    CheckState,
    Cited,
    FileNote,
    LinkedIssue,
    NotesClaims,
    ReadAs,
    RiskClaim,
    RiskKey,
    Severity,
)
from tests.fakes.facts import file_change, merged_file, pull_facts, remark, thread
from tests.fakes.prompts import block, blocks, large_pull, source, terms

if TYPE_CHECKING:
    from bot.inference.prompts import Plan, Terms
    from bot.llm import Question
    from bot.model import PullFacts

some = partial(pytest.param, marks=pytest.mark.long)
LEAST = 600  # tokens of data that a question always may have


def notes_on(plan: Plan) -> list[NotesClaims]:
    """Long notes on every file of every group."""
    return [
        NotesClaims(
            files=tuple(
                FileNote(
                    path=path,
                    change=f"Note on it. {'word ' * 100}",
                    quotes=("os.replace(temporary, path)",) * 4,
                )
                for path in group
            ),
            risks=(),
            suspicious=(),
        )
        for group in plan.groups
    ]


def all_questions(facts: PullFacts, asked: Terms) -> list[Question]:
    """Everything that is asked about ``facts`` but repairs."""
    made = plan(facts, asked)
    last = [synthesis(facts, asked, made, notes_on(made))[0]] if made.is_large else []
    return [*made.questions, *last]


def talkative(files: int = 40) -> PullFacts:
    """A large change, discussed at length, with everything that a pull request can have."""
    said = "The `save` of `Store.flush` loses what `write` wrote, see the manual. " * 30
    threads = tuple(
        thread(
            remark(said),
            remark(said, author="octo-dev"),
            id=number,
            path=f"engine/part_0/file_{number % 9}.py",
        )
        for number in range(90)
    )
    return large_pull(
        files,
        120,
        body=said * 20,
        threads=threads,
        comments=(remark(said),) * 30,
        issues=(
            LinkedIssue(number=4, title="Lost", body=said),
            LinkedIssue(number=5, title="Late", body=said),
        ),
        merged_files=(merged_file("engine/part_0/file_1.py", "def save():\n    pass\n" * 400),),
    )


@pytest.mark.parametrize("call", [2_000, 3_000, some(6_000), 12_000, some(24_000), 48_000])
@pytest.mark.parametrize("most", [8_000, some(30_000), 120_000])
def test_everything_that_is_sent_is_within_the_terms(call, most):
    """Each call's data within the call, and all of them together within the pull request's share."""
    asked = terms(call_tokens=call, max_input_tokens=most)
    questions = all_questions(talkative(), asked)
    assert all(estimate(question.data) <= max(call, LEAST) for question in questions)
    assert sum(estimate(q.system) + estimate(q.data) + estimate(q.ask) for q in questions) <= most


def test_even_the_smallest_allowance_gives_a_question():
    """The system prompt takes most of 4,000 tokens; the title is shown at least."""
    (question,) = all_questions(talkative(), terms(max_input_tokens=4_000))
    assert estimate(question.data) <= LEAST
    assert "title" in next(iter(blocks(question)))


def test_a_change_that_does_not_fit_is_read_in_groups():
    """By module, the small model for notes, the large one for the report, and the coverage says so."""
    facts = large_pull(40, 120)
    made = plan(facts, terms(call_tokens=12_000))
    assert made.depth is Depth.FULL
    assert made.is_large
    assert {question.size for question in made.questions} == {Size.SMALL}
    assert len(made.groups) == len(made.questions)
    assert [path for group in made.groups for path in group] == sorted(
        (path for group in made.groups for path in group), key=lambda path: path.split("/")[1]
    )
    read = {(reading.read_as, reading.reason) for reading in made.coverage.values()}
    assert read == {(ReadAs.WHOLE, "notes")}


def test_each_group_shows_its_files_and_no_other():
    """And what the change is called, so that its notes serve it."""
    made = plan(large_pull(40, 120), terms(call_tokens=12_000))
    for group, question in zip(made.groups, made.questions, strict=True):
        shown = blocks(question)
        assert {f'"{path}"' for path in group} == {name for name in shown if name.startswith('"')}
        assert any(name.startswith("title") for name in shown)


def test_what_is_hardly_too_long_is_cut_and_not_read_twice():
    """Notes would cost as much again."""
    facts = large_pull(10, 100)
    exact = estimate(plan(facts, terms()).questions[0].data)
    made = plan(facts, terms(call_tokens=int(exact * 0.95)))
    assert not made.is_large
    assert "over-budget" in {reading.reason for reading in made.coverage.values()}


def test_without_tokens_for_notes_the_change_is_cut():
    """A small share of the month still gives a report, and an honest coverage."""
    made = plan(large_pull(40, 120), terms(max_input_tokens=12_000))
    assert not made.is_large
    assert len(made.questions) == 1


def test_the_synthesis_has_the_notes_the_patches_there_is_room_for_and_all_of_the_discussion():
    """Notes in the order of importance, with the lines they quote."""
    facts = large_pull(40, 120, threads=(thread(path="engine/part_3/file_31.py"),))
    asked = terms(call_tokens=12_000)
    made = plan(facts, asked)
    question, _ = synthesis(facts, asked, made, notes_on(made))
    shown = blocks(question)
    assert (question.task, question.size) == ("report", Size.LARGE)
    assert question.system == plan(large_pull(1, 3), asked).questions[0].system
    assert block(question, 'note "engine/part_3/file_31.py"').endswith("> os.replace(temporary, path)")
    assert '"engine/part_3/file_31.py"' in shown
    assert any(name.startswith("thread 1 ") for name in shown)
    assert "others" not in shown


def test_risks_of_notes_reach_the_synthesis():
    """The heaviest first, with the line that shows it."""
    facts, asked = large_pull(40, 120), terms(call_tokens=12_000)
    risk = RiskClaim(
        key=RiskKey.SECURITY,
        severity=Severity.HIGH,
        state=CheckState.OPEN,
        text="It loads what anybody may write.",
        evidence=(Cited(where="engine/part_0/file_1.py", quote="write(temporary, state)"),),
    )
    found = NotesClaims(files=(), risks=(risk,), suspicious=())
    assert block(synthesis(facts, asked, plan(facts, asked), [found])[0], "note risks") == (
        "high security: It loads what anybody may write. engine/part_0/file_1.py: write(temporary, state)"
    )


def test_a_group_without_notes_is_no_error():
    """Its answer was unusable: the patches there is room for are shown all the same."""
    facts, asked = large_pull(40, 120), terms(call_tokens=12_000)
    assert blocks(synthesis(facts, asked, plan(facts, asked), [])[0])


def test_the_largest_change_is_planned_in_a_second():
    """3,000 files and 201,000 lines."""
    facts = large_pull(3_000, 67)
    started = time.process_time()
    made = plan(facts, terms())
    assert time.process_time() - started < 2.0  # 0.4 s on a quiet machine
    assert len(made.coverage) == 3_000


def test_long_lines_and_endless_hunks_are_planned_too():
    """One file of long lines, and one of many empty hunks (D6)."""
    lines = file_change("a.min.js", "\n".join("x" * 2_000 for _ in range(50)))
    empty = source("b.py", 1)
    many = empty.model_copy(update={"hunks": empty.hunks * 20_000, "additions": 20_000})
    started = time.process_time()
    plan(pull_facts(files=(lines, many)), terms())
    assert time.process_time() - started < 3.0
