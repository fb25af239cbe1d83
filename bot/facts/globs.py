"""Path patterns of ``.gitattributes`` and ``CODEOWNERS``, matched in linear time however they are written."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Real files have some hundred patterns; within these bounds a hostile one costs a few seconds at
# 3,000 paths. A path longer than that is only compared with patterns that have no wildcard.
MOST_PATTERNS = 5_000
MOST_WILD = 300
LONGEST_PATTERN = 256
LONGEST_PATH = 500
DEEPEST_PATH = 64

_WILD = re.compile(r"[*?\[\\]")
_ENDING = re.compile(r"\*(\.[^*?\[\\/]+)")
_TOKEN = re.compile(r"\*+|\?|\[!?\]?[^\]]{0,64}\]|\\?.", re.DOTALL)
# Of the signs in a set, only a dash between two letters or digits keeps its meaning.
_NOT_IN_RANGE = re.compile(r"[^\w-]|(?<!\w)-|-(?!\w)")


class Globs:
    """Patterns in the order of their file; the later ones win.

    A pattern with a slash before its end begins at the root, any other is found at every depth.
    ``below`` says whether a pattern that matches a folder matches all that is in it, as in
    ``CODEOWNERS``, or nothing, as in ``.gitattributes``. Patterns are looked up by literal
    beginning, literal name or file ending, so that their number hardly counts. Those beyond the
    bounds above are ignored.
    """

    def __init__(self, patterns: Sequence[str], *, below: bool) -> None:
        """``patterns`` are given without negation; an empty one matches nothing."""
        self._below = below
        self._rooted: dict[str, list[_Pattern]] = {}
        self._named: dict[str, list[_Pattern]] = {}
        self._endings: dict[str, list[int]] = {}
        wild = 0
        for order, text in enumerate(patterns[:MOST_PATTERNS]):
            pattern = _Pattern(order, text, below=below)
            wild += pattern.wild
            if pattern.can_match and (wild <= MOST_WILD or not pattern.wild):
                self._add(pattern)

    def matches(self, path: str) -> list[int]:
        """Give the indices of the patterns that match ``path``, the winning one first."""
        parts = path.split("/", DEEPEST_PATH)
        names = parts if self._below else parts[-1:]
        endings = {ending for name in names for ending in _endings(name)}
        found = {order for ending in endings for order in self._endings.get(ending, ())}
        for beginning in ("", *accumulate(parts, "{}/{}".format)):
            found.update(p.order for p in self._rooted.get(beginning, ()) if p.matches(path))
        for name in names[:-1]:
            found.update(p.order for p in self._named.get(name, ()))
        found.update(p.order for p in self._named.get(parts[-1], ()) if not p.folder)
        return sorted(found, reverse=True)

    def _add(self, pattern: _Pattern) -> None:
        ending = _ENDING.fullmatch(pattern.segments[-1]) if pattern.floating else None
        if ending and not pattern.folder:
            self._endings.setdefault(ending[1], []).append(pattern.order)
        elif pattern.floating and not pattern.wild:
            self._named.setdefault(pattern.segments[-1], []).append(pattern)
        else:
            self._rooted.setdefault(pattern.beginning, []).append(pattern)


class _Pattern:
    """One pattern, cut at its slashes; ``beginning`` is the path it starts with as far as that is literal."""

    def __init__(self, order: int, text: str, *, below: bool) -> None:
        self.order = order
        self.folder = text.endswith("/")
        self.segments = text.strip("/").split("/")
        self.floating = "/" not in text.rstrip("/")
        if len(self.segments) > 1 and self.segments[0] == "**":
            self.segments = self.segments[1:]
            self.floating = len(self.segments) == 1
            if not self.floating:
                self.segments = ["**", *self.segments]
        self._below = below
        self.wild = any(map(_WILD.search, self.segments))
        self.can_match = 0 < len(text) <= LONGEST_PATTERN and (below or not self.folder)
        self.beginning = "" if self.floating else "/".join(_literal(self.segments))

    def matches(self, path: str) -> bool:
        """Whether ``path``, which starts with ``beginning``, is meant."""
        if self.wild:
            regex = self._regex if len(path) <= LONGEST_PATH else None
            return regex is not None and regex.match(path) is not None
        is_file = len(path) == len(self.beginning)
        return not self.folder if is_file else self._below

    @cached_property
    def _regex(self) -> re.Pattern[str] | None:
        end = r"\Z" if not self._below else "/" if self.folder else r"(?:/|\Z)"
        segments = ["**", *self.segments] if self.floating else self.segments
        try:
            return re.compile(_translated(segments, end), re.DOTALL)
        except re.error:
            return None


def _literal(segments: list[str]) -> Iterator[str]:
    for segment in segments:
        if _WILD.search(segment):
            return
        yield segment


def _endings(name: str) -> Iterator[str]:
    """Every ending of a file name that begins with a dot: ``.d.ts`` and ``.ts``."""
    dot = name.find(".")
    while dot >= 0:
        yield name[dot:]
        dot = name.find(".", dot + 1)


def _translated(segments: list[str], end: str) -> str:
    """Write segments as one expression without nested repetition.

    What stands between two ``**`` is taken at its first place and never again (an atomic group): a
    later place leaves less room for the rest. Only what comes last is tried at every place.
    """
    groups: list[list[str]] = [[]]
    for segment in segments:
        if segment == "**":
            groups.append([])
        else:
            groups[-1].append(_segment(segment))
    first, *rest = ["/".join(group) for group in groups]
    if not rest:
        return first + end
    middle = "".join(rf"(?>(?:[^/]++/)*?{group}/)" for group in rest[:-1] if group)
    last = rf"(?:[^/]++/)*?{rest[-1]}{end}" if rest[-1] else _anything(end)
    return (f"{first}/" if first else "") + middle + last


def _anything(end: str) -> str:
    return "[^/]++/" if end == "/" else "."


def _segment(segment: str) -> str:
    pieces = [""]
    for token in _TOKEN.findall(segment):
        if token.startswith("*"):
            pieces.append("")
        else:
            pieces[-1] += _piece(token)
    if len(pieces) == 1:
        return pieces[0]
    first, *middle, last = pieces
    inside = "".join(f"(?>[^/]*?{piece})" for piece in middle if piece)
    return f"{first}{inside}[^/]*{last}(?![^/])"


def _piece(sign: str) -> str:
    if sign == "?":
        return "[^/]"
    if sign[0] == "[" and len(sign) > 1:
        negated = sign[1] == "!"
        inside = _NOT_IN_RANGE.sub(r"\\\g<0>", sign[1 + negated : -1])
        return f"(?!/)[{'^' if negated else ''}{inside}]"
    return re.escape(sign[-1] if sign[0] == "\\" else sign)
