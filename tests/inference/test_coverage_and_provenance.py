"""What reached the model counts as read, and a report says who wrote it or why nobody did."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.report import build_report
from bot.model import FileReading, ReadAs, Usage, WithoutModel
from tests.fakes.facts import file_change, pull_facts, thread
from tests.fakes.insights import NOW, report_on
from tests.fakes.readings import MODEL, PATH, reading

FACTS = pull_facts(files=(file_change(added="keep = load(path)"),), threads=(thread(),))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        pytest.param((ReadAs.WHOLE, None), (ReadAs.CLIPPED, "budget"), ("clipped", "budget"), id="clipped"),
        pytest.param(
            (ReadAs.CLIPPED, "large"), (ReadAs.WHOLE, None), ("clipped", "large"), id="ours is less"
        ),
        pytest.param(
            (ReadAs.CLIPPED, "large"), (ReadAs.CLIPPED, "budget"), ("clipped", "large"), id="the same"
        ),
        pytest.param(
            (ReadAs.WHOLE, None), (ReadAs.WHOLE, "notes"), ("whole", "notes"), id="whole, in another way"
        ),
        pytest.param(
            (ReadAs.CLIPPED, None), (ReadAs.WHOLE, "notes"), ("clipped", None), id="ours has no reason"
        ),
        pytest.param((ReadAs.FILTERED, "lock"), (ReadAs.NAME, None), ("filtered", "lock"), id="only counted"),
        pytest.param((ReadAs.WHOLE, None), None, ("name", "not-sent"), id="it did not reach the model"),
    ],
)
def test_a_file_counts_as_the_lesser_reading(ours: Any, theirs: Any, expected: Any) -> None:
    """Coverage never says more than what both have read."""
    file = file_change(added="a", read_as=ours[0], read_reason=ours[1])
    coverage = {PATH: FileReading(read_as=theirs[0], reason=theirs[1])} if theirs else {}
    found = report_on(pull_facts(files=(file,)), reading(coverage=coverage)).coverage
    assert [(group.read_as.value, group.reason, group.count) for group in found.groups] == [(*expected, 1)]


def test_provenance_says_what_the_model_did() -> None:
    """Model, prompt, language, tokens, and what became of its claims."""
    usage = Usage(calls=2, tokens_in=900, tokens_out=80)
    read = reading(usage=usage, verified=31, repaired=2, dropped=1, language="zh-CN")
    found = build_report(FACTS, now=NOW, version="1.2.3", reading=read).provenance
    assert (found.model, found.prompt, found.language, found.usage) == (MODEL, "report/v1", "zh-CN", usage)
    assert (found.verified, found.repaired, found.dropped) == (31, 2, 1)
    assert (found.without_model, found.generated_at, found.version) == (None, NOW, "1.2.3")


def test_provenance_says_that_a_reading_is_behind() -> None:
    """An outage during a refresh leaves the reading of before, and is not hidden."""
    found = build_report(
        FACTS, now=NOW, version="1.2.3", reading=reading(), without_model=WithoutModel.PENDING
    ).provenance
    assert (found.model, found.without_model) == (MODEL, WithoutModel.PENDING)


@pytest.mark.parametrize("why", list(WithoutModel))
def test_provenance_says_why_there_is_no_model(why: WithoutModel) -> None:
    """A report without a model is the same report, whatever the reason."""
    found = build_report(FACTS, now=NOW, version="0.0.0", without_model=why)
    assert found.provenance.without_model is why
    plain = report_on(FACTS)
    assert found.model_copy(update={"provenance": plain.provenance}) == plain
