"""What became of each review remark, in words that claim no more than is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.escape import Safe, joined, text
from bot.model import Decision, DecisionState, Person, ReviewOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.markdown.pieces import Pieces

REMARK_LIMIT: Final = 320
REPLY_LIMIT: Final = 200


@dataclass(frozen=True)
class Discussion:
    """The decision log's sentences."""

    pieces: Pieces

    def place(self, decision: Decision) -> Safe:
        """The remarked line as merged; only the file if the line is gone or was not found there."""
        return self.pieces.file(decision.path, decision.merged_line)

    def remark(self, decision: Decision) -> Safe:
        """What was remarked."""
        return self.pieces.quote(decision.remark, REMARK_LIMIT) or self._say("remark.empty")

    def outcome(self, decision: Decision) -> Safe:
        """What became of it: clauses with a semicolon between them."""
        return joined(self._clauses(decision), self._say("separator"))

    def review(self, outcome: ReviewOutcome) -> Safe:
        """A reviewer's last word."""
        key = f"review.{outcome.state.lower()}"
        state = self._say(key) if key in self.pieces.catalogue else text(outcome.state, 40)
        return self._say("review.line", reviewer=self.pieces.person(outcome.reviewer), state=state)

    def _clauses(self, decision: Decision) -> Iterator[Safe]:
        """The state first, then who resolved it, what was answered, and whether the line still stands."""
        yield self._state(decision)
        if decision.resolved and decision.state is not DecisionState.RESOLVED:
            yield self._by("outcome.also_resolved", decision.resolved_by)
        if decision.state in {DecisionState.CHANGED, DecisionState.RESOLVED}:
            yield self._reply("outcome.reply", decision)
        if decision.state is DecisionState.CHANGED:
            return
        if decision.still_there is True:
            yield self._say("outcome.still_there")
        elif decision.still_there is False:
            yield self._say("outcome.line_gone")

    def _state(self, decision: Decision) -> Safe:
        """The clause that the state gives."""
        match decision.state:
            case DecisionState.RESOLVED:
                return self._by("outcome.resolved", decision.resolved_by)
            case DecisionState.CHANGED if decision.later_commits:
                return self._say("outcome.changed.commits", count=decision.later_commits)
            case DecisionState.ANSWERED:
                return self._reply("outcome.answered", decision) or self._say("outcome.answered.plain")
            case state:
                return self._say(f"outcome.{state.value}.plain")

    def _by(self, key: str, person: Person | None) -> Safe:
        """A clause that names who did it, where that is known."""
        if person is None:
            return self._say(f"{key}.plain")
        return self._say(f"{key}.by", person=self.pieces.person(person))

    def _reply(self, key: str, decision: Decision) -> Safe:
        """The last reply and whose it was; empty without one."""
        quoted = self.pieces.quote(decision.last_reply or "", REPLY_LIMIT)
        if not quoted or decision.last_reply_by is None:
            return Safe()
        form = "one" if decision.replies <= 1 else "many"
        person = self.pieces.person(decision.last_reply_by)
        return self._say(f"{key}.{form}", person=person, quote=quoted, count=decision.replies)

    def _say(self, key: str, **values: str | int) -> Safe:
        return self.pieces.catalogue.say(key, **values)
