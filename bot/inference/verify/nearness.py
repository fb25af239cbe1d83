"""Whether a line of the merged code has to do with what a review thread is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.lines import LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.inference.verify.corpus import Corpus
    from bot.inference.verify.evidence import Found
    from bot.model import ReviewThread

_NEAR: Final = 40
_SPAN: Final = re.compile(r"`([^`\n]{2,200})`")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_$][\w$]{2,100}", re.ASCII)
_NAME_LIKE: Final = re.compile(r"\w*_\w+|\w*[a-z0-9][A-Z]\w*|\w*[A-Z]{2}[a-z]\w*", re.ASCII)
_CALLED: Final = re.compile(r"\b([A-Za-z_]\w{2,100})\(\)", re.ASCII)
_EVERYWHERE: Final = """
self this cls return import from def class func function async await none null true false not and
for while else elif try except raise with pass break continue lambda yield const let var new the int
str bool float list dict tuple set string number print assert global static public private void
super type value data result args kwargs config name path file line code test
"""
_MOST_TEXT: Final = 20_000
_MOST_NAMES: Final = 200
_MOST_LINES_UP: Final = 2_000
_DEEPEST: Final = 12


def bears_on(corpus: Corpus, thread: ReviewThread, found: Found) -> bool:
    """Whether the line found is near the remarked one, or has or is inside what the thread names.

    If the remarked line is gone, any line of the change will do.
    """
    if thread.still_there is False:
        return True
    if found.evidence.path == thread.path and _is_near(thread, found.lines):
        return True
    names = named(thread)
    around = [found.said, *enclosing(corpus.file(found.place.path).lines, found.lines[0])]
    return any(name in names for text in around for name in _IDENTIFIER.findall(text[:LINE_LIMIT]))


def _is_near(thread: ReviewThread, lines: tuple[int, int]) -> bool:
    places = [place for place in (thread.merged_line, thread.line, thread.original_line) if place]
    return any(lines[0] - _NEAR <= place <= lines[1] + _NEAR for place in places[:1])


def named(thread: ReviewThread) -> frozenset[str]:
    """The identifiers that a thread names: in code, shaped like names, or on the remarked line."""
    found: set[str] = set(_IDENTIFIER.findall(thread.remarked_text[:LINE_LIMIT]))
    for remark in thread.remarks[:50]:
        body = remark.body[:_MOST_TEXT]
        for span in _SPAN.findall(body):
            found.update(_IDENTIFIER.findall(span))
        found.update(word for word in _IDENTIFIER.findall(body) if _NAME_LIKE.fullmatch(word))
        found.update(_CALLED.findall(body))
        if len(found) > _MOST_NAMES:
            break
    everywhere = _EVERYWHERE.split()
    return frozenset(word for word in found if word.lower() not in everywhere)


def enclosing(lines: Sequence[str], number: int) -> list[str]:
    """The heads of what is around line ``number`` (from 1): the nearest lines above with less indentation."""
    if not 0 < number <= len(lines):
        return []
    indent = _indent(lines[number - 1])
    found: list[str] = []
    for line in reversed(lines[max(0, number - 1 - _MOST_LINES_UP) : number - 1]):
        if line.strip() and _indent(line) < indent:
            indent = _indent(line)
            found.append(line[:LINE_LIMIT])
            if indent == 0 or len(found) == _DEEPEST:
                break
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
