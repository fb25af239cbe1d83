"""A fault that the merged code already catches: an error that is handled, a division that is guarded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.lines import LINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.inference.verify.corpus import Corpus
    from bot.inference.verify.evidence import Found

_ERROR: Final = re.compile(r"\b[A-Z]\w{1,60}(?:Error|Exception)\b", re.ASCII)
_HANDLER: Final = re.compile(r"\s*except\b([^:#]{0,200}):")
_CATCHES_ALL: Final = frozenset({"Exception", "BaseException"})
_PARENTS: Final = {
    "ModuleNotFoundError": "ImportError",
    "ZeroDivisionError": "ArithmeticError",
    "KeyError": "LookupError",
    "IndexError": "LookupError",
    "FileNotFoundError": "OSError",
    "PermissionError": "OSError",
    "UnicodeDecodeError": "ValueError",
}
_BY_ZERO: Final = re.compile(
    r"\bdivi(?:de|des|ded|ding|sion)\b[^.;]{0,20}?\bby\s{1,3}(?:zero\b|0(?!\.?\d))|ZeroDivision|除以\s?(?:0|零)|除零|被零除",
    re.IGNORECASE | re.ASCII,
)
_DIVISOR: Final = re.compile(r"(?<![/*])//?\s?(?:len\(\s?)?([A-Za-z_][\w.]{0,80})(?![\w.]*[(\[])", re.ASCII)
# Who says that an error is swallowed knows that it is caught.
_OF_THE_GUARD: Final = re.compile(
    r"swallow|silent|hid(?:e|es|den|ing)\b|mask|ignor|suppress|fall(?:s|ing)?\s?back|\bcatch|too broad|"
    r"吞|静默|忽略|掩盖|回退|捕获",
    re.IGNORECASE | re.ASCII,
)
_MAX: Final = re.compile(r"(?<![/*])//?\s?max\(")
_FUNCTION: Final = re.compile(r"\s*(?:(?:async|pub|export|static)\s+){0,3}(?:def|fn|func|function)\b")
_LEAVES: Final = re.compile(r"\s*(?:return|raise|continue|break|throw|panic|yield|assert)\b")
_MOST_LINES: Final = 200
_MOST_BODY: Final = 40
_MOST_DIVISORS: Final = 5
_SEARCHED: Final = 400  # characters of a line


def guard(corpus: Corpus, text: str, found: Found) -> str | None:
    """Where the merged file already catches the fault that ``text`` finds on the line that was ``found``.

    Known are an error named by its class whose ``try`` is around the line (Python), and a division by zero
    with a test of the divisor above it in the same function, or on the line itself. ``None``: nothing of it.
    """
    number = found.lines[0]
    if not found.is_present or found.place.block != "file" or _OF_THE_GUARD.search(text):
        return None
    lines = corpus.file(found.place.path).lines
    if not 0 < number <= len(lines):
        return None
    errors = frozenset(_ERROR.findall(text[:LINE_LIMIT]))
    if errors and found.place.path.endswith((".py", ".pyi")):
        own = _HANDLER.match(lines[number - 1][:_SEARCHED])
        is_own = own is not None and _catches(own[1], errors) and not _raises(lines, number)
        if at := number if is_own else _handler(lines, number, errors):
            return _told(found, lines, at)
    if _BY_ZERO.search(text) and (at := _test(lines, number)):
        return _told(found, lines, at)
    return None


def _told(found: Found, lines: Sequence[str], at: int) -> str:
    return f"{found.place.path}, line {at} handles it: {lines[at - 1].strip()[:120]}"


def _handler(lines: Sequence[str], number: int, errors: frozenset[str]) -> int | None:
    """The line of an ``except`` for one of ``errors`` whose ``try`` is around line ``number``."""
    indent = _indent(lines[number - 1])
    for at in range(number - 1, max(0, number - 1 - _MOST_LINES), -1):
        line = lines[at - 1]
        if not line.strip() or _indent(line) >= indent:
            continue
        indent = _indent(line)
        if line.strip() == "try:" and (handler := _below(lines, at, number, errors)):
            return handler
        if not indent:
            break
    return None


def _below(lines: Sequence[str], opened: int, number: int, errors: frozenset[str]) -> int | None:
    """The handler that belongs to the ``try`` on line ``opened`` and stands below line ``number``."""
    indent = _indent(lines[opened - 1])
    for at in range(number + 1, min(len(lines), number + _MOST_LINES) + 1):
        line = lines[at - 1]
        if not line.strip() or _indent(line) > indent or line.strip()[0] in ")]}":
            continue
        match = _HANDLER.match(line[:_SEARCHED])
        if match is None or _indent(line) < indent:
            return None
        if _catches(match[1], errors):
            return None if _raises(lines, at) else at
    return None


def _raises(lines: Sequence[str], at: int) -> bool:
    """Whether the handler on line ``at`` lets the error out again, or another."""
    indent = _indent(lines[at - 1])
    for line in lines[at : at + _MOST_BODY]:
        if line.strip() and _indent(line) <= indent:
            return False
        if line.strip().startswith("raise"):
            return True
    return lines[at - 1].partition(":")[2].strip().startswith("raise")


def _catches(caught: str, errors: frozenset[str]) -> bool:
    names = set(re.findall(r"\w+", caught.split(" as ", maxsplit=1)[0]))
    wider = {_PARENTS.get(error, error) for error in errors}
    return not names or bool(names & (errors | wider | _CATCHES_ALL))


def _test(lines: Sequence[str], number: int) -> int | None:
    """The nearest line in the same function that keeps a zero from the divisor of line ``number``."""
    divided = lines[number - 1][:_SEARCHED]
    if _MAX.search(divided):
        return number
    divisors = sorted(set(_DIVISOR.findall(divided)))[:_MOST_DIVISORS]
    if not divisors:
        return None
    names = "|".join(re.escape(name) for name in divisors)
    tests = re.compile(
        rf"\b(?:if|elif|while|assert|unless)\b[^#\n]{{0,120}}?(?<![\w.])(?:len\(\s?)?(?:{names})(?![\w.(\[])"
    )
    largest = re.compile(rf"\s*(?:{names})\s?=\s?max\(")
    indent = _indent(divided)
    for at in range(number, max(0, number - _MOST_LINES), -1):
        line = lines[at - 1][:_SEARCHED]
        if largest.match(line) or (tests.search(line) and _protects(lines, at, number)):
            return at
        if line.strip() and _indent(line) < indent and _FUNCTION.match(line):
            break
    return None


def _protects(lines: Sequence[str], at: int, number: int) -> bool:
    """Whether the test on line ``at`` is on the line itself, around it, or leaves the function before it."""
    if at == number or _LEAVES.match(lines[at - 1]):
        return True
    indent = _indent(lines[at - 1])
    if all(_indent(line) > indent for line in lines[at:number] if line.strip()):
        return True
    return bool(_LEAVES.match(lines[at]) or _LEAVES.match(lines[at - 1].rpartition(":")[2] or " "))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
