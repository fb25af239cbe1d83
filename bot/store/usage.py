"""What the calls of the model came to: summed up by day, repository, installation or model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Usage
from bot.store.installed_tables import installations, repositories
from bot.store.tables import model_calls, reports

if TYPE_CHECKING:
    from bot.store.database import Store

_DAY = 86_400
_COSTS = tuple(Usage.model_fields)


class By(StrEnum):
    """What calls are summed up by; days are those of UTC."""

    DAY = "day"
    REPOSITORY = "repository"
    INSTALLATION = "installation"
    MODEL = "model"


@dataclass(frozen=True)
class Spent:
    """What the calls of one group came to, by model.

    ``key`` is the days since 1970, a repository's or an installation's id, or a model's name; ``name`` is
    what people call it, if the store knows: a repository's name, an installation's account.
    """

    key: int | str
    name: str | None
    by_model: dict[str, Usage]

    @property
    def usage(self) -> Usage:
        """All of it together."""
        return sum(self.by_model.values(), Usage())


@dataclass(frozen=True)
class Usages:
    """Sums over the ledger of calls. Each method raises ``sqlalchemy.exc.SQLAlchemyError``."""

    store: Store

    async def by(self, by: By, since: float) -> list[Spent]:
        """Sum up the calls since an epoch second: days in their order, else the most tokens first."""
        key = self._key(by)
        sums = [sa.func.sum(model_calls.c[name]).label(name) for name in _COSTS]
        query = (
            sa.select(key.label("key"), model_calls.c.model, *sums)
            .where(model_calls.c.at >= since)
            .group_by(key, model_calls.c.model)
        )
        found: dict[int | str, dict[str, Usage]] = {}
        async with self.store.read() as connection:
            for row in (await connection.execute(query)).all():
                usage = Usage(**{name: int(getattr(row, name)) for name in _COSTS})
                found.setdefault(row.key, {})[row.model] = usage
        names = await self._names(by, since)
        spent = [Spent(key, names.get(key), by_model) for key, by_model in found.items()]
        return sorted(spent, key=_in_order if by is By.DAY else _by_weight)

    async def per_pull(self, repository_id: int) -> tuple[int, dict[str, Usage]]:
        """Give for how many pull requests of a repository a model was asked, and what that came to."""
        sums = [sa.func.sum(model_calls.c[name]).label(name) for name in _COSTS]
        mine = (model_calls.c.repository_id == repository_id) & (model_calls.c.number > 0)
        count = sa.select(sa.func.count(model_calls.c.number.distinct())).where(mine)
        query = sa.select(model_calls.c.model, *sums).where(mine).group_by(model_calls.c.model)
        async with self.store.read() as connection:
            pulls = int(await connection.scalar(count) or 0)
            rows = (await connection.execute(query)).all()
        return pulls, {row.model: Usage(**{name: int(getattr(row, name)) for name in _COSTS}) for row in rows}

    def _key(self, by: By) -> sa.ColumnElement[Any]:
        if by is By.MODEL:
            return model_calls.c.model
        if by is By.REPOSITORY:
            return model_calls.c.repository_id
        if by is By.INSTALLATION:
            return model_calls.c.installation_id
        days = model_calls.c.at / _DAY
        # SQLite cuts what it casts and may have no floor; PostgreSQL rounds what it casts.
        is_sqlite = self.store.engine.dialect.name == "sqlite"
        return sa.cast(days if is_sqlite else sa.func.floor(days), sa.BigInteger)

    async def _names(self, by: By, since: float) -> dict[int | str, str]:
        if by is By.INSTALLATION:
            return await self._pairs(sa.select(installations.c.id, installations.c.account))
        if by is not By.REPOSITORY:
            return {}
        asked = sa.select(model_calls.c.repository_id).where(model_calls.c.at >= since).distinct()
        reported = (
            sa.select(reports.c.repository_id, sa.func.max(reports.c.repository))
            .where(reports.c.repository_id.in_(asked))
            .group_by(reports.c.repository_id)
        )
        known = await self._pairs(sa.select(repositories.c.id, repositories.c.full_name))
        return {**await self._pairs(reported), **known}

    async def _pairs(self, query: sa.Select[Any]) -> dict[int | str, str]:
        async with self.store.read() as connection:
            rows = (await connection.execute(query)).all()
        return {key: name for key, name in rows if name}


def _in_order(spent: Spent) -> int:
    return int(spent.key)


def _by_weight(spent: Spent) -> tuple[int, str]:
    return -(spent.usage.tokens_in + spent.usage.tokens_out), str(spent.key)
