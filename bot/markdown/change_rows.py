"""The lines about the change itself: a key file, and the symbols of one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.clean import path_end
from bot.markdown.escape import Safe, code, joined, snippet
from bot.markdown.links import link
from bot.model import FileStatus, KeyFile, KeySymbol, SymbolChange

if TYPE_CHECKING:
    from bot.markdown.pieces import Pieces

CELL_PATH_LIMIT: Final = 36
CELL_LIMIT: Final = 300
MODULE_LIMIT: Final = 22
SYMBOL_LIMIT: Final = 100


@dataclass(frozen=True)
class ChangeRows:
    """What the templates call for one key file, or the symbols of one."""

    pieces: Pieces

    def file(self, file: KeyFile) -> Safe:
        """The first cell of a key file, linked to its first change."""
        url = self.pieces.links.file(file.path, file.line)
        return link(self.pieces.path(file.path, CELL_PATH_LIMIT), url)

    def module(self, file: KeyFile) -> Safe:
        """The second cell."""
        return code(path_end(file.module, MODULE_LIMIT), MODULE_LIMIT, keep_end=True)

    def why(self, file: KeyFile) -> Safe:
        """The last cell: how it changed, what it is if not source, and why it is a key file."""
        return joined((*self._what(file), self.pieces.sentences(file.why)), self._say("separator"))

    def change(self, file: KeyFile) -> Safe:
        """The cell of what changed, where a model told of files: its words, then how and what it is."""
        told = self.pieces.statement(file.change, CELL_LIMIT) if file.change else Safe()
        what = joined(self._what(file), self._say("separator"))
        return Safe(f"{told}{self._say('because', reason=what)}") if told and what else told or what

    def matters(self, file: KeyFile) -> Safe:
        """The cell of why it matters: as a model told, else as computed."""
        told = self.pieces.statement(file.matters, CELL_LIMIT) if file.matters else Safe()
        return told or self.pieces.sentences(file.why)

    def symbols(self, group: list[KeySymbol]) -> list[Safe]:
        """The symbols of one file: those with a line of their own, then the new, changed and removed ones."""
        rest = [item for item in group if not item.symbol.signature_changed and not self._note(item)]
        lines = [self._symbols(change, rest) for change in SymbolChange]
        return [line for line in (*map(self._alone, group), *lines) if line]

    def _alone(self, item: KeySymbol) -> Safe:
        """A symbol with its new signature and what a model tells of it; empty if it has neither."""
        name, note = self._symbol(item), self._note(item)
        if item.symbol.signature_changed:
            signature = snippet(item.symbol.signature)
            line = joined((self._say("symbol_line.signature", name=name), signature), self._say("colon"))
            return joined((line, note), self._say("dash"))
        return self._say(f"symbol_note.{item.symbol.change.value}", name=name, note=note) if note else note

    def _symbols(self, change: SymbolChange, group: list[KeySymbol]) -> Safe:
        """The symbols to which one thing happened; empty if there are none."""
        found = [item for item in group if item.symbol.change is change]
        names = self.pieces.listed(map(self._symbol, found))
        return self._say(f"symbol_line.{change.value}", names=names) if names else names

    def _symbol(self, item: KeySymbol) -> Safe:
        """A symbol's name, linked to its line."""
        line = item.symbol.line
        url = self.pieces.links.file(item.path, line) if line is not None else None
        return link(code(item.symbol.name, SYMBOL_LIMIT), url)

    def _note(self, item: KeySymbol) -> Safe:
        """What a model tells of a symbol."""
        return self.pieces.statement(item.note, CELL_LIMIT) if item.note else Safe()

    def _what(self, file: KeyFile) -> tuple[Safe, Safe]:
        """How a file changed, and what it is if not source."""
        renamed = file.status is FileStatus.RENAMED and file.previous_path
        how = (
            self._say("file_status.renamed_from", path=file.previous_path or "")
            if renamed
            else self._say(f"file_status.{file.status.value}")
        )
        return how, self._say(f"file_kind.{file.kind.value}")

    def _say(self, key: str, **values: str | int) -> Safe:
        return self.pieces.catalogue.say(key, **values)
