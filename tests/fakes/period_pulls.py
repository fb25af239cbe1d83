"""A builder of merges with their gists, and the risks they bring."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Attention,
    Evidence,
    Gist,
    Merge,
    Message,
    PeriodPull,
    Person,
    PullRef,
    Quote,
    Risk,
    RiskKey,
    Severity,
    Source,
    Told,
)

SINCE = datetime(2026, 3, 23, tzinfo=UTC)
UNTIL = datetime(2026, 3, 30, tzinfo=UTC)
_FIRST = 1230


def pull(number: int = _FIRST, **changes: Any) -> PeriodPull:
    """A merge with its gist; a keyword is a field of ``PeriodPull``, ``Merge``, ``Gist`` or ``PullRef``.

    ``author`` and ``reviewers`` may be logins (``…[bot]`` is a bot). A ``why`` means that there is no gist.
    """
    merge = _merge(number, {name: changes.pop(name) for name in Merge.model_fields if name in changes})
    ref = PullRef(number=number, repository=changes.pop("repository", None))
    told = {name: changes.pop(name) for name in Gist.model_fields if name in changes}
    values: dict[str, Any] = {"ref": ref, "merge": merge}
    if "why" not in changes:
        values["gist"] = _gist(merge, told)
    return PeriodPull(**{**values, **changes})


def person(login: str) -> Person:
    """Somebody, or a bot by the end of the login."""
    return Person(login=login, is_bot=login.endswith("[bot]"))


def _merge(number: int, changes: dict[str, Any]) -> Merge:
    merged_at = changes.get("merged_at", SINCE + timedelta(days=1, hours=5))
    values: dict[str, Any] = {
        "number": number,
        "title": "[rollout] fix: quantize weights that arrive asynchronously",
        "author": "octo-dev",
        "merged_at": merged_at,
        "created_at": merged_at - timedelta(hours=20),
        "merge_sha": f"{number:040x}",
        "additions": 120,
        "deletions": 30,
        "changed_files": 4,
        "reviewers": ("octo-reviewer",),
        "first_time": False,
    } | changes
    if isinstance(values["author"], str):
        values["author"] = person(values["author"])
    values["reviewers"] = tuple(person(one) if isinstance(one, str) else one for one in values["reviewers"])
    return Merge(**values)


def _gist(merge: Merge, changes: dict[str, Any]) -> Gist:
    values: dict[str, Any] = {
        "importance": 4.0,
        "attention": Attention.NORMAL,
        "sentence": Quote(text=merge.title, source=Source.TITLE),
        "tags": ("bugfix",),
        "modules": ("rollout",),
        "untested": False,
    }
    return Gist(**{**values, **changes})


def risk(key: RiskKey, severity: Severity, message: Message | str, **evidence: Any) -> Risk:
    """An open risk, told or computed."""
    explanation = Told(text=message) if isinstance(message, str) else message
    found = (Evidence(**evidence),) if evidence else ()
    rule = None if isinstance(message, str) else "a-rule"
    return Risk(key=key, severity=severity, explanation=explanation, evidence=found, rule=rule)


MISSING_TESTS = risk(
    RiskKey.MISSING_TESTS,
    Severity.LOW,
    Message(key="insight.risk.missing_tests", params={"count": 2, "lines": 210}),
    path="engine/trainer/loop.py",
)
CORE_PATH = risk(
    RiskKey.CORE_PATH,
    Severity.MEDIUM,
    Message(
        key="insight.risk.core_path",
        params={"count": 1, "path": "engine/trainer/loop.py", "pulls": 9, "days": 60},
    ),
    path="engine/trainer/loop.py",
)
OPEN_THREADS = risk(
    RiskKey.UNRESOLVED_REVIEW,
    Severity.MEDIUM,
    Message(key="insight.risk.open_threads", params={"count": 2}),
    path="engine/router/client.py",
    line=41,
    thread_id=9001,
)
BREAKING = risk(
    RiskKey.BREAKING_CHANGE,
    Severity.HIGH,
    Message(key="insight.risk.breaking.title"),
    number=1232,
)
