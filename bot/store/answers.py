"""The model's answers, kept by what was asked, and the ledger of what every call cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import KeptAnswer, Usage
from bot.model.prices import BATCH
from bot.store.database import storable
from bot.store.tables import answers, model_calls

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import ModelCall
    from bot.store.database import Store

# Quotes of code stand in answers: they are kept for as long as GitHub may send a delivery again.
ANSWER_SECONDS = 30 * 86400.0
_COSTS = tuple(Usage.model_fields)
# The counts come from a server: more than this nobody was ever sent, and sums must not overflow.
_MOST = 2**40


@dataclass(frozen=True)
class Answers:
    """Answers and calls; ``clock`` gives epoch seconds.

    Each method raises ``sqlalchemy.exc.SQLAlchemyError`` if the store cannot be used.
    """

    store: Store
    clock: Callable[[], float] = field(default=time.time)

    async def get(self, content: str, model: str) -> KeptAnswer | None:
        """Give what a model answered to the question with this SHA-256, or ``None``."""
        query = sa.select(answers).where(
            answers.c.content == _cut(content, 64), answers.c.model == _cut(model, 255)
        )
        async with self.store.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else KeptAnswer(text=row.text, model=row.model, usage=_usage(row))

    async def put(self, call: ModelCall, text: str) -> None:
        """Keep an answer and enter its call into the ledger, both or neither.

        Of two answers to one question the first stays, so that everybody works with the same; both
        calls were paid for and are in the ledger. The same call put again changes nothing.
        """
        row = {
            "content": _cut(call.content, 64),
            "model": _cut(call.model, 255),
            "task": _cut(call.task, 64),
            "prompt": _cut(call.prompt, 64),
            "repository_id": call.repository_id,
            "number": call.number,
            "text": storable(text),
            "created_at": self.clock(),
            **_costs(call.usage),
        }
        async with self.store.write() as connection:
            await connection.execute(self.store.insert(answers).on_conflict_do_nothing(), [row])
            await self._enter(connection, call)

    async def charge(self, call: ModelCall) -> None:
        """Enter a call into the ledger whose answer is not kept; once, however often it is told."""
        async with self.store.write() as connection:
            await self._enter(connection, call)

    async def _enter(self, connection: AsyncConnection, call: ModelCall) -> None:
        row = {
            "id": _cut(call.id, 64),
            "at": self.clock(),
            "installation_id": call.installation_id,
            "repository_id": call.repository_id,
            "number": call.number,
            "task": _cut(call.task, 64),
            "prompt": _cut(call.prompt, 64),
            "model": _cut(call.model + BATCH if call.batch else call.model, 255),
            "outcome": _cut(call.outcome, 32),
            **_costs(call.usage),
        }
        await connection.execute(self.store.insert(model_calls).on_conflict_do_nothing(), [row])

    async def usage(
        self,
        *,
        installation_id: int | None = None,
        repository_id: int | None = None,
        model: str | None = None,
        since: float | None = None,
    ) -> Usage:
        """Sum up the ledger: every filter that is not ``None`` must match, ``since`` in epoch seconds.

        A moment equal to ``since`` counts.
        """
        query = sa.select(*(sa.func.coalesce(sa.func.sum(model_calls.c[name]), 0) for name in _COSTS))
        if installation_id is not None:
            query = query.where(model_calls.c.installation_id == installation_id)
        if repository_id is not None:
            query = query.where(model_calls.c.repository_id == repository_id)
        if model is not None:
            query = query.where(model_calls.c.model == _cut(model, 255))
        if since is not None:
            query = query.where(model_calls.c.at >= since)
        async with self.store.read() as connection:
            sums = (await connection.execute(query)).one()
        return Usage(**{name: int(total) for name, total in zip(_COSTS, sums, strict=True)})

    async def purge(self, before: float) -> None:
        """Forget the answers kept before an epoch second; the ledger stays."""
        async with self.store.write() as connection:
            await connection.execute(answers.delete().where(answers.c.created_at < before))

    async def purge_calls(self, before: float) -> None:
        """Forget the calls made before an epoch second."""
        async with self.store.write() as connection:
            await connection.execute(model_calls.delete().where(model_calls.c.at < before))

    async def forget(self, repository_id: int) -> None:
        """Forget the answers about a repository; the ledger, which has none of its text, stays."""
        async with self.store.write() as connection:
            await connection.execute(answers.delete().where(answers.c.repository_id == repository_id))


def _cut(text: str, most: int) -> str:
    return storable(text)[:most]


def _costs(usage: Usage) -> dict[str, int]:
    return {name: min(max(getattr(usage, name), 0), _MOST) for name in _COSTS}


def _usage(row: Any) -> Usage:
    return Usage(**{name: getattr(row, name) for name in _COSTS})
