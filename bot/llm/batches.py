"""The Batches API: questions that are answered within a day, for half the price."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.errors import ModelAway, ModelParked, SettingsError
from bot.llm import request
from bot.llm.outcomes import Effect, judge
from bot.llm.reply import Broken, Fault, Reply
from bot.llm.results import Result, parse_results
from bot.llm.waits import ACCESS_SECONDS, SHORTEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.llm.access import ModelSettings
    from bot.llm.question import Question
    from bot.llm.sdk import Connection

_PATH = "/v1/messages/batches"
_ID = re.compile(r"[A-Za-z0-9_-]{1,200}")
# Until everything is sent, and until all results are there: some megabytes each way.
TRANSFER_SECONDS = 300.0
_PAGE = 100
# A list of a day of batches of everybody who shares the key; nobody makes more.
_MOST_PAGES = 50
_NO_LIST = frozenset({404, 405, 501})


class BatchUnknown(ModelAway):
    """Nobody knows whether the batch came to be: the answer to its making was lost."""


@dataclass(frozen=True)
class RemoteBatch:
    """One batch as its server tells of it; ``made_at`` is in epoch seconds, by the server's clock.

    ``has_results`` is false before it has ended, and after 29 days.
    """

    id: str
    made_at: float
    size: int
    ended: bool
    has_results: bool


@dataclass
class BatchClient:
    """Asks the provider's Batches API; each method sends one request, or a few for a list.

    All raise ``ModelAway`` when it cannot be asked now, and ``ModelParked`` when an operator must act.
    """

    settings: ModelSettings
    _connection: Connection | None = field(default=None, init=False, repr=False)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock, init=False, repr=False)

    async def body(self, question: Question) -> dict[str, Any]:
        """Give the body that a question has in a batch."""
        await self._connected()
        return await asyncio.to_thread(_body, question, self.settings)

    async def create(self, requests: Sequence[tuple[str, dict[str, Any]]]) -> RemoteBatch:
        """Make a batch of bodies under their ids. Raises ``BatchUnknown`` if its answer was lost."""
        rows = [{"custom_id": custom_id, "params": body} for custom_id, body in requests]
        data, reply = await self._send("POST", _PATH, {"requests": rows})
        if reply is None:
            return _remote(data)
        ruling = judge(reply, ())
        maybe = isinstance(reply.trouble, Broken) and reply.trouble.how in {"stalled", "cut"}
        maybe |= isinstance(reply.trouble, Fault) and ruling.effect is Effect.FAILED
        if maybe:
            raise BatchUnknown(SHORTEST, ruling.reason)
        raise _error(reply)

    async def get(self, remote: str) -> RemoteBatch | None:
        """Give a batch as it is now; ``None`` if the server knows none of this name."""
        data, reply = await self._send("GET", f"{_PATH}/{_checked(remote)}")
        if reply is None:
            return _remote(data)
        if isinstance(reply.trouble, Fault) and reply.trouble.status == 404:
            return None
        raise _error(reply)

    async def cancel(self, remote: str) -> None:
        """Cancel a batch: of its questions, those that are not being answered yet are not paid."""
        _, reply = await self._send("POST", f"{_PATH}/{_checked(remote)}/cancel")
        if reply is not None:
            raise _error(reply)

    async def since(self, moment: float) -> list[RemoteBatch]:
        """Give the batches that were made since an epoch second, the newest first.

        Raises ``ModelParked`` if the server has no list.
        """
        found: list[RemoteBatch] = []
        after = ""
        for _ in range(_MOST_PAGES):
            data, reply = await self._send("GET", f"{_PATH}?limit={_PAGE}{after}")
            if reply is not None:
                raise _unlisted(reply)
            page = [_remote(item) for item in data.get("data") or []]
            found += [batch for batch in page if batch.made_at >= moment]
            if not page or not data.get("has_more") or page[-1].made_at < moment:
                break
            after = f"&after_id={_checked(page[-1].id)}"
        return found

    async def results(self, remote: str) -> list[Result]:
        """Give what came of each question of a batch that has ended, in any order.

        The address that the server names for it is not used: a gateway's is another one.
        """
        text, reply = await self._fetch("GET", f"{_PATH}/{_checked(remote)}/results")
        if reply is not None:
            raise _error(reply)
        return await asyncio.to_thread(parse_results, text)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._connection is not None:
            await self._connection.aclose()
            self._connection = None

    async def _connected(self) -> Connection:
        if self.settings.provider.kind != "anthropic":
            raise ModelParked(ACCESS_SECONDS, "this provider has no Message Batches: ask directly with --now")
        try:
            async with self._opening:
                if self._connection is None:
                    self._connection = await asyncio.to_thread(_connect, self.settings)
        except (SettingsError, ImportError) as error:
            raise ModelParked(ACCESS_SECONDS, str(error)) from error
        return self._connection

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], Reply | None]:
        text, reply = await self._fetch(method, path, body)
        if reply is not None:
            return {}, reply
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            return {}, Reply(trouble=Broken("cut", "it is no JSON object"))
        return data, None

    async def _fetch(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[str, Reply | None]:
        connection = await self._connected()
        return await connection.fetch(method, path, body, TRANSFER_SECONDS)


def _connect(settings: ModelSettings) -> Connection:
    from bot.llm import sdk  # noqa: PLC0415 - a second and 80 MB, which only those pay who ask

    return sdk.connect(settings)


def _body(question: Question, settings: ModelSettings) -> dict[str, Any]:
    from bot.llm import sdk  # noqa: PLC0415 - imported when connected

    return request.body(question, settings, sdk.schema_of(question.shape))


def _checked(remote: str) -> str:
    """Give a server's name for a batch, if it can stand in a path."""
    if not _ID.fullmatch(remote):
        raise ModelAway(SHORTEST, "the server's name of a batch is none")
    return remote


def _remote(data: Any) -> RemoteBatch:
    """Read what the server says of a batch. Raises ``BatchUnknown`` if that is none."""
    given = data if isinstance(data, dict) else {}
    name, counts, made = given.get("id"), given.get("request_counts"), given.get("created_at")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        raise BatchUnknown(SHORTEST, "the server's answer is no batch")
    sizes = counts.values() if isinstance(counts, dict) else ()
    return RemoteBatch(
        id=name,
        made_at=_moment(made),
        size=sum(size for size in sizes if isinstance(size, int)),
        ended=given.get("processing_status") == "ended",
        has_results=bool(given.get("results_url")),
    )


def _moment(text: object) -> float:
    try:
        return datetime.fromisoformat(text).timestamp() if isinstance(text, str) else time.time()
    except (ValueError, OverflowError):
        return time.time()


def _error(reply: Reply) -> ModelAway:
    ruling = judge(reply, ())
    if ruling.effect in {Effect.PARKED, Effect.PARKED_MODEL}:
        return ModelParked(ruling.seconds or ACCESS_SECONDS, ruling.reason)
    if ruling.effect is Effect.ALIVE:
        # A request that is refused as it is: sent again, it would be refused again.
        return ModelParked(ACCESS_SECONDS, ruling.reason or str(ruling.error))
    return ModelAway(ruling.seconds or SHORTEST, ruling.reason)


def _unlisted(reply: Reply) -> ModelAway:
    if isinstance(reply.trouble, Fault) and reply.trouble.status in _NO_LIST:
        return ModelParked(
            ACCESS_SECONDS,
            "a batch was sent, its answer was lost, and this server has no list to look for it in; run prhub"
            " backfill with --give-up, which asks its questions anew and pays for them again",
        )
    return _error(reply)
