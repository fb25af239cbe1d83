"""The key symbols of a change: what a reader would look for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.choosing import chosen_of
from bot.inference.interface import whole_symbols
from bot.inference.rules.compatibility import broken_symbols
from bot.inference.sizes import UNWRITTEN
from bot.model import FileChange, FileKind, KeyFile, KeySymbol, Symbol, SymbolChange, SymbolInsight, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.rules.finding import Context

KEY_SYMBOLS = 12
_NO_SYMBOLS = UNWRITTEN | {FileKind.TEST, FileKind.DOCS}
_CHANGES = {SymbolChange.REMOVED: 0, SymbolChange.ADDED: 1, SymbolChange.MODIFIED: 2}


def key_symbols(
    context: Context, files: tuple[KeyFile, ...], told: tuple[SymbolInsight, ...] = ()
) -> tuple[tuple[KeySymbol, ...], int]:
    """Twelve symbols outside tests, or more if more are told, and how many others there are.

    A class that came or went stands for its methods. Those whose callers may have to change come first,
    then public ones, then by file, change and line. Symbols that a model ``told`` something about take
    the places of the lower half, not their order.
    """
    order = {file.path: index for index, file in enumerate(files)}
    broken = {(item.path, item.symbol) for item in broken_symbols(context)}
    sources = [file for file in context.facts.files if file.kind not in _NO_SYMBOLS]
    found = {
        (item.path, item.symbol.name): item for file in sources for item in _of_file(file, _words(file, told))
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

    ranked = sorted(found.values(), key=place)
    chosen = chosen_of(ranked, KEY_SYMBOLS, lambda item: item.note is not None)
    return tuple(chosen), sum(len(file.symbols) for file in sources) - len(chosen)


def _of_file(file: FileChange, words: dict[str, Told]) -> Iterator[KeySymbol]:
    """The symbols that speak for themselves, and those that a model speaks of."""
    whole = whole_symbols(file)
    spoken = (symbol for symbol in file.symbols if symbol.name in words and symbol not in whole)
    for symbol in (*whole, *spoken):
        yield KeySymbol(path=file.path, symbol=symbol, note=words.get(symbol.name))


def _words(file: FileChange, told: tuple[SymbolInsight, ...]) -> dict[str, Told]:
    """What was told about symbols of ``file`` by whole names; ``save`` may stand for ``Store.save``."""
    words: dict[str, Told] = {}
    for item in told:
        symbol = _named(file, item.name) if item.path == file.path else None
        if symbol is not None:
            words.setdefault(symbol.name, item.note)
    return words


def _named(file: FileChange, name: str) -> Symbol | None:
    """The symbol with this name, or the only one that ends in it."""
    exact = next((symbol for symbol in file.symbols if symbol.name == name), None)
    ending = [symbol for symbol in file.symbols if symbol.name.endswith(f".{name}")]
    return exact or (ending[0] if len(ending) == 1 else None)
