"""What became of each review remark, in words that claim no more than is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.escape import Safe, joined, text
from bot.model import CheckState, Decision, DecisionState, Person, ReviewOutcome, TopicOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.markdown.pieces import Pieces
    from bot.model import PullReport, RemarkCheck, Topic

REMARK_LIMIT: Final = 320
REPLY_LIMIT: Final = 200
BRIEF_LIMIT: Final = 140


@dataclass(frozen=True)
class Group:
    """A part of the decision log: topics a model told of, then threads, then checks by themselves."""

    label: str
    topics: tuple[Topic, ...] = ()
    decisions: tuple[Decision, ...] = ()
    checks: tuple[RemarkCheck, ...] = ()

    @property
    def count(self) -> int:
        """How many entries it has."""
        return len(self.topics) + len(self.decisions) + len(self.checks)


def groups(report: PullReport) -> list[Group]:
    """What was open at the merge first, then what was decided, then threads that no topic covers."""
    told = {thread for topic in report.topics for thread in topic.thread_ids}
    rest = [decision for decision in report.decisions if decision.thread_id not in told]
    shown = told | {decision.thread_id for decision in report.decisions}
    unanswered = tuple(topic for topic in report.topics if topic.outcome is TopicOutcome.UNANSWERED)
    made = (
        Group("label.open", unanswered, tuple(item for item in rest if item.open_at_merge)),
        Group("label.decided", tuple(topic for topic in report.topics if topic not in unanswered)),
        Group("label.settled", (), tuple(item for item in rest if not item.open_at_merge)),
        Group("label.checked", checks=tuple(c for c in faults(report) if c.thread_id not in shown)),
    )
    return [group for group in made if group.count]


def faults(report: PullReport) -> Iterator[RemarkCheck]:
    """The checks of remarks that named a fault."""
    return (check for check in report.checks if check.state is not CheckState.NO_FAULT)


@dataclass(frozen=True)
class Discussion:
    """The decision log's sentences; ``brief`` ones leave room for the topics a model told of."""

    pieces: Pieces
    checks: tuple[RemarkCheck, ...] = ()
    brief: bool = False

    def topic(self, topic: Topic) -> Safe:
        """What was argued, what came of it, who raised it, and where it began."""
        answered = topic.outcome is not TopicOutcome.UNANSWERED
        outcome = self._say(f"topic_outcome.{topic.outcome.value}") if answered else Safe()
        unnamed = [
            person for person in topic.raised_by if person.login.lower() not in topic.text.text.lower()
        ]
        by = self.pieces.listed(map(self.pieces.person, unnamed))
        raised = self._say("review.raised_by", person=by) if by else by
        thread = self.pieces.thread(topic.thread_ids[0]) if topic.thread_ids else Safe()
        where = self.pieces.listed((raised, thread))
        return self._say(
            "review.topic",
            label=joined((self._say(f"category.{topic.category.value}"), outcome), Safe(" · ")),
            told=self.pieces.statement(topic.text),
            where=self._say("because", reason=where) if where else where,
        )

    def checked(self, threads: Iterable[int]) -> list[RemarkCheck]:
        """The checks of these threads."""
        wanted = frozenset(threads)
        return [check for check in self.checks if check.thread_id in wanted]

    def check(self, check: RemarkCheck) -> Safe:
        """Whether a fault still stands in the merged code, why, and the line that shows it."""
        state = self._say(f"check_state.{check.state.value}")
        told = self.pieces.statement(check.text) if check.text else Safe()
        shown = self.pieces.evidence(check.evidence) if check.evidence else Safe()
        return joined((joined((state, told), self._say("dash")), shown), self._say("colon"))

    def thread(self, check: RemarkCheck) -> Safe:
        """The thread of a check that stands by itself, as what comes before it."""
        return self.pieces.thread(check.thread_id) or self._say("evidence.thread")

    def place(self, decision: Decision) -> Safe:
        """The remarked line as merged; only the file if the line is gone or was not found there."""
        return self.pieces.file(decision.path, decision.merged_line)

    def remark(self, decision: Decision) -> Safe:
        """What was remarked."""
        limit = BRIEF_LIMIT if self.brief else REMARK_LIMIT
        return self.pieces.quote(decision.remark, limit) or self._say("remark.empty")

    def brief_line(self, decision: Decision) -> Safe:
        """What was remarked and what became of it, in one line."""
        return joined((self.remark(decision), self.outcome(decision)), self._say("dash"))

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
        limit = BRIEF_LIMIT if self.brief else REPLY_LIMIT
        quoted = self.pieces.quote(decision.last_reply or "", limit)
        if not quoted or decision.last_reply_by is None:
            return Safe()
        form = "one" if decision.replies <= 1 else "many"
        person = self.pieces.person(decision.last_reply_by)
        return self._say(f"{key}.{form}", person=person, quote=quoted, count=decision.replies)

    def _say(self, key: str, **values: str | int) -> Safe:
        return self.pieces.catalogue.say(key, **values)
