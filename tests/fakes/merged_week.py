"""Merges and the slim readings of their reports, as a period is computed from."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.facts.period import Source
from bot.model import (
    Evidence,
    FileKind,
    Implementation,
    Insight,
    Merge,
    Message,
    Person,
    Risk,
    RiskKey,
    Scores,
    Severity,
)
from bot.model.gist import slim
from tests.fakes.period_pulls import SINCE
from tests.fakes.reports import head, pull_report
from tests.fakes.reports import repository as a_repository

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import PeriodFacts, Repository
    from bot.model.gist import ReportGist

BOT = Person(login="dependabot[bot]", is_bot=True)


def merge(number: int, hours: float = 1.0, **changes: Any) -> Merge:
    """A merge so many hours after the week began."""
    merged_at = changes.pop("merged_at", SINCE + timedelta(hours=hours))
    values: dict[str, Any] = {
        "number": number,
        "title": f"Part {number}",
        "author": Person(login="octo-dev"),
        "merged_at": merged_at,
        "created_at": merged_at - timedelta(hours=20),
        "additions": 120,
        "deletions": 30,
        "changed_files": 2,
        "first_time": False,
    }
    return Merge(**{**values, **changes})


def gist(number: int, **changes: Any) -> ReportGist:
    """The reading of a report; ``risks`` are keys, or with a severity, ``follow_ups`` is how many."""
    heads = {name: changes.pop(name) for name in ("tags", "modules", "merged_at") if name in changes}
    risks = [one if isinstance(one, tuple) else (one, "low") for one in changes.pop("risks", ())]
    todo = Insight(message=Message(key="insight.follow_up.threads", params={"count": 1}))
    values: dict[str, Any] = {
        "head": head(number=number, **{"tags": ("bugfix",), "modules": ("engine",), **heads}),
        "scores": Scores(version=1, importance=changes.pop("importance", 4.0)),
        "risks": tuple(_risk(key, severity) for key, severity in risks),
        "follow_ups": (todo,) * changes.pop("follow_ups", 0),
        "decisions": (),
        "implementation": Implementation(),
        "paths": ("engine/a.py", "tests/test_a.py"),
        "kinds": {FileKind.SOURCE: 1, FileKind.TEST: 1},
    }
    return slim(pull_report(**{**values, **changes}))


def _risk(key: str, severity: str) -> Risk:
    return Risk(
        key=RiskKey(key),
        severity=Severity(severity),
        explanation=Message(key="insight.risk.breaking.title"),
        evidence=(Evidence(path="engine/a.py", line=3),),
    )


def source(
    *merges: Merge, gists: Mapping[int, ReportGist] | None = None, repository: Repository | None = None
) -> Source:
    """A repository with these merges."""
    return Source(repository or a_repository(), merges, gists or {})


def of(facts: PeriodFacts) -> list[int]:
    """The numbers of a period's merges."""
    return [one.ref.number for one in facts.pulls]
