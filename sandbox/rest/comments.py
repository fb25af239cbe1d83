"""Comments on issues and pull requests, and reactions to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.discussion import Comment, Issue, Reaction
from sandbox.refused import Refused
from sandbox.shapes.issues import comment_json, reaction_json

# Seen as "Body is too long (maximum is 65536 characters)"; GitHub's documentation does not name it.
BODY_LIMIT = 65_536
_CONTENTS = frozenset({"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"})
_MAINTAINERS = frozenset({"admin", "maintain", "write"})


def body_text(call: Call) -> str:
    """The ``body`` that was sent; a 422 if it is missing, blank or too long."""
    text = call.body.get("body")
    if not isinstance(text, str) or not text.strip():
        raise Refused.invalid("body", "missing_field", resource="IssueComment")
    if len(text) > BODY_LIMIT:
        message = f"Body is too long (maximum is {BODY_LIMIT} characters)"
        raise Refused.invalid("body", "custom", message, resource="IssueComment")
    return text


def _unlocked(call: Call, issue: Issue) -> None:
    """A 403 if the conversation is locked; who can write to the repository may still comment."""
    maintains = call.caller.kind == "user" and _role(call) in _MAINTAINERS
    if issue.locked and not maintains:
        raise Refused(403, "Unable to create comment because issue is locked.")


def _role(call: Call) -> str:
    """The caller's role in the repository."""
    return call.repository.roles.get(call.caller.user.login, "read")


def list_comments(call: Call) -> Answer:
    """The comments, oldest first; a stale read shows them as they were."""
    issue = call.issue()
    comments = issue.comments.as_of(call.moment)
    return call.paged(comments, lambda comment: _shown(call, issue, comment))


def create_comment(call: Call) -> Answer:
    """Write a comment."""
    issue = call.issue()
    body = body_text(call)
    _unlocked(call, issue)
    now = call.state.now()
    app_id = call.caller.app_id
    comment = Comment(next(call.state.large_ids), call.caller.user, body, now, now, app_id)
    issue.comments.put((*issue.comments.value, comment), call.state.clock())
    issue.updated_at = now
    shown = _shown(call, issue, comment)
    return Answer(shown, 201, {"Location": shown["url"]})


def get_comment(call: Call) -> Answer:
    """One comment."""
    return Answer(_shown(call, *_found(call)))


def update_comment(call: Call) -> Answer:
    """Change a comment; only who wrote it or a maintainer may."""
    issue, comment = _found(call)
    _may_change(call, comment)
    changed = replace(comment, body=body_text(call), updated_at=call.state.now())
    _put(call, issue, comment, changed)
    return Answer(_shown(call, issue, changed))


def delete_comment(call: Call) -> Answer:
    """Delete a comment; only who wrote it or a maintainer may."""
    issue, comment = _found(call)
    _may_change(call, comment)
    _put(call, issue, comment, None)
    return Answer(status=204)


def list_reactions(call: Call) -> Answer:
    """The reactions to a comment."""
    return call.paged(_found(call)[1].reactions, lambda reaction: reaction_json(call.base, reaction))


def create_reaction(call: Call) -> Answer:
    """React to a comment; the same reaction twice is one, answered with 200."""
    issue, comment = _found(call)
    content = call.text("content")
    if content not in _CONTENTS:
        raise Refused.invalid("content", "invalid", resource="Reaction")
    for reaction in comment.reactions:
        if reaction.user.id == call.caller.user.id and reaction.content == content:
            return Answer(reaction_json(call.base, reaction))
    reaction = Reaction(next(call.state.large_ids), call.caller.user, content, call.state.now())
    _put(call, issue, comment, replace(comment, reactions=(*comment.reactions, reaction)))
    return Answer(reaction_json(call.base, reaction), 201)


def _found(call: Call) -> tuple[Issue, Comment]:
    """The comment of that id and what it is on; a 404 if there is none (any more)."""
    wanted = call.number("comment_id")
    for issue in call.repository.issues.values():
        for comment in issue.comments.value:
            if comment.id == wanted:
                return issue, comment
    raise Refused(404, "Not Found")


def _may_change(call: Call, comment: Comment) -> None:
    """A 403 unless the caller wrote the comment or maintains the repository."""
    wrote = comment.user is not None and comment.user.id == call.caller.user.id
    if not wrote and not (call.caller.kind == "user" and _role(call) in _MAINTAINERS):
        raise Refused(403, "Resource not accessible by integration")


def _put(call: Call, issue: Issue, old: Comment, new: Comment | None) -> None:
    """Put another comment (or none) in the place of one."""
    kept = (new if comment.id == old.id else comment for comment in issue.comments.value)
    issue.comments.put(tuple(comment for comment in kept if comment), call.state.clock())


def _shown(call: Call, issue: Issue, comment: Comment) -> dict[str, Any]:
    """The comment as JSON."""
    return comment_json(call.state, call.base, call.repository, issue, comment)


_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")
_ONE = f"{REPO}/issues/comments/{{comment_id}}"
_MANY = f"{REPO}/issues/{{number}}/comments"
_BODY = ("body",)
_Handler = Callable[[Call], Answer]

ROUTES = (
    Route("GET", _MANY, list_comments, _READ, ("since",)),
    Route("POST", _MANY, create_comment, _WRITE, fields=_BODY, creates_content=True),
    Route("GET", _ONE, get_comment, _READ),
    Route("PATCH", _ONE, update_comment, _WRITE, fields=_BODY),
    Route("DELETE", _ONE, delete_comment, _WRITE),
    Route("GET", f"{_ONE}/reactions", list_reactions, _READ, ("content",)),
    Route("POST", f"{_ONE}/reactions", create_reaction, _WRITE, fields=("content",)),
)
