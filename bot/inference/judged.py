"""The points of a model's answers to the rubric, and the score that needs judgement: insight."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from bot.model import Feature, PullFacts, RubricAnswer, RubricKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Remark

HIGHEST_LEVEL = 3
# The points of an item's highest level; each level below gives a third less.
FOR_IMPORTANCE = {RubricKey.REACH: 0.6, RubricKey.CONSEQUENCE: 0.9, RubricKey.REVERSIBILITY: 0.5}
FOR_INSIGHT = {
    RubricKey.DECISION: 2.0,
    RubricKey.ASSUMPTION: 2.0,
    RubricKey.TRANSFER: 2.0,
    RubricKey.ARGUMENT: 2.0,
}
EXCHANGES = "exchanges"
EXCHANGES_POINTS = 2.0
EXCHANGES_FULL = 8
_MOST = FOR_IMPORTANCE | FOR_INSIGHT


def judged(rubric: Iterable[RubricAnswer], facts: PullFacts) -> tuple[RubricAnswer, ...]:
    """Each item once, in the order of the rubric, its level within 0 to 3, with its points.

    Where nobody said a word about the change, there is no argument, whatever the model says.
    """
    answers = {answer.item: answer for answer in reversed(tuple(rubric))}
    argument = answers.get(RubricKey.ARGUMENT)
    if argument is not None and argument.level and not _was_discussed(facts):
        answers[RubricKey.ARGUMENT] = RubricAnswer(item=RubricKey.ARGUMENT, level=0)
    return tuple(_with_points(answers[item]) for item in RubricKey if item in answers)


def _was_discussed(facts: PullFacts) -> bool:
    return bool(facts.threads or facts.comments) or any(review.body.strip() for review in facts.reviews)


def _with_points(answer: RubricAnswer) -> RubricAnswer:
    level = min(HIGHEST_LEVEL, max(0, answer.level))
    points = round(_MOST[answer.item] * level / HIGHEST_LEVEL, 2)
    return answer.model_copy(update={"level": level, "points": points})


def added_importance(answers: tuple[RubricAnswer, ...]) -> float:
    """What the rubric adds to the importance: 0 to 2."""
    return sum(answer.points for answer in answers if answer.item in FOR_IMPORTANCE)


def insight(answers: tuple[RubricAnswer, ...], facts: PullFacts) -> tuple[float | None, tuple[Feature, ...]]:
    """Insight from 0 to 10 with one decimal, and its computed part.

    ``None`` unless all four items were answered: a sum with a gap in it compares with no other.
    """
    if not FOR_INSIGHT.keys() <= {answer.item for answer in answers}:
        return None, ()
    value = _exchanges(facts)
    points = round(EXCHANGES_POINTS * min(1.0, value / EXCHANGES_FULL), 2)
    total = points + sum(answer.points for answer in answers if answer.item in FOR_INSIGHT)
    return round(total, 1), (Feature(name=EXCHANGES, value=value, points=points),)


def _exchanges(facts: PullFacts) -> int:
    """How often a person took up what another one had said: in each thread, and in the conversation."""
    conversations = [*(thread.remarks for thread in facts.threads), facts.comments]
    return sum(_turns(remarks) for remarks in conversations)


def _turns(remarks: tuple[Remark, ...]) -> int:
    speakers = list(_speakers(remarks))
    return sum(1 for before, after in pairwise(speakers) if before != after)


def _speakers(remarks: tuple[Remark, ...]) -> Iterator[str]:
    return (item.author.login for item in remarks if not item.author.is_bot and not item.minimized)
