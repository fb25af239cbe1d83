"""The post of a backfill: batches are noted, sent, looked for after a lost answer, and collected."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from bot import failpoint
from bot.errors import BudgetSpent, ModelAway, ModelParked
from bot.llm.batches import BatchUnknown
from bot.llm.waits import ACCESS_SECONDS
from bot.model.backfills import BatchState, EntryState
from bot.workflows.backfill_session import TakenOver
from bot.workflows.backfill_settling import give_up, settle
from bot.workflows.services import services

if TYPE_CHECKING:
    from bot.llm.batches import BatchClient, RemoteBatch
    from bot.llm.results import Result
    from bot.store.backfill_batches import Batch
    from bot.store.backfill_rows import Run
    from bot.workflows.backfill_asking import Questions, Queued

log = structlog.get_logger("prhub.backfill")

# Results of so many answers stay under the 16 MiB that one download may have: 8 bytes for a token.
MOST_ENTRIES = 100
_MOST_BYTES = 12 * 2**20
_BYTES_PER_TOKEN = 8
# Results can be fetched for 29 days; after that a hold counts as spent.
HOLD_SECONDS = 29 * 86_400.0
# Our clock and the server's may differ by so much, and a request may take so long to arrive.
SKEW_SECONDS = 900.0
# After a lost answer a batch may still be coming to be; then it is not there.
GRACE_SECONDS = 120.0
_PREFIX = "prhub"


@dataclass
class Post:
    """Sends and collects the batches of a run's repository. ``grace`` is in seconds.

    With ``give_up`` the questions of a batch that the server does not know are asked anew.
    """

    run: Run
    client: BatchClient
    grace: float = GRACE_SECONDS
    give_up: bool = False
    _foreign: set[str] = field(default_factory=set)

    async def send(self, questions: Questions) -> int:
        """Send what is queued, in as many batches as it needs; give how many questions went out."""
        waiting, sent = list(questions.queue.values()), 0
        questions.queue.clear()
        while waiting:
            some = _portion(waiting)
            waiting = waiting[len(some) :]
            sent += await self._send(some, questions)
        return sent

    async def _send(self, some: list[Queued], questions: Questions) -> int:
        """Send one batch: first it is noted, then held for, then sent, then its name is noted."""
        batch_id, store = uuid4().hex[:12], services().batches
        named = {f"{_PREFIX}-{batch_id}-{one.question.content[:40]}": one for one in some}
        await store.intend(
            self.run, batch_id, [one.entry(self.run, batch_id, id_) for id_, one in named.items()]
        )
        failpoint.reached("after_batch_intended")
        held = {id_: one for id_, one in named.items() if await self._held(id_, one, questions)}
        if len(held) < len(named):
            await store.drop(batch_id, sorted(named.keys() - held.keys()))
        if not held:
            await store.lost(batch_id)
            return 0
        if not await store.about_to_send(batch_id):
            raise self._taken_over()
        failpoint.reached("before_batch_sent")
        try:
            remote = await self.client.create([(id_, one.body) for id_, one in held.items()])
        except BatchUnknown as error:
            log.warning("nobody knows whether a batch was made", batch=batch_id, reason=error.reason)
            # It may be coming to be just now: it is waited for from here on.
            if not await store.about_to_send(batch_id):
                raise self._taken_over() from error
            return len(held)
        except ModelAway:
            await self._void(batch_id)
            raise
        failpoint.reached("after_batch_sent")
        if not await store.sent(batch_id, remote.id):
            await self._recall(batch_id, remote.id)
        failpoint.reached("after_batch_stored")
        log.info("sent a batch", batch=batch_id, remote=remote.id, questions=len(held), **self._about())
        return len(held)

    async def _recall(self, batch_id: str, remote: str) -> None:
        """Cancel a batch that another process gave up while it was on its way. Raises ``TakenOver``."""
        log.warning("a batch that was given up came to be: it is cancelled", batch=batch_id, remote=remote)
        try:
            await self.client.cancel(remote)
        except ModelAway as error:
            log.warning("a batch could not be cancelled", remote=remote, reason=error.reason)
        raise self._taken_over()

    def _taken_over(self) -> TakenOver:
        return TakenOver(f"Another process has taken over the backfill of {self.run.repository}.")

    async def _held(self, entry_id: str, one: Queued, questions: Questions) -> bool:
        model = services().model
        if model is None:
            return False
        try:
            await model.budget.reserve(one.asker, one.tokens, HOLD_SECONDS, entry_id)
        except BudgetSpent as error:
            questions.full, questions.spent_budget = True, error.scope
            return False
        except ModelAway:
            return False
        return True

    async def _void(self, batch_id: str) -> None:
        """Give back what was held for a batch that never came to be, and forget it."""
        for entry in await services().batches.entries_of(batch_id):
            await services().ledger.settle(entry.id, 0)
        await services().batches.lost(batch_id)

    async def collect(self) -> tuple[int, int]:
        """Look at every open batch of the repository; give how many came in, and how many are open."""
        came = left = 0
        for batch in await services().batches.open_batches(self.run.repository_id):
            if await self._looked_at(batch):
                came += 1
            else:
                left += 1
        return came, left

    async def _looked_at(self, batch: Batch) -> bool:
        """Take in what a batch has to give; tell whether it is through."""
        remote = batch.remote if batch.state is BatchState.SENT else await self._found(batch)
        if remote is None:
            if self.give_up:
                await self._forfeit(batch)
                await services().batches.lost(batch.id)
                return True
            if time.time() < batch.sent_at + self.grace or await self._may_be_there(batch):
                return False
            log.warning("a batch never came to be: its questions are asked anew", batch=batch.id)
            await self._void(batch.id)
            return True
        told = await self.client.get(remote)
        if told is None:
            await self._unknown(batch, remote)
            return True
        if not told.ended:
            return False
        results = await self.client.results(remote) if told.has_results else []
        failpoint.reached("after_batch_results")
        await self._take_in(batch, results)
        return True

    async def _unknown(self, batch: Batch, remote: str) -> None:
        """Give up a batch that the server does not know, if that is wanted, or nothing can be had of it.

        Raises ``ModelParked`` otherwise: with the key that it was sent with, its answers may be there.
        """
        if not self.give_up and time.time() < batch.sent_at + HOLD_SECONDS:
            raise ModelParked(
                ACCESS_SECONDS,
                f"the model's server does not know the batch {remote} under this key. Give back the key and"
                f" the address that it was sent with; or run prhub backfill with --give-up, which asks its"
                f" {batch.size} questions anew and pays for them again",
            )
        log.warning("a batch is given up: its questions are asked anew", batch=batch.id, remote=remote)
        await self._forfeit(batch)
        await services().batches.collected(batch.id)

    async def _forfeit(self, batch: Batch) -> None:
        for entry in await services().batches.entries_of(batch.id):
            if entry.state is EntryState.OPEN:
                await give_up(entry)

    async def _found(self, batch: Batch) -> str | None:
        """Look for a batch whose making was never answered, in the server's list; note its name if found.

        The list does not tell our ids. Of the batches made about then, of the same size and unknown to
        us, the results tell, once they have ended.
        """
        try:
            candidates = await self._candidates(batch)
        except ModelParked:
            if self.give_up:
                return None
            raise
        for told in candidates:
            if not told.ended:
                continue
            results = await self.client.results(told.id) if told.has_results else []
            if any(one.id.startswith(f"{_PREFIX}-{batch.id}-") for one in results):
                await services().batches.sent(batch.id, told.id)
                log.info("found a batch whose answer was lost", batch=batch.id, remote=told.id)
                return told.id
            self._foreign.add(told.id)
        return None

    async def _may_be_there(self, batch: Batch) -> bool:
        """Tell whether a batch that is under way may be the one that is looked for."""
        return bool(await self._candidates(batch))

    async def _candidates(self, batch: Batch) -> list[RemoteBatch]:
        known = await services().batches.known_remotes() | self._foreign
        listed = await self.client.since(batch.sent_at - SKEW_SECONDS)
        return [
            one
            for one in listed
            if one.id not in known and one.size == batch.size and one.made_at <= batch.sent_at + SKEW_SECONDS
        ]

    async def _take_in(self, batch: Batch, results: list[Result]) -> None:
        """Keep every answer, and settle what it came to. Done twice, nothing is counted twice."""
        entries = {entry.id: entry for entry in await services().batches.entries_of(batch.id)}
        for result in results:
            entry = entries.pop(result.id, None)
            if entry is not None:
                await settle(entry, result)
                failpoint.reached("after_batch_entry")
        for entry in entries.values():
            await services().ledger.settle(entry.id, 0)
        await services().batches.collected(batch.id)
        log.info("collected a batch", batch=batch.id, answers=len(results), **self._about())

    def _about(self) -> dict[str, object]:
        return {"installation": self.run.installation_id, "repository": self.run.repository}


def _portion(waiting: list[Queued]) -> list[Queued]:
    """Give the first questions that one batch may have; at least one."""
    some: list[Queued] = []
    size = 0
    for one in waiting[:MOST_ENTRIES]:
        size += one.question.max_output_tokens * _BYTES_PER_TOKEN
        if some and size > _MOST_BYTES:
            break
        some.append(one)
    return some
