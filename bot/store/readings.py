"""Readings: what a model read of each pull request and what came of it, for the next refresh."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model import Reading
from bot.store.tables import readings

if TYPE_CHECKING:
    from bot.store.database import Store


@dataclass(frozen=True)
class Readings:
    """The stored readings, one for each pull request."""

    store: Store

    async def get(self, repository_id: int, number: int) -> Reading | None:
        """Give the reading of a pull request, or ``None``.

        One that this version cannot understand counts as none: the model is asked again, and what it
        answered before is still kept by content.
        """
        query = sa.select(readings.c.data).where(*_is(repository_id, number))
        async with self.store.read() as connection:
            data = await connection.scalar(query)
        try:
            return None if data is None else Reading.model_validate_json(data)
        except ValidationError:
            return None

    async def save(self, repository_id: int, number: int, reading: Reading) -> None:
        """Store a reading over an earlier one of the same pull request.

        Raises ``ValueError`` for text with halves of surrogate pairs, which JSON cannot hold.
        """
        statement = self.store.insert(readings).values(
            repository_id=repository_id,
            number=number,
            data=reading.model_dump_json(),
            updated_at=time.time(),
        )
        new = statement.excluded
        statement = statement.on_conflict_do_update(
            index_elements=["repository_id", "number"],
            set_={"data": new.data, "updated_at": new.updated_at},
        )
        async with self.store.write() as connection:
            await connection.execute(statement)

    async def drop(self, repository_id: int, number: int) -> None:
        """Forget the reading of a pull request, if there is one."""
        async with self.store.write() as connection:
            await connection.execute(readings.delete().where(*_is(repository_id, number)))


def _is(repository_id: int, number: int) -> tuple[sa.ColumnElement[bool], ...]:
    return readings.c.repository_id == repository_id, readings.c.number == number
