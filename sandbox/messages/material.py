"""Material: the fenced data of a request taken apart again, for answers that can be verified."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_LEAST = 12
_MOST = 160


@dataclass(frozen=True)
class Material:
    """Blocks of data: name, attributes and text; names of paths are without their quotes."""

    blocks: tuple[tuple[str, dict[str, Any], str], ...]
    ask: str = ""
    paths: tuple[str, ...] = ()
    _quotes: dict[str, list[str]] = field(default_factory=dict, compare=False)

    @cached_property
    def is_chinese(self) -> bool:
        """Whether the answer is wanted in Chinese."""
        return "Chinese" in self.ask

    @cached_property
    def quotes(self) -> list[tuple[str, str]]:
        """Lines that came with the change, as (path, line), round and round the files."""
        left = {path: list(lines) for path, lines in self._quotes.items() if lines}
        found: list[tuple[str, str]] = []
        while left and len(found) < 40:
            for path in list(left):
                found.append((path, left[path].pop(0)))
                if not left[path]:
                    del left[path]
        return found

    def names(self, kind: str) -> list[str]:
        """The blocks that are called so and numbered, such as ``thread``."""
        return [name for name, _, _ in self.blocks if name.startswith(f"{kind} ")]


def material(parts: list[str]) -> Material:
    """Take the user's turn apart: the first word of the data is the boundary that begins each head."""
    data, ask = (parts[0], parts[-1]) if len(parts) > 1 else ("", parts[-1])
    boundary = data.split(maxsplit=1)[0] if data.split() else ""
    blocks, paths, quotes = [], [], {}
    for part in _split(data, boundary):
        head, _, text = part.partition("\n")
        name, attributes, is_path = _head(head)
        if is_path:
            paths.append(name)
            quotes[name] = _lines(text, is_marked=attributes.get("status") not in {"added", "removed"})
            quotes[name] = [] if attributes.get("status") == "removed" else quotes[name]
        blocks.append((name, attributes, text.strip("\n")))
    return Material(tuple(blocks), ask, tuple(paths), quotes)


def _split(data: str, boundary: str) -> list[str]:
    parts: list[list[str]] = []
    for line in data.split("\n"):
        if boundary and line.startswith(f"{boundary} "):
            parts.append([line[len(boundary) + 1 :]])
        elif parts:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts if part != ["end"]]


def _head(head: str) -> tuple[str, dict[str, Any], bool]:
    """Name, attributes, and whether the name is a path, which stands in quotes."""
    decoder = json.JSONDecoder()
    if head.startswith('"'):
        try:
            name, end = decoder.raw_decode(head)
        except ValueError:
            return head, {}, False
        return str(name), _attributes(head[end:]), True
    name, brace, rest = head.partition(" {")
    return name, _attributes(brace[1:] + rest), False


def _attributes(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _lines(text: str, *, is_marked: bool) -> list[str]:
    """The lines that came, if they are long enough to be found again and no more than a quote is."""
    came = (line[1:] if is_marked else line for line in text.split("\n") if not is_marked or line[:1] == "+")
    stripped = (line.strip() for line in came)
    return [
        line
        for line in stripped
        if _LEAST <= len(line) <= _MOST and "…" not in line and "REDACTED" not in line
    ]
