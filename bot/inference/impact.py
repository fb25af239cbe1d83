"""Who meets the change, as far as paths, symbols, settings and flags tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.interface import interface_symbols, moved_names
from bot.inference.lines import evidence_of
from bot.inference.manifests import dependency_changes
from bot.inference.messages import counted, names, say
from bot.inference.rules.compatibility import broken_symbols
from bot.inference.sentences import clip
from bot.inference.settings_lines import is_defaults_file, setting_changes
from bot.inference.sizes import UNWRITTEN, only_documentation, only_kinds
from bot.inference.surface import surface
from bot.model import Evidence, FileKind, Insight, Symbol, SymbolChange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.rules.finding import Context

_EVIDENCE = 5
_KINDS: dict[str, tuple[FileKind, ...]] = {
    "tests": (FileKind.TEST,),
    "ci": (FileKind.CI,),
    "lock": (FileKind.LOCK,),
    "unwritten": tuple(UNWRITTEN),
}


def impact(context: Context) -> tuple[Insight, ...]:
    """What callers, operators and developers meet; each statement is counted from the change."""
    return (
        *_callers(context),
        *_command_line(context),
        *_settings(context),
        *_dependencies(context),
        *_nobody(context),
    )


def _callers(context: Context) -> Iterator[Insight]:
    broken = [(item.path, item.symbol) for item in broken_symbols(context)]
    if broken:
        yield _symbols("insight.impact.broken", broken)
    moved = moved_names(context.facts.files)
    added = [
        (file.path, symbol)
        for file in context.facts.files
        for symbol in interface_symbols(file)
        if symbol.change is SymbolChange.ADDED and symbol.name not in moved
    ]
    if added:
        yield _symbols("insight.impact.added", added)


def _symbols(key: str, found: list[tuple[str, Symbol]]) -> Insight:
    return Insight(
        message=counted(key, len(found), symbols=names([symbol.name for _, symbol in found])),
        evidence=tuple(
            Evidence(path=path, line=symbol.line, quote=clip(symbol.signature.strip()) or None)
            for path, symbol in found[:_EVIDENCE]
        ),
    )


def _command_line(context: Context) -> Iterator[Insight]:
    found = surface(context.facts.files)
    for key, gained in (("flags", found.flags_added), ("variables", found.variables_added)):
        new = {name: standing for name, line in gained.items() if (standing := context.at_merge(line))}
        if new:
            message = counted(f"insight.impact.{key}_added", len(new), symbols=names(list(new)))
            yield Insight(message=message, evidence=evidence_of(new.values()))
    for key, lost in (("flags", found.flags_removed), ("variables", found.variables_removed)):
        if lost:
            yield Insight(
                message=counted(f"insight.impact.{key}_removed", len(lost), symbols=names(list(lost)))
            )


def _settings(context: Context) -> Iterator[Insight]:
    changes = [change for file in context.facts.files for change in setting_changes(file)]
    groups = {
        "added": [c for c in changes if not c.was_there and not _in_source(context, c.path)],
        "changed": [c for c in changes if c.was_there and c.line is not None],
        "removed": [c for c in changes if c.was_there and c.line is None],
    }
    for what, found in groups.items():
        if found:
            lines = context.standing(change.line for change in found if change.line is not None)
            evidence = evidence_of(lines) or (Evidence(path=found[0].path),)
            symbols = names([change.key for change in found])
            count = len({change.key for change in found})
            message = counted(f"insight.impact.settings_{what}", count, symbols=symbols)
            yield Insight(message=message, evidence=evidence)


def _in_source(context: Context, path: str) -> bool:
    return any(file.path == path and is_defaults_file(file) for file in context.facts.files)


def _dependencies(context: Context) -> Iterator[Insight]:
    changes = [item for item in dependency_changes(context.facts.files) if item.what != "lock"]
    if changes:
        yield Insight(
            message=counted(
                "insight.impact.dependencies", len(changes), paths=names([c.file.path for c in changes], 3)
            ),
            evidence=tuple(Evidence(path=change.file.path) for change in changes[:_EVIDENCE]),
        )


def _nobody(context: Context) -> Iterator[Insight]:
    """Changes of one kind of file only."""
    facts = context.facts
    what = "docs" if only_documentation(facts) else None
    for name, kinds in _KINDS.items():
        what = what or (name if only_kinds(facts, *kinds) else None)
    if what:
        paths = tuple(Evidence(path=file.path) for file in facts.files[:_EVIDENCE])
        yield Insight(message=say(f"insight.impact.only_{what}"), evidence=paths)
