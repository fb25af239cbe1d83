"""What of an earlier reading still has something to stand on: facts may have changed since it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.model import (
    Evidence,
    FileInsight,
    Insight,
    Insights,
    PullFacts,
    RelatedInsight,
    Remark,
    RemarkCheck,
    Risk,
    SymbolInsight,
    Told,
    Topic,
)
from bot.model.claims import FEW, MANY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
_REASONS = 4
_CITED = 5


def current(insights: Insights, facts: PullFacts) -> Insights:
    """``insights`` without what the facts no longer have: paths, threads, comments, numbers, commits.

    Evidence that is gone goes, and a statement goes with the last of its evidence. Words that were
    taken out of a discussion are not quoted any more. Topics lose the
    threads that were deleted or hidden. Lists are cut at what a report has room for; of checks, each
    thread takes one in the end. What is not a model's words is left out: a reading has no other.
    """
    known = _Known(facts)
    return Insights(
        summary=known.insight(insights.summary),
        attention=insights.attention,
        action=known.insight(insights.action),
        motivation=_kept(known.insight, insights.motivation, _REASONS),
        steps=_kept(known.insight, insights.steps, MANY),
        files=_kept(known.file, insights.files, MANY),
        symbols=_kept(known.symbol, insights.symbols, 2 * MANY),
        topics=_kept(known.topic, insights.topics, MANY),
        checks=_kept(known.check, insights.checks),
        risks=_kept(known.risk, insights.risks, 2 * MANY),
        impact=_kept(known.insight, insights.impact, FEW),
        follow_ups=_kept(known.insight, insights.follow_ups, FEW),
        related=_kept(known.related, insights.related, MANY),
        rubric=insights.rubric,
        suspicious=known.evidence(insights.suspicious),
    )


def _kept(judge: Callable[[T], T | None], items: Iterable[T], most: int | None = None) -> tuple[T, ...]:
    return tuple(kept for item in items if (kept := judge(item)) is not None)[:most]


def _bodies(remarks: Iterable[tuple[int, Remark]]) -> dict[int, list[str]]:
    bodies: dict[int, list[str]] = {}
    for key, remark in remarks:
        bodies.setdefault(key, []).append(remark.body)
    return bodies


def _letters(text: str) -> str:
    """The letters and digits of a text, by which a quote is known whatever marks stood in it."""
    return "".join(filter(str.isalnum, text)).casefold()


class _Known:
    """What the facts have, by the names that evidence uses."""

    def __init__(self, facts: PullFacts) -> None:
        shown = [thread for thread in facts.threads if thread.remarks and not thread.remarks[0].minimized]
        self.paths = {file.path for file in facts.files} | {file.path for file in facts.merged_files}
        self.changed = {file.path for file in facts.files}
        self.threads = {thread.id for thread in shown}
        remarks = [(thread.id, remark) for thread in shown for remark in thread.remarks]
        self._of_thread = _bodies((thread, item) for thread, item in remarks if not item.minimized)
        spoken: list[Remark] = [*(item for _, item in remarks), *facts.comments]
        self._of_comment = _bodies((item.id, item) for item in spoken if not item.minimized)
        self._of_review = {review.id: [review.body] for review in facts.reviews}
        self._letters: dict[tuple[int, int, int], str] = {}
        self.numbers = {facts.number, *(issue.number for issue in facts.issues)}
        self.numbers |= {item.number for item in facts.related}
        self.commits = {
            facts.merge_sha,
            facts.base_sha,
            facts.head_sha,
            *(item.sha for item in facts.commits),
        }

    def has(self, item: Evidence) -> bool:
        """Whether everything that ``item`` points to is there."""
        return (
            (item.path is None or item.path in self.paths)
            and (item.thread_id is None or item.thread_id in self.threads)
            and (item.comment_id is None or item.comment_id in self._of_comment)
            and (item.review_id is None or item.review_id in self._of_review)
            and (item.number is None or item.number in self.numbers)
            and (item.commit is None or item.commit in self.commits)
        )

    def evidence(self, items: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(self._quoted(item) for item in items if self.has(item))[:_CITED]

    def _quoted(self, item: Evidence) -> Evidence:
        """``item`` without its quote if the discussion does not have these words any more."""
        place = item.thread_id or 0, item.comment_id or 0, item.review_id or 0
        if item.quote is None or not any(place):
            return item
        said = self._said(place)
        return item if _letters(item.quote) in said else item.model_copy(update={"quote": None})

    def _said(self, place: tuple[int, int, int]) -> str:
        if place not in self._letters:
            known = (self._of_thread, self._of_comment, self._of_review)
            texts = [text for bodies, item in zip(known, place, strict=True) for text in bodies.get(item, ())]
            self._letters[place] = "\n".join(_letters(text) for text in texts)
        return self._letters[place]

    def insight(self, item: Insight | None) -> Insight | None:
        if item is None or not isinstance(item.message, Told):
            return None
        found = self.evidence(item.evidence)
        lost = bool(item.evidence) and not found
        return None if lost else item.model_copy(update={"evidence": found})

    def risk(self, item: Risk) -> Risk | None:
        if not isinstance(item.explanation, Told):
            return None
        found = self.evidence(item.evidence)
        lost = bool(item.evidence) and not found
        return None if lost else item.model_copy(update={"evidence": found, "told": None, "rule": None})

    def topic(self, item: Topic) -> Topic | None:
        threads = tuple(thread for thread in dict.fromkeys(item.thread_ids) if thread in self.threads)
        return item.model_copy(update={"thread_ids": threads}) if threads else None

    def check(self, item: RemarkCheck) -> RemarkCheck | None:
        if item.thread_id not in self.threads:
            return None
        kept = self.evidence((item.evidence,)) if item.evidence else ()
        return item.model_copy(update={"evidence": kept[0] if kept else None})

    def file(self, item: FileInsight) -> FileInsight | None:
        return item if item.path in self.changed else None

    def symbol(self, item: SymbolInsight) -> SymbolInsight | None:
        return item if item.path in self.changed else None

    def related(self, item: RelatedInsight) -> RelatedInsight | None:
        return item if item.number in self.numbers else None
