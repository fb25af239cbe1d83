"""The numbers of a text in one form each, so that ``1,000`` and ``1000`` are the same one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# A run of digits with what may join them: thousands, decimals, versions, dates, times.
RUN: Final = re.compile(r"\d+(?:[.,:/_-]\d+)*")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?")
_DECIMAL: Final = re.compile(r"\d+\.\d+")
# What means something else when it is taken apart: a version, a date, a time.
_ATOMIC: Final = re.compile(r"\d+(?:\.\d+)+|\d{4}[-/]\d{1,2}(?:[-/]\d{1,2})?|\d{1,2}:\d{2}(?::\d{2})?")
_PARTS: Final = re.compile(r"[,:/_-]")
_LONGEST: Final = 40


def canonical(run: str) -> str:
    """One spelling for equal numbers: no thousands' marks, no zeros at the start, none after a point."""
    if _THOUSANDS.fullmatch(run):
        run = run.replace(",", "").replace("_", "")
    if run.isdigit():
        return run.lstrip("0") or "0"
    if _DECIMAL.fullmatch(run):
        whole, part = run.split(".")
        part = part.rstrip("0")
        return f"{whole.lstrip('0') or '0'}.{part}" if part else whole.lstrip("0") or "0"
    return run


def readings(run: str) -> tuple[str, ...]:
    """The numbers that ``run`` stands for: itself, or the ends of a range, the parts of a list."""
    if _THOUSANDS.fullmatch(run) or _ATOMIC.fullmatch(run):
        return (canonical(run),)
    return tuple(canonical(part) for part in _PARTS.split(run) if part)


def numbers_in(texts: Iterable[str]) -> frozenset[str]:
    """Every number of the texts, also those inside names; of what is joined, the whole and the parts."""
    found: set[str] = set()
    for text in texts:
        for run in set(RUN.findall(text)):
            if len(run) <= _LONGEST:
                found.add(canonical(run))
                found.update(readings(run))
    return frozenset(found)


def is_number(run: str, allowed: Iterable[frozenset[str]]) -> bool:
    """Whether ``run``, or each number it is made of, is in one of the ``allowed`` sets."""
    sets = tuple(allowed)
    if len(run) > _LONGEST:
        return False
    if any(canonical(run) in one for one in sets):
        return True
    return all(any(part in one for one in sets) for part in readings(run))
