"""Every word of the facts, and the question whether a name occurs in them letter by letter."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.inference.lines import LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import PullFacts

_IS_WORD: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_WORDS: Final = bytes(byte if byte in _IS_WORD else 32 for byte in range(256))
_LOOSE: Final = b" \t\r\n\"'`"  # white space and the kinds of quotation marks
_CALL: Final = re.compile(r"([A-Za-z_$][\w.$:]{0,199})\((?:\.{3}|…)?\)")
_ELIDED: Final = re.compile(r"([A-Za-z_$][\w.$:]{0,199}\([^()]{1,120}?),?\s?(?:\.{3}|…)[)]")
_PREFIX: Final = re.compile(r"(?:--)?[A-Za-z][\w-]{1,80}(?:_\*?|-\*)", re.ASCII)
_DOTTED: Final = re.compile(r"[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)+")
_STRUCTURED: Final = re.compile(r"[\s\"'=(,\[{:]")
_MOST_SEARCHED: Final = 400_000_000  # characters; a fifth of a second, more is not looked up
_MOST_PLACES: Final = 50
_LONGEST: Final = 300


class Vocabulary:
    """The words of code, paths and discussion. Lookups remember their answers and have a budget."""

    def __init__(self, facts: PullFacts) -> None:
        self._facts = facts
        self._known: dict[str, bool] = {}
        self._budget = _MOST_SEARCHED

    @cached_property
    def code(self) -> bytes:
        """All code, paths and symbols as one text."""
        return "\n".join(_code(self._facts)).encode("utf-8", "replace")

    @cached_property
    def prose(self) -> str:
        """All that people wrote as one text."""
        return "\n".join(prose_of(self._facts))

    @cached_property
    def code_words(self) -> frozenset[bytes]:
        """The words of code, as bytes."""
        return frozenset(self.code.translate(_WORDS).split())

    @cached_property
    def prose_words(self) -> frozenset[bytes]:
        """The words of what people wrote, as bytes."""
        return frozenset(self.prose.encode("utf-8", "replace").translate(_WORDS).split())

    @cached_property
    def _folded(self) -> frozenset[bytes]:
        return frozenset(word.lower() for words in (self.code_words, self.prose_words) for word in words)

    @cached_property
    def _everything(self) -> bytes:
        return self.code + b"\n" + self.prose.encode("utf-8", "replace")

    @cached_property
    def _squeezed(self) -> bytes:
        return self._everything.translate(None, _LOOSE)

    def in_code(self, word: str) -> bool:
        """Whether the code has ``word`` as a whole word."""
        return word.encode("utf-8", "replace") in self.code_words

    def has_word(self, word: str) -> bool:
        """Whether code or discussion have ``word`` as a whole word, in this spelling."""
        found = word.encode("utf-8", "replace")
        return found in self.code_words or found in self.prose_words

    def has_folded(self, word: str) -> bool:
        """Whether they have it in any capitals."""
        return word.lower().encode("utf-8", "replace") in self._folded

    def has(self, name: str) -> bool:
        """Whether ``name`` (a word, a dotted name, a call, a piece of code) occurs in the facts.

        White space and kinds of quotation marks do not count, an empty call ``name()`` counts as the name.
        """
        if name not in self._known:
            self._known[name] = self._look_up(name)
        return self._known[name]

    def code_has(self, name: str) -> bool:
        """Whether the code itself has ``name`` with no word cut at either end."""
        return bool(name) and self._occurs(name, self.code)

    def _look_up(self, name: str) -> bool:
        if not name or len(name) > _LONGEST:
            return False
        if _PREFIX.fullmatch(name) and self._begins(name.rstrip("*")):
            return True
        words = name.encode("utf-8", "replace").translate(_WORDS).split()
        if not all(word in self.code_words or word in self.prose_words for word in words):
            return False
        if len(words) == 1 and len(words[0]) == len(name):
            return True
        call = _CALL.fullmatch(name)
        if call:
            return self.has(call.group(1))
        elided = _ELIDED.fullmatch(name)
        shown = elided.group(1) if elided else name  # a call may leave its last arguments out
        return self._occurs(shown, self._everything) or self._occurs_loosely(shown) or self._is_member(name)

    def _occurs(self, name: str, text: bytes) -> bool:
        """Whether ``text`` has the letters with no word cut at either end."""
        wanted = name.encode("utf-8", "replace")
        position = -1
        for _ in range(_MOST_PLACES):
            if self._budget <= 0:
                return False
            before = position + 1
            position = text.find(wanted, before)
            self._budget -= (position if position >= 0 else len(text)) - before
            if position < 0:
                return False
            if _whole(text, position, position + len(wanted)):
                return True
        return False

    def _begins(self, prefix: str) -> bool:
        """Whether a word of the code begins so: ``SNAPSHOT_`` and ``--save-*`` stand for several."""
        self._budget -= len(self.code)
        return re.search(rb"(?<!\w)" + re.escape(prefix.encode()) + rb"\w", self.code) is not None

    def _occurs_loosely(self, name: str) -> bool:
        """Whether it occurs with other white space or quotation marks; only for what has structure."""
        if not _STRUCTURED.search(name) or self._budget <= 0:
            return False
        wanted = name.encode("utf-8", "replace").translate(None, _LOOSE)
        position = self._squeezed.find(wanted)
        self._budget -= position if position >= 0 else len(self._squeezed)
        return bool(wanted) and position >= 0

    def _is_member(self, name: str) -> bool:
        """Whether a dotted name is one of the symbols, or the end of one."""
        if not _DOTTED.fullmatch(name):
            return False
        return name.replace("::", ".") in self._members

    @cached_property
    def _members(self) -> frozenset[str]:
        """The dotted names of the symbols, and the ends of each that are dotted still."""
        found: set[str] = set()
        for file in self._facts.files:
            for symbol in file.symbols:
                parts = symbol.name.replace("::", ".").replace("#", ".").split(".")[-5:]
                found.update(".".join(parts[start:]) for start in range(len(parts) - 1))
        return frozenset(found)


def _whole(text: bytes, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1] in _IS_WORD and text[start] in _IS_WORD
    after = end < len(text) and text[end] in _IS_WORD and text[end - 1] in _IS_WORD
    return not (before or after)


def _code(facts: PullFacts) -> Iterator[str]:
    for file in facts.files:
        yield file.path
        if file.previous_path:
            yield file.previous_path
        yield file.module
        for symbol in file.symbols:
            yield f"{symbol.name}\n{symbol.signature}"
        for hunk in file.hunks:
            yield hunk.section
            for line in hunk.lines:
                yield line[1:] if len(line) <= LINE_LIMIT else line[1 : 8 * LINE_LIMIT]
    for merged in facts.merged_files:
        yield merged.path
        yield merged.text


def prose_of(facts: PullFacts) -> Iterator[str]:
    """All that people wrote about the pull request, and the names they gave."""
    yield facts.title
    yield facts.body
    yield facts.repository.full_name
    yield from (facts.base_ref, facts.head_ref, facts.head_repository or "")
    yield from facts.labels
    for commit in facts.commits:
        yield f"{commit.headline}\n{commit.body}"
    for thread in facts.threads:
        yield thread.path
        yield thread.remarked_text
        yield from (remark.body for remark in thread.remarks)
    yield from (review.body for review in facts.reviews)
    yield from (comment.body for comment in facts.comments)
    yield from (f"{issue.title}\n{issue.body}" for issue in facts.issues)
    yield from (related.title or "" for related in facts.related)
    yield from facts.checks.failed
