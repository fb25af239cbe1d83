"""What a changed Python definition means to its callers, read from both sides of the diff."""

from __future__ import annotations

import ast
import re
import warnings
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.model import FileChange, Hunk, Symbol

_DEFINITION = re.compile(r"\s*(?:async\s+)?def (\w{1,200})\s?\(")
_HEADER_LINES = 60
_HEADER_LENGTH = 4_000


class SignatureChange(StrEnum):
    """How a definition changed for those who call it, the worst that was seen."""

    ASYNC = "async"
    REMOVED_PARAMETER = "removed_parameter"
    REQUIRED_PARAMETER = "required_parameter"
    REORDERED = "reordered"
    OTHER_DEFAULT = "other_default"
    COMPATIBLE = "compatible"
    UNKNOWN = "unknown"


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def signature_change(file: FileChange, symbol: Symbol) -> SignatureChange:
    """Compare a Python function's definition before and after; ``UNKNOWN`` where it cannot be read."""
    name = symbol.name.rsplit(".", 1)[-1]
    for hunk in file.hunks:
        if symbol.line is None or hunk.new_start <= symbol.line < hunk.new_start + hunk.new_lines:
            new = [found for found in _headers(hunk, name, "+") if symbol.line in {None, found.line}]
            old = [found for found in _headers(hunk, name, "-") if new and found.indent == new[0].indent]
            if len(new) == 1 and len(old) == 1:
                return _compared(old[0], new[0])
    return SignatureChange.UNKNOWN


class _Header(NamedTuple):
    """A definition on one side of a hunk; ``line`` counts from where the hunk begins as merged."""

    line: int
    indent: int
    lines: list[str]


def _headers(hunk: Hunk, name: str, side: str) -> list[_Header]:
    """The definitions of ``name`` on one side of a hunk."""
    lines = [raw[1:] for raw in hunk.lines if raw[:1] in {side, " "}]
    found = ((index, line, _DEFINITION.match(line)) for index, line in enumerate(lines))
    return [
        _Header(hunk.new_start + index, len(line) - len(line.lstrip()), lines[index : index + _HEADER_LINES])
        for index, line, match in found
        if match and match.group(1) == name
    ]


def _compared(old: _Header, new: _Header) -> SignatureChange:
    before, after = _parsed(old.lines), _parsed(new.lines)
    return SignatureChange.UNKNOWN if before is None or after is None else compare(before, after)


def _parsed(lines: list[str]) -> _Function | None:
    text = ""
    for line in lines:
        text += line.strip() + "\n"
        if len(text) > _HEADER_LENGTH:
            return None
        code = line.split(" #", 1)[0].rstrip()
        if code.endswith(":"):
            return _parse(text)
    return None


def _parse(text: str) -> _Function | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statement = ast.parse(f"{text} pass").body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError, IndexError):
        return None
    return statement if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) else None


def compare(old: _Function, new: _Function) -> SignatureChange:
    """The worst that the new definition does to a call that the old one accepted."""
    if type(old) is not type(new):
        return SignatureChange.ASYNC
    before, after = _parameters(old.args), _parameters(new.args)
    gone = [name for name in before if name not in after]
    if gone and new.args.kwarg is None:
        return SignatureChange.REMOVED_PARAMETER
    if any(required and name not in before for name, required in after.items()):
        return SignatureChange.REQUIRED_PARAMETER
    if any(required and not before.get(name, True) for name, required in after.items()):
        return SignatureChange.REQUIRED_PARAMETER
    kept = _positional(new.args)[: len(_positional(old.args))]
    if kept != _positional(old.args):
        return SignatureChange.REORDERED
    return SignatureChange.OTHER_DEFAULT if _other_default(old.args, new.args) else SignatureChange.COMPATIBLE


def _other_default(old: ast.arguments, new: ast.arguments) -> bool:
    """Whether a parameter stands for another plain value where the caller gives none."""
    before, after = _defaults(old), _defaults(new)
    return any(name in after and after[name] != value for name, value in before.items())


def _defaults(arguments: ast.arguments) -> dict[str, str]:
    """The plain values that parameters have by default, but for ``None``, which often is a mark only."""
    positional = _positional(arguments)
    pairs = [
        *zip(reversed(positional), reversed(arguments.defaults), strict=False),
        *(
            (argument.arg, value)
            for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ),
    ]
    return {
        name: repr(value.value)
        for name, value in pairs
        if isinstance(value, ast.Constant) and value.value is not None
    }


def _positional(arguments: ast.arguments) -> list[str]:
    return [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]


def _parameters(arguments: ast.arguments) -> dict[str, bool]:
    """Each parameter, and whether a caller must give it."""
    positional = _positional(arguments)
    optional_from = len(positional) - len(arguments.defaults)
    found = {name: index < optional_from for index, name in enumerate(positional)}
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found[argument.arg] = default is None
    return found
