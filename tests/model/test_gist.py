"""The slim reading of a report: what a digest takes from it, whatever version stored it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.model import (
    Attention,
    Audience,
    Category,
    Feature,
    FileKind,
    Gist,
    Insight,
    Message,
    Person,
    Quote,
    RiskKey,
    RiskState,
    Scores,
    Severity,
    Source,
    Summary,
    Told,
    Topic,
    TopicOutcome,
)
from bot.model.gist import gist_of, read_gist, slim
from tests.fakes.period_pulls import BREAKING, CORE_PATH, MISSING_TESTS
from tests.fakes.report_parts import decision
from tests.fakes.reports import MERGED_AT, pull_report, trivial_report

REPORT_V1 = Path(__file__).parents[1] / "store" / "report_v1.json"
BOT = Person(login="review-helper[bot]", is_bot=True)
SOURCE, TEST = FileKind.SOURCE, FileKind.TEST


def taken(**changes) -> Gist:
    """The gist of a report with these fields."""
    return gist_of(slim(pull_report(**changes)))


def topic(outcome: str, *threads: int) -> Topic:
    """A topic of the review."""
    return Topic(
        thread_ids=threads, category=Category.DESIGN, outcome=TopicOutcome(outcome), text=Told(text="x")
    )


@pytest.mark.parametrize("report", [pull_report(), trivial_report()], ids=["rich", "trivial"])
def test_a_stored_report_reads_as_the_report_itself(report):
    """The store's JSON and the value give the same."""
    assert read_gist(report.model_dump_json()) == slim(report)


def test_a_report_of_the_first_version_is_read():
    """Without counts by kind, topics and a model."""
    report = read_gist(REPORT_V1.read_text("utf-8"))
    gist = gist_of(report)
    assert (report.repository_id, report.number, report.merged_at) == (4711, 1234, MERGED_AT.timestamp())
    assert (report.set_aside, gist.untested, gist.by_model, gist.settled) == (None, True, False, 1)
    assert (gist.importance, gist.tags) == (6.5, ("bugfix", "performance"))


def test_fields_of_a_newer_version_are_passed_over():
    """What this version does not know does not hide the report."""
    text = pull_report().model_dump_json()
    newer = text.replace(
        '{"schema_version":3,"head":{', '{"schema_version":4,"moods":[1],"head":{"hue":2,', 1
    )
    assert newer != text
    assert read_gist(newer) == read_gist(text)


@pytest.mark.parametrize("text", ["", "[]", "{}", "nul", '{"head": {}}', "\0"])
def test_what_is_no_report_is_refused(text):
    """With the one error that callers handle."""
    with pytest.raises(ValidationError):
        read_gist(text)


def test_risks_are_the_open_ones_the_heaviest_first():
    """What was mended or accepted before the merge is no risk of the period."""
    mended = BREAKING.model_copy(update={"state": RiskState.FIXED_BEFORE_MERGE})
    report = slim(pull_report(risks=(MISSING_TESTS, mended, CORE_PATH)))
    assert [risk.key for risk in gist_of(report).risks] == [RiskKey.CORE_PATH, RiskKey.MISSING_TESTS]
    assert dict(report.risks) == {
        RiskKey.CORE_PATH: Severity.MEDIUM,
        RiskKey.MISSING_TESTS: Severity.LOW,
    }
    assert not gist_of(report).breaking


def test_the_sentence_is_the_models_where_there_is_one():
    """Else the one that somebody wrote."""
    quote = Quote(text="Fix it", source=Source.TITLE)
    summary = Summary(sentence=quote, attention=Attention.SKIM)
    told = summary.model_copy(update={"told": Insight(message=Told(text="Mends it."))})
    assert (taken(summary=summary).sentence, taken(summary=told).sentence) == (quote, Told(text="Mends it."))


@pytest.mark.parametrize(
    ("kinds", "paths", "expected"),
    [
        pytest.param({SOURCE: 2, TEST: 1}, (), False, id="source and tests"),
        pytest.param({SOURCE: 2}, ("tests/test_a.py",), True, id="the counts decide, not the names"),
        pytest.param({TEST: 3}, (), None, id="tests alone"),
        pytest.param({FileKind.DOCS: 1, FileKind.LOCK: 1}, ("a.py",), None, id="nothing to test"),
        pytest.param({}, ("a/b.py", "web/tests/b.ts"), False, id="an older report: a folder of tests"),
        pytest.param({}, ("a/b.go", "a/b_test.go"), False, id="an older report: a test by name"),
        pytest.param({}, ("a/b.rs", "docs/latest.md"), True, id="an older report: no test"),
        pytest.param({}, ("README.md", "setup.cfg"), None, id="an older report: no source"),
        pytest.param({}, (), None, id="no file at all"),
    ],
)
def test_untested_says_that_source_changed_and_no_test(kinds, paths, expected):
    """``None`` where there was nothing to test."""
    assert taken(kinds=kinds, paths=paths).untested is expected


@pytest.mark.parametrize(
    ("decisions", "topics", "expected"),
    [
        pytest.param([{"replies": 1}], (), 1, id="a person raised it and somebody replied"),
        pytest.param([{"replies": 0}], (), 0, id="it was resolved without a word"),
        pytest.param([{"replies": 3, "open_at_merge": True}], (), 0, id="it was still open"),
        pytest.param([{"replies": 1, "raised_by": BOT}], (), 0, id="somebody answered a bot"),
        pytest.param([{"raised_by": BOT}], (topic("declined", 1),), 1, id="a bot's remark was declined"),
        pytest.param([{"raised_by": BOT}], (topic("adopted", 1),), 0, id="a bot's remark was taken up"),
        pytest.param([{"replies": 2}], (topic("superseded", 1),), 1, id="the same one counts once"),
        pytest.param([{"open_at_merge": True}], (topic("declined", 1),), 0, id="declined and yet open"),
    ],
)
def test_settled_counts_what_was_decided_in_discussion(decisions, topics, expected):
    """A remark counts if there was an argument about it."""
    given = {"thread_id": 1, "open_at_merge": False}
    found = taken(decisions=tuple(decision(**{**given, **one}) for one in decisions), topics=topics)
    assert found.settled == expected
    assert found.open_remarks == sum(one.get("open_at_merge", False) for one in decisions)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"risks": (BREAKING,)}, True, id="a risk that stands"),
        pytest.param({"risks": ()}, False, id="nothing says so"),
        pytest.param(
            {
                "scores": Scores(
                    version=2, importance=1, features=(Feature(name="breaking", value=1, points=1),)
                )
            },
            True,
            id="it was marked",
        ),
    ],
)
def test_breaking_is_what_was_marked_or_found(changes, expected):
    """By its author, or by a rule."""
    assert taken(**{"risks": (), **changes}).breaking is expected


def test_what_users_notice_is_the_impact_on_users():
    """Not that on the system or the team."""
    impact = tuple(Insight(message=Told(text="x"), on=on) for on in (*Audience, None))
    assert [item.on for item in taken(impact=impact).for_users] == [Audience.USERS]


def test_a_brief_gist_has_what_is_counted_and_no_texts():
    """Of the many that a digest does not tell."""
    todo = (Insight(message=Message(key="insight.follow_up.tests")),)
    report = slim(pull_report(risks=(CORE_PATH,), follow_ups=todo, topics=(topic("adopted", 1),)))
    whole, brief = gist_of(report), gist_of(report, whole=False)
    bare = {"evidence": ()}
    assert brief == whole.model_copy(
        update={"risks": (CORE_PATH.model_copy(update=bare),), "follow_ups": (), "topics": ()}
    )


def test_counts_alone_have_no_gist():
    """Of the periods to compare with only these are kept."""
    counted = read_gist(pull_report().model_dump_json(), counts_only=True)
    assert (counted.importance, counted.text) == (6.5, None)
    with pytest.raises(ValueError, match="counts"):
        gist_of(counted)
