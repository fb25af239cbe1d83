"""The questions about a period: the digest, over what fits of it, and the headline, over the picks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.prompts.asking import cost, overhead, question
from bot.inference.prompts.period import others_block, pull_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.inference.prompts.terms import Terms
    from bot.llm import Question
    from bot.model import PeriodPull

_LEAST_DATA: Final = 600
_MOST_OTHERS: Final = 400
_OTHERS_SHARE: Final = 8  # a part of the data for the titles of what does not fit
_TITLE_TOKENS: Final = 30


def digest(
    pulls: Sequence[PeriodPull], terms: Terms, more: Callable[[PeriodPull], Iterable[str]]
) -> Question:
    """Ask about a period; ``pulls`` come heaviest first, and those for which there is no room by title.

    ``more`` gives the lines that code adds to a pull request's own. The data is within ``terms.call_tokens``.
    """
    room = _room("digest", terms)
    blocks = [pull_block(pull, more(pull)) for pull in pulls]
    if sum(map(cost, blocks)) <= room:
        return question("digest", terms, blocks)
    reserve = room // _OTHERS_SHARE
    left, shown = room - reserve, 0
    for block in blocks:
        left -= cost(block)
        if left < 0:
            break
        shown += 1
    limit = min(_MOST_OTHERS, reserve // _TITLE_TOKENS)
    rest = list(others_block(pulls[shown:], limit))
    while rest and limit and sum(map(cost, rest)) > reserve:
        limit //= 2
        rest = list(others_block(pulls[shown:], limit))
    return question("digest", terms, (*blocks[:shown], *(rest if limit else ())))


def headline(pulls: Iterable[PeriodPull], terms: Terms) -> Question:
    """Ask for one sentence over the pull requests that were picked; nothing else is shown."""
    room = _room("headline", terms)
    kept = []
    for block in map(pull_block, pulls):
        room -= cost(block)
        if room < 0:
            break
        kept.append(block)
    return question("headline", terms, kept)


def _room(task: str, terms: Terms) -> int:
    return max(_LEAST_DATA, min(terms.call_tokens, terms.max_input_tokens - overhead(task, terms)))
