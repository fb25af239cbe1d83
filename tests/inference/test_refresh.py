"""A discussion that goes on changes what was said of its threads, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.asking import Found
from bot.inference.refresh import VERDICTS, refreshed, widened
from bot.model import Insights, Reading, Usage, Verdict
from tests.fakes.readings import LINE, REPLY, check, reading, rich_insights, rubric, told, topic

BEFORE = reading(
    insights=rich_insights(
        topics=(topic(1), topic(2, 3)), checks=(check("fixed", thread_id=1), check("open", thread_id=2))
    ),
    threads={"1": "a1", "2": "a2", "3": "a3"},
    verified=20,
    repaired=1,
    dropped=2,
)
NOW = {"1": "b1", "2": "a2", "3": "a3"}


def found(**changes: Any) -> Found:
    verdicts = changes.pop("verdicts", ())
    return Found(insights=Insights(**changes), verified=4, verdicts=verdicts)


def refresh(what: Found, *thread_ids: int, threads: dict[str, str] | None = None) -> Reading:
    return refreshed(BEFORE, what, thread_ids or (1,), threads or NOW, Usage(calls=1, tokens_in=50))


def test_topics_and_checks_of_the_threads_are_replaced() -> None:
    """Others keep theirs, and so does everything else that was read."""
    new = topic(1, text=told("It was taken back."))
    after = refresh(found(topics=(new,), checks=(check("open", thread_id=1),))).insights
    assert after.topics == (topic(2, 3), new)
    assert [(item.thread_id, item.state.value) for item in after.checks] == [(2, "open"), (1, "open")]
    same = {"topics", "checks"}
    assert after.model_dump(exclude=same) == BEFORE.insights.model_dump(exclude=same)


def test_what_is_not_said_again_goes() -> None:
    """An old word about a thread that went on may not be true any more."""
    after = refresh(found()).insights
    assert [item.thread_ids for item in after.topics] == [(2, 3)]
    assert [item.thread_id for item in after.checks] == [2]


def test_nothing_is_said_about_threads_that_were_not_asked_about() -> None:
    """An answer that speaks of others is cut down to the question."""
    foreign = (topic(2), topic(1, 3, 99))
    after = refresh(found(topics=foreign, checks=(check("fixed", thread_id=2),), rubric=rubric(3))).insights
    assert [item.thread_ids for item in after.topics] == [(2, 3), (1,)]
    assert [item.state.value for item in after.checks] == ["open"]
    assert after.rubric == BEFORE.insights.rubric


def test_a_suspicion_stays_and_a_new_one_is_added() -> None:
    """Each once."""
    before = BEFORE.model_copy(update={"insights": rich_insights(suspicious=(LINE,))})
    after = refreshed(before, found(suspicious=(LINE, REPLY)), (1,), NOW, Usage())
    assert after.insights.suspicious == (LINE, REPLY)


@pytest.mark.parametrize(
    ("threads", "expected"),
    [
        pytest.param(NOW, {"1": "b1", "2": "a2", "3": "a3"}, id="the one that was asked about"),
        pytest.param({"1": "b1", "2": "b2"}, {"1": "b1", "2": "a2"}, id="changed, and not asked about"),
        pytest.param({"1": "b1", "4": "b4"}, {"1": "b1"}, id="new, and not asked about"),
        pytest.param({"2": "a2"}, {"2": "a2"}, id="asked about, and gone"),
    ],
)
def test_fingerprints_are_of_what_was_read(threads: dict[str, str], expected: dict[str, str]) -> None:
    """What was not asked about is asked about next time; what is gone is forgotten."""
    assert refresh(found(), threads=threads).threads == expected


def test_tokens_and_counts_are_added_up() -> None:
    """A report says what all of it took."""
    verdicts = (Verdict(claim="checks 1", outcome="dropped", text="x"),)
    after = refresh(found(verdicts=verdicts))
    assert after.usage == BEFORE.usage + Usage(calls=1, tokens_in=50)
    assert (after.verified, after.repaired, after.dropped, after.verdicts) == (24, 1, 3, verdicts)
    assert (after.model, after.prompt, after.change, after.coverage) == (
        BEFORE.model,
        BEFORE.prompt,
        BEFORE.change,
        BEFORE.coverage,
    )


def test_verdicts_do_not_pile_up() -> None:
    """Of a discussion without end, the newest are kept."""
    many = tuple(Verdict(claim=f"checks {number}", outcome="dropped", text="x") for number in range(400))
    after = refresh(found(verdicts=many))
    assert (len(after.verdicts), after.verdicts[-1].claim) == (VERDICTS, "checks 399")


def test_twice_is_once() -> None:
    """Run again with the same answer, only the bill is longer."""
    what = found(topics=(topic(1),), checks=(check("open", thread_id=1),))
    once = refresh(what)
    twice = refreshed(once, what, (1,), NOW, Usage())
    assert (twice.insights, twice.threads) == (once.insights, once.threads)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param((1,), {1}, id="a topic of its own"),
        pytest.param((2,), {2, 3}, id="a topic with another thread"),
        pytest.param((9,), {9}, id="a new thread"),
        pytest.param((), set(), id="nothing"),
    ],
)
def test_a_topic_is_asked_about_as_a_whole(asked: tuple[int, ...], expected: set[int]) -> None:
    """Else its other thread would lose what was said of both."""
    assert widened(BEFORE, asked, NOW) == expected


def test_a_thread_that_is_gone_is_not_asked_about() -> None:
    """Even if a topic names it."""
    assert widened(BEFORE, (2,), {"2": "b2"}) == {2}
