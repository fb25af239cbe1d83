"""Issues: read, open, change."""

from __future__ import annotations

from typing import Any

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.discussion import Issue, Label, Pull
from sandbox.refused import Refused
from sandbox.rest.comments import BODY_LIMIT
from sandbox.shapes.issues import issue_json, issue_with_repository_json

TITLE_LIMIT = 256


def get_issue(call: Call) -> Answer:
    """An issue, or a pull request as an issue."""
    return Answer(issue_with_repository_json(call.state, call.base, call.repository, call.issue()))


def list_issues(call: Call) -> Answer:
    """Issues and pull requests, open ones by default, newest first; a stale read misses new ones."""
    query = call.request.query
    wanted = query.get("state", "open")
    labels = {name for name in query.get("labels", "").split(",") if name}
    found = [
        issue
        for issue in call.repository.issues.values()
        if wanted in {"all", issue.state}
        and issue.created_at.timestamp() <= call.moment
        and labels <= set(issue.labels.as_of(call.moment))
    ]
    found.sort(key=lambda issue: (issue.created_at, issue.number), reverse=True)
    return call.paged(found, lambda issue: issue_json(call.state, call.base, call.repository, issue))


def create_issue(call: Call) -> Answer:
    """Open an issue."""
    title = call.text("title", TITLE_LIMIT)
    repository, now = call.repository, call.state.now()
    number = repository.next_number()
    caller = call.caller
    issue = Issue(next(call.state.large_ids), number, title, _body(call), caller.user, now, now)
    issue.app_id = caller.app_id
    _label(call, issue)
    repository.issues[number] = issue
    return Answer(issue_json(call.state, call.base, repository, issue), 201)


def update_issue(call: Call) -> Answer:
    """Change title, body, state or labels."""
    issue = call.issue()
    if "title" in call.body:
        issue.title = call.text("title", TITLE_LIMIT)
    if "body" in call.body:
        issue.body = _body(call)
    state = call.body.get("state")
    if state not in {None, "open", "closed"}:
        raise Refused.invalid("state", "invalid")
    if state and not (isinstance(issue, Pull) and issue.merged):
        issue.closed_at = call.state.now() if state == "closed" else None
    _label(call, issue)
    issue.updated_at = call.state.now()
    return Answer(issue_json(call.state, call.base, call.repository, issue))


def _body(call: Call) -> str | None:
    """The text that was sent; a 422 if it is too long."""
    text: Any = call.body.get("body")
    if text is not None and (not isinstance(text, str) or len(text) > BODY_LIMIT):
        raise Refused.invalid("body", "custom", f"body is too long (maximum is {BODY_LIMIT} characters)")
    return text if isinstance(text, str) else None


def _label(call: Call, issue: Issue) -> None:
    """Set the labels if any were sent, and make those that the repository lacks."""
    names = call.body.get("labels")
    if not isinstance(names, list):
        return
    labels = call.repository.labels
    for name in names:
        if name not in {label.name for label in labels.value}:
            labels.put((*labels.value, Label(next(call.state.large_ids), name)), call.state.clock())
    issue.labels.put(tuple(dict.fromkeys(names)), call.state.clock())


_READ = ("issues:read", "pull_requests:read")
_ISSUES = f"{REPO}/issues"
_FIELDS = ("title", "body", "labels", "assignees", "milestone")

ROUTES = (
    Route("GET", _ISSUES, list_issues, ("issues:read",), ("state", "labels", "sort", "direction")),
    Route("POST", _ISSUES, create_issue, ("issues:write",), fields=_FIELDS, creates_content=True),
    Route("GET", f"{_ISSUES}/{{number}}", get_issue, _READ),
    Route(
        "PATCH",
        f"{_ISSUES}/{{number}}",
        update_issue,
        ("issues:write", "pull_requests:write"),
        fields=(*_FIELDS, "state", "state_reason"),
    ),
)
