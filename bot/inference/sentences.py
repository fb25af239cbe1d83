"""Inline Markdown to plain words, wrapped lines to paragraphs, and paragraphs to sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUOTE_LIMIT = 300
_WIDEST = 120  # nobody wraps text by hand beyond this
_SHORT = 30  # a shorter line that ends without a mark is a note, not a wrapped sentence
_NARROWEST = 66  # nor before this, less the slack
_SLACK = 6  # list marks and quote marks that were taken off the line
_ABBREVIATIONS = frozenset({"e.g", "i.e", "etc", "vs", "cf", "fig", "no", "approx", "resp", "dr", "mr", "ms"})
_CODE = re.compile(r"``([^`]{1,2000})``|`([^`\n]{1,2000})`")
_HELD = re.compile("\ue000(\\d{1,6})\ue001")
_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\](?:\([^()]{0,1000}\)|\[[^\[\]]{0,100}\])")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()]{0,1000}\)")
_REFERENCE = re.compile(r"\[([^\[\]]{1,300})\]\[[^\[\]]{0,100}\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto):[^<>\s]{1,500})>")
_STRONG = re.compile(r"(\*{2,3}|~~)(?=\S)([^*~]{1,500}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])")
_UNDERLINED = re.compile(r"(?<!\w)(_{1,2})(?=[^\s_])([^_\n]{1,300}? [^_\n]{0,300}?)(?<=[^\s_])\1(?!\w)")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"))
_END = re.compile(r"[.!?…]{1,4}[\"'”’)\]]{0,3}(?=\s)|[。！？；]{1,3}[”’』」）)]{0,3}")
_SENTENCE_END = re.compile(r"[.!?…:;]['\"”’)\]*_]{0,3}$")
_HANGING = re.compile(
    r"(?:,|[(\[]|\b(?:an?|the|of|to|and|or|for|with|in|on|by|from|that|which|is|are|as|at))$"
)
_STARTS = re.compile(r"[\"'“‘(\[`*]{0,3}[^\Wa-z_]|[`\"“‘*\ue000]|https?://")
_WORD_BEFORE = re.compile(r"[\w.]{1,20}$")


def plain(text: str) -> str:
    """``text`` without the marks of inline Markdown; code loses its backticks, never its underscores."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match.group(1) or match.group(2))
        return f"\ue000{len(held) - 1}\ue001"

    text = _CODE.sub(hold, text.replace("\ue000", "").replace("\ue001", ""))
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _AUTOLINK.sub(r"\1", _REFERENCE.sub(r"\1", text))
    text = _STRONG.sub(r"\2", text)
    text = _UNDERLINED.sub(r"\2", _EMPHASIS.sub(r"\1", text))
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return " ".join(_HELD.sub(lambda match: held[int(match.group(1))], text).split())


def paragraph_chunks(lines: Sequence[str]) -> list[str]:
    """Join hard-wrapped ``lines``; where a line broke early on purpose, a new chunk begins.

    A line goes on with the next one if it ends in the middle of a sentence, or if the next word would
    not have fitted into the paragraph's width. A paragraph with a line over 120 characters that is no
    address has no width.
    """
    stripped = [line.strip() for line in lines if line.strip()]
    longest = max((len(line) for line in stripped if "://" not in line), default=0)
    chunks: list[str] = []
    before = ""
    for line in stripped:
        if chunks and (_wrapped(len(before), line, longest) or _goes_on(chunks[-1], before, line)):
            chunks[-1] += _glue(chunks[-1], line) + line
        else:
            chunks.append(line)
        before = line
    return chunks


def _wrapped(length: int, following: str, longest: int) -> bool:
    if longest > _WIDEST:
        return False
    first_word = following.split(" ", 1)[0]
    return length + 1 + len(first_word) > max(longest, _NARROWEST) - _SLACK


def _goes_on(chunk: str, line: str, following: str) -> bool:
    """Whether ``line`` ends within a sentence and ``following`` continues it in small letters.

    Where the paragraph itself begins in small letters, each of its lines may be a note of its own.
    """
    if is_wide(line[-1]) or _SENTENCE_END.search(line[-4:]):
        return False
    hangs = _HANGING.search(line[-12:]) is not None
    return hangs or (len(line) >= _SHORT and following[0].islower() and not chunk[0].islower())


def _glue(before: str, after: str) -> str:
    return "" if is_wide(before[-1]) and is_wide(after[0]) else " "


def is_wide(character: str) -> bool:
    """Whether ``character`` belongs to a script that is written without spaces."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\uffef"


def sentences(chunk: str) -> Iterator[str]:
    """The sentences of one Markdown paragraph, in plain words."""
    spans = [match.span() for match in _CODE.finditer(chunk)]
    start = 0
    for match in _END.finditer(chunk):
        while spans and spans[0][1] <= match.start():
            spans.pop(0)
        inside = bool(spans) and spans[0][0] < match.start()
        if not inside and _ends(chunk, match):
            yield from _worth(chunk[start : match.end()])
            start = match.end()
    yield from _worth(chunk[start:])


def _worth(text: str) -> Iterator[str]:
    words = plain(text)
    if words:
        yield words


def _ends(chunk: str, match: re.Match[str]) -> bool:
    mark = match.group()[0]
    if mark in "。！？；":
        return True
    following = chunk[match.end() : match.end() + 12].lstrip()
    if following and not (_STARTS.match(following) or is_wide(following[0])):
        return False
    return mark != "." or not _abbreviated(chunk[max(0, match.start() - 20) : match.start()])


def _abbreviated(before: str) -> bool:
    found = _WORD_BEFORE.search(before)
    word = found.group().lower() if found else ""
    is_initial = len(word) == 1 and (word.isalpha() or word == before.strip().lower())
    return word in _ABBREVIATIONS or is_initial


def clip(text: str, limit: int = QUOTE_LIMIT) -> str:
    """``text`` in at most ``limit`` characters, cut at a word with ``…``."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip() + "…"


def clip_words(text: str, words: int) -> str:
    """The first ``words`` words of ``text``; a character of a wide script counts as half a word."""
    used = 0.0
    for match in re.finditer(r"\S+", text):
        word = match.group()
        wide = sum(1 for character in word if is_wide(character))
        used += wide / 2 if wide else 1
        if used > words:
            room = match.start() if not wide else match.end() - int(2 * (used - words))
            return text[: max(room, 1)].rstrip() + "…"
    return text
