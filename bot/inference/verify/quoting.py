"""Words in quotation marks: a sentence that quotes somebody quotes what was written."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.verify.flat import flattened

if TYPE_CHECKING:
    from bot.inference.verify.vocabulary import Vocabulary

_QUOTED: Final = re.compile(
    r"“([^“”]{1,400})”|「([^「」]{1,400})」|『([^『』]{1,400})』|«([^«»]{1,400})»|"
    r"(?<![\w=(\[{,:`])\"([^\"]{1,400})\"(?![\w`])|"
    # An apostrophe inside is followed by a letter.
    r"‘((?:[^‘’]|’(?=\w)){1,400})’|(?<![\w=(\[{,:`])'((?:[^']|'(?=\w)){1,400})'(?![\w`])"
)
_LATIN_WORD: Final = re.compile(r"[A-Za-z0-9']+")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_FEWEST_WORDS: Final = 4  # fewer may be a term that is only set apart
_FEWEST_HAN: Final = 10
_MARKS: Final = str.maketrans("", "", "`*~\"'")
_EDGES: Final = " .,;:!?。，；：！？…"
_GAP: Final = re.compile(r"\.{3}|…")


class Spoken:
    """What was written anywhere in the facts, without marks and capitals."""

    def __init__(self, words: Vocabulary) -> None:
        self._words = words

    @cached_property
    def _prose(self) -> str:
        return _bare(self._words.prose)

    @cached_property
    def _code(self) -> str:
        return _bare(self._words.code.decode("utf-8", "replace"))

    def has(self, quoted: str) -> bool:
        """Whether somebody wrote this, each part of it between ellipses, in discussion or code."""
        parts = [_bare(part).strip(_EDGES) for part in _GAP.split(quoted)]
        return all(part in self._prose or part in self._code for part in parts if part)


def _bare(text: str) -> str:
    return flattened(text).translate(_MARKS).casefold()


def quotations(text: str) -> list[re.Match[str]]:
    """The places of ``text`` that quote a whole phrase: four words, or ten Chinese characters."""
    return [match for match in _QUOTED.finditer(text) if _is_phrase(match[match.lastindex or 0])]


def _is_phrase(quoted: str) -> bool:
    words = _LATIN_WORD.findall(quoted)
    return len(words) >= _FEWEST_WORDS or len(_HAN.findall(quoted)) >= _FEWEST_HAN
