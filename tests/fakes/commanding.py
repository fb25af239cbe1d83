"""People who command: their comments on pull requests, and what PRHub made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.build import add_user
from sandbox.payloads import issue_comment_payload
from sandbox.talk import add_comment
from sandbox.webhooks import deliver
from tests.fakes.github import the_repository
from tests.fakes.process import settled

if TYPE_CHECKING:
    from sandbox.discussion import Comment, Issue, Pull
    from tests.fakes.process import Play

WRITER = "octo-lead"


async def say(
    play: Play, pull: Issue, body: str, login: str = WRITER, role: str | None = "write", **fields: Any
) -> Comment:
    """Write a comment as somebody with a role, send its webhook, and wait until all is done."""
    comment = await say_only(play, pull, body, login, role, **fields)
    await settled(play.running)
    return seen(pull, comment)


async def say_only(
    play: Play, pull: Issue, body: str, login: str = WRITER, role: str | None = "write", **fields: Any
) -> Comment:
    """The same without waiting."""
    repository = the_repository(play.state)
    add_user(play.state, login)
    if role is not None:
        repository.roles[login] = role
    comment = add_comment(play.state, pull, login, body, **fields)
    payload = issue_comment_payload(play.state, repository, pull.number, comment)
    assert (await deliver(play.state, "issue_comment", payload)).status_code == 202
    return comment


def seen(pull: Issue, comment: Comment) -> Comment:
    """A comment as it is now."""
    return next(one for one in pull.comments.value if one.id == comment.id)


def reactions(comment: Comment) -> list[str]:
    """What was reacted to a comment with, in order."""
    return [reaction.content for reaction in comment.reactions]


def answers(play: Play, pull: Pull, kind: str = "") -> list[str]:
    """The answers on a pull request, of one kind or of all, without their markers."""
    marker = f"<!-- prhub:answer:v1 kind=re:{kind}"
    return [body.partition("\n\n")[2] for body in play.comments(pull) if body.startswith(marker)]


def later(play: Play, seconds: float) -> None:
    """Let so much time pass for what counts commands."""
    commands = play.running.services.commands
    before = commands.clock
    object.__setattr__(commands, "clock", lambda: before() + seconds)


def day_of(pull: Pull) -> str:
    """The day on which a pull request was merged."""
    assert pull.merged_at is not None
    return pull.merged_at.date().isoformat()
