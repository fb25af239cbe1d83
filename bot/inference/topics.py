"""The decision log by topic: a model tells what was argued; who raised it and what is open is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import CheckState, DecisionState, Person, Topic, TopicOutcome

if TYPE_CHECKING:
    from bot.inference.rules.finding import Context


def topics(told: tuple[Topic, ...], context: Context) -> tuple[Topic, ...]:
    """The topics with those who raised them, and as unanswered where the facts say so."""
    return tuple(
        topic.model_copy(
            update={"raised_by": _raised_by(topic, context), "outcome": _outcome(topic, context)}
        )
        for topic in told
    )


def _raised_by(topic: Topic, context: Context) -> tuple[Person, ...]:
    first = {thread.id: thread.remarks[0].author for thread in context.facts.threads if thread.remarks}
    people = {first[thread].login: first[thread] for thread in topic.thread_ids if thread in first}
    return tuple(people.values())


def _outcome(topic: Topic, context: Context) -> TopicOutcome:
    """What was decided, unless nobody answered any of it, or what is said to be adopted is not there."""
    states = {item.thread_id: item.state for item in context.decisions}
    adopted = topic.outcome is TopicOutcome.ADOPTED
    if adopted and any(context.checks.get(thread) is CheckState.OPEN for thread in topic.thread_ids):
        return TopicOutcome.UNANSWERED
    settled = any(context.is_settled(thread) for thread in topic.thread_ids)
    answered = any(states.get(thread) is not DecisionState.UNANSWERED for thread in topic.thread_ids)
    return topic.outcome if settled or answered else TopicOutcome.UNANSWERED
