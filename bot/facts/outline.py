"""The definitions of a text and the lines that belong to each, by indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.facts.languages import Found, Language

MOST_NESTED = 20
LONGEST_NAME = 100
_TAB = 4
# Sections of a C++ class and labels stand at the indent of what they are in.
_LABEL = re.compile(r"\w+\s*:\s*\Z")
# What a function in it is called a method of.
_CLASS_LIKE = frozenset(
    {"class", "struct", "interface", "enum", "trait", "impl", "trait impl", "record", "object", "extension"}
)
# What is defined in these is as public as they are.
_OPEN = frozenset({"trait", "trait impl", "interface"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class or type.

    ``name`` includes the names around it, ``line`` is where it is defined (``None``: not in sight);
    ``owned`` says that the line itself names the type it belongs to (Go, Rust's ``impl``).
    """

    name: str
    kind: str
    line: int | None
    indent: int
    public: bool
    parent: Definition | None = None
    owned: bool = False


@dataclass(slots=True)
class Outline:
    """The definitions of a text in order, and for each line the innermost one it belongs to."""

    definitions: list[Definition] = field(default_factory=list)
    owners: dict[int, Definition] = field(default_factory=dict)


def outline(lines: Iterable[tuple[int, str]], language: Language, section: str = "") -> Outline:
    """Read numbered lines of one text; ``section`` is the definition before the first, if git named one.

    A definition reaches as far as lines are indented deeper than it is, closing brackets included.
    """
    result = Outline()
    found = language.find(section)
    around = [_define(found, None, 0, None)] if found else []
    for number, line in lines:
        text = line.lstrip()
        if not text:
            if around:
                result.owners[number] = around[-1]
            continue
        indent = indent_of(line)
        closes = text.startswith(language.closers) or _LABEL.match(text[:80]) is not None
        while around and (indent < around[-1].indent or (indent == around[-1].indent and not closes)):
            around.pop()
        if len(around) < MOST_NESTED and (found := language.find(line)):
            around.append(_define(found, number, indent, around[-1] if around else None))
            result.definitions.append(around[-1])
        if around:
            result.owners[number] = around[-1]
        if text[0] == "}" and around and indent == around[-1].indent:
            around.pop()
    return result


def indent_of(line: str) -> int:
    """How deep a line is indented, in columns; a tab counts four."""
    blank = line[: len(line) - len(line.lstrip())]
    return len(blank) + blank.count("\t") * (_TAB - 1)


def qualified(found_name: str, owner: str | None, parent: Definition | None) -> str:
    """The name with those around it: ``Trainer.save``."""
    around = owner or (parent.name if parent else None)
    return f"{around}.{found_name}" if around else found_name


def method_or(kind: str, parent: Definition | None, owner: str | None = None) -> str:
    """``method`` for a function in a class, else ``kind``."""
    in_class = owner is not None or (parent is not None and parent.kind in _CLASS_LIKE)
    return "method" if kind == "function" and in_class else kind


def _define(found: Found, line: int | None, indent: int, parent: Definition | None) -> Definition:
    # An impl is of the type it names, wherever it stands.
    owned = found.owner is not None or "impl" in found.kind
    name = found.name[:LONGEST_NAME]
    opened = found.public or (parent is not None and parent.kind in _OPEN)
    return Definition(
        name=qualified(name, found.owner, None if owned else parent),
        kind=method_or(found.kind, parent, found.owner),
        line=line,
        indent=indent,
        public=opened and (parent is None or parent.public),
        parent=parent,
        owned=owned,
    )
