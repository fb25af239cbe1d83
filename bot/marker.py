"""The hidden first line by which PRHub finds its own comment or issue again."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote

# The kind of comment that a report is; the others are answers to commands.
REPORT: Final = "comment"
# What maintainers write between these in a report's comment is theirs.
_NOTE: Final = "<!-- prhub:note -->"
_NOTE_END: Final = "<!-- /prhub:note -->"
NOTES_LIMIT: Final = 4_000
_REPORT: Final = re.compile(r"\A<!-- prhub:report:v1 repo=([0-9]{1,19}) pull=([0-9]{1,19}) -->")
_ANSWER: Final = re.compile(
    r"\A<!-- prhub:answer:v1 kind=(re:[a-z]{1,13}) repo=([0-9]{1,19}) pull=([0-9]{1,19}) -->"
)
_DIGEST: Final = re.compile(
    r"\A<!-- prhub:digest:v1 repo=([0-9]{1,19})"
    r" scope=([A-Za-z0-9_.~%]{0,12288}) period=([A-Za-z0-9_.~%]{1,12288}) -->",
)
_CONFIG: Final = re.compile(r"\A<!-- prhub:config:v1 repo=([0-9]{1,19}) -->")


def report_marker(repository_id: int, number: int) -> str:
    """The marker of the report comment on one pull request; it is the comment's first line."""
    return f"<!-- prhub:report:v1 repo={repository_id} pull={number} -->"


def is_report_of(body: str, repository_id: int, number: int) -> bool:
    """Whether ``body`` starts with that pull request's marker (who wrote it is checked elsewhere)."""
    match = _REPORT.match(body)
    return match is not None and (int(match[1]), int(match[2])) == (repository_id, number)


def answer_marker(repository_id: int, number: int, kind: str) -> str:
    """The marker of an answer to commands of one kind on a pull request or issue."""
    return f"<!-- prhub:answer:v1 kind={kind} repo={repository_id} pull={number} -->"


def is_own(body: str, repository_id: int, number: int, kind: str) -> bool:
    """Whether ``body`` starts with the marker of a comment of this kind there."""
    if kind == REPORT:
        return is_report_of(body, repository_id, number)
    match = _ANSWER.match(body)
    return match is not None and (match[1], int(match[2]), int(match[3])) == (kind, repository_id, number)


def notes_in(body: str) -> str:
    """The maintainers' notes in a comment, each with its markers, at most 4,000 characters; or nothing."""
    found, at = [], 0
    while (start := body.find(_NOTE, at)) >= 0 and (end := body.find(_NOTE_END, start)) >= 0:
        at = end + len(_NOTE_END)
        found.append(body[start:at])
    notes = "\n\n".join(found)
    if len(notes) <= NOTES_LIMIT:
        return notes
    return f"{notes[: NOTES_LIMIT - len(_NOTE_END)]}{_NOTE_END}"


def with_notes(body: str, notes: str) -> str:
    """``body`` with maintainers' notes below it."""
    return f"{body}\n{notes}\n" if notes else body


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


def config_marker(repository_id: int) -> str:
    """The marker of the issue about a repository's configuration file; it is the issue's first line."""
    return f"<!-- prhub:config:v1 repo={repository_id} -->"


def is_config_of(body: str, repository_id: int) -> bool:
    """Whether ``body`` starts with the marker of the issue about that repository's file."""
    match = _CONFIG.match(body)
    return match is not None and int(match[1]) == repository_id


def _packed(value: str) -> str:
    """``value`` in letters, digits, ``_.~`` and percent signs."""
    return quote(value.encode(errors="replace"), safe="").replace("-", "%2D")
