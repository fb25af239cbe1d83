"""Builders of a period, its register and its digest: rich by default, any field replaceable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Digest,
    FollowUp,
    Highlight,
    HighlightRule,
    Message,
    Period,
    PeriodFacts,
    PeriodKind,
    PeriodNumbers,
    Provenance,
    PullRef,
    RegisteredRisk,
    RegisterState,
    RegisterView,
    RiskKey,
    Severity,
    Theme,
    Told,
)
from tests.fakes import period_counts as counts
from tests.fakes.period_pulls import SINCE, UNTIL, pull
from tests.fakes.period_week import week
from tests.fakes.reports import repository

__all__ = ["NOW", "digest", "period", "period_facts", "pull", "ref", "register_view", "registered", "week"]

NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def ref(number: int, repository: str | None = None) -> PullRef:
    """The name of a pull request."""
    return PullRef(number=number, repository=repository)


def period(**changes: Any) -> Period:
    """The week 2026-W13 in UTC."""
    values: dict[str, Any] = {"kind": PeriodKind.WEEK, "key": "2026-W13", "since": SINCE, "until": UNTIL}
    return Period(**{**values, **changes})


def period_facts(**changes: Any) -> PeriodFacts:
    """A week of nine merges with reports on eight; what is counted fits the ``pulls`` that are given."""
    pulls = changes.get("pulls", week())
    numbers = counts.numbers(pulls)
    before = PeriodNumbers(
        pulls=12, reported=12, additions=2100, deletions=640, authors=6, reviewers=4, hours=31.5,
        importance=3.4, insight=3.9, untested=0.5, open_remarks=5,
    )  # fmt: skip
    mean = before.model_copy(update={"pulls": 10.25, "reported": 10.25, "importance": 3.6, "hours": 26.0})
    values: dict[str, Any] = {
        "period": period(),
        "repositories": (repository(),),
        "pulls": pulls,
        "numbers": numbers,
        "before": before,
        "mean": mean,
        "trend": counts.trend(before, numbers),
        "days": counts.days(pulls),
        "contributors": counts.contributors(pulls),
        "reviewers": counts.tallies(pulls, lambda one: [who.login for who in one.merge.reviewers]),
        "tags": counts.tallies(pulls, lambda one: one.gist.tags if one.gist else ()),
        "modules": counts.tallies(pulls, lambda one: one.gist.modules if one.gist else ()),
        "hot_files": counts.tallies(pulls, counts.hot),
        "risks": counts.risks(pulls),
    }
    return PeriodFacts(**{**values, **changes})


def registered(number: int = 12, **changes: Any) -> RegisteredRisk:
    """An open risk of the register, brought in by #1230."""
    values: dict[str, Any] = {
        "repository_id": 4711,
        "number": number,
        "key": RiskKey.ERROR_HANDLING,
        "severity": Severity.MEDIUM,
        "explanation": Message(
            key="insight.risk.not_implemented", params={"count": 1, "symbols": "Rollout.flush"}
        ),
        "rule": "not-implemented",
        "path": "engine/rollout/__init__.py",
        "line": 33,
        "quote": "raise NotImplementedError",
        "symbol": "Rollout.flush",
        "pull": 1230,
        "merge_sha": f"{1230:040x}",
        "opened_at": SINCE + timedelta(hours=9),
    }
    return RegisteredRisk(**{**values, **changes})


def register_view(**changes: Any) -> RegisterView:
    """Two new risks, one that is five weeks old, and one that this week ended."""
    old = SINCE - timedelta(days=35)
    breaking = Message(key="insight.risk.breaking.title")
    ended = {"state": RegisterState.CLOSED, "closed_by": 1235, "closed_at": SINCE + timedelta(days=3)}
    values: dict[str, Any] = {
        "new": (
            registered(13, key=RiskKey.BREAKING_CHANGE, severity=Severity.HIGH, pull=1232, path=None,
                       line=None, quote=None, symbol=None, explanation=breaking),
            registered(12),
        ),
        "still_open": (
            registered(4, pull=1101, opened_at=old, checked_by=1230, key=RiskKey.CONCURRENCY,
                       explanation=Told(text="`Rollout` holds every shard until the generator ends.")),
        ),
        "closed": (registered(7, pull=1160, opened_at=SINCE - timedelta(days=12), **ended),),
        "open_count": 3,
    }  # fmt: skip
    return RegisterView(**{**values, **changes})


def digest(**changes: Any) -> Digest:
    """The digest of that week as a model tells it; ``told=False`` leaves the model's sentences out."""
    told = changes.pop("told", True)
    values: dict[str, Any] = {
        "facts": period_facts(),
        "headline": Told(text="The legacy router is gone, and rollouts can be traced."),
        "summary": (
            Told(text="The router was reduced to one implementation in #1232."),
            Told(text="#1234 shows where a rollout spends its time."),
        ),
        "themes": (
            Theme(
                title=Told(text="One router instead of two"),
                text=Told(text="#1232 removes `LegacyRouter`, and #1237 lets the remaining one time out."),
                pulls=(ref(1232), ref(1237)),
            ),
            Theme(title=Told(text="Training that survives a restart"), pulls=(ref(1235), ref(1230))),
        ),
        "risk_watch": (
            Theme(
                title=Told(text="The training loop changes often"),
                text=Told(text="#1234 and #1235 touch `engine/trainer/loop.py`."),
                pulls=(ref(1234), ref(1235)),
            ),
        ),
        "highlights": _highlights(),
        "follow_ups": (
            FollowUp(text=Told(text="Name the new router in the migration guide."), pulls=(ref(1232),)),
            FollowUp(
                text=Message(key="insight.follow_up.threads", params={"count": 2}),
                pulls=(ref(1232), ref(1237)),
            ),
        ),
        "risk_register": register_view(),
        "provenance": Provenance(
            generated_at=NOW, version="0.1.0", rules=1, model="a-model", prompt="digest/v1", language="en"
        ),
    }
    if not told:
        values |= {"headline": None, "summary": (), "themes": (), "risk_watch": ()}
        values["follow_ups"] = values["follow_ups"][1:]
        values["highlights"] = tuple(one.model_copy(update={"told": None}) for one in _highlights())
        values["provenance"] = Provenance(generated_at=NOW, version="0.1.0", rules=1)
    return Digest(**{**values, **changes})


def _highlights() -> tuple[Highlight, ...]:
    return (
        Highlight(
            ref=ref(1232),
            rule=HighlightRule.CONTRACT_CHANGED,
            why=Message(key="insight.risk.breaking.title"),
            told=Told(text="Whoever sets `--use-legacy-router` has to remove it."),
        ),
        Highlight(
            ref=ref(1230),
            rule=HighlightRule.ASSUMPTION_CHANGED,
            why=Message(key="insight.risk.core_path", params={
                "count": 1, "path": "engine/trainer/loop.py", "pulls": 9, "days": 60}),
        ),
    )  # fmt: skip
