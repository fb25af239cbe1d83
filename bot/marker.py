"""The hidden first line by which PRHub finds its own comment or issue again."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

_REPORT: Final = re.compile(r"\A<!-- prhub:report:v1 repo=([0-9]{1,19}) pull=([0-9]{1,19}) -->")
_DIGEST: Final = re.compile(
    r"\A<!-- prhub:digest:v1 repo=([0-9]{1,19})"
    r" scope=([A-Za-z0-9_.~%]{0,12288}) period=([A-Za-z0-9_.~%]{1,12288}) -->",
)


def report_marker(repository_id: int, number: int) -> str:
    """The marker of the report comment on one pull request; it is the comment's first line."""
    return f"<!-- prhub:report:v1 repo={repository_id} pull={number} -->"


def is_report_of(body: str, repository_id: int, number: int) -> bool:
    """Whether ``body`` starts with that pull request's marker (who wrote it is checked elsewhere)."""
    match = _REPORT.match(body)
    return match is not None and (int(match[1]), int(match[2])) == (repository_id, number)


def digest_marker(repository_id: int, scope: str, period_key: str) -> str:
    """The marker of a digest's issue; it is the issue's first line.

    ``scope`` is as in ``DigestRequest``. It and the period's key are percent-encoded, hyphens too, for
    two of them would end the hidden line.
    """
    return (
        f"<!-- prhub:digest:v1 repo={repository_id} scope={_packed(scope)} period={_packed(period_key)} -->"
    )


def digest_of(body: str) -> tuple[int, str, str] | None:
    """The repository's id, scope and period key of the marker with which ``body`` starts; or ``None``."""
    match = _DIGEST.match(body)
    return (int(match[1]), unquote(match[2]), unquote(match[3])) if match else None


def _packed(value: str) -> str:
    """``value`` in letters, digits, ``_.~`` and percent signs."""
    return quote(value.encode(errors="replace"), safe="").replace("-", "%2D")
