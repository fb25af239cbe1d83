"""Issues: listed, read, opened and changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.discussion import Issue, Pull
from sandbox.refused import Refused
from sandbox.rest.comments import BODY_LIMIT
from sandbox.rest.labels import set_labels, wanted_names
from sandbox.shapes.issues import issue_json, issue_with_repository_json

TITLE_LIMIT = 256
_REASONS = frozenset({"completed", "not_planned", "duplicate", "reopened", None})
_MAY_EDIT = frozenset({"admin", "maintain", "write", "triage"})


def get_issue(call: Call) -> Answer:
    """An issue, or a pull request as an issue."""
    return Answer(issue_with_repository_json(call.state, call.base, call.repository, call.issue()))


def list_issues(call: Call) -> Answer:
    """Issues and pull requests, open ones by default, newest first; a stale read shows what was then."""
    query = call.request.query
    wanted = query.get("state", "open")
    labels = {name.lower() for name in query.get("labels", "").split(",") if name}
    creator, since = query.get("creator", "").lower(), _since(call)
    found = [
        issue
        for issue in _there(call)
        if wanted in {"all", issue.state}
        and labels <= {name.lower() for name in issue.labels.as_of(call.moment)}
        and creator in {"", issue.user.login.lower() if issue.user else None}
        and (since is None or issue.updated_at >= since)
    ]
    newest = query.get("direction", "desc") == "desc"
    found.sort(key=lambda issue: (_rank(issue, query.get("sort", "created")), issue.number), reverse=newest)
    return call.paged(found, lambda issue: issue_json(call.state, call.base, call.repository, issue))


def _there(call: Call) -> list[Issue]:
    """The issues as they were at the moment this read sees, with those deleted since."""
    repository = call.repository
    deleted = [issue for at, issue in repository.deleted.values() if at > call.moment]
    seen = (issue.as_of(call.moment) for issue in (*repository.issues.values(), *deleted))
    return [issue for issue in seen if issue is not None]


def _since(call: Call) -> datetime | None:
    """The ``since`` of the query; a 422 if it is no time."""
    text = call.request.query.get("since")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused.invalid("since", "invalid") from None
    return moment.astimezone()


def _rank(issue: Issue, by: str) -> Any:
    """What a list is sorted by."""
    if by == "comments":
        return len(issue.comments.value)
    return issue.updated_at if by == "updated" else issue.created_at


def create_issue(call: Call) -> Answer:
    """Open an issue."""
    title, body = _title(call), _body(call)
    repository, now = call.repository, call.state.now()
    number = repository.next_number()
    caller = call.caller
    issue = Issue(next(call.state.large_ids), number, title, body, caller.user, now, now)
    issue.app_id = caller.app_id
    _label(call, issue)
    issue.keep(call.state.clock())
    repository.issues[number] = issue
    shown = issue_json(call.state, call.base, repository, issue)
    return Answer(shown, 201, {"Location": shown["url"]})


def update_issue(call: Call) -> Answer:
    """Change title, body, state or labels."""
    issue = call.issue()
    _may_change(call, issue)
    _check_state(call)
    title = _title(call) if "title" in call.body else issue.title
    body = _body(call) if "body" in call.body else issue.body
    if issue.past.value is None:
        issue.keep(issue.created_at.timestamp())
    _label(call, issue)
    issue.title, issue.body = title, body
    _turn(call, issue)
    issue.updated_at = call.state.now()
    issue.keep(call.state.clock())
    return Answer(issue_json(call.state, call.base, call.repository, issue))


def _may_change(call: Call, issue: Issue) -> None:
    """A 403 for a person who neither wrote the issue nor has a role in the repository."""
    user = call.caller.user
    wrote = issue.user is not None and issue.user.id == user.id
    if call.caller.kind == "user" and not wrote and call.repository.roles.get(user.login) not in _MAY_EDIT:
        raise Refused(403, "Must have admin rights to Repository.")


def _check_state(call: Call) -> None:
    """A 422 for a state or a reason that GitHub does not know."""
    if call.body.get("state") not in {None, "open", "closed"}:
        raise Refused.invalid("state", "invalid")
    if call.body.get("state_reason") not in _REASONS:
        raise Refused.invalid("state_reason", "invalid")


def _turn(call: Call, issue: Issue) -> None:
    """Close or reopen it; a merged pull request stays as it is, and the same state keeps its reason."""
    state = call.body.get("state")
    if state in {None, issue.state} or (isinstance(issue, Pull) and issue.merged):
        return
    issue.closed_at = call.state.now() if state == "closed" else None
    issue.state_reason = "reopened" if state == "open" else call.body.get("state_reason") or "completed"


def _title(call: Call) -> str:
    """The title that was sent; a 422 if it is missing, blank or too long."""
    title = call.text("title", TITLE_LIMIT)
    if not title.strip():
        raise Refused.invalid("title", "missing_field")
    return title


def _body(call: Call) -> str | None:
    """The text that was sent; a 422 if it is too long."""
    text: Any = call.body.get("body")
    if text is not None and (not isinstance(text, str) or len(text) > BODY_LIMIT):
        raise Refused.invalid("body", "custom", f"body is too long (maximum is {BODY_LIMIT} characters)")
    return text if isinstance(text, str) else None


def _label(call: Call, issue: Issue) -> None:
    """Set the labels if any were sent, and make those that the repository lacks."""
    if "labels" in call.body:
        set_labels(call, issue, wanted_names(call))


_READ = ("issues:read", "pull_requests:read")
_ISSUES = f"{REPO}/issues"
_FIELDS = ("title", "body", "labels", "assignees", "milestone")
_FILTERS = ("state", "labels", "creator", "since", "sort", "direction")

ROUTES = (
    Route("GET", _ISSUES, list_issues, ("issues:read",), _FILTERS),
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
