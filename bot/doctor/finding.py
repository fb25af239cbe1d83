"""Finding: what one check found, how bad it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Every check, in the order in which findings are told; programs know them by these names.
CHECKS = (
    "settings",
    "credentials",
    "github",
    "clock",
    "app",
    "permissions",
    "events",
    "installations",
    "webhook",
    "deliveries",
    "limits",
    "database",
    "disk",
    "migrations",
    "server",
    "ready",
    "queue",
    "jobs",
    "reports",
    "digests",
    "configurations",
    "model",
    "budgets",
)


class Severity(StrEnum):
    """How bad it is: fine, good to know, soon trouble or partly not working, not working."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Its place among the others; the worst is the highest."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Finding:
    """One result of a check. ``advice`` is empty where there is nothing to do.

    ``about`` names what it is about where a check looks at several things: a setting, an installation.
    """

    check: str
    severity: Severity
    what: str
    advice: str = ""
    about: str = ""


def ok(check: str, what: str, about: str = "") -> Finding:
    """Give a finding that all is well."""
    return Finding(check, Severity.OK, what, about=about)


def note(check: str, what: str, advice: str = "", about: str = "") -> Finding:
    """Give a finding that is good to know."""
    return Finding(check, Severity.NOTE, what, advice, about)


def warning(check: str, what: str, advice: str, about: str = "") -> Finding:
    """Give a finding that needs somebody soon."""
    return Finding(check, Severity.WARNING, what, advice, about)


def error(check: str, what: str, advice: str, about: str = "") -> Finding:
    """Give a finding that keeps PRHub from its work."""
    return Finding(check, Severity.ERROR, what, advice, about)


def not_checked(check: str, why: str) -> Finding:
    """Give a finding that a check could not be made; whatever kept it from that is a finding of its own."""
    return Finding(check, Severity.NOTE, f"not checked: {why}")


def worst(findings: Iterable[Finding]) -> Severity:
    """Give the worst severity of all."""
    return max((one.severity for one in findings), key=lambda one: one.rank, default=Severity.OK)


def age(seconds: float) -> str:
    """Give a time in its largest unit: ``3 h``."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{int(seconds // size)} {unit}"
    return f"{int(max(seconds, 0))} s"
