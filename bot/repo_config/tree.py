"""Reads the safe part of YAML into a tree that knows its lines: strings, lists and mappings, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# R110: what a file may cost is bounded before it is looked at.
LARGEST_FILE = 16 * 1024
MOST_NODES = 1000
DEEPEST = 10
_NOTHING = frozenset({"", "~", "null"})
_CONTEXTS = {
    "while scanning a quoted scalar": "has quotes that do not end",
    "while scanning a double-quoted scalar": "has an escape that is unknown: write single quotes",
    "while scanning a simple key": "has a line without a colon",
    "mapping values are not allowed here": "has a colon in a place where no key can stand",
    "while parsing a flow sequence": "has a bracket that is not closed",
    "while parsing a flow mapping": "has a brace that is not closed",
    "while parsing a block mapping": "is not indented like the lines before",
    "while parsing a block collection": "is not indented like the lines before",
}


class Unreadable(Exception):
    """The text is not taken; ``line`` and ``column`` count from 1."""

    def __init__(self, text: str, line: int, column: int) -> None:
        super().__init__(text)
        self.text = text
        self.line = line
        self.column = column


@dataclass(frozen=True)
class Node:
    """A value, and where it begins. ``keys`` tell where the keys of a mapping stand."""

    value: str | list[Node] | dict[str, Node] | None
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> Any:
        """Give the value as strings, lists and dicts; keys without a value are left out."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items() if node.value is not None}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_tree(data: bytes) -> Node:
    """Read a file of at most 16 KiB. Raises ``Unreadable``.

    Every scalar is a string: ``no`` and ``12:30:45`` stay what they are. An empty one without quotes,
    ``~`` and ``null`` are nothing. Anchors, aliases, tags, directives, merge keys, keys that are no
    plain words, a key that stands twice, and a second document are refused, and so are over 1,000
    values or 10 levels. The time is linear in the file.
    """
    text = _text(data)
    # PyYAML costs 30 ms to import: only who reads a file pays it.
    import yaml  # noqa: PLC0415

    from bot.repo_config.loader import TooDeep, open_loader  # noqa: PLC0415

    try:
        loader = open_loader(text, DEEPEST)
        return _Reading(loader).document()
    except TooDeep as error:
        raise Unreadable(f"is more than {DEEPEST} levels deep", *_place(error.problem_mark)) from None
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_why(error), *_place(error.problem_mark or error.context_mark)) from None
    except yaml.YAMLError:
        raise Unreadable("has a character that YAML does not allow", *_foreign(text)) from None
    except (ValueError, OverflowError):
        # A character that there is not, or a directive with a number of thousands of digits.
        raise Unreadable("has an escape or a directive that cannot be read", 1, 1) from None


def _text(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise Unreadable(f"is larger than {LARGEST_FILE // 1024} KiB", 1, 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable("is not UTF-8 text", line, 1) from None


def _foreign(text: str) -> tuple[int, int]:
    """Give the line of the first character that is neither visible nor a space or line break."""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.replace("\t", "").isprintable():
            return number, 1
    return 1, 1


def _place(mark: Any) -> tuple[int, int]:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


def _why(error: Any) -> str:
    """Say in our words what the parser did not like: its own words may hold a piece of the file."""
    if "'\\t'" in (error.problem or ""):
        return "has a tab: indent with spaces"
    return _CONTEXTS.get(error.context or error.problem or "", "cannot be read as YAML from here on")


class _Reading:
    """One reading: the parser's events, and how much was read."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._nodes = 0

    def document(self) -> Node:
        """Give the only document; an empty file is an empty mapping."""
        self._next()
        first = self._next()
        if _name(first) == "StreamEnd":
            return Node({}, 1, 1)
        if first.version is not None or first.tags:
            raise Unreadable("has a directive: only a plain document is read", *_place(first.start_mark))
        root = self._node(self._next(), 1)
        self._next()
        after = self._next()
        if _name(after) != "StreamEnd":
            raise Unreadable("has a second document", *_place(after.start_mark))
        return Node({}, 1, 1) if root.value is None else root

    def _next(self) -> Any:
        return self._loader.get_event()

    def _node(self, event: Any, depth: int) -> Node:
        kind, place = _name(event), _place(event.start_mark)
        self._nodes += 1
        if kind == "Alias" or event.anchor is not None:
            raise Unreadable("has an anchor or an alias: write the value out", *place)
        if event.tag is not None:
            raise Unreadable("has a tag: write the value without it", *place)
        if self._nodes > MOST_NODES:
            raise Unreadable(f"has over {MOST_NODES} values", *place)
        if depth > DEEPEST:
            raise Unreadable(f"is more than {DEEPEST} levels deep", *place)
        if kind == "Scalar":
            return Node(_scalar(event, place), *place)
        if kind == "SequenceStart":
            return Node([self._node(item, depth + 1) for item in self._until("SequenceEnd")], *place)
        return self._mapping(place, depth)

    def _until(self, end: str) -> Iterator[Any]:
        event = self._next()
        while _name(event) != end:
            yield event
            event = self._next()

    def _mapping(self, place: tuple[int, int], depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, tuple[int, int]] = {}
        for event in self._until("MappingEnd"):
            key = self._node(event, depth + 1)
            at = (key.line, key.column)
            if not isinstance(key.value, str):
                raise Unreadable("has a key that is not a word", *at)
            if key.value == "<<":
                raise Unreadable("has a merge key: write the values out", *at)
            if key.value in values:
                raise Unreadable(f"has a key twice, first in line {keys[key.value][0]}", *at)
            values[key.value], keys[key.value] = self._node(self._next(), depth + 1), at
        return Node(values, *place, keys)


def _name(event: Any) -> str:
    return type(event).__name__.removesuffix("Event")


def _scalar(event: Any, place: tuple[int, int]) -> str | None:
    text: str = event.value
    if event.implicit[0] and text in _NOTHING:
        return None
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unreadable("has half of a character", *place)
    return text
