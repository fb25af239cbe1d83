"""What a merge shows of lines that an earlier one left: still there, moved, edited, or gone."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.lines import LINE_LIMIT, MergedText, added_lines, is_telling, removed_lines
from bot.inference.rules.finding import Context
from bot.model import FileStatus, Hunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.inference.lines import Line
    from bot.inference.rules.finding import Rule
    from bot.model import FileChange, PullFacts

# From so many of its words on, an added line counts as the old one edited.
ALIKE = 0.6
# Without the file's text a removed line must be so long not to stand elsewhere as well.
UNIQUE = 30
_WORD = re.compile(r"\w+")


def squeezed(text: str) -> str:
    """``text`` with single spaces, at most as long as a line is read."""
    return " ".join(text[:LINE_LIMIT].split())


def parts_of(quote: str) -> tuple[str, ...]:
    """The lines of a quote by which it is known: those that tell something, if any does."""
    lines = [squeezed(line).removesuffix("…").rstrip() for line in quote.split("\n")]
    kept = [line for line in lines if line]
    return tuple([line for line in kept if is_telling(line)] or kept)


class Spot(NamedTuple):
    """Where a line is; the number is ``None`` if it is somewhere in the file."""

    path: str
    line: int | None
    text: str


class Text:
    """The merged text of a file, in which lines are found whatever their spaces are."""

    def __init__(self, merged: MergedText) -> None:
        self.merged = merged

    @cached_property
    def lines(self) -> list[str]:
        """The lines with single spaces."""
        return [squeezed(line) for line in self.merged.lines]

    @cached_property
    def _solid(self) -> str:
        return "".join(self.merged.text.split())

    def find(self, parts: Sequence[str], near: int | None) -> int | None:
        """The number of a line that has one of ``parts``, the nearest; 0 if it is spread over lines."""
        for part in parts:
            found = [number for number, line in enumerate(self.lines, 1) if part in line]
            if found:
                return min(
                    found, key=lambda number: (self.lines[number - 1] != part, abs(number - (near or 1)))
                )
        solid = ("".join(part.split()) for part in parts)
        return 0 if any(part in self._solid for part in solid) else None

    @cached_property
    def _having(self) -> dict[str, list[int]]:
        """The indices of the lines that have each word."""
        found: dict[str, list[int]] = {}
        for index, line in enumerate(self.lines):
            for word in words(line):
                found.setdefault(word, []).append(index)
        return found

    def has_alike(self, parts: Sequence[str]) -> bool:
        """Whether a line has most of the words of one of ``parts``."""
        return any(
            likeness(wanted, words(self.lines[index])) >= ALIKE
            for wanted in map(words, parts)
            for index in self._candidates(wanted)
        )

    def _candidates(self, wanted: frozenset[str]) -> set[int]:
        """The lines that may be alike: they cannot lack all of the rarest words, if those are enough."""
        rarest = sorted(wanted, key=lambda word: (len(self._having.get(word, ())), word))
        enough = int((1 - ALIKE) * len(wanted)) + 1
        return {index for word in rarest[:enough] for index in self._having.get(word, ())}


def words(line: str) -> frozenset[str]:
    """The words of a line, each once."""
    return frozenset(_WORD.findall(line))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of words that two lines have in common."""
    most = max(len(one), len(other))
    return len(one & other) / most if most else 0.0


class Change:
    """A merge, with what is looked up in it computed once."""

    def __init__(self, facts: PullFacts) -> None:
        self.facts = facts
        self.files = {file.path: file for file in facts.files}
        self.renamed = {
            file.previous_path: file
            for file in facts.files
            if file.status is FileStatus.RENAMED and file.previous_path
        }
        self._texts = {item.path: Text(MergedText(item)) for item in facts.merged_files}
        self._removed: dict[str, list[str]] = {}
        self._silent: dict[tuple[Rule, str | None], bool] = {}

    def file_of(self, path: str | None) -> FileChange | None:
        """The change of what stood at ``path`` before, wherever it is now; ``None`` if it was not touched."""
        if path is None:
            return None
        return self.renamed.get(path) or self.files.get(path)

    def text(self, path: str) -> Text | None:
        """The merged text of a file, whole; ``None`` if it was not read, or not to its end."""
        found = self._texts.get(path)
        return None if found is None or found.merged.clipped else found

    def removes(self, path: str, parts: Iterable[str]) -> bool:
        """Whether a hunk of the file removes a line with one of ``parts``."""
        if path not in self._removed:
            file = self.files.get(path)
            self._removed[path] = [squeezed(line) for line in removed_lines(file)] if file else []
        return any(part in line for part in parts for line in self._removed[path])

    @cached_property
    def added(self) -> dict[str, list[Line]]:
        """The lines that each file gained."""
        return {file.path: list(added_lines(file)) for file in self.facts.files}

    def moved(self, path: str, parts: Sequence[str]) -> Spot | None:
        """Where another file gained a line with one of ``parts``: it may have been moved there."""
        telling = [part for part in parts if is_telling(part)]
        for other, lines in self.added.items():
            for line in lines if other != path else ():
                if any(part in squeezed(line.text) for part in telling):
                    return Spot(other, line.number, line.text.strip())
        return None

    def edited(self, path: str, parts: Sequence[str]) -> Spot | None:
        """The added line of the file that is most like one of ``parts``, if it is like it at all."""
        best, found = ALIKE, None
        for line in self.added.get(path, ()):
            alike = max((likeness(words(part), words(line.text)) for part in parts), default=0.0)
            if alike >= best and (found is None or alike > best):
                best, found = alike, Spot(path, line.number, line.text.strip())
        return found

    def is_silent(self, rule: Rule, path: str | None = None) -> bool:
        """Whether a rule finds nothing in the whole text of a file, or without one in all that was added.

        Every line counts as new: what a change only edits or moves, the rule would else pass over.
        """
        key = (rule, path)
        if key not in self._silent:
            files = self._whole(path) if path is not None else tuple(map(_without_removed, self.facts.files))
            facts = self.facts.model_copy(update={"files": files})
            texts = {name: text.merged for name, text in self._texts.items()}
            self._silent[key] = rule(Context(facts, (), frozenset(), texts)) is None
        return self._silent[key]

    def _whole(self, path: str) -> tuple[FileChange, ...]:
        file, text = self.files[path], self._texts[path].merged
        lines = tuple("+" + line for line in text.lines)
        whole = Hunk(old_start=0, old_lines=0, new_start=1, new_lines=len(lines), lines=lines)
        return (file.model_copy(update={"hunks": (whole,)}),)


def _without_removed(file: FileChange) -> FileChange:
    hunks = tuple(
        hunk.model_copy(update={"lines": tuple(line for line in hunk.lines if line[:1] != "-")})
        for hunk in file.hunks
    )
    return file.model_copy(update={"hunks": hunks})
