"""The first JSON object in a model's answer, whatever stands around it."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any

from bot.errors import ModelUnusable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MOST_BYTES = 1_000_000
DEEPEST = 64
_LONGEST_NUMBER = 18
_ATTEMPTS = 4
_STRUCTURE = re.compile(r'["{}\[\]]')
_STRING_END = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)


def first_object(text: str, known: Collection[str]) -> dict[str, Any]:
    """Return the first complete object of ``text`` that has one of the ``known`` keys.

    Prose, fences and a byte order mark around it are passed over; an object that is wrapped in one
    more object is unwrapped. Numbers beyond 18 digits and infinities become ``None``. Raises
    ``ModelUnusable`` if there is none, if the text is longer than 1,000,000 characters, if an object
    is nested deeper than 64 levels, or for NaN. Linear: at most four objects are tried.
    """
    if len(text) > MOST_BYTES:
        raise ModelUnusable(f"the answer is longer than {MOST_BYTES} characters")
    for part in _objects(text):
        value = _loaded(part)
        for candidate in _unwrapped(value):
            if any(key in candidate for key in known):
                return candidate
    raise ModelUnusable("the answer holds no JSON object of the shape that was asked for")


def _objects(text: str) -> Iterator[str]:
    """The first few balanced objects at the top of ``text``, from the outermost brace to its match."""
    start = text.find("{")
    for _ in range(_ATTEMPTS):
        if start < 0:
            return
        end = _end(text, start)
        if end is None:
            start = text.find("{", start + 1)
            continue
        yield text[start:end]
        start = text.find("{", end)


def _end(text: str, start: int) -> int | None:
    """Where the object that opens at ``start`` ends; ``None`` if it never does."""
    depth = 0
    position = start
    while match := _STRUCTURE.search(text, position):
        mark = match.group()
        position = match.end()
        if mark == '"':
            closed = _STRING_END.match(text, position)
            if closed is None:
                return None
            position = closed.end()
        elif mark in "{[":
            depth += 1
            if depth > DEEPEST:
                raise ModelUnusable(f"the answer is nested deeper than {DEEPEST} levels")
        else:
            depth -= 1
            if depth <= 0:
                return position
    return None


def _loaded(part: str) -> Any:
    try:
        return json.loads(
            part, strict=False, parse_int=_bounded, parse_float=_finite, parse_constant=_refused
        )
    except ValueError:
        return None


def _bounded(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else None


def _finite(digits: str) -> float | None:
    value = float(digits[:400])
    return value if math.isfinite(value) else None


def _refused(name: str) -> None:
    raise ModelUnusable(f"the answer holds {name}, which is not JSON")


def _unwrapped(value: Any) -> Iterator[dict[str, Any]]:
    """The object itself, and what it wraps if it holds nothing but one more object."""
    for _ in range(2):
        if not isinstance(value, dict):
            return
        yield value
        if len(value) != 1:
            return
        value = next(iter(value.values()))
