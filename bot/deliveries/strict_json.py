"""Parses JSON as strictly as RFC 8259 reads, in time linear in its size."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from bot.errors import RejectedDelivery

MAX_DEPTH = 64
MAX_INTEGER = 2**63
# Ours: GitHub's published examples have 90 bytes or more to an object, so 25 MB are under 300,000 objects.
MAX_CONTAINERS = 1_000_000

_ALL_BUT_STRUCTURE = bytes(set(range(256)) - set(b'"[]{}'))
_BOTH_KINDS_ALIKE = bytes.maketrans(b"{}", b"[]")
_OPENING = ord("[")
_MAX_DIGITS = len(str(MAX_INTEGER))
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def parse_object(body: bytes) -> dict[str, Any]:
    """Return the object that ``body`` is in UTF-8 without a byte order mark.

    Refused are: anything but an object at the top, more than 64 levels or a million objects and
    arrays, NaN and infinities (``1e999`` too), integers beyond 2**63, equal keys in one object. Lone
    surrogates become U+FFFD, for they could not be stored. Raises ``RejectedDelivery`` with status
    400, and nothing else.
    """
    _check_structure(body)
    try:
        text = body.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_bounded,
            parse_float=_finite,
            parse_constant=_refuse_constant,
        )
        value = _without_surrogates(value) if _SURROGATE_ESCAPE.search(text) else value
    except (ValueError, RecursionError):
        # The reason quotes nothing: the parser's own text would repeat parts of the body.
        raise RejectedDelivery(400, "the body is not strict JSON") from None
    if not isinstance(value, dict):
        raise RejectedDelivery(400, "the body is not a JSON object")
    return value


def _check_structure(body: bytes) -> None:
    """Refuse nesting and numbers of containers beyond the limits before the parser sees them.

    Strings are cut out first; in text that is no JSON the cut may be wrong, but the parser refuses
    such text anyway.
    """
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    structure = body.translate(_BOTH_KINDS_ALIKE, _ALL_BUT_STRUCTURE).replace(b'""', b"")
    brackets = b"".join(structure.split(b'"')[::2])
    if brackets.count(b"[") > MAX_CONTAINERS:
        raise RejectedDelivery(400, f"the body holds more than {MAX_CONTAINERS} objects and arrays")
    # The innermost pairs are one level: taking them out at C speed leaves little for the loop.
    brackets = brackets.replace(b"[]", b"")
    depth = 1
    for byte in brackets:
        depth += 1 if byte == _OPENING else -1
        if depth > MAX_DEPTH:
            raise RejectedDelivery(400, f"the body is nested deeper than {MAX_DEPTH} levels")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("equal keys in one object")
    return value


def _bounded(digits: str) -> int:
    # The length first: int() of many digits takes quadratic time.
    if len(digits) > _MAX_DIGITS + 1 or abs(value := int(digits)) > MAX_INTEGER:
        raise ValueError("an integer is too large")
    return value


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _without_surrogates(value: Any) -> Any:
    """Copy ``value`` (at most 64 levels) with U+FFFD for every lone surrogate, in keys too."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    if isinstance(value, dict):
        # Two keys may have become equal by it.
        return _unique([(_without_surrogates(key), _without_surrogates(item)) for key, item in value.items()])
    return value
