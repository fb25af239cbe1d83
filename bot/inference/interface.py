"""What others may build on: public symbols that stand by themselves, outside tests and examples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.folders import is_aside
from bot.inference.lines import suffix
from bot.model import FileChange, FileKind, Symbol, SymbolChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NOT_AN_INTERFACE = frozenset({"script", "scripts", "internal", "private", "test", "tests"})
_SCRIPTS = frozenset({"js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte"})
_EXPORT = re.compile(r"\s*(?:export|declare)\b")
_IMPLEMENTATIONS = frozenset({"impl", "trait impl"})
_FUNCTIONS = frozenset({"function", "method"})


def interface_symbols(file: FileChange) -> tuple[Symbol, ...]:
    """The symbols of ``file`` that others may build on; of a script only what it exports."""
    if not is_interface(file):
        return ()
    exported = {symbol.name for symbol in file.symbols if _EXPORT.match(symbol.signature)}
    is_script, is_go = suffix(file.path) in _SCRIPTS, suffix(file.path) == "go"
    return tuple(
        symbol
        for symbol in whole_symbols(file)
        if symbol.public
        and symbol.kind not in _IMPLEMENTATIONS
        and not (is_go and _hidden_in_go(symbol.name))
        and (not is_script or symbol.name.split(".", 1)[0] in exported)
    )


def _hidden_in_go(name: str) -> bool:
    """Whether the type that a method belongs to is not exported."""
    return any(part[:1].islower() for part in name.split(".")[:-1])


def is_interface(file: FileChange) -> bool:
    """Whether others may build on what is in ``file``: source that is neither private nor an example."""
    *folders, name = (file.previous_path or file.path).lower().split("/")
    private = any(part.startswith(("_", ".")) for part in folders) or (
        name.startswith("_") and not name.startswith("__")
    )
    return (
        file.kind is FileKind.SOURCE
        and not private
        and not is_aside(file.path)
        and not _NOT_AN_INTERFACE.intersection(folders)
    )


def whole_symbols(file: FileChange) -> tuple[Symbol, ...]:
    """The symbols of ``file`` that stand by themselves.

    Left out are the members of a class that came or went with it, and functions inside functions.
    """
    known = {symbol.name: symbol for symbol in file.symbols}
    return tuple(symbol for symbol in file.symbols if not _is_part(symbol, known))


def _is_part(symbol: Symbol, known: dict[str, Symbol]) -> bool:
    owners = [known[name] for name in _owners(symbol.name) if name in known]
    came_or_went = symbol.change is not SymbolChange.MODIFIED
    return any(
        owner.kind in _FUNCTIONS or (came_or_went and owner.change is symbol.change) for owner in owners
    )


def _owners(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:depth]) for depth in range(1, len(parts)))


def added_names(files: Iterable[FileChange]) -> frozenset[str]:
    """The names of all symbols that came anywhere in the change."""
    return _names(files, SymbolChange.ADDED)


def moved_names(files: Iterable[FileChange]) -> frozenset[str]:
    """The names of symbols that went in one place and came in another."""
    known = tuple(files)
    return _names(known, SymbolChange.ADDED) & _names(known, SymbolChange.REMOVED)


def _names(files: Iterable[FileChange], change: SymbolChange) -> frozenset[str]:
    return frozenset(symbol.name for file in files for symbol in file.symbols if symbol.change is change)
