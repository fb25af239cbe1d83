"""The key symbols of a change: what a reader would look for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.interface import whole_symbols
from bot.inference.rules.compatibility import broken_symbols
from bot.inference.sizes import UNWRITTEN
from bot.model import FileKind, KeyFile, KeySymbol, SymbolChange

if TYPE_CHECKING:
    from bot.inference.rules.finding import Context

KEY_SYMBOLS = 12
_NO_SYMBOLS = UNWRITTEN | {FileKind.TEST, FileKind.DOCS}
_CHANGES = {SymbolChange.REMOVED: 0, SymbolChange.ADDED: 1, SymbolChange.MODIFIED: 2}


def key_symbols(context: Context, files: tuple[KeyFile, ...]) -> tuple[tuple[KeySymbol, ...], int]:
    """At most twelve symbols outside tests, and how many more there are.

    A class that came or went stands for its methods. Those whose callers may have to change come first,
    then public ones, then by file, change and line.
    """
    order = {file.path: index for index, file in enumerate(files)}
    broken = {(item.path, item.symbol) for item in broken_symbols(context)}
    found = {
        (file.path, symbol.name): KeySymbol(path=file.path, symbol=symbol)
        for file in context.facts.files
        if file.kind not in _NO_SYMBOLS
        for symbol in whole_symbols(file)
    }

    def place(item: KeySymbol) -> tuple[bool, bool, int, int, int]:
        symbol = item.symbol
        return (
            (item.path, symbol) not in broken,
            not symbol.public,
            order.get(item.path, len(order)),
            1 if symbol.signature_changed else _CHANGES[symbol.change],
            symbol.line or 0,
        )

    ranked = sorted(found.values(), key=place)[:KEY_SYMBOLS]
    total = sum(len(file.symbols) for file in context.facts.files if file.kind not in _NO_SYMBOLS)
    return tuple(ranked), total - len(ranked)
