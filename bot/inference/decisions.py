"""The decision log: what became of each review thread, as far as resolution, replies and commits tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.remarks import acknowledges, excerpt, is_praise
from bot.model import Decision, DecisionState, PullFacts, Remark, ReviewThread

if TYPE_CHECKING:
    from collections.abc import Iterable

_TELLING = 20  # a shorter line may stand in the file in another place as well
_ORDER = (
    DecisionState.UNANSWERED,
    DecisionState.ANSWERED,
    DecisionState.CHANGED,
    DecisionState.RESOLVED,
)


def decide(facts: PullFacts) -> tuple[Decision, ...]:
    """One decision per review thread: open ones first, then by state, then as they were raised.

    Left out: threads that somebody hid, and remarks that are only praise.
    """
    resolves = any(thread.resolved for thread in facts.threads)
    found = [_decision(facts, thread, resolves=resolves) for thread in facts.threads if thread.remarks]
    return in_order(decision for decision in found if decision is not None)


def in_order(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Open ones first, then by state; what is equal stays in its order."""
    return tuple(sorted(decisions, key=lambda item: (not item.open_at_merge, _ORDER.index(item.state))))


def _decision(facts: PullFacts, thread: ReviewThread, *, resolves: bool) -> Decision | None:
    first, *replies = thread.remarks
    remark = excerpt(first.body)
    if first.minimized or not remark or is_praise(remark):
        return None
    state = _state(thread, first, replies)
    last = replies[-1] if replies else None
    return Decision(
        thread_id=thread.id,
        path=thread.path,
        line=thread.line or thread.original_line,
        merged_line=thread.merged_line,
        raised_by=first.author,
        remark=remark,
        last_reply=(excerpt(last.body) or None) if last else None,
        last_reply_by=last.author if last else None,
        replies=len(replies),
        resolved=thread.resolved,
        resolved_by=thread.resolved_by,
        outdated=thread.outdated,
        still_there=thread.still_there,
        later_commits=thread.later_commits,
        state=state,
        open_at_merge=_is_open(facts, thread, state, resolves=resolves),
    )


def _state(thread: ReviewThread, first: Remark, replies: list[Remark]) -> DecisionState:
    if _line_changed(thread):
        return DecisionState.CHANGED
    if thread.resolved:
        return DecisionState.RESOLVED
    answered = any(reply.author.login != first.author.login for reply in replies)
    return DecisionState.ANSWERED if answered else DecisionState.UNANSWERED


def _line_changed(thread: ReviewThread) -> bool:
    """Whether the remarked line was changed after the remark.

    GitHub calls a thread outdated after a rebase too: a telling line that the merged file still has
    was not changed.
    """
    if thread.still_there is False and thread.later_commits != 0:
        return True
    stands = thread.still_there is True and len(thread.remarked_text[1:].strip()) >= _TELLING
    return thread.outdated and not stands


def _is_open(facts: PullFacts, thread: ReviewThread, state: DecisionState, *, resolves: bool) -> bool:
    """Whether the matter was open at the merge.

    Where nobody resolves threads, an answer closes one. A thread that began after the merge, or that
    the author opened on their own change, is not open.
    """
    first, last = thread.remarks[0], thread.remarks[-1]
    if thread.resolved or state in {DecisionState.CHANGED, DecisionState.RESOLVED}:
        return False
    if first.created_at > facts.merged_at or first.author.login == facts.author.login:
        return False
    if state is DecisionState.UNANSWERED:
        return True
    if acknowledges(excerpt(last.body)):
        return False
    return resolves or last.author.login == first.author.login
