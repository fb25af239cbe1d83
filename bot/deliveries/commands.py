"""Commands in comments: which one a body holds, and what a delivery asks for with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.deliveries.fields import at, is_id
from bot.deliveries.grammar import understand
from bot.deliveries.listed import epoch
from bot.deliveries.tree import first_line
from bot.marker import digest_of
from bot.model import (
    COMMANDS,
    Command,
    CommandName,
    CommandPlace,
    CommandRequest,
    Misunderstood,
    Trigger,
    TriggerKind,
)
from bot.model.commands import PREFIX

if TYPE_CHECKING:
    from bot.deliveries.subject import Subject
    from bot.model import Delivery

# GitHub's logins, with the underscore of enterprise-managed users. It goes into a request's path.
_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


def parse(body: str) -> Command | Misunderstood | None:
    """Give the command of a comment; ``Misunderstood`` for what is meant as one; ``None`` for all else.

    A command is the first line of a paragraph with which the comment begins, from the line's very edge.
    It has at most 200 characters, and with a reason or feedback 500 more. Never raises; looks at the
    first 4,096 characters only.
    """
    line = first_line(body, PREFIX)
    return None if line is None else understand(line)


def asked_for(delivery: Delivery, subject: Subject) -> Trigger | None:
    """Give the work that a new comment commands, or ``None`` if it is no command for us.

    Only a person's comment is one: not a bot's, nor one that an app wrote in a person's name. What the
    person may do here is not known yet.
    """
    comment = delivery.payload["comment"]
    body = comment.get("body")
    author = _person(delivery)
    read = parse(body) if isinstance(body, str) and author is not None else None
    if read is None or author is None:
        return None
    issue = delivery.payload["issue"]
    command = Command(name=CommandName.HELP) if isinstance(read, Misunderstood) else read
    if _place(issue) not in COMMANDS[_named(read)].places:
        return None
    request = CommandRequest(
        command=command,
        misunderstood=read if isinstance(read, Misunderstood) else None,
        comment_id=comment["id"],
        author_id=author["id"],
        author_login=author["login"],
        issue_number=subject.number,
        is_pull=_place(issue) is CommandPlace.PULL,
        merged=_merged(issue),
        created_at=epoch(comment.get("created_at")),
    )
    key = f"{TriggerKind.COMMAND.value}:{request.comment_id}"
    return Trigger(kind=TriggerKind.COMMAND, key=key, command=request, **dict(subject))


def _named(read: Command | Misunderstood) -> CommandName:
    """The command that a line is about: its places are where help about it is given, too."""
    return read.name if isinstance(read, Command) else read.about or CommandName.HELP


def _person(delivery: Delivery) -> dict[str, Any] | None:
    """The comment's author if that is surely the person who has just written it."""
    comment, sender = delivery.payload["comment"], delivery.payload.get("sender")
    author = comment.get("user")
    if not isinstance(author, dict) or not isinstance(sender, dict):
        return None
    if comment.get("performed_via_github_app") is not None or not is_id(author.get("id")):
        return None
    same = all(author.get(name) == sender.get(name) for name in ("id", "login", "type"))
    login = author.get("login")
    named = isinstance(login, str) and _LOGIN.fullmatch(login) is not None
    return author if same and named and author["type"] == "User" else None


def _place(issue: dict[str, Any]) -> CommandPlace | None:
    """Where the comment is; only the store knows for sure whether an issue is a digest of ours."""
    if isinstance(issue.get("pull_request"), dict):
        return CommandPlace.PULL
    body = issue.get("body")
    marked = isinstance(body, str) and digest_of(body) is not None
    return CommandPlace.DIGEST_ISSUE if marked and at(issue, "user.type") == "Bot" else None


def _merged(issue: dict[str, Any]) -> bool | None:
    pull = issue.get("pull_request")
    known = isinstance(pull, dict) and "merged_at" in pull
    return pull["merged_at"] is not None if known and pull is not None else None
