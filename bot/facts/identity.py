"""What a pull request is and how it was merged, from GitHub's answer about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.facts.merge import merge_method
from bot.facts.words import EPOCH, Washer, at, count, moment, nodes, person
from bot.model import Repository

if TYPE_CHECKING:
    from bot.model import Commit

BODY_LENGTH = 60_000


def repository_of(data: dict[str, Any]) -> Repository:
    """Give a repository as GraphQL has it; ``nameWithOwner`` must be there."""
    return Repository(
        id=count(data.get("databaseId")),
        full_name=str(data["nameWithOwner"]),
        url=str(data["url"]) if data.get("url") else None,
        default_branch=str(at(data, "defaultBranchRef", "name") or ""),
        private=data.get("isPrivate") is True,
        archived=data.get("isArchived") is True,
    )


def identity(pull: dict[str, Any], washer: Washer) -> dict[str, Any]:
    """Give the fields of ``PullFacts`` that say what a pull request is, without secrets."""
    return {
        "title": washer.line(pull.get("title"), 256),
        "body": washer.text(pull.get("body"), BODY_LENGTH),
        "author": person(pull.get("author")),
        "created_at": moment(pull.get("createdAt")),
        "labels": tuple(str(node.get("name")) for node in nodes(pull.get("labels"))),
        "locked": pull.get("locked") is True,
        "changed_files": count(pull.get("changedFiles")),
        "additions": count(pull.get("additions")),
        "deletions": count(pull.get("deletions")),
        "commit_count": count(at(pull, "commits", "totalCount")),
    }


def merge(pull: dict[str, Any], number: int, commits: tuple[Commit, ...]) -> dict[str, Any]:
    """Give the fields of ``PullFacts`` that say how it was merged."""
    parents = nodes(at(pull, "mergeCommit", "parents"))
    queued = nodes(pull.get("queued"))
    headline = str(at(pull, "mergeCommit", "message") or "").partition("\n")[0]
    return {
        "merged_by": person(pull["mergedBy"]) if pull.get("mergedBy") else None,
        "merged_at": moment(pull.get("mergedAt")) or EPOCH,
        "merge_sha": str(at(pull, "mergeCommit", "oid")),
        "merge_method": merge_method(len(parents), headline, number, commits),
        "merge_queue": any(event.get("__typename") == "AddedToMergeQueueEvent" for event in queued),
        "base_sha": str(parents[0]["oid"]) if parents and parents[0].get("oid") else None,
        "head_sha": pull.get("headRefOid"),
        "base_ref": str(pull.get("baseRefName") or ""),
        "head_ref": str(pull.get("headRefName") or ""),
        "head_repository": at(pull, "headRepository", "nameWithOwner"),
    }
