"""Builders for the register: reports with risks, merges in a row, and what is proved of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.inference.report import build_report
from bot.model import (
    Ending,
    Evidence,
    Message,
    PullFacts,
    PullReport,
    Repository,
    Risk,
    RiskKey,
    RiskVerdict,
    Severity,
    Sighting,
    Told,
)
from bot.store.register_drafts import drafts
from bot.store.register_state import MergeMoment
from tests.fakes.facts import MERGED_AT, pull_facts
from tests.fakes.reports import head, pull_report, repository

if TYPE_CHECKING:
    from bot.model import PlaceHints, RegisteredRisk

PLACE = repository().id


def told(text: str = "The cache grows.", path: str = "engine/cache.py", **changes: Any) -> Risk:
    """A risk that a model told, about line 3 of a file."""
    evidence = (Evidence(path=path, line=3, quote="self.kept[key] = value"),)
    fields: dict[str, Any] = {"key": RiskKey.PERFORMANCE, "severity": Severity.MEDIUM, "evidence": evidence}
    return Risk(**({**fields, "explanation": Told(text=text)} | changes))


def swallowed(*lines: int, path: str = "engine/store.py", **changes: Any) -> Risk:
    """A risk of the rule about handlers that do nothing, with one place for each of ``lines`` (7)."""
    numbers = lines or (7,)
    evidence = tuple(Evidence(path=path, line=line, quote=f"except Error{line}:") for line in numbers)
    fields: dict[str, Any] = {
        "key": RiskKey.ERROR_HANDLING,
        "severity": Severity.LOW,
        "explanation": Message(key="insight.risk.swallowed", params={"count": len(numbers)}),
        "evidence": evidence,
        "rule": "swallowed-errors",
    }
    return Risk(**(fields | changes))


def reported(number: int, *risks: Risk, minutes: int | None = None, **changes: Any) -> PullReport:
    """The report of a pull request, merged ``minutes`` (ten for each number) after the first."""
    after = number * 10 if minutes is None else minutes
    fields = {
        "number": number,
        "merged_at": MERGED_AT + timedelta(minutes=after),
        "merge_sha": f"{number:040x}",
    }
    of_head = {key: changes.pop(key) for key in ("repository", "base_ref") if key in changes}
    return pull_report(head=head(**(fields | of_head)), risks=risks, **changes)


def merge(number: int, minutes: int | None = None) -> MergeMoment:
    """The moment at which ``reported(number)`` was merged."""
    return MergeMoment(MERGED_AT + timedelta(minutes=number * 10 if minutes is None else minutes), number)


def gone(risk: RegisteredRisk, *places: int, how: str = "line_removed") -> RiskVerdict:
    """That these places of a risk (all) are not there any more."""
    chosen = [risk.places[index] for index in places] if places else risk.places
    reason = Message(key=f"register.closed.{how}", params={"path": "engine/store.py"})
    return RiskVerdict(
        number=risk.number, places=tuple(Sighting(origin=place.origin, gone=reason) for place in chosen)
    )


def seen(risk: RegisteredRisk, path: str = "engine/store.py", line: int = 9) -> RiskVerdict:
    """That all places of a risk stand at one line of a file."""
    places = tuple(
        Sighting(origin=place.origin, path=path, line=line, quote=place.quote) for place in risk.places
    )
    return RiskVerdict(number=risk.number, places=places)


def facts_of(number: int, *, hours: float = 0.0, **changes: Any) -> PullFacts:
    """The facts of a pull request, merged so many hours after the first."""
    fields = {
        "number": number,
        "merged_at": MERGED_AT + timedelta(hours=hours),
        "merge_sha": f"{number:040x}",
    }
    return pull_facts(**(fields | changes))


def report_of(facts: PullFacts) -> PullReport:
    """The report that the rules make of facts."""
    return build_report(facts, now=facts.merged_at, version="1")


def numbered(report: PullReport, hints: PlaceHints, first: int = 1) -> tuple[RegisteredRisk, ...]:
    """The open risks of a report as a new register would have them."""
    return tuple(
        risk.model_copy(update={"number": number}) for number, risk in enumerate(drafts(report, hints), first)
    )


__all__ = ["PLACE", "Ending", "Repository"]
