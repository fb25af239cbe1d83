"""Whether two sentences say the same thing, as far as their words tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.model import Told

if TYPE_CHECKING:
    from bot.model import Message

_WORD: Final = re.compile(r"[0-9A-Za-z_]+|[^\W0-9A-Za-z_]")
_LOOKED_AT: Final = 1_000
_SHARED: Final = 0.8
"""The share of words from which a sentence is taken for the other one: it differs in one of five at most."""


def repeats(one: Message | Told | str, other: Message | Told | str) -> bool:
    """Whether nearly all words of both are the same, in any order; a computed sentence never repeats."""
    first, second = _words(one), _words(other)
    return bool(first) and len(first & second) >= _SHARED * len(first | second)


def _words(said: Message | Told | str) -> frozenset[str]:
    """The words of a sentence, and each character of a script that has no spaces."""
    if isinstance(said, Told):
        said = said.text
    return frozenset(_WORD.findall(said[:_LOOKED_AT].casefold())) if isinstance(said, str) else frozenset()
