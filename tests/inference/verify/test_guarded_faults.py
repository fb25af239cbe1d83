"""Faults that the merged code handles, that nobody wrote of, or that are only missing in a sentence."""

from __future__ import annotations

import pytest

from bot.inference.verify import Corpus, check_report
from bot.inference.verify.absence import denied
from bot.inference.verify.evidence import Found, look_up
from bot.inference.verify.guards import guard
from bot.inference.verify.unsaid import unsaid
from bot.model import Cited, Claim, FileKind
from tests.fakes.claims import report_claims, risk_claim
from tests.fakes.facts import file_change, merged_file, pull_facts

CODE = """\
try:
    import fast_codec
    from fast_codec import (
        decode,
    )
except (ImportError, OSError):
    fast_codec = None

try:
    import slow_codec
except ImportError as error:
    raise RuntimeError("install it") from error

try:
    import plain_codec
finally:
    pass


def mean(values, weights):
    if not values:
        return 0.0
    total = sum(values) / len(values)
    if weights:
        total = total / weights
    if total:
        print(total)
    rest = total / total
    return rest / max(1, total) / (values or 1)


def other(values, size):
    size = max(size, 1)
    return sum(values) / len(values) + sum(values) / size


def short(values, size):
    return sum(values) / size if size else 0
"""
PATH = "engine/codec.py"
TEST = "def test_mean():\n    assert mean([], None) == 0.0"


def corpus():
    """A change of one file and of one test."""
    test = file_change("tests/test_codec.py", TEST, kind=FileKind.TEST)
    return Corpus(
        pull_facts(
            files=(file_change(PATH, CODE.removesuffix("\n")), test),
            merged_files=(merged_file(PATH, CODE),),
        )
    )


def guarded(text, quote):
    """The line that handles what the text finds on the quoted line, if one does."""
    found = look_up(corpus(), Cited(where=PATH, quote=quote))
    assert isinstance(found, Found)
    reason = guard(corpus(), text, found)
    return int(reason.partition(", line ")[2].split()[0]) if reason else None


IMPORT = "The import raises `ImportError` without the package."
ZERO = "It divides by zero for no values."


@pytest.mark.parametrize(
    ("text", "quote", "line"),
    [
        pytest.param(IMPORT, "import fast_codec", 6, id="an import inside a try"),
        pytest.param(IMPORT, "        decode,", 6, id="deep inside it"),
        pytest.param(
            "It raises `ModuleNotFoundError`.", "import fast_codec", 6, id="a kind of what is caught"
        ),
        pytest.param("It raises `KeyError`.", "import fast_codec", None, id="another error"),
        pytest.param(IMPORT, "import slow_codec", None, id="caught, and raised again"),
        pytest.param(IMPORT, "import plain_codec", None, id="a try without a handler"),
        pytest.param(IMPORT, "except (ImportError, OSError):", 6, id="the handler itself"),
        pytest.param(
            "`ImportError` is swallowed here.", "import fast_codec", None, id="a fault of the handler"
        ),
        pytest.param("The import may fail.", "import fast_codec", None, id="no error is named"),
        pytest.param(ZERO, "total = sum(values) / len(values)", 21, id="left before the division"),
        pytest.param("除以零。", "total = sum(values) / len(values)", 21, id="in Chinese"),
        pytest.param(ZERO, "total = total / weights", 24, id="inside the test"),
        pytest.param(ZERO, "rest = total / total", None, id="a test that keeps nothing away"),
        pytest.param(ZERO, "return rest / max(1, total)", 29, id="never less than one"),
        pytest.param(
            ZERO, "return sum(values) / len(values) + sum", 33, id="one of two divisors is kept from it"
        ),
        pytest.param(ZERO, "return sum(values) / size if size else 0", 38, id="on the line itself"),
        pytest.param("It is slow.", "total = sum(values) / len(values)", None, id="another fault"),
    ],
)
def test_a_fault_that_the_merged_code_handles_is_none(text, quote, line):
    """The line that handles it is named, so that the claim can be put right."""
    assert guarded(text, quote) == line


@pytest.mark.parametrize(
    ("body", "text", "holds"),
    [
        pytest.param("", "Fixes a race condition in `mean`.", False, id="nobody wrote of a race"),
        pytest.param(
            "Two threads race for it.", "Fixes a race condition in `mean`.", True, id="somebody did"
        ),
        pytest.param("Makes it thread-safe.", "No longer lets callers race.", True, id="in other words"),
        pytest.param(
            "", "Two callers of `mean` race for the file.", True, id="a fault that is there may be found"
        ),
        pytest.param("", "修复了 `mean` 中的竞态条件。", False, id="in Chinese"),
        pytest.param("", "Prevents a deadlock.", False, id="a deadlock"),
        pytest.param("It hangs at exit.", "Prevents a deadlock.", True, id="a deadlock by what was seen"),
        pytest.param("", "Fixes a memory leak.", False, id="a leak"),
        pytest.param("", "Fixes the trace of `mean`.", True, id="a word that only has the letters"),
        pytest.param("", "Removes the brace.", True, id="and another"),
    ],
)
def test_a_fault_that_was_mended_was_told_by_somebody(body, text, holds):
    """The predecessor called the removal of a clone the end of a race."""
    facts = corpus().facts.model_copy(update={"body": body, "title": "Change the mean"})
    assert (not list(unsaid(Corpus(facts), text))) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        pytest.param(
            "Implement `mean`, which is still unimplemented.", False, id="said of the clause before"
        ),
        pytest.param("`mean` has yet to be implemented.", False, id="still to be done"),
        pytest.param("Implement `mean`.", False, id="an order"),
        pytest.param("Implement `mean` for streams.", True, id="an order for something else"),
        pytest.param("待实现 `mean`。", False, id="in Chinese"),
        pytest.param("`mean` has no tests.", False, id="tests that name it"),
        pytest.param("`other` has no tests.", True, id="tests that do not"),
        pytest.param("The change has no tests.", False, id="no code is named"),
    ],
)
def test_what_is_called_missing_is_missing(text, holds):
    """Functions with a body and code that a changed test names are not."""
    assert (not list(denied(corpus(), text))) is holds


def test_risks_and_follow_ups_of_a_handled_fault_are_dropped():
    """With the line that handles it as the reason, for the repair."""
    cited = (Cited(where=PATH, quote="import fast_codec"),)
    claims = report_claims(
        risks=(risk_claim(text=IMPORT, evidence=cited),),
        follow_ups=(Claim(text="Handle `ImportError` there.", evidence=cited),),
    )
    checked = check_report(claims, corpus().facts, "en")
    assert {item.claim for item in checked.failures} >= {"risks 1", "follow_ups 1"}
    assert (checked.insights.risks, checked.insights.follow_ups) == ((), ())
