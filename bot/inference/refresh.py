"""A reading goes on: what a discussion added after it was made takes the place of what was said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from bot.inference.asking import Found
    from bot.model import Insights, Reading, RemarkCheck, Topic, Usage

VERDICTS = 300  # of several refreshes, the newest are kept


def widened(before: Reading, thread_ids: Collection[int], threads: Mapping[str, str]) -> frozenset[int]:
    """``thread_ids`` with every other thread of ``threads`` that shares a topic with one of them.

    A topic is told again as a whole. ``threads`` are the fingerprints of all threads that there are.
    """
    asked = set(thread_ids)
    for topic in before.insights.topics:
        if asked.intersection(topic.thread_ids):
            asked.update(thread for thread in topic.thread_ids if str(thread) in threads)
    return frozenset(asked)


def refreshed(
    before: Reading, found: Found, thread_ids: Collection[int], threads: Mapping[str, str], usage: Usage
) -> Reading:
    """``before`` with what was ``found`` about ``thread_ids`` instead of what it said of them.

    ``threads`` are the fingerprints of all threads that there are: of those that were not asked about
    the old ones are kept, and those that are gone go. Usage and counts are added up. What the answer
    says of other threads is left out; a suspicion stays.
    """
    insights = before.insights.model_copy(
        update={
            "topics": (*_others(before.insights, thread_ids), *_topics(found.insights, thread_ids)),
            "checks": tuple(_checks(before.insights, found.insights, thread_ids)),
            "suspicious": tuple(dict.fromkeys((*before.insights.suspicious, *found.insights.suspicious))),
        }
    )
    return before.model_copy(
        update={
            "insights": insights,
            "threads": dict(_fingerprints(before, thread_ids, threads)),
            "usage": before.usage + usage,
            "verified": before.verified + found.verified,
            "repaired": before.repaired + found.repaired,
            "dropped": before.dropped + found.dropped,
            "verdicts": (*before.verdicts, *found.verdicts)[-VERDICTS:],
        }
    )


def by_model(before: Reading, asked: Mapping[str, Usage]) -> dict[str, Usage]:
    """The usage of each model, ``before`` and now; ``{}`` if an older release did not keep it apart."""
    if not before.by_model:
        return {}
    added = {model: before.by_model[model] + asked[model] for model in before.by_model.keys() & asked.keys()}
    return {**before.by_model, **asked, **added}


def _others(insights: Insights, thread_ids: Collection[int]) -> Iterable[Topic]:
    """The topics that none of the threads asked about belongs to."""
    return (topic for topic in insights.topics if not any(item in thread_ids for item in topic.thread_ids))


def _topics(insights: Insights, thread_ids: Collection[int]) -> Iterator[Topic]:
    for topic in insights.topics:
        asked = tuple(thread for thread in topic.thread_ids if thread in thread_ids)
        if asked:
            yield topic.model_copy(update={"thread_ids": asked})


def _checks(before: Insights, found: Insights, thread_ids: Collection[int]) -> Iterator[RemarkCheck]:
    yield from (check for check in before.checks if check.thread_id not in thread_ids)
    yield from (check for check in found.checks if check.thread_id in thread_ids)


def _fingerprints(
    before: Reading, thread_ids: Collection[int], threads: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    asked = {str(thread) for thread in thread_ids}
    for thread, now in threads.items():
        if thread in asked:
            yield thread, now
        elif thread in before.threads:
            yield thread, before.threads[thread]
