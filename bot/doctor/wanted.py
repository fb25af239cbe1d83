"""What the app must be allowed and told: the permissions and events of ``app.yml``."""

from __future__ import annotations

LEVELS = ("none", "read", "write", "admin")
# The same as in app.yml, which is not at hand where PRHub is installed; a test compares them.
PERMISSIONS = {
    "metadata": "read",
    "contents": "read",
    "checks": "read",
    "statuses": "read",
    "pull_requests": "write",
    "issues": "write",
}
# Asked for by nobody, and of use where a repository's file says so.
OF_USE = {"checks": "write"}
EVENTS = {
    "pull_request": "merges are seen only by the scan, up to 15 minutes late",
    "pull_request_review": "reports are not refreshed after reviews",
    "pull_request_review_comment": "reports are not refreshed after remarks on lines",
    "pull_request_review_thread": "reports do not learn which threads were resolved",
    "issue_comment": "commands in comments get no answer",
    "repository": "renamed, deleted and transferred repositories are noticed late",
}


def missing(granted: dict[str, str]) -> list[str]:
    """Give the permissions that are not granted as far as needed, as ``issues: write``."""
    return [
        f"{name}: {level}"
        for name, level in PERMISSIONS.items()
        if _rank(granted.get(name, "none")) < _rank(level)
    ]


def surplus(granted: dict[str, str]) -> list[str]:
    """Give what is granted beyond need, as ``administration: read``."""
    most = {**PERMISSIONS, **OF_USE}
    return [
        f"{name}: {level}"
        for name, level in sorted(granted.items())
        if _rank(level) > _rank(most.get(name, "none"))
    ]


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0
