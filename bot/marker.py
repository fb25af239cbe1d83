"""The hidden first line by which PRHub finds its own comment again."""

from __future__ import annotations

import re

_REPORT = re.compile(r"\A<!-- prhub:report:v1 repo=([0-9]{1,19}) pull=([0-9]{1,19}) -->")


def report_marker(repository_id: int, number: int) -> str:
    """The marker of the report comment on one pull request; it is the comment's first line."""
    return f"<!-- prhub:report:v1 repo={repository_id} pull={number} -->"


def is_report_of(body: str, repository_id: int, number: int) -> bool:
    """Whether ``body`` starts with that pull request's marker (who wrote it is checked elsewhere)."""
    match = _REPORT.match(body)
    return match is not None and (int(match[1]), int(match[2])) == (repository_id, number)
