"""Resolvers of pull requests and their discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.query.connections import In, page
from sandbox.query.fields import Fields, actor, attribute, large_id, listed, moment, needs
from sandbox.shapes.issues import html_url
from sandbox.shapes.people import stamp

if TYPE_CHECKING:
    from sandbox.calls import Call
    from sandbox.discussion import Comment, Issue, Pull, ReviewComment, Thread
    from sandbox.query.fields import Info


def _url(source: In[Issue], info: Info) -> str:
    """The page of an issue or pull request."""
    return html_url(info.context.base, source.repository, source.thing)


def _author(source: In[Any], _info: Info) -> Any:
    """Who wrote it; ``None`` for a deleted account."""
    return actor(source.thing.user)


def _total(name: str) -> Any:
    """The sum of a figure over the changed files."""
    return lambda source, _: sum(getattr(file, name) for file in source.repository.files(source.thing))


def _head_repository(source: In[Pull], _info: Info) -> Any:
    """The repository of the head; a fork is known by its name only."""
    name = source.thing.head_repository
    if name is None or name == source.repository.full_name:
        return In(source.repository, source.repository) if name else None
    return {"nameWithOwner": name}


def _merge_commit(source: In[Pull], _info: Info) -> Any:
    """The commit it landed with."""
    sha = source.thing.merge_sha
    return In(source.repository, source.repository.commits[sha]) if sha else None


def _labels(source: In[Pull], call: Call) -> list[Any]:
    """The labels on it, as the read sees them."""
    names = source.thing.labels.as_of(call.moment)
    return [label for label in source.repository.labels.value if label.name in names]


def _closing(source: In[Pull], _call: Call) -> list[Issue]:
    """The issues it closes."""
    issues = source.repository.issues
    return [issues[number] for number in source.thing.closes if number in issues]


def _commits(source: In[Pull], _info: Info, **args: Any) -> dict[str, Any]:
    """Its commits, oldest first."""
    repository = source.repository
    answer = page(repository.commits_of(source.thing), args, "commits")
    answer["nodes"] = [{"commit": In(repository, repository.commits[sha])} for sha in answer["nodes"]]
    return answer


def _files(source: In[Pull], _info: Info, **args: Any) -> dict[str, Any]:
    """The changed files; a removed one is called deleted here, unlike in REST."""
    answer = page(source.repository.files(source.thing), args, "files")
    answer["nodes"] = [
        {
            "path": file.path,
            "additions": file.additions,
            "deletions": file.deletions,
            "changeType": "DELETED" if file.status == "removed" else file.status.upper(),
        }
        for file in answer["nodes"]
    ]
    return answer


def _timeline(source: In[Pull], info: Info, **args: Any) -> dict[str, Any]:
    """Its entry into the merge queue, and the pull requests that mention it."""
    pull, repository = source.thing, source.repository
    events: list[dict[str, Any]] = []
    if pull.merge_queue:
        created = stamp(pull.merged_at or pull.created_at)
        events.append({"__typename": "AddedToMergeQueueEvent", "createdAt": created})
    events += [
        {
            "__typename": "CrossReferencedEvent",
            "isCrossRepository": False,
            "source": In(repository, repository.issues[number]),
        }
        for number in pull.mentioned_by
    ]
    wanted = args.pop("itemTypes", None)
    shown = [event for event in events if wanted is None or _ITEM_TYPES[event["__typename"]] in wanted]
    answer = page(shown, args, info.field_name)
    answer["totalCount"] = len(events)
    return answer


_ITEM_TYPES = {
    "AddedToMergeQueueEvent": "ADDED_TO_MERGE_QUEUE_EVENT",
    "CrossReferencedEvent": "CROSS_REFERENCED_EVENT",
}


def _did_author(source: In[Comment], info: Info) -> bool:
    """Whether the caller wrote it."""
    user = source.thing.user
    return user is not None and user.id == info.context.caller.user.id


def _remarks(source: In[Thread], info: Info, **args: Any) -> dict[str, Any]:
    """The remarks of a thread; each shows the thread's diff."""
    answer = page(source.thing.comments, args, "comments")
    answer["nodes"] = [
        {
            **_remark(remark),
            "url": f"{_pull_url(source, info)}#discussion_r{remark.id}",
            "diffHunk": source.thing.diff_hunk,
            "originalCommit": _original_commit(source),
        }
        for remark in answer["nodes"]
    ]
    return answer


def _pull_url(source: In[Thread], info: Info) -> str:
    """The page of the pull request a thread is on."""
    pull = next(pull for pull in source.repository.pulls.values() if source.thing in pull.threads)
    return html_url(info.context.base, source.repository, pull)


def _original_commit(source: In[Thread]) -> Any:
    """The commit the thread was written on; ``None`` once a force push has lost it."""
    commit = source.repository.commits.get(source.thing.original_commit)
    return In(source.repository, commit) if commit else None


def _remark(remark: ReviewComment) -> dict[str, Any]:
    """What a remark has of its own."""
    return {
        "fullDatabaseId": str(remark.id),
        "body": remark.body,
        "createdAt": stamp(remark.created_at),
        "isMinimized": remark.minimized,
        "author": actor(remark.user),
    }


def _comment_url(source: In[Comment], info: Info) -> str:
    """The address of a comment."""
    for issue in source.repository.issues.values():
        if source.thing in issue.comments.value:
            return f"{html_url(info.context.base, source.repository, issue)}#issuecomment-{source.thing.id}"
    return ""


ISSUE: Fields = {
    "number": attribute("number"),
    "title": attribute("title"),
    "body": lambda source, _: source.thing.body or "",
    "state": lambda source, _: source.thing.state.upper(),
    "repository": lambda source, _: In(source.repository, source.repository),
    "author": _author,
    "url": _url,
}
PULL: Fields = {
    **ISSUE,
    "state": lambda source, _: "MERGED" if source.thing.merged else source.thing.state.upper(),
    "merged": attribute("merged"),
    "mergedAt": moment("merged_at"),
    "mergedBy": lambda source, _: actor(source.thing.merged_by),
    "createdAt": moment("created_at"),
    "updatedAt": moment("updated_at"),
    "locked": attribute("locked"),
    "baseRefName": attribute("base_ref"),
    "baseRefOid": attribute("base_sha"),
    "headRefName": attribute("head_ref"),
    "headRefOid": attribute("head_sha"),
    "headRepository": _head_repository,
    "changedFiles": lambda source, _: len(source.repository.files(source.thing)),
    "additions": _total("additions"),
    "deletions": _total("deletions"),
    "mergeCommit": _merge_commit,
    "files": _files,
    "labels": listed(_labels),
    "closingIssuesReferences": needs("issues:read", listed(_closing)),
    "commits": _commits,
    "reviews": listed(lambda source, _: source.thing.reviews),
    "reviewThreads": listed(lambda source, _: source.thing.threads),
    "comments": listed(lambda source, call: source.thing.comments.as_of(call.moment)),
    "timelineItems": _timeline,
}
COMMENT: Fields = {
    "fullDatabaseId": large_id,
    "body": attribute("body"),
    "createdAt": moment("created_at"),
    "isMinimized": attribute("minimized"),
    "viewerDidAuthor": _did_author,
    "author": _author,
    "url": _comment_url,
}
REVIEW: Fields = {
    "fullDatabaseId": large_id,
    "state": attribute("state"),
    "body": attribute("body"),
    "submittedAt": moment("submitted_at"),
    "author": _author,
}
THREAD: Fields = {
    "id": lambda source, _: f"PRRT_{source.thing.id}",
    "path": attribute("path"),
    "line": attribute("line"),
    "originalLine": attribute("original_line"),
    "isResolved": attribute("resolved"),
    "isOutdated": attribute("outdated"),
    "resolvedBy": lambda source, _: actor(source.thing.resolved_by),
    "comments": _remarks,
}
