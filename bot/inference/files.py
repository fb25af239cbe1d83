"""The key files of a change and why each is one, and the key symbols."""

from __future__ import annotations

from collections import Counter
from math import log2
from typing import TYPE_CHECKING

from bot.inference.choosing import chosen_of
from bot.inference.history import core_files
from bot.inference.interface import interface_symbols
from bot.inference.lines import first_line
from bot.inference.messages import counted, say
from bot.inference.sizes import UNWRITTEN, written
from bot.model import (
    FileChange,
    FileInsight,
    FileKind,
    FileStatus,
    KeyFile,
    Message,
    PullFacts,
    Risk,
    RiskKey,
    RiskState,
    SymbolChange,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY_FILES = 10
_RANKS = {
    FileKind.SOURCE: 0,
    FileKind.CONFIG: 1,
    FileKind.CI: 1,
    FileKind.SUBMODULE: 1,
    FileKind.TEST: 2,
    FileKind.DOCS: 3,
}
_ABOUT_THE_WHOLE = frozenset({RiskKey.MISSING_TESTS, RiskKey.CORE_PATH, RiskKey.DOCUMENTATION})


class _Ranking:
    """What the files of one change are compared by."""

    def __init__(self, facts: PullFacts, risks: tuple[Risk, ...]) -> None:
        self.remarks = Counter(thread.path for thread in facts.threads for _ in thread.remarks)
        self.core = {item.path: item for item in core_files(facts)}
        self.risks: dict[str, list[Risk]] = {}
        for risk in risks:
            if risk.state is RiskState.OPEN and risk.key not in _ABOUT_THE_WHOLE:
                for path in {item.path for item in risk.evidence if item.path}:
                    known = self.risks.setdefault(path, [])
                    known += [risk] if all(one.key != risk.key for one in known) else []
        self.total = sum(_lines(file) for file in written(facts))

    def place(self, file: FileChange) -> tuple[int, float, str]:
        """Source first, then by size, core, public symbols and remarks."""
        public = sum(1 for symbol in file.symbols if symbol.public)
        weight = log2(2 + _lines(file)) * (1.5 if file.path in self.core else 1.0)
        weight *= (1 + 0.1 * min(public, 5)) * (1.2 if self.remarks[file.path] else 1.0)
        return _RANKS.get(file.kind, 4), -weight, file.path


def key_files(
    facts: PullFacts, risks: tuple[Risk, ...], told: tuple[FileInsight, ...] = ()
) -> tuple[tuple[KeyFile, ...], int]:
    """Ten files with the reasons why they matter, or more if more are told; and how many others changed.

    Files that a model ``told`` something about take the places of the lower half, not their order. Of
    the others there only those are kept that have a reason.
    """
    ranking = _Ranking(facts, risks)
    words = {item.path: item for item in reversed(told)}
    by_hand = any(file.kind not in UNWRITTEN for file in facts.files)
    candidates = [
        file for file in facts.files if not by_hand or file.kind not in UNWRITTEN or file.path in words
    ]
    ranked = sorted(candidates, key=ranking.place)
    chosen = chosen_of(ranked, KEY_FILES, lambda file: file.path in words)
    rows = [_row(file, ranking, words.get(file.path)) for file in chosen]
    if words:
        rows = rows[: KEY_FILES // 2] + [row for row in rows[KEY_FILES // 2 :] if row.change or row.why]
    return tuple(rows), max(facts.changed_files, len(facts.files)) - len(rows)


def _row(file: FileChange, ranking: _Ranking, words: FileInsight | None) -> KeyFile:
    return KeyFile(
        path=file.path,
        previous_path=file.previous_path,
        status=file.status,
        kind=file.kind,
        module=file.module,
        additions=file.additions,
        deletions=file.deletions,
        line=None if file.status is FileStatus.REMOVED else first_line(file),
        why=tuple(_why(file, ranking)),
        change=words.change if words else None,
        matters=words.why if words else None,
    )


def _why(file: FileChange, ranking: _Ranking) -> Iterator[Message]:
    lines = _lines(file)
    if ranking.total > 0 and lines * 2 > ranking.total and lines != ranking.total:
        yield say("insight.file.most", share=round(100 * lines / ranking.total))
    added, removed = _symbols(file, SymbolChange.ADDED), _symbols(file, SymbolChange.REMOVED)
    if added and file.kind is FileKind.SOURCE:
        yield counted("insight.file.symbols_added", added)
    if removed and file.kind is FileKind.SOURCE:
        yield counted("insight.file.symbols_removed", removed)
    yield from _surroundings(file, ranking)


def _surroundings(file: FileChange, ranking: _Ranking) -> Iterator[Message]:
    core = ranking.core.get(file.path)
    if core and core.pulls:
        yield counted("insight.file.core", core.pulls, days=core.days)
    elif core:
        yield say("insight.file.core_named")
    if ranking.remarks[file.path]:
        yield counted("insight.file.remarks", ranking.remarks[file.path])
    if file.old_mode and file.new_mode and file.old_mode != file.new_mode:
        yield say("insight.file.mode", before_symbol=file.old_mode, after_symbol=file.new_mode)
    for risk in ranking.risks.get(file.path, ()):
        yield say("insight.file.risk", risk_symbol=risk.name or risk.key.value)


def _symbols(file: FileChange, change: SymbolChange) -> int:
    return sum(1 for symbol in interface_symbols(file) if symbol.change is change)


def _lines(file: FileChange) -> int:
    return file.additions + file.deletions
