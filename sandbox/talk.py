"""Builds discussions: issues, pull requests, their merges, reviews, threads and comments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.build import add_commit, add_user, place_commit, signature
from sandbox.diffs import diff_trees
from sandbox.discussion import Comment, Issue, Pull, Review, ReviewComment, Thread, User
from sandbox.history import merge_base
from sandbox.lines import moved_line
from sandbox.objects import Blob, Commit, Content, Signature
from sandbox.recorded import Recorded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sandbox.state import Repository, State


def _common(state: State, repository: Repository, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an issue or pull request, with defaults; logins become accounts."""
    created = fields.pop("created_at", None) or state.now()
    number = fields.pop("number", None) or repository.next_number()
    login = fields.pop("user", "octo-dev")
    return {
        "id": next(state.large_ids),
        "number": number,
        "title": fields.pop("title", "Change something"),
        "body": fields.pop("body", None),
        "user": add_user(state, login) if login else None,
        "created_at": created,
        "updated_at": fields.pop("updated_at", created),
        "labels": Recorded(tuple(fields.pop("labels", ()))),
        **fields,
    }


def add_issue(state: State, repository: Repository, **fields: Any) -> Issue:
    """An issue; any field of ``Issue`` may be given, ``user`` as a login (``None``: deleted account)."""
    issue = Issue(**_common(state, repository, fields))
    repository.issues[issue.number] = issue
    return issue


def open_pull(state: State, repository: Repository, changes: Mapping[str, Content], **fields: Any) -> Pull:
    """A pull request with one commit that makes ``changes`` on a branch of its own.

    Any field of ``Pull`` may be given; ``user`` is a login. ``head_ref`` names an existing branch to
    take its commits instead, then ``changes`` should be empty.
    """
    common = _common(state, repository, fields)
    base_ref = common.get("base_ref", repository.default_branch)
    head_ref = common.setdefault("head_ref", f"change-{common['number']}")
    common.setdefault("base_sha", repository.branches[base_ref])
    common.setdefault("head_repository", repository.full_name)
    if changes or head_ref not in repository.branches:
        author = common["user"].login if common["user"] else "octo-gone"
        repository.branches.setdefault(head_ref, common["base_sha"])
        written = signature(state, author, common["created_at"])
        add_commit(repository, head_ref, changes, common["title"], written)
    pull = Pull(head_sha=repository.branches[head_ref], **common)
    repository.issues[pull.number] = pull
    return pull


def merge_pull(
    repository: Repository,
    pull: Pull,
    by: User,
    at: datetime,
    method: str = "squash",
) -> Pull:
    """Merge a pull request by ``merge``, ``squash`` or ``rebase``; its head branch stays.

    Raises ``ValueError`` if a file it changes was changed on the base branch as well.
    """
    own = repository.commits_of(pull)
    if method == "rebase":
        landed = [_rebased(repository, sha, pull.base_ref, at) for sha in own]
    else:
        who = Signature(by.name or by.login, at, by.login)
        landed = [*(own if method == "merge" else ()), _merged(repository, pull, who, method)]
    repository.introduced.update(dict.fromkeys(landed, pull.number))
    pull.merge_sha = landed[-1]
    pull.merged_at = pull.closed_at = pull.updated_at = at
    pull.merged_by = by
    return pull


def _merged(repository: Repository, pull: Pull, who: Signature, method: str) -> str:
    """The commit of a merge or squash, placed on the base branch."""
    tip = repository.branches[pull.base_ref]
    if method == "merge":
        message = f"Merge pull request #{pull.number} from {_label(pull)}\n\n{pull.title}"
        parents: tuple[str, ...] = (tip, pull.head_sha)
    else:
        message = f"{pull.title} (#{pull.number})\n\n{pull.body or ''}".strip()
        parents = (tip,)
    base = merge_base(repository.commits, tip, pull.head_sha)
    tree = _applied(repository, base, pull.head_sha, tip)
    return place_commit(repository, pull.base_ref, Commit(tree, parents, message, who)).sha


def _label(pull: Pull) -> str:
    """The head as a merge commit names it."""
    owner = (pull.head_repository or "unknown/repository").partition("/")[0]
    return f"{owner}/{pull.head_ref}"


def _rebased(repository: Repository, sha: str, base_ref: str, at: datetime) -> str:
    """A commit as it lands by a rebase: the same change on top of the base branch."""
    commit, tip = repository.commits[sha], repository.branches[base_ref]
    tree = _applied(repository, commit.parents[0], sha, tip)
    landed = Commit(tree, (tip,), commit.message, replace(commit.author, at=at))
    return place_commit(repository, base_ref, landed).sha


def _applied(repository: Repository, before: str, after: str, onto: str) -> dict[str, Blob]:
    """The tree ``onto`` with the change from ``before`` to ``after`` made to it, file by file."""
    old, new = repository.commits[before].tree, repository.commits[after].tree
    tree = dict(repository.commits[onto].tree)
    for path in sorted({*old, *new}):
        if old.get(path) == new.get(path):
            continue
        if tree.get(path) not in {old.get(path), new.get(path)}:
            raise ValueError(f"{path} was changed on both sides")
        if path in new:
            tree[path] = new[path]
        else:
            tree.pop(path, None)
    return tree


def add_comment(state: State, issue: Issue, login: str | None, body: str, **fields: Any) -> Comment:
    """A comment; ``created_at``, ``app_id`` and ``minimized`` may be given."""
    created = fields.pop("created_at", None) or state.now()
    user = add_user(state, login) if login else None
    comment = Comment(next(state.large_ids), user, body, created, created, **fields)
    issue.comments.put((*issue.comments.value, comment), created.timestamp())
    return comment


def add_review(state: State, pull: Pull, login: str, verdict: str, **fields: Any) -> Review:
    """A submitted review; ``verdict`` is its state; ``body``, ``submitted_at``, ``commit`` may be given."""
    review = Review(
        next(state.large_ids),
        add_user(state, login),
        verdict,
        fields.get("body", ""),
        fields.get("submitted_at") or state.now(),
        fields.get("commit") or pull.head_sha,
    )
    pull.reviews.append(review)
    return review


def add_thread(
    state: State,
    repository: Repository,
    pull: Pull,
    place: tuple[str, int],
    **fields: Any,
) -> Thread:
    """A review thread on a path and line of ``commit`` (the head if not given), without remarks yet.

    Where the line is now, and whether the thread is outdated, follows from the head's text.
    """
    path, line = place
    commit = fields.pop("commit", None) or pull.head_sha
    written = repository.commits[commit].tree[path].data
    head = repository.commits[pull.head_sha].tree.get(path)
    now = moved_line(written, head.data, line) if head else None
    hunk = _hunk_until(repository, pull, commit, place)
    thread = Thread(next(state.large_ids), path, now, line, commit, hunk, outdated=now is None)
    thread.resolved_by = fields.get("resolved_by")
    pull.threads.append(thread)
    return thread


def _hunk_until(repository: Repository, pull: Pull, commit: str, place: tuple[str, int]) -> str:
    """The hunk of the diff at ``commit`` that holds the line, cut after it, as GitHub keeps it.

    Raises ``LookupError`` if the diff does not show that line.
    """
    path, line = place
    base = repository.commits[merge_base(repository.commits, pull.base_sha, commit)].tree
    files = diff_trees(base, repository.commits[commit].tree)
    for hunk in next(file for file in files if file.path == path).hunks:
        if hunk.new[0] < line <= hunk.new[1]:
            shown, position = [hunk.header], hunk.new[0]
            for text in hunk.lines:
                shown.append(text)
                position += not text.startswith(b"-")
                if position == line:
                    return b"\n".join(shown).decode(errors="replace")
    raise LookupError(f"line {line} of {path} is not in the diff")


def add_remark(state: State, thread: Thread, login: str | None, body: str, **fields: Any) -> ReviewComment:
    """A remark in a thread; ``created_at``, ``review_id`` and ``minimized`` may be given."""
    created = fields.pop("created_at", None) or state.now()
    user = add_user(state, login) if login else None
    remark = ReviewComment(next(state.large_ids), user, body, created, **fields)
    thread.comments.append(remark)
    return remark
