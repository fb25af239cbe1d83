"""The configuration of each repository as it was last read, for when it cannot be read or is broken."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import ValidationError

from bot.model.repo_config import Loaded
from bot.store.config_tables import repo_configs
from bot.store.database import storable

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.store.database import Store


@dataclass(frozen=True)
class RepoConfigs:
    """The configurations of the store; ``clock`` gives epoch seconds."""

    store: Store
    clock: Callable[[], float] = time.time

    async def get(self, repository_id: int) -> Loaded | None:
        """Give what a repository's file was last read to say, or ``None`` if it never was.

        What another version has written and this one does not understand counts as never read.
        """
        query = sa.select(repo_configs.c.data).where(repo_configs.c.repository_id == repository_id)
        async with self.store.read() as connection:
            data = (await connection.execute(query)).scalar()
        try:
            return None if data is None else Loaded.model_validate_json(data)
        except ValidationError:
            return None

    async def stamps(self) -> dict[int, float]:
        """Give when what is kept of each repository changed last, in epoch seconds."""
        query = sa.select(repo_configs.c.repository_id, repo_configs.c.updated_at)
        async with self.store.read() as connection:
            return {row.repository_id: row.updated_at for row in (await connection.execute(query)).all()}

    async def put(self, repository_id: int, loaded: Loaded) -> None:
        """Keep what a repository's file says, in place of what was kept before."""
        data = storable(loaded.model_dump_json(by_alias=True, exclude_none=True))
        wanted = {"data": data, "updated_at": self.clock()}
        statement = self.store.insert(repo_configs).values(repository_id=repository_id, **wanted)
        statement = statement.on_conflict_do_update(index_elements=["repository_id"], set_=wanted)
        async with self.store.write() as connection:
            await connection.execute(statement)
