"""Public symbols that are gone, moved, or must be called differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.inference.interface import added_names, interface_symbols
from bot.inference.lines import suffix
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.inference.sentences import clip
from bot.inference.signatures import SignatureChange, signature_change
from bot.model import (
    Evidence,
    FileChange,
    RiskKey,
    Severity,
    Symbol,
    SymbolChange,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = frozenset({"function", "method", "class", "interface", "type", "struct", "trait", "enum"})
_EVIDENCE = 5
MANY = 3  # symbols from which it is more than a detail
# The worst first; what moved or has an unreadable signature may well suit its callers.
_ORDER = (
    "removed",
    SignatureChange.ASYNC.value,
    SignatureChange.REMOVED_PARAMETER.value,
    SignatureChange.REQUIRED_PARAMETER.value,
    SignatureChange.REORDERED.value,
    SignatureChange.OTHER_DEFAULT.value,
    "moved",
    "changed",
)
_HARMLESS = frozenset({"moved", "changed", SignatureChange.OTHER_DEFAULT.value})


class Broken(NamedTuple):
    """A public symbol that its callers may stumble over."""

    path: str
    symbol: Symbol
    what: str


def compatibility(context: Context) -> Finding | None:
    """Public symbols of the source were removed, moved, or changed what a caller must give."""
    broken = list(broken_symbols(context))
    if not broken:
        return None
    by_what = {what: [item for item in broken if item.what == what] for what in _ORDER}
    what = next(name for name in _ORDER if by_what[name])
    return Finding(
        rule="public-symbols",
        key=RiskKey.COMPATIBILITY,
        severity=_severity(broken),
        explanation=counted(
            f"insight.risk.compatibility.{what}",
            len(by_what[what]),
            symbols=names([item.symbol.name for item in by_what[what]]),
        ),
        evidence=tuple(_evidence(item) for item in by_what[what][:_EVIDENCE]),
    )


def _severity(broken: list[Broken]) -> Severity:
    """Medium for a function that became asynchronous, or was plain before, and for many symbols."""
    counted_ones = [item for item in broken if item.what not in _HARMLESS]
    is_async = any(item.what == SignatureChange.ASYNC.value for item in counted_ones)
    return Severity.MEDIUM if is_async or len(counted_ones) >= MANY else Severity.LOW


def broken_symbols(context: Context) -> Iterator[Broken]:
    """The public symbols whose callers may have to change, each with what happened to it."""
    added = added_names(context.facts.files)
    for file in context.facts.files:
        for symbol in interface_symbols(file):
            what = _what(file, symbol, added)
            if what:
                yield Broken(file.path, symbol, what)


def _what(file: FileChange, symbol: Symbol, added: frozenset[str]) -> str | None:
    if symbol.kind not in _KINDS:
        return None
    if symbol.change is SymbolChange.REMOVED:
        return "moved" if symbol.name in added else "removed"
    if symbol.change is SymbolChange.MODIFIED and symbol.signature_changed:
        return _signature(file, symbol)
    return None


def _signature(file: FileChange, symbol: Symbol) -> str | None:
    """How the signature changed; ``None`` if callers need not care."""
    if suffix(file.path) not in {"py", "pyi"}:
        return "changed"
    change = SignatureChange.COMPATIBLE if symbol.kind == "class" else signature_change(file, symbol)
    if change is SignatureChange.COMPATIBLE:
        return None
    return "changed" if change is SignatureChange.UNKNOWN else change.value


def _evidence(item: Broken) -> Evidence:
    return Evidence(path=item.path, line=item.symbol.line, quote=clip(item.symbol.signature.strip()) or None)
