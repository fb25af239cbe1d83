"""The small questions: what a discussion that went on adds, and claims that failed their check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.prompts.asking import cost, overhead, question
from bot.inference.prompts.discussion import STEPS, Caps, Heard, Talk
from bot.inference.prompts.fence import Block
from bot.inference.prompts.material import within
from bot.inference.prompts.wording import clipped
from bot.llm import Size

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.inference.prompts.terms import Terms
    from bot.inference.verify.failures import Failure
    from bot.llm import Question
    from bot.model import PeriodFacts, PullFacts

_OPENING = Caps(description=600, issue=0)
_LEAST_DATA = 600
_CLAIMS = 24
_TEXT, _REASON, _HINT = 600, 160, 200
_HINTS = 3


def review(facts: PullFacts, terms: Terms, thread_ids: Collection[int]) -> Question:
    """Ask what the threads of ``thread_ids`` come to now; no other part of the change is shown."""
    room = max(_LEAST_DATA, min(terms.call_tokens, terms.max_input_tokens - overhead("review", terms)))
    heard = Heard(facts)
    opening = tuple(Talk(heard, _OPENING).opening())
    threads: tuple[Block, ...] = ()
    for caps in STEPS:
        threads = tuple(Talk(heard, caps).threads(thread_ids, beside_patch=False))
        if sum(map(cost, (*opening, *threads))) <= room:
            break
    return question("review", terms, within((*opening, *threads), room))


def repair(
    facts: PullFacts | PeriodFacts,  # noqa: ARG001 - called like the others; a repair shows nothing of them
    terms: Terms,
    failures: Sequence[Failure],
) -> Question:
    """Ask for failed claims again, with what failed and what comes nearest; without the change."""
    room = max(_LEAST_DATA, min(terms.call_tokens, terms.max_input_tokens - overhead("repair", terms)))
    is_small = all(failure.task in {"brief", "notes"} for failure in failures)
    blocks = within((_claim(failure) for failure in failures[:_CLAIMS]), room)
    return question("repair", terms, blocks, size=Size.SMALL if is_small else Size.LARGE)


def _claim(failure: Failure) -> Block:
    cited = [f"cites {item.where}: {clipped(item.quote, _HINT)}" for item in failure.cited[:4]]
    reasons = [f"wrong: {clipped(reason, _REASON)}" for reason in failure.reasons[:4]]
    near = (clipped(hint, _HINT) for hint in failure.hints[:_HINTS])
    hints = [hint if hint.startswith("near ") else f"near: {hint}" for hint in near]
    return Block(failure.claim, "\n".join([clipped(failure.text, _TEXT), *cited, *reasons, *hints]))
