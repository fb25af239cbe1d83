"""The ledger of budgets: tokens are held before a call, and entered as spent after it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import BudgetStanding, Refusal, Scope
from bot.store.budget_tables import budgets, holds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Caps, Hold
    from bot.store.database import Store

# Nobody was ever sent more in one call, and sums of it do not overflow.
_MOST = 2**40
_LOCK = "budgets"


@dataclass(frozen=True)
class Account:
    """One budget's row: whose it is, and in which period."""

    scope: Scope
    subject: int
    number: int
    period: str

    @property
    def is_mine(self) -> sa.ColumnElement[bool]:
        """The condition that finds the row."""
        return sa.and_(
            budgets.c.scope == self.scope.value,
            budgets.c.subject == self.subject,
            budgets.c.number == self.number,
            budgets.c.period == self.period,
        )


def accounts(installation_id: int, repository_id: int, number: int, at: float) -> tuple[Account, ...]:
    """Give the accounts that a call at an epoch second is charged to, the narrowest first."""
    moment = datetime.fromtimestamp(at, UTC)
    day, month = moment.strftime("%Y-%m-%d"), moment.strftime("%Y-%m")
    shared = (
        Account(Scope.REPOSITORY, repository_id, 0, day),
        Account(Scope.INSTALLATION, installation_id, 0, month),
        Account(Scope.SERVER, 0, 0, day),
    )
    return (Account(Scope.PULL, repository_id, number, ""), *shared) if number else shared


@dataclass(frozen=True)
class Ledger:
    """Budgets and holds; ``clock`` gives epoch seconds.

    Each method raises ``sqlalchemy.exc.SQLAlchemyError`` if the store cannot be used.
    """

    store: Store
    clock: Callable[[], float] = field(default=time.time)

    async def reserve(self, hold: Hold, caps: Caps) -> Refusal | None:
        """Hold tokens of every budget that a call is charged to, or of none; give which one has no room.

        Everything is one transaction, and one at a time: however many processes ask, no budget is exceeded.
        """
        now = self.clock()
        mine = accounts(hold.installation_id, hold.repository_id, hold.number, now)
        async with self.store.write() as connection:
            await self.store.lock(connection, _LOCK)
            await self._expire(connection, now)
            refusal = await self._refusal(connection, mine, hold.tokens, caps)
            if refusal is not None:
                return refusal
            for account in mine:
                await self._add(connection, account, held=hold.tokens)
            row = hold.model_dump(exclude={"seconds"})
            await connection.execute(holds.insert(), [{**row, "at": now, "expires_at": now + hold.seconds}])
        return None

    async def look(self, hold: Hold, caps: Caps) -> Refusal | None:
        """Give which budget has no room for a call, without holding anything."""
        mine = accounts(hold.installation_id, hold.repository_id, hold.number, self.clock())
        async with self.store.read() as connection:
            return await self._refusal(connection, mine, hold.tokens, caps)

    async def settle(self, hold_id: str, tokens: int) -> None:
        """Enter what a call came to in place of what was held for it; 0 gives everything back.

        Done twice, or for a hold that expired meanwhile, it changes nothing.
        """
        async with self.store.write() as connection:
            await self.store.lock(connection, _LOCK)
            statement = holds.delete().where(holds.c.id == hold_id).returning(*holds.c)
            for row in (await connection.execute(statement)).all():
                await self._end(connection, row, min(max(tokens, 0), _MOST))

    async def standings(
        self, installation_id: int, repository_id: int, number: int, caps: Caps
    ) -> tuple[BudgetStanding, ...]:
        """Give how the budgets stand that a call would be charged to now, the narrowest first."""
        found = []
        async with self.store.read() as connection:
            for account in accounts(installation_id, repository_id, number, self.clock()):
                spent, held = await _state(connection, account)
                found.append(
                    BudgetStanding(scope=account.scope, spent=spent, held=held, cap=caps.of(account.scope))
                )
        return tuple(found)

    async def fullest(self) -> dict[Scope, int]:
        """Give of each scope the most tokens, spent and held, that one budget has in its present period."""
        periods = {account.scope: account.period for account in accounts(0, 0, 1, self.clock())}
        used = sa.func.max(budgets.c.spent + budgets.c.held)
        found = {}
        async with self.store.read() as connection:
            for scope, period in periods.items():
                query = sa.select(used).where(budgets.c.scope == scope.value, budgets.c.period == period)
                found[scope] = int(await connection.scalar(query) or 0)
        return found

    async def purge(self, before: float) -> None:
        """Forget the budgets that nothing was charged to since an epoch second."""
        async with self.store.write() as connection:
            await connection.execute(budgets.delete().where(budgets.c.updated_at < before))

    async def _refusal(
        self, connection: AsyncConnection, mine: tuple[Account, ...], tokens: int, caps: Caps
    ) -> Refusal | None:
        """Give the first budget that has no room; one that is spent goes before one that is only held."""
        busy = None
        for account, cap in _capped(mine, caps):
            spent, held = await _state(connection, account)
            if spent + tokens > cap:
                return Refusal(scope=account.scope, is_spent=True)
            if spent + held + tokens > cap:
                busy = busy or Refusal(scope=account.scope, is_spent=False)
        return busy

    async def _expire(self, connection: AsyncConnection, now: float) -> None:
        """End the holds of calls that cannot be under way any more: their processes died.

        What they held counts as spent, for the calls may have been paid for.
        """
        statement = holds.delete().where(holds.c.expires_at < now).returning(*holds.c)
        for row in (await connection.execute(statement)).all():
            await self._end(connection, row, row.tokens)

    async def _end(self, connection: AsyncConnection, row: Any, tokens: int) -> None:
        for account in accounts(row.installation_id, row.repository_id, row.number, row.at):
            await self._add(connection, account, held=-row.tokens, spent=tokens)

    async def _add(
        self, connection: AsyncConnection, account: Account, *, held: int = 0, spent: int = 0
    ) -> None:
        now = self.clock()
        statement = self.store.insert(budgets).values(
            scope=account.scope.value,
            subject=account.subject,
            number=account.number,
            period=account.period,
            spent=spent,
            held=max(held, 0),
            updated_at=now,
        )
        added = {"spent": budgets.c.spent + spent, "held": budgets.c.held + held, "updated_at": now}
        key = ["scope", "subject", "number", "period"]
        await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=added))


async def _state(connection: AsyncConnection, account: Account) -> tuple[int, int]:
    query = sa.select(budgets.c.spent, budgets.c.held).where(account.is_mine)
    row = (await connection.execute(query)).first()
    return (0, 0) if row is None else (row.spent, row.held)


def _capped(mine: tuple[Account, ...], caps: Caps) -> Iterator[tuple[Account, int]]:
    for account in mine:
        cap = caps.of(account.scope)
        if cap:
            yield account, cap
