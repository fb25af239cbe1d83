"""Labels of a repository, and those of an issue or pull request."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.discussion import DEFAULT_COLOR, Issue, Label
from sandbox.refused import Refused
from sandbox.shapes.repos import label_json, labels_json

NAME_LIMIT = 50
DESCRIPTION_LIMIT = 100
LABELS_PER_ISSUE = 100
_COLOR = re.compile(r"[0-9a-fA-F]{6}\Z")


def list_labels(call: Call) -> Answer:
    """The repository's labels by name."""
    labels = sorted(call.repository.labels.as_of(call.moment), key=lambda label: label.name.lower())
    return call.paged(labels, lambda label: label_json(call.base, call.repository, label))


def create_label(call: Call) -> Answer:
    """Make a label; a 422 ``already_exists`` if there is one of that name in whatever case."""
    name = _name(call, "name")
    if _known(call, name):
        raise Refused.invalid("name", "already_exists", resource="Label")
    label = Label(next(call.state.large_ids), name, _color(call, DEFAULT_COLOR), _description(call, None))
    _store(call, (*call.repository.labels.value, label))
    return Answer(label_json(call.base, call.repository, label), 201)


def get_label(call: Call) -> Answer:
    """One label."""
    return Answer(label_json(call.base, call.repository, _found(call)))


def update_label(call: Call) -> Answer:
    """Change a label's name, colour or description; issues follow a new name."""
    old = _found(call)
    name = _name(call, "new_name") if "new_name" in call.body else old.name
    color, description = _color(call, old.color), _description(call, old.description)
    label = replace(old, name=name, color=color, description=description)
    _store(call, tuple(label if one.id == old.id else one for one in call.repository.labels.value))
    for issue in call.repository.issues.values():
        if old.name != name and old.name in issue.labels.value:
            names = (name if one == old.name else one for one in issue.labels.value)
            issue.labels.put(tuple(names), call.state.clock())
    return Answer(label_json(call.base, call.repository, label))


def list_issue_labels(call: Call) -> Answer:
    """The labels of an issue or pull request."""
    shown = labels_json(call.base, call.repository, call.issue().labels.as_of(call.moment))
    return call.paged(shown, lambda label: label)


def add_issue_labels(call: Call) -> Answer:
    """Add labels; one that the repository lacks is made with the default colour."""
    return _set(call, (*call.issue().labels.value, *wanted_names(call)))


def set_issue_labels(call: Call) -> Answer:
    """Replace the labels."""
    return _set(call, wanted_names(call))


def remove_issue_label(call: Call) -> Answer:
    """Take one label off; a 404 if it is not there."""
    issue = call.issue()
    wanted = unquote(call.request.match_info["name"]).lower()
    kept = tuple(name for name in issue.labels.value if name.lower() != wanted)
    if len(kept) == len(issue.labels.value):
        raise Refused(404, "Label does not exist")
    return _set(call, kept)


def _set(call: Call, names: tuple[str, ...]) -> Answer:
    """Give the issue in the path these labels."""
    issue = call.issue()
    set_labels(call, issue, names)
    return Answer(labels_json(call.base, call.repository, issue.labels.value))


def set_labels(call: Call, issue: Issue, names: tuple[str, ...]) -> None:
    """Give an issue these labels, each once, and make those that the repository lacks."""
    spelled: dict[str, str] = {}
    for name in names:
        label = _known(call, name)
        if label is None:
            label = Label(next(call.state.large_ids), name)
            _store(call, (*call.repository.labels.value, label))
        spelled.setdefault(label.name.lower(), label.name)
    if len(spelled) > LABELS_PER_ISSUE:
        raise Refused.invalid("labels", "custom", f"labels can't have more than {LABELS_PER_ISSUE} labels")
    issue.labels.put(tuple(spelled.values()), call.state.clock())


def wanted_names(call: Call) -> tuple[str, ...]:
    """The names that were sent; a 422 if one is no name."""
    names = call.body.get("labels")
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise Refused.invalid("labels", "invalid")
    if any(len(name) > NAME_LIMIT for name in names):
        raise Refused.invalid("name", "custom", "name is too long (maximum is 50 characters)", "Label")
    return tuple(names)


def _known(call: Call, name: str) -> Label | None:
    """The repository's label of that name, in whatever case."""
    labels = call.repository.labels.value
    return next((label for label in labels if label.name.lower() == name.lower()), None)


def _found(call: Call) -> Label:
    """The label in the path; a 404 if there is none."""
    label = _known(call, unquote(call.request.match_info["name"]))
    if label is None:
        raise Refused(404, "Not Found")
    return label


def _store(call: Call, labels: tuple[Label, ...]) -> None:
    """Set the repository's labels."""
    call.repository.labels.put(labels, call.state.clock())


def _name(call: Call, field: str) -> str:
    """A label's name from the body."""
    name = call.body.get(field)
    if not isinstance(name, str) or not name.strip():
        raise Refused.invalid("name", "missing_field", resource="Label")
    if len(name) > NAME_LIMIT:
        raise Refused.invalid("name", "custom", "name is too long (maximum is 50 characters)", "Label")
    return name


def _color(call: Call, default: str) -> str:
    """A colour from the body, six hex digits."""
    color = call.body.get("color", default)
    if not isinstance(color, str) or not _COLOR.match(color):
        raise Refused.invalid("color", "invalid", resource="Label")
    return color.lower()


def _description(call: Call, default: str | None) -> str | None:
    """A description from the body."""
    text = call.body.get("description", default)
    if text is not None and (not isinstance(text, str) or len(text) > DESCRIPTION_LIMIT):
        message = "description is too long (maximum is 100 characters)"
        raise Refused.invalid("description", "custom", message, "Label")
    return text


_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")
_OWN = f"{REPO}/labels"
_ISSUE = f"{REPO}/issues/{{number}}/labels"
_LABELS = ("labels",)

ROUTES = (
    Route("GET", _OWN, list_labels, _READ),
    Route("POST", _OWN, create_label, _WRITE, fields=("name", "color", "description")),
    Route("GET", f"{_OWN}/{{name}}", get_label, _READ),
    Route("PATCH", f"{_OWN}/{{name}}", update_label, _WRITE, fields=("new_name", "color", "description")),
    Route("GET", _ISSUE, list_issue_labels, _READ),
    Route("POST", _ISSUE, add_issue_labels, _WRITE, fields=_LABELS),
    Route("PUT", _ISSUE, set_issue_labels, _WRITE, fields=_LABELS),
    Route("DELETE", f"{_ISSUE}/{{name}}", remove_issue_label, _WRITE),
)
