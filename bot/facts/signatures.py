"""The head of a definition, over as many lines as its brackets are open, and whether two are the same."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, NamedTuple

from bot.facts.python_outline import parsed
from bot.redaction import clean_line, redact

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_SIGNATURE = 300
_MOST_LINES = 40
_LONGEST_LINE = 500
_BODY = re.compile(r"\s*\{[^{}]*\}?\s*\Z")
# What is left of line ends beside brackets.
_OPENING = re.compile(r"([(\[]) ")
_CLOSING = re.compile(r",? ([)\]])")

# What Java's compiler is told about a definition, and its callers need not care about.
_REMARKS = re.compile(r"@(?:\w{1,60}\.){0,8}(?:Nullable|Non[Nn]ull|NotNull|Override|Deprecated)\b")


class Signature(NamedTuple):
    """A definition's head as text without secrets; ``last`` is its last line, ``whole``: all was seen."""

    text: str
    last: int
    whole: bool


def signature(lines: Mapping[int, str], start: int) -> Signature:
    """Read the head that begins in line ``start``; it ends where all brackets are closed."""
    depth = 0
    pieces = []
    for number in range(start, start + _MOST_LINES):
        line = lines.get(number)
        if line is None:
            break
        pieces.append(line[:_LONGEST_LINE])
        depth += line.count("(") + line.count("[") - line.count(")") - line.count("]")
        if depth <= 0:
            return Signature(_shown(pieces), number, whole=True)
    return Signature(_shown(pieces), start + max(len(pieces), 1) - 1, whole=False)


def same(old: str, new: str, *, python: bool) -> bool:
    """Whether two heads say the same, however they are laid out."""
    return _normal(old, python=python) == _normal(new, python=python)


def _shown(pieces: list[str]) -> str:
    text = _BODY.sub("", clean_line(" ".join(pieces), LONGEST_SIGNATURE * 4))
    return redact(_CLOSING.sub(r"\1", _OPENING.sub(r"\1", text)))[0]


def _normal(text: str, *, python: bool) -> str:
    tree = (parsed(f"{text}\n pass") or parsed(text)) if python else None
    node = tree.body[0] if tree and tree.body else None
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        node.body = [ast.Pass()]
        return ast.unparse(node)
    return re.sub(r"\s+", "", _REMARKS.sub("", text)).replace(",)", ")").rstrip("{:")
