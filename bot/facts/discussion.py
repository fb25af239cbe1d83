"""The discussion in our words: threads, reviews, comments, commits, checks, issues."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.facts.words import EPOCH, at, big_id, count, moment, nodes, person
from bot.model import (
    CheckSummary,
    Commit,
    LinkedIssue,
    Remark,
    Review,
    ReviewState,
    ReviewThread,
)

if TYPE_CHECKING:
    from bot.facts.words import Washer

REMARK_LENGTH = 10_000
HUNK_LENGTH = 20_000
_PASSED = {"SUCCESS", "NEUTRAL", "SKIPPED"}


def remarks(connection: object, washer: Washer) -> tuple[Remark, ...]:
    """Give the comments of a connection."""
    return tuple(
        Remark(
            id=big_id(node.get("fullDatabaseId")),
            author=person(node.get("author")),
            body=washer.text(node.get("body"), REMARK_LENGTH),
            created_at=moment(node.get("createdAt")) or EPOCH,
            minimized=node.get("isMinimized") is True,
        )
        for node in nodes(connection)
    )


def threads(pull: dict[str, Any], commits: tuple[Commit, ...], washer: Washer) -> tuple[ReviewThread, ...]:
    """Give the review threads; those without a comment left are gone."""
    found = []
    for node in nodes(pull.get("reviewThreads")):
        said = remarks(node.get("comments"), washer)
        if not said or not isinstance(node.get("path"), str):
            continue
        first = nodes(node.get("comments"))[0]
        found.append(
            ReviewThread(
                id=said[0].id,
                path=node["path"],
                line=count(node.get("line")) or None,
                original_line=count(node.get("originalLine")) or None,
                resolved=node.get("isResolved") is True,
                resolved_by=person(node["resolvedBy"]) if node.get("resolvedBy") else None,
                outdated=node.get("isOutdated") is True,
                remarks=said,
                remarked_text=_remarked(first.get("diffHunk"), washer),
                later_commits=_later(at(first, "originalCommit", "oid"), said[0], commits),
            )
        )
    return tuple(found)


def _remarked(hunk: object, washer: Washer) -> str:
    """Give the line a thread was written on: the last one of its diff hunk, with its sign."""
    lines = washer.text(hunk, HUNK_LENGTH).rstrip("\n").split("\n")
    return lines[-1][:500] if lines and not lines[-1].startswith("@@") else ""


def _later(sha: object, remark: Remark, commits: tuple[Commit, ...]) -> int | None:
    """Count the commits after the one a thread was written on; by time if that one was rewritten."""
    if not commits:
        return None
    shas = [commit.sha for commit in commits]
    if sha in shas:
        return len(shas) - 1 - shas.index(str(sha))
    return sum(commit.committed_at > remark.created_at for commit in commits)


def reviews(pull: dict[str, Any], washer: Washer) -> tuple[Review, ...]:
    """Give the submitted reviews."""
    return tuple(
        Review(
            id=big_id(node.get("fullDatabaseId")),
            author=person(node.get("author")),
            state=ReviewState(node["state"]),
            body=washer.text(node.get("body"), REMARK_LENGTH),
            submitted_at=moment(node.get("submittedAt")) or EPOCH,
        )
        for node in nodes(pull.get("reviews"))
        if node.get("state") in set(ReviewState)
    )


def commits(pull: dict[str, Any], washer: Washer) -> tuple[Commit, ...]:
    """Give the pull request's commits in their order, at most 100."""
    found = []
    for node in nodes(pull.get("commits")):
        commit = node.get("commit") or {}
        # Not messageHeadline: GitHub may cut it, and the number at its end with it.
        headline, _, body = str(commit.get("message") or "").partition("\n")
        login = at(commit, "author", "user") or {"login": at(commit, "author", "name")}
        found.append(
            Commit(
                sha=str(commit.get("oid") or ""),
                headline=washer.line(headline),
                body=washer.text(body.strip("\n"), 4000),
                author=person(login),
                committed_at=moment(commit.get("committedDate")) or EPOCH,
            )
        )
    return tuple(found)


def checks(pull: dict[str, Any], washer: Washer) -> CheckSummary:
    """Sum up the check runs and statuses on the head commit."""
    head = nodes(pull.get("headCommit"))
    contexts = at(head[0], "commit", "statusCheckRollup", "contexts") if head else None
    failed, pending = [], 0
    for node in nodes(contexts):
        outcome = node.get("conclusion") or node.get("state") or node.get("status")
        if outcome in {"PENDING", "EXPECTED", "QUEUED", "IN_PROGRESS", "WAITING", "REQUESTED"}:
            pending += 1
        elif outcome not in _PASSED:
            failed.append(washer.line(node.get("name") or node.get("context"), 100))
    return CheckSummary(
        total=count(at(contexts, "totalCount")), failed=tuple(sorted(set(failed))), pending=pending
    )


def issues(pull: dict[str, Any], full_name: str, washer: Washer) -> tuple[LinkedIssue, ...]:
    """Give the issues that the merge closes."""
    found = []
    for node in nodes(pull.get("closingIssuesReferences")):
        where = at(node, "repository", "nameWithOwner")
        found.append(
            LinkedIssue(
                number=count(node.get("number")),
                title=washer.line(node.get("title")),
                body=washer.text(node.get("body"), 4000),
                repository=None if where in {None, full_name} else str(where),
            )
        )
    return tuple(found)
