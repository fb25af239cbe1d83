"""What may stand in a digest at all: the last question, asked of every token of the rendered text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.digest.material import Material
from bot.inference.verify import known

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.model import PeriodFacts

_REFERENCE: Final = re.compile(r"(?:[\w.-]{1,100}/[\w.-]{1,100})?#\d{1,12}", re.ASCII)
_MARKS: Final = " \t\n`'\"“”.,;:!?[]()"


def known_period(facts: PeriodFacts) -> Callable[[str], bool]:
    """Give the test whether a token (a number, ``#N``, a path, a name, a login) may stand in a digest.

    ``#N`` may if it is a pull request of the period, as ``owner/name#N`` where there are several
    repositories; everything else if it occurs in what is known of one of them, or is an ordinary word.
    """
    material = Material(facts)
    if not material.pulls:
        return lambda token: not any(character.isdigit() for character in token)
    is_known = known(material.corpus(material.pulls))

    def of_period(token: str) -> bool:
        bare = token.strip(_MARKS)
        if _REFERENCE.fullmatch(bare):
            return all(ref is not None for _, ref in material.named(bare))
        return is_known(token)

    return of_period
