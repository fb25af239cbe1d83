"""Excerpts of merged files: the lines around a remark, and what became of the names that it names."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import MergedFile, PullFacts, ReviewThread

AROUND = 6  # lines before and after a remarked line
BODY = 14  # lines of a definition
HEAD = 10  # lines of it where the patch shows the rest
USES = 2
NEAR = 3  # lines before and after one that the patch shows too
FAR = 400  # lines in which the head of a definition is looked for
NAMES = 4
WIDTH = 300
_CODE = re.compile(r"`([^`\n]{2,120})`")
_NAME = re.compile(r"[A-Za-z_]\w{2,80}")
_TELLING = re.compile(
    r"\b(?:[A-Za-z]\w*_\w+|_\w{2,}|[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)\b|\b([A-Za-z_]\w{2,80})\(\)"
)
_BLOCKS = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_DEFINING = frozenset(
    {"def", "class", "func", "fn", "function", "struct", "interface", "type", "trait", "enum", "const"}
    | {"let", "var", "val"}
)
_TRIPLE = ('"""', "'''")
_COMMON = frozenset({"self", "None", "True", "False", "this", "null", "true", "false", "return", "import"})


def named(body: str) -> tuple[str, ...]:
    """The identifiers that a remark names in its prose: in backticks first, then by their shape."""
    prose = _BLOCKS.sub(" ", body)
    # Of `a.b.c()` it is c that is meant; a path is no name.
    found = [name for code in _CODE.findall(prose) if "/" not in code for name in _NAME.findall(code)[-1:]]
    found += [match.group(1) or match.group() for match in _TELLING.finditer(_CODE.sub(" ", prose))]
    return tuple(dict.fromkeys(name for name in found if name not in _COMMON))[:NAMES]


class MergedLines:
    """The lines of one merged file, and where each word stands; both are found when first needed."""

    def __init__(self, merged: MergedFile) -> None:
        self.path = merged.path
        self._text = merged.text
        self._definitions: dict[str, int | None] = {}

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self._text.split("\n")

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            for word in dict.fromkeys(_NAME.findall(line[:2_000])):
                places.setdefault(word, []).append(index)
        return places

    def uses(self, name: str) -> list[int]:
        """Where ``name`` stands as a word, as indices of lines."""
        return self._places.get(name, [])

    def definition(self, name: str) -> int | None:
        """The line that defines ``name``, by the looks of it."""
        is_python = self.path.endswith((".py", ".pyi"))
        if name not in self._definitions:
            places = (
                index
                for index in self.uses(name)
                if _defines(self.lines[index][:500], name, is_python=is_python)
            )
            self._definitions[name] = next(places, None)
        return self._definitions[name]

    def near(self, index: int, distance: int) -> set[int]:
        """The lines up to ``distance`` from ``index``, and the head of the definition around it."""
        lines = set(range(max(0, index - distance), min(len(self.lines), index + distance + 1)))
        if not 0 <= index < len(self.lines):
            return lines
        depth = _indent(self.lines[index]) if self.lines[index].strip() else WIDTH
        for above in range(index - 1, max(-1, index - FAR), -1):
            line = self.lines[above]
            if line.strip() and _indent(line) < depth:
                depth = _indent(line)
                if not _DEFINING.isdisjoint(line.split()[:3]):
                    return lines | {above}
        return lines

    def body(self, start: int, most: int) -> list[int]:
        """The lines of what is defined at ``start``, without its docstring, ``most`` at most."""
        depth = _indent(self.lines[start])
        chosen, index, in_header = [start], start + 1, not _header_ends(self.lines[start])
        while index < len(self.lines) and len(chosen) < most:
            line = self.lines[index]
            if line.strip() and not in_header and _indent(line) <= depth:
                return [*chosen, index] if line.strip()[0] in "}])" else chosen
            after = self._after_docstring(index)
            if after > index and not in_header:
                index = after
                continue
            in_header = in_header and not _header_ends(line)
            chosen += [index] if line.strip() else []
            index += 1
        return chosen

    def _after_docstring(self, index: int) -> int:
        """The index after the docstring that begins at ``index``; ``index`` if there is none."""
        line = self.lines[index].strip()
        mark = next((mark for mark in _TRIPLE if line.startswith((mark, "r" + mark))), None)
        if mark is None:
            return index
        if line.count(mark) > 1:
            return index + 1
        rest = enumerate(self.lines[index + 1 : index + 200], index + 2)
        return next((number for number, text in rest if mark in text), index + 1)


def _defines(line: str, name: str, *, is_python: bool) -> bool:
    """Whether ``line`` looks like the definition of ``name``: a keyword before it, or a value after it."""
    before, _, after = line.partition(name)
    words = before.split()
    if words and (words[-1] in _DEFINING or (words[0] == "func" and words[-1].endswith(")"))):
        return True
    after = after.lstrip()
    # A colon alone gives a value in YAML, and in Python a type or a line of documentation.
    gives = after[:1] == "=" or (after[:1] == ":" and ("=" in after or not is_python))
    return not words and gives and after[:2] not in {"==", "::"}


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _header_ends(line: str) -> bool:
    return line.rstrip().endswith((":", "{", "=>", ";", "}"))


class Excerpts:
    """Cuts excerpts out of the merged files of one pull request."""

    def __init__(self, facts: PullFacts) -> None:
        self._files = {merged.path: MergedLines(merged) for merged in facts.merged_files}
        self._hunks = {
            file.path: [(hunk.new_start, hunk.new_start + hunk.new_lines) for hunk in file.hunks]
            for file in facts.files
        }

    def of(self, thread: ReviewThread, *, beside_patch: bool) -> tuple[tuple[str, str], ...]:
        """What the merged files say on a thread, as (path, lines), its own file first.

        ``beside_patch``: the patches are shown too; what stands in them is then not repeated, but for
        the first lines of what the remark names.
        """
        found: dict[str, set[int]] = {}
        own = self._files.get(thread.path)
        line = thread.merged_line or thread.line or thread.original_line
        if own is not None and line and not (beside_patch and self._in_patch(thread.path, line)):
            found.setdefault(own.path, set()).update(own.near(line - 1, AROUND))
        for name in named(thread.remarks[0].body):
            self._add(found, name, thread.path, HEAD if beside_patch else BODY)
        if own is not None and line and not found:
            found[own.path] = own.near(line - 1, NEAR)
        cut = ((path, _shown(self._files[path].lines, sorted(lines))) for path, lines in found.items())
        return tuple((path, lines) for path, lines in cut if lines.strip())

    def _in_patch(self, path: str, line: int) -> bool:
        return any(start <= line < end for start, end in self._hunks.get(path, ()))

    def _add(self, found: dict[str, set[int]], name: str, path: str, most: int) -> None:
        """Add the definition of ``name``, and the first lines that use it, from the likeliest file."""
        for file in self._ordered(path):
            start = file.definition(name)
            if start is not None:
                lines = found.setdefault(file.path, set())
                lines.update(file.body(start, most))
                lines.update([index for index in file.uses(name) if index not in lines][:USES])
                return
        own = self._files.get(path)
        if own is not None and (uses := own.uses(name)[:USES]):
            for index in uses:
                found.setdefault(path, set()).update(own.near(index, 0))

    def _ordered(self, path: str) -> Iterable[MergedLines]:
        first = self._files.get(path)
        return ([first] if first else []) + [file for file in self._files.values() if file is not first]


def _shown(lines: Sequence[str], indices: Sequence[int]) -> str:
    """The lines at ``indices``, an ellipsis where some are left out."""
    shown: list[str] = []
    last = None
    for index in indices:
        if last is not None and any(lines[between].strip() for between in range(last + 1, index)):
            shown.append("…")
        if 0 <= index < len(lines):
            shown.append(lines[index][:WIDTH])
        last = index
    return "\n".join(shown)
