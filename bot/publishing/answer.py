"""The answer to a command: one comment for each kind of command and pull request, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import Forbidden, Gone, NoAccess
from bot.publishing.comment import CommentPublisher
from bot.store import PublishState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.publishing.place import Place, Writer
    from bot.store import DigestIssues, DigestKey, Publication, Publications

_KIND = "re:"
_COMMENT = "/repos/{owner}/{repo}/issues/comments/{id}"


class Reader(Protocol):
    """The part of ``bot.github.API`` that reads one thing."""

    async def getitem(self, url: str, url_vars: Mapping[str, Any] = ...) -> Any:
        """Send a GET and give what the answer holds."""


def answer_kind(name: str) -> str:
    """Give the kind of the publish row that holds the answer to a command."""
    return f"{_KIND}{name}"


def answer_publisher(
    writer: Writer, rows: Publications, place: Place, name: str, *, app: tuple[int, float]
) -> CommentPublisher:
    """Give the publisher of the answer to a command; ``app`` is its id and the posting quarantine."""
    return CommentPublisher(writer, rows, place, app[0], app[1], kind=answer_kind(name))


async def want_answer(rows: Publications, place: Place, name: str, body: str) -> None:
    """Record the answer as wanted, also where an earlier one was deleted: somebody asked again."""
    await want_again(rows, await rows.want(place.repository_id, place.number, answer_kind(name), body))


async def want_again(rows: Publications, row: Publication) -> None:
    """Let a comment that was deleted, or refused, be posted anew: somebody asked for it by a command."""
    if row.state in {PublishState.DISMISSED, PublishState.REFUSED}:
        await rows.change(row, state=PublishState.WANTED, comment_id=None, posted_sha256=None)


async def want_if_gone(reader: Reader, rows: Publications, place: Place, kind: str) -> None:
    """Let a comment that a person deleted be posted anew. Raises ``Later``, and ``NoAccess``.

    Without a look it would count as shown as long as its text stays the same.
    """
    row = await rows.get(place.repository_id, place.number, kind)
    if row is None or row.state is not PublishState.POSTED:
        return
    try:
        await reader.getitem(_COMMENT, {**place.url_vars, "id": str(row.comment_id)})
    except NoAccess:
        raise
    except Gone:
        await rows.change(row, state=PublishState.WANTED, comment_id=None, posted_sha256=None)
    except Forbidden:
        return


async def want_again_issue(rows: DigestIssues, key: DigestKey) -> None:
    """Let a digest's issue that was deleted, or refused, be opened anew: somebody asked for it."""
    row = await rows.get(key)
    if row is not None and row.state in {PublishState.DISMISSED, PublishState.REFUSED}:
        await rows.change(row, state=PublishState.WANTED, issue_number=None, posted_sha256=None, closed=False)
