"""The definitions of a Python file by Python's own parser, which knows where each one ends."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from bot.facts.languages import PYTHON
from bot.facts.outline import LONGEST_NAME, Definition, Outline, indent_of, method_or, qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

# Measured: a tree takes some 120 bytes a character of its source.
LONGEST_PARSED = 300_000
# Python's parser warns of escapes it does not know, from any thread, to standard error; none matters here.
_ESCAPE = re.compile(r"\\([\n\"'\\])|\\.", re.DOTALL)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def python_outline(text: str) -> Outline | None:
    """Read a whole Python file; ``None`` if it is too large or is not Python of this version."""
    tree = parsed(text)
    if tree is None:
        return None
    result = Outline()
    lines = text.split("\n")
    waiting: list[tuple[ast.AST, Definition | None]] = [(tree, None)]
    while waiting:
        node, parent = waiting.pop()
        if isinstance(node, _DEFINITIONS):
            parent = _definition(node, parent, indent_of(lines[node.lineno - 1]))
            result.definitions.append(parent)
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            result.owners.update(dict.fromkeys(range(first, (node.end_lineno or first) + 1), parent))
        waiting += [(child, parent) for child in _statements(node)]
    result.definitions.sort(key=lambda definition: definition.line or 0)
    return result


def parsed(text: str) -> ast.Module | None:
    """Parse Python source; ``None`` if that cannot be done, for whatever reason."""
    if len(text) > LONGEST_PARSED:
        return None
    # Only the line feed ends a line in a diff; for Python a carriage return does too.
    source = text.replace("\r\n", "\n").replace("\r", " ")
    source = _ESCAPE.sub(lambda match: match[0] if match[1] else "__", source)
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _definition(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, parent: Definition | None, indent: int
) -> Definition:
    kind = "class" if isinstance(node, ast.ClassDef) else "function"
    public = PYTHON.is_public(node.name, "") and (parent is None or parent.public)
    name = qualified(node.name[:LONGEST_NAME], None, parent)
    return Definition(name, method_or(kind, parent), node.lineno, indent, public, parent)


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        yield from getattr(node, field, ())
