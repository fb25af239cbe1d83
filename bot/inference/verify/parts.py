"""The other parts of an answer: files, symbols, related pull requests, the rubric, what is suspicious."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.lines import added_lines
from bot.inference.verify.evidence import Found, look_up
from bot.inference.verify.flat import telling
from bot.inference.verify.sentence import Backing
from bot.model import (
    Cited,
    Evidence,
    FileInsight,
    RelatedInsight,
    RubricAnswer,
    RubricKey,
    SymbolChange,
    SymbolInsight,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.inference.verify.desk import Desk
    from bot.model import FileChange, FileClaim, RelatedClaim, RubricClaim, Symbol, SymbolClaim

_MOST_SUSPICIOUS: Final = 5
_FEWEST_VISIBLE: Final = 8
_NAME: Final = re.compile(r"[A-Za-z_$~][\w$.:#<>~-]{0,199}")


def files(desk: Desk, claims: Iterable[FileClaim]) -> tuple[FileInsight, ...]:
    """What changed in which changed file, each file once; why it matters goes alone if it does not hold."""
    kept: dict[str, FileInsight] = {}
    for number, claim in enumerate(claims, 1):
        name, cited = f"files {number}", (Cited(where=claim.path, quote=""),)
        path = desk.corpus.places.file(claim.path)
        if not claim.change:
            continue
        if path is None:
            desk.fail(name, claim.change, cited, _no_file(desk, claim.path))
            continue
        if path in kept:
            continue
        backing = Backing(files=[path])
        change = desk.told(name, claim.change, backing, cited)
        if change is not None:
            desk.verified += 1
            why = desk.told(f"{name} why", claim.why, backing, cited)
            kept[path] = FileInsight(path=path, change=change, why=why)
    return tuple(kept.values())


def _no_file(desk: Desk, path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    near = tuple(f"a changed file: {item}" for item in desk.judge.hints.paths(path))
    return (f"there is no changed file “{path[:120]}”",), near


def symbols(desk: Desk, claims: Iterable[SymbolClaim]) -> tuple[SymbolInsight, ...]:
    """What changed symbols do now, with the lines that code found; each symbol once."""
    kept: dict[tuple[str, str], SymbolInsight] = {}
    for number, claim in enumerate(claims, 1):
        name, cited = f"symbols {number}", (Cited(where=claim.path, quote=claim.name),)
        path = desk.corpus.places.file(claim.path)
        if not claim.note:
            continue
        if path is None:
            desk.fail(name, claim.note, cited, _no_file(desk, claim.path))
            continue
        symbol = _symbol(desk.corpus.file(path).change, claim.name.strip("` ").removesuffix("()"))
        if symbol is None:
            reason = f"the change does not touch “{claim.name[:80]}” in {path}"
            desk.fail(name, claim.note, cited, ((reason,), desk.judge.hints.names([claim.name])))
            continue
        if (path, symbol[0]) in kept:
            continue
        note = desk.told(name, claim.note, Backing(files=[path]), cited)
        if note is not None:
            desk.verified += 2
            kept[path, symbol[0]] = SymbolInsight(path=path, name=symbol[0], line=symbol[1], note=note)
    return tuple(kept.values())


def _symbol(change: FileChange, name: str) -> tuple[str, int | None] | None:
    """A changed symbol's own name and line; its last part is enough, where it is the only one."""
    if found := next((item for item in change.symbols if item.name == name), None):
        return found.name, _line(found)
    ending = name.replace("::", ".").rsplit(".", 1)[-1]
    same = [item for item in change.symbols if _last(item.name) == ending]
    if len(same) == 1 and (name == ending or same[0].name.endswith(name)):
        return same[0].name, _line(same[0])
    return _assigned(change, name) if not same and _NAME.fullmatch(name) else None


def _last(name: str) -> str:
    return re.split(r"\.|::|#", name)[-1]


def _line(symbol: Symbol) -> int | None:
    return None if symbol.change is SymbolChange.REMOVED else symbol.line


def _assigned(change: FileChange, name: str) -> tuple[str, int | None] | None:
    """A constant, setting or variable that an added line gives a value."""
    given = re.compile(
        rf"[\s\"'({{,]{{0,80}}(?:(?:export|const|let|var|static|final|pub|self\.)\s{{0,3}}){{0,3}}[\"']?{re.escape(name)}[\"']?\s{{0,40}}(?:[:=]|:=)"
    )
    for line in added_lines(change):
        if name in line.text and given.match(line.text):
            return name, line.number
    return None


def related(desk: Desk, claims: Iterable[RelatedClaim]) -> tuple[RelatedInsight, ...]:
    """How the change continues earlier ones: only of numbers that the facts list, each once."""
    numbers = {item.number for item in desk.facts.related} | {item.number for item in desk.facts.issues}
    kept: dict[int, RelatedInsight] = {}
    for position, claim in enumerate(claims, 1):
        name, cited = f"related {position}", (Cited(where=f"#{claim.number}", quote=""),)
        if not claim.text:
            continue
        if claim.number not in numbers:
            shown = tuple(f"listed: #{number}" for number in sorted(numbers)[:6])
            desk.fail(
                name, claim.text, cited, ((f"#{claim.number} is not in the list of related ones",), shown)
            )
        elif claim.number not in kept and (told := desk.told(name, claim.text, cited=cited)):
            desk.verified += 1
            kept[claim.number] = RelatedInsight(number=claim.number, text=told)
    return tuple(kept.values())


def rubric(desk: Desk, claims: Iterable[RubricClaim]) -> tuple[RubricAnswer, ...]:
    """Each item of the rubric once; a reason that does not hold goes alone, the level stays."""
    kept: dict[RubricKey, RubricAnswer] = {}
    for number, claim in enumerate(claims, 1):
        if claim.item not in kept:
            said = claim.reason if telling(claim.reason, _FEWEST_VISIBLE) else ""  # "None." is no reason
            reason = desk.told(f"rubric {number}", said)
            kept[claim.item] = RubricAnswer(item=claim.item, level=min(max(claim.level, 0), 3), reason=reason)
    return tuple(kept.values())


def suspicious(desk: Desk, claims: Iterable[Cited]) -> tuple[Evidence, ...]:
    """Text that tries to give instructions, where it was found; what nobody wrote is passed over."""
    kept: dict[Evidence, Found] = {}
    for claim in claims:
        if telling(claim.quote, _FEWEST_VISIBLE):
            found = look_up(desk.corpus, claim)
            if isinstance(found, Found):
                kept.setdefault(found.evidence, found)
    found_ones = dict(list(kept.items())[:_MOST_SUSPICIOUS])
    desk.count(found_ones.values())
    desk.is_suspected = bool(found_ones)
    return tuple(found_ones)
