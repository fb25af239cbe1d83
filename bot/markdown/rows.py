"""The lines of a report that repeat: a risk, a file, a symbol, a related pull request, a part of a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.clean import path_end
from bot.markdown.escape import Safe, code, joined, snippet, text
from bot.markdown.formats import number
from bot.markdown.links import link
from bot.model import (
    CoverageGroup,
    Feature,
    FileStatus,
    KeyFile,
    KeySymbol,
    PullReport,
    Quote,
    ReadAs,
    Related,
    Risk,
    Source,
    SymbolChange,
)

if TYPE_CHECKING:
    from bot.markdown.pieces import Pieces

CELL_PATH_LIMIT: Final = 36
MODULE_LIMIT: Final = 22
SYMBOL_LIMIT: Final = 100
TITLE_LIMIT: Final = 160
REASON_LIMIT: Final = 200
SHOWN_PATHS: Final = 4


@dataclass(frozen=True)
class Rows:
    """What the templates call for one line of a section each."""

    pieces: Pieces

    def action(self, report: PullReport) -> Safe:
        """The recommended action with its reasons, and the scores beside it."""
        scores = self._say("summary.importance", importance=number(report.scores.importance))
        if report.scores.insight is not None:
            insight = self._say("summary.insight", insight=number(report.scores.insight))
            scores = self.pieces.listed((scores, insight))
        attention = self._say(f"attention.{report.summary.attention.value}")
        reasons = self.pieces.sentences(report.summary.reasons)
        key = "summary.action.reasons" if reasons else "summary.action.plain"
        return self._say(key, attention=attention, scores=scores, reasons=reasons)

    def quoted(self, quote: Quote) -> Safe:
        """A quote with its source; empty if nothing of it can be seen."""
        shown = self.pieces.quote(quote.text)
        return self._say("quote_line", quote=shown, source=self.pieces.source(quote)) if shown else shown

    def step(self, step: Quote) -> Safe:
        """One step; a commit's headline needs no source, for the label above names it."""
        return self.pieces.quote(step.text) if step.source is Source.COMMIT else self.quoted(step)

    def risk(self, risk: Risk) -> Safe:
        """Severity, name, state unless it is open, and why."""
        explanation = self.pieces.sentences((risk.explanation,))
        return self._say(
            "risk_line.explained" if explanation else "risk_line.plain",
            severity=self._say(f"severity.{risk.severity.value}"),
            name=self._say(f"risk_name.{risk.key.value}"),
            state=self._say(f"risk_state.{risk.state.value}"),
            explanation=explanation,
        )

    def file(self, file: KeyFile) -> Safe:
        """The first cell of a key file, linked to its first change."""
        url = self.pieces.links.file(file.path, file.line)
        return link(self.pieces.path(file.path, CELL_PATH_LIMIT), url)

    def module(self, file: KeyFile) -> Safe:
        """The second cell."""
        return code(path_end(file.module, MODULE_LIMIT), MODULE_LIMIT, keep_end=True)

    def why(self, file: KeyFile) -> Safe:
        """The last cell: how it changed, what it is if not source, and why it is a key file."""
        renamed = file.status is FileStatus.RENAMED and file.previous_path
        parts = (
            self._say("file_status.renamed_from", path=file.previous_path or "")
            if renamed
            else self._say(f"file_status.{file.status.value}"),
            self._say(f"file_kind.{file.kind.value}"),
            self.pieces.sentences(file.why),
        )
        return joined(parts, self._say("separator"))

    def symbols(self, group: list[KeySymbol]) -> list[Safe]:
        """The symbols of one file: new, changed and removed ones on a line each, signatures by themselves."""
        lines = [self._symbols(change, group) for change in SymbolChange]
        return [line for line in (*map(self._signature, group), *lines) if line]

    def _symbols(self, change: SymbolChange, group: list[KeySymbol]) -> Safe:
        """The symbols to which one thing happened; empty if there are none."""
        found = [item for item in group if item.symbol.change is change and not item.symbol.signature_changed]
        names = self.pieces.listed(map(self._symbol, found))
        return self._say(f"symbol_line.{change.value}", names=names) if names else names

    def _signature(self, item: KeySymbol) -> Safe:
        """A symbol with its new signature; empty if it kept its own."""
        if not item.symbol.signature_changed:
            return Safe()
        line = self._say("symbol_line.signature", name=self._symbol(item))
        return joined((line, snippet(item.symbol.signature)), self._say("colon"))

    def _symbol(self, item: KeySymbol) -> Safe:
        """A symbol's name, linked to its line."""
        line = item.symbol.line
        url = self.pieces.links.file(item.path, line) if line is not None else None
        return link(code(item.symbol.name, SYMBOL_LIMIT), url)

    def related(self, related: Related) -> Safe:
        """A related pull request: its number, title, relation, and the files both touch."""
        relation = self._say(f"relation.{related.relation.value}")
        paths = self.paths(related.paths, len(related.paths))
        return self._say(
            "related_line",
            reference=self.pieces.related(related),
            title=self.pieces.quote(related.title or "", TITLE_LIMIT),
            relation=joined((relation, paths), self._say("colon")),
        )

    def feature(self, feature: Feature) -> Safe:
        """The name of a part of a score."""
        return self._named("feature", feature.name)

    def tag(self, tag: str) -> Safe:
        """A tag in words; one that is not of the closed list is code."""
        return self._named("tag", tag)

    def coverage(self, group: CoverageGroup) -> Safe:
        """How many files were read in one way, why, and which, unless they were read whole."""
        paths = Safe() if group.read_as is ReadAs.WHOLE else self.paths(group.paths, group.count)
        reason = self._say("because", reason=self.reason(group.reason)) if group.reason else Safe()
        line = self._say(f"read_as.{group.read_as.value}", count=group.count, reason=reason)
        return joined((line, paths), self._say("colon"))

    def reason(self, reason: str) -> Safe:
        """A reason of the fact finders in words; a kind of file is one too."""
        said = self._say(f"reason.{reason}") or self._say(f"file_kind.{reason}")
        return said or text(reason.replace("-", " "), REASON_LIMIT)

    def paths(self, paths: tuple[str, ...], count: int) -> Safe:
        """The first few paths as code, and how many of ``count`` are not named."""
        named = paths[:SHOWN_PATHS]
        more = self._say("and_more", count=count - len(named)) if named and count > len(named) else Safe()
        return joined((self.pieces.codes(named), more), Safe(" "))

    def _named(self, group: str, word: str) -> Safe:
        """A word of a list of ours in the reader's language, else the word itself as code."""
        key = f"{group}.{word}"
        return self._say(key) if key in self.pieces.catalogue else code(word, 60)

    def _say(self, key: str, **values: str | int) -> Safe:
        return self.pieces.catalogue.say(key, **values)
