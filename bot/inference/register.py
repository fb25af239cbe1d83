"""Registered risks held against a later merge: what it closes, what still stands, and where.

Only what the facts of the merge prove closes a risk; docs/register.md has the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.messages import say
from bot.inference.register_change import Change
from bot.inference.register_files import CARRIED, came_back, carried, documented, tested, took_away
from bot.inference.register_lines import OF_LINES, Look, file_removed, quoted, remarked, ruled
from bot.model import (
    FileKind,
    PlaceHints,
    PullReport,
    RegisteredRisk,
    Relation,
    RiskKey,
    RiskPlace,
    RiskVerdict,
    Sighting,
    SymbolChange,
)
from bot.model.register import branch_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import PullFacts

MOST_SYMBOLS = 100
# What happened once: nothing in later code takes it back but a revert.
_EVENTS = frozenset({"marked-breaking", "changes-requested", "reverted", "reverts", "revert-title"})


def hints(facts: PullFacts) -> PlaceHints:
    """What the register keeps of the facts besides the report: remarked lines, and names of definitions."""
    names = {
        file.path: tuple(symbol.name for symbol in file.symbols if symbol.change is not SymbolChange.REMOVED)[
            :MOST_SYMBOLS
        ]
        for file in facts.files
        if file.kind is FileKind.SOURCE and file.symbols
    }
    lines = {thread.id: thread.remarked_text[1:].strip() for thread in facts.threads}
    return PlaceHints(remarked={key: line for key, line in lines.items() if line}, symbols=names)


def recheck(risks: Sequence[RegisteredRisk], facts: PullFacts, report: PullReport) -> tuple[RiskVerdict, ...]:
    """What the merge of ``facts`` shows of registered risks; nothing of those that it does not touch.

    Risks of other branches, of the pull request itself and of later merges are passed over. ``report`` is
    the merge's own. No input makes it raise.
    """
    branch = branch_of(facts.base_ref, facts.repository.default_branch)
    change = Change(facts)
    earlier = [
        risk
        for risk in risks
        if risk.branch == branch and risk.pull != facts.number and risk.opened_at < facts.merged_at
    ]
    ended = frozenset(_reverted(earlier, change))
    verdicts = (
        RiskVerdict(number=risk.number, ended=say("register.closed.reverted"))
        if risk.number in ended
        else RiskVerdict(number=risk.number, places=tuple(_sightings(risk, change, report)))
        for risk in earlier
    )
    return tuple(verdict for verdict in verdicts if verdict.places or verdict.ended)


def known_of(risks: Iterable[RegisteredRisk], later: PullReport, *, removed: bool) -> tuple[RiskVerdict, ...]:
    """What a later merge's report shows of risks where its facts are not at hand.

    That is whether it reverted their pull request with all files they name, and, with ``removed``, which of
    these files it removed.
    """
    branch = branch_of(later.head.base_ref, later.head.repository.default_branch)
    undone = {item.number for item in later.related if item.relation is Relation.REVERTS}
    verdicts = []
    for risk in risks:
        if risk.branch != branch or risk.opened_at >= later.head.merged_at:
            continue
        touched = all(place.path is None or place.path in later.paths for place in risk.places)
        if risk.pull in undone and touched:
            verdicts.append(RiskVerdict(number=risk.number, ended=say("register.closed.reverted")))
        elif removed and not took_away(risk):
            gone = [
                Sighting(origin=place.origin, gone=say("register.closed.file_removed", path=place.path))
                for place in risk.places
                if place.path is not None and place.path in later.removed
            ]
            verdicts += [RiskVerdict(number=risk.number, places=tuple(gone))] if gone else []
    return tuple(verdicts)


def _reverted(risks: Iterable[RegisteredRisk], change: Change) -> Iterable[int]:
    """The risks of pull requests that this one reverts, unless code of theirs is still there."""
    pulls = {item.number for item in change.facts.related if item.relation is Relation.REVERTS}
    theirs = [risk for risk in risks if risk.pull in pulls]
    partly = {risk.pull for risk in theirs if any(_stays(risk, place, change) for place in risk.places)}
    return (risk.number for risk in theirs if risk.pull not in partly)


def _stays(risk: RegisteredRisk, place: RiskPlace, change: Change) -> bool:
    """Whether a place that the reverted change brought is left: its file untouched, or its line there."""
    if risk.rule is None or took_away(risk) or place.path is None or place.gone is not None:
        return False
    file = change.file_of(place.path)
    if file is None:
        return True
    text = change.text(file.path) if risk.rule in OF_LINES and place.quote else None
    look = Look(change, risk, place, file)
    return text is not None and text.find(look.parts, place.line) is not None


def _sightings(risk: RegisteredRisk, change: Change, report: PullReport) -> Iterable[Sighting]:
    for place in risk.places:
        seen = (
            None
            if place.gone is not None and place.gone.at <= change.facts.merged_at
            else _sighting(risk, place, change, report)
        )
        if seen is not None:
            yield seen


def _sighting(risk: RegisteredRisk, place: RiskPlace, change: Change, report: PullReport) -> Sighting | None:
    """What the merge shows of one place; ``None`` if it has nothing to do with it."""
    if risk.rule == "undocumented-break":
        return documented(change, risk, place)
    file = change.file_of(place.path)
    if file is not None and took_away(risk):
        return came_back(Look(change, risk, place, file))
    look = Look(change, risk, place, file) if file is not None else None
    removed = file_removed(look) if look is not None else None
    if removed is not None:
        return removed
    if risk.key is RiskKey.MISSING_TESTS:
        return tested(change, place)
    return _in_file(look, report) if look is not None else None


def _in_file(look: Look, report: PullReport) -> Sighting:
    """What the merge shows of a place in a file that it touches and leaves."""
    rule = look.risk.rule or ""
    if rule in _EVENTS:
        return look.here(look.place.line)
    if rule in CARRIED:
        return carried(look, report)
    if look.place.thread_id is not None:
        return remarked(look)
    return ruled(look, OF_LINES[rule]) if rule in OF_LINES else quoted(look)
