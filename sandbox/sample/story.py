"""Plays the sample repository's story, told in the TOML files beside this one, into a state."""

from __future__ import annotations

import tomllib
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from sandbox.build import (
    INSTALLATION_ID,
    add_checks,
    add_commit,
    add_installation,
    add_label,
    add_repository,
    add_user,
    new_state,
    signature,
)
from sandbox.sample.edits import changes_of
from sandbox.state import Check
from sandbox.talk import add_comment, add_issue, add_remark, add_review, add_thread, merge_pull, open_pull

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sandbox.discussion import Pull
    from sandbox.state import Repository, State

REPOSITORY = "octo-harbor/tidepool"
# The merges worth showing: a feature, a fix that hides errors, its revert, a bump, a breaking change, a typo.
FEATURED = (7, 9, 10, 11, 12, 13)

Chapter = dict[str, Any]


def sample_state(public_key: str | None = None) -> State:
    """The sample repository with its people, issues and pull requests; nothing in it depends on the clock.

    ``public_key`` is the PEM of the app's key; the app is installed on the repository's owner.
    """
    state = new_state(public_key)
    base, chapters = _chapters()
    repository = _opening(state, base)
    story: list[tuple[datetime, int, Callable[[], object]]] = []
    pulls: dict[int, Pull] = {}
    for chapter in chapters:
        number = chapter["number"]
        story.append((chapter["created_at"], number, partial(_open, state, repository, pulls, chapter)))
        if "merge" in chapter:
            at = chapter["merge"]["at"]
            story.append((at, number, partial(_merge, state, repository, pulls, chapter)))
    for _, _, happen in sorted(story, key=lambda event: event[:2]):
        happen()
    for chapter in chapters:
        _discuss(state, repository, pulls[chapter["number"]], chapter)
    return state


def _chapters() -> tuple[Chapter, list[Chapter]]:
    """The opening, and one chapter per pull request."""
    folder = files("sandbox.sample")
    texts = {
        item.name: item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".toml")
    }
    base = tomllib.loads(texts.pop("base.toml"))
    return base, [tomllib.loads(texts[name]) for name in sorted(texts)]


def _opening(state: State, base: Chapter) -> Repository:
    """The repository before its first pull request."""
    installation = add_installation(
        state, base["full_name"].partition("/")[0], installation_id=INSTALLATION_ID
    )
    repository = add_repository(state, base["full_name"], installation)
    repository.description, repository.created_at = base["description"], base["created_at"]
    repository.roles = dict(base["roles"])
    for login in base["roles"]:
        add_user(state, login)
    for label in base["labels"]:
        add_label(state, repository, **label)
    written = signature(state, base["author"], base["created_at"])
    add_commit(repository, "main", base["files"], base["message"], written)
    for issue in base["issues"]:
        add_issue(state, repository, **{**issue, "body": issue["body"].strip()})
    return repository


def _open(state: State, repository: Repository, pulls: dict[int, Pull], chapter: Chapter) -> None:
    """Open a pull request with its commits."""
    head = chapter["head_ref"]
    repository.branches[head] = base_sha = repository.branches["main"]
    for part in chapter["commits"]:
        tree = repository.commits[repository.branches[head]].tree
        written = signature(state, chapter["user"], part["at"])
        add_commit(repository, head, changes_of(part, tree, repository), part["message"].strip(), written)
    fields = {key: chapter[key] for key in _FIELDS if key in chapter}
    fields |= {key: tuple(chapter.get(key, ())) for key in ("labels", "closes", "mentioned_by")}
    body = chapter.get("body")
    pull = open_pull(state, repository, {}, **fields, body=body.strip() if body else None, base_sha=base_sha)
    pulls[pull.number] = pull
    for check in chapter.get("checks", ()):
        add_checks(repository, pull.head_sha, Check(**check))


_FIELDS = (
    "number",
    "title",
    "user",
    "created_at",
    "closed_at",
    "head_ref",
    "head_repository",
    "draft",
)


def _merge(state: State, repository: Repository, pulls: dict[int, Pull], chapter: Chapter) -> None:
    """Merge a pull request."""
    merge = chapter["merge"]
    pull = pulls[chapter["number"]]
    pull.merge_queue = merge.get("queue", False)
    merge_pull(repository, pull, add_user(state, merge["by"]), merge["at"], merge["method"])


def _discuss(state: State, repository: Repository, pull: Pull, chapter: Chapter) -> None:
    """Reviews, threads and comments."""
    own = repository.commits_of(pull)
    for part in chapter.get("reviews", ()):
        commit = own[part["commit"] - 1] if "commit" in part else None
        body = part.get("body", "")
        add_review(
            state, pull, part["user"], part["state"], body=body, submitted_at=part["at"], commit=commit
        )
    for part in chapter.get("threads", ()):
        _thread(state, repository, pull, part)
    for part in chapter.get("comments", ()):
        add_comment(state, pull, part["user"], part["body"].strip(), created_at=part["at"])


def _thread(state: State, repository: Repository, pull: Pull, part: Chapter) -> None:
    """A review thread, on the line of that text as it was at one of the commits."""
    commit = repository.commits_of(pull)[part["commit"] - 1]
    lines = repository.commits[commit].tree[part["path"]].data.decode().split("\n")
    place = (part["path"], lines.index(part["line"]) + 1)
    resolver = part.get("resolved_by")
    by = add_user(state, resolver) if resolver else None
    thread = add_thread(state, repository, pull, place, commit=commit, resolved_by=by)
    review = pull.reviews[part["review"] - 1]
    for remark in part["remarks"]:
        own = remark["user"] == (review.user.login if review.user else None)
        review_id = review.id if own else None
        body = remark["body"].strip()
        add_remark(state, thread, remark["user"], body, created_at=remark["at"], review_id=review_id)
