"""Pull requests, reviews and review comments as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.shapes.issues import association, html_url, reactions_json
from sandbox.shapes.people import Base, stamp, user_json
from sandbox.shapes.repos import labels_json, repository_json

if TYPE_CHECKING:
    from sandbox.discussion import Pull, Review, ReviewComment, Thread
    from sandbox.state import Repository


def _urls(base: Base, repository: Repository, pull: Pull) -> dict[str, str]:
    """The addresses that a pull request lists."""
    url = f"{base.api}/repos/{repository.full_name}"
    html, own = html_url(base, repository, pull), f"{url}/pulls/{pull.number}"
    return {
        "url": own,
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": f"{url}/issues/{pull.number}",
        "commits_url": f"{own}/commits",
        "review_comments_url": f"{own}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "comments_url": f"{url}/issues/{pull.number}/comments",
        "statuses_url": f"{url}/statuses/{pull.head_sha}",
    }


def simple_pull_json(base: Base, repository: Repository, pull: Pull) -> dict[str, Any]:
    """A pull request, as review events hold it."""
    urls = _urls(base, repository, pull)
    names = {"self": "url", "html": "html_url", "issue": "issue_url", "comments": "comments_url"}
    names |= {"review_comments": "review_comments_url", "review_comment": "review_comment_url"}
    names |= {"commits": "commits_url", "statuses": "statuses_url"}
    return {
        **urls,
        "id": pull.id,
        "node_id": f"PR_{pull.id}",
        "number": pull.number,
        "state": pull.state,
        "locked": pull.locked,
        "title": pull.title,
        "user": user_json(base, pull.user),
        "body": pull.body,
        "created_at": stamp(pull.created_at),
        "updated_at": stamp(pull.updated_at),
        "closed_at": stamp(pull.closed_at),
        "merged_at": stamp(pull.merged_at),
        "merge_commit_sha": pull.merge_sha,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [],
        "requested_teams": [],
        "labels": labels_json(base, repository, pull.labels.value),
        "milestone": None,
        "draft": pull.draft,
        "head": _side(base, repository, pull, "head"),
        "base": _side(base, repository, pull, "base"),
        "_links": {name: {"href": urls[key]} for name, key in names.items()},
        "author_association": association(repository, pull.user),
        "auto_merge": None,
        "active_lock_reason": "resolved" if pull.locked else None,
    }


def _side(base: Base, repository: Repository, pull: Pull, side: str) -> dict[str, Any]:
    """Head or base; a head of a fork shows this repository's fields under the fork's name."""
    head = side == "head"
    owner = user_json(
        base, pull.user if head and pull.head_repository != repository.full_name else repository.owner
    )
    shown: dict[str, Any] | None = repository_json(base, repository)
    if head and pull.head_repository is None:
        shown = None
    elif head and shown and pull.head_repository and pull.head_repository != repository.full_name:
        shown |= {"full_name": pull.head_repository, "id": repository.id + 1_000_000, "fork": True}
    ref = pull.head_ref if head else pull.base_ref
    login = owner["login"] if owner else "unknown"
    return {
        "label": f"{login}:{ref}",
        "ref": ref,
        "sha": pull.head_sha if head else pull.base_sha,
        "user": owner,
        "repo": shown,
    }


def pull_json(base: Base, repository: Repository, pull: Pull) -> dict[str, Any]:
    """A pull request, as ``GET …/pulls/{n}`` and its own events show it."""
    files = repository.files(pull)
    return {
        **simple_pull_json(base, repository, pull),
        "merged": pull.merged,
        "mergeable": None if pull.merged else True,
        "rebaseable": None if pull.merged else True,
        "mergeable_state": "unknown" if pull.merged else "clean",
        "merged_by": user_json(base, pull.merged_by),
        "comments": len(pull.comments.value),
        "review_comments": sum(len(thread.comments) for thread in pull.threads),
        "maintainer_can_modify": False,
        "commits": len(repository.commits_of(pull)),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "changed_files": len(files),
    }


def review_json(base: Base, repository: Repository, pull: Pull, review: Review) -> dict[str, Any]:
    """A review, as ``GET …/pulls/{n}/reviews`` lists it."""
    html = f"{html_url(base, repository, pull)}#pullrequestreview-{review.id}"
    url = _urls(base, repository, pull)["url"]
    return {
        "id": review.id,
        "node_id": f"PRR_{review.id}",
        "user": user_json(base, review.user),
        "body": review.body,
        "state": review.state,
        "html_url": html,
        "pull_request_url": url,
        "author_association": association(repository, review.user),
        "_links": {"html": {"href": html}, "pull_request": {"href": url}},
        "submitted_at": stamp(review.submitted_at),
        "commit_id": review.commit,
    }


def review_comment_json(
    base: Base, repository: Repository, pull: Pull, thread: Thread, comment: ReviewComment
) -> dict[str, Any]:
    """A remark of a review thread."""
    url = f"{base.api}/repos/{repository.full_name}/pulls/comments/{comment.id}"
    html = f"{html_url(base, repository, pull)}#discussion_r{comment.id}"
    pull_url = _urls(base, repository, pull)["url"]
    shown = {
        "url": url,
        "pull_request_review_id": comment.review_id,
        "id": comment.id,
        "node_id": f"PRRC_{comment.id}",
        "diff_hunk": thread.diff_hunk,
        "path": thread.path,
        "commit_id": pull.head_sha if thread.line else thread.original_commit,
        "original_commit_id": thread.original_commit,
        "user": user_json(base, comment.user),
        "body": comment.body,
        "created_at": stamp(comment.created_at),
        "updated_at": stamp(comment.created_at),
        "html_url": html,
        "pull_request_url": pull_url,
        "author_association": association(repository, comment.user),
        "_links": {"self": {"href": url}, "html": {"href": html}, "pull_request": {"href": pull_url}},
        "reactions": reactions_json(url),
        "start_line": None,
        "original_start_line": None,
        "start_side": None,
        "line": thread.line,
        "original_line": thread.original_line,
        "side": "RIGHT",
        "original_position": len(thread.diff_hunk.split("\n")) - 1,
        "position": len(thread.diff_hunk.split("\n")) - 1 if thread.line else None,
        "subject_type": "line",
    }
    if thread.comments[0] is not comment:
        shown["in_reply_to_id"] = thread.comments[0].id
    return shown


def thread_json(base: Base, repository: Repository, pull: Pull, thread: Thread) -> dict[str, Any]:
    """A review thread, as its own event holds it."""
    comments = [review_comment_json(base, repository, pull, thread, comment) for comment in thread.comments]
    return {"node_id": f"PRRT_{thread.id}", "comments": comments}
