"""Where a claim says its evidence is: a changed file or a block of the data, however it was written."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from bot.model import Source

if TYPE_CHECKING:
    from bot.model import PullFacts

_WRAPPED: Final = " \t\n`'\"“”‘’[]()<>*"
_LINE: Final = re.compile(
    r"(?::|#L|\s*\(?(?:lines?|L)\s*|\s*第\s*)(\d{1,7})(?:\s*[-–:,]\s*L?\d{1,7})?\s*行?\)?\Z", re.IGNORECASE
)
_BLOCK: Final = re.compile(
    r"(?:(?:review\s+)?(thread|comment|review|commit)s?|(线程|讨论|评论|评审|提交))[\s_#-]{0,3}(\d{1,6})",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"(?:(?:issue|pr|pull(?: request)?|related)\s{0,3})?(?:#|GH-)(\d{1,9})", re.IGNORECASE
)
_SOURCES: Final = {
    "title": Source.TITLE,
    "description": Source.BODY,
    "body": Source.BODY,
    "pr body": Source.BODY,
    "pr description": Source.BODY,
    "pull request description": Source.BODY,
    "标题": Source.TITLE,
    "描述": Source.BODY,
    "pr 描述": Source.BODY,
}
_CHINESE: Final = {"线程": "thread", "讨论": "thread", "评论": "comment", "评审": "review", "提交": "commit"}
_LONGEST: Final = 1_000


@dataclass(frozen=True)
class Place:
    """A place that exists. ``block`` is ``file``, ``title``, ``description``, ``thread`` … ``number``.

    ``index`` counts from 0 in the order of the facts; of a number it is the number. ``line`` is where
    the claim says that the quote is: never shown, only of use between equal lines.
    """

    block: str
    path: str = ""
    index: int = 0
    line: int | None = None


class Gazetteer:
    """The places that the facts have."""

    def __init__(self, facts: PullFacts) -> None:
        self._facts = facts

    @cached_property
    def paths(self) -> dict[str, str]:
        """The changed files by each of their names: the old name of a renamed file leads to the new one."""
        names = {file.previous_path: file.path for file in self._facts.files if file.previous_path}
        return names | {file.path: file.path for file in self._facts.files}

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            found[path.rsplit("/", 1)[-1]].append(path)
        return found

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder above a changed file, without a slash at the end."""
        found: set[str] = set()
        for path in self.paths:
            while "/" in path:
                path = path.rsplit("/", 1)[0]  # noqa: PLW2901 - climbing up
                if path in found:
                    break
                found.add(path)
        return frozenset(found)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The pull requests and issues of this repository that the facts resolved, its own included."""
        found = {item.number for item in self._facts.related}
        found |= {issue.number for issue in self._facts.issues if issue.repository is None}
        return frozenset(found | ({self._facts.number} if self._facts.number is not None else set()))

    def find(self, where: str) -> Place | None:
        """The place that ``where`` names; ``None`` if there is none or there are several.

        ``a/``, ``b/`` and ``./`` in front, a line behind, quotation marks and backticks around are passed
        over, and the unique end of a path is enough.
        """
        name = where[:_LONGEST].strip(_WRAPPED)
        if where in self.paths:
            return Place("file", self.paths[where])
        return self._block(name) or self._file(name)

    def exact(self, name: str) -> str | None:
        """The changed file with this path or unique end of a path, and nothing besides; not its line."""
        path = self.paths.get(name)
        if path is None and name.rsplit("/", 1)[-1] in self._by_name:
            place = self._by_end(name, None)
            path = place.path if place is not None else None
        return path

    def file(self, name: str) -> str | None:
        """The changed file that ``name`` means."""
        place = self.find(name)
        return place.path if place is not None and place.block == "file" else None

    def candidates(self, name: str) -> tuple[str, ...]:
        """The changed files of the same base name."""
        return tuple(self._by_name.get(name.strip(_WRAPPED).rsplit("/", 1)[-1], ()))

    def _block(self, name: str) -> Place | None:
        source = _SOURCES.get(" ".join(name.lower().split()))
        if source is not None:
            return Place("title" if source is Source.TITLE else "description")
        if match := _BLOCK.fullmatch(name):
            block = match[1].lower() if match[1] else _CHINESE[match[2]]
            items = getattr(self._facts, f"{block}s")
            index = int(match[3]) - 1
            return Place(block, index=index) if 0 <= index < len(items) else None
        if match := _NUMBER.fullmatch(name):
            number = int(match[1])
            return Place("number", index=number) if number in self._with_text else None
        return None

    @cached_property
    def _with_text(self) -> frozenset[int]:
        return frozenset(
            {issue.number for issue in self._facts.issues} | {item.number for item in self._facts.related}
        )

    def _file(self, name: str) -> Place | None:
        line = None
        if name not in self.paths and (match := _LINE.search(name)):
            name, line = name[: match.start()].strip(_WRAPPED), int(match[1])
        for form in (name, name.removeprefix("./"), name.lstrip("/"), _without_side(name)):
            if form in self.paths:
                return Place("file", self.paths[form], line=line)
        return self._by_end(name.removeprefix("./").lstrip("/"), line)

    def _by_end(self, name: str, line: int | None) -> Place | None:
        ends = {
            self.paths[path]
            for path in self._by_name.get(name.rsplit("/", 1)[-1], ())
            if path.endswith(f"/{name}")
        }
        return Place("file", ends.pop(), line=line) if len(ends) == 1 else None


def _without_side(name: str) -> str:
    """``name`` without the ``a/`` or ``b/`` that diffs put in front."""
    return name[2:] if name.startswith(("a/", "b/")) else name
