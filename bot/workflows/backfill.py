"""Backfill: reports of past merges, newest first, taken up where it was left, however it was stopped."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from bot.errors import Later, ModelAway, ModelParked, NoAccess, Parked, Unauthorized
from bot.model.backfills import PullState, SpendCaps
from bot.workflows.backfill_asking import Overdrawn, Questions, settle_strays
from bot.workflows.backfill_list import find_merges
from bot.workflows.backfill_pull import Merge, doing, known_reverts
from bot.workflows.services import services
from bot.workflows.working import STORE_AWAY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.llm import Model
    from bot.llm.batches import BatchClient
    from bot.store.backfill_rows import BackfillPull, Run
    from bot.workflows.backfill_meter import Meter
    from bot.workflows.backfill_post import Post

log = structlog.get_logger("prhub.backfill")

# So many merges are read before their questions are asked, and so many at the same time.
CHUNK = 50
AT_ONCE = 4
# Between two looks at a batch: a small one takes minutes, the largest a day.
LOOKS = (2.0, 5.0, 10.0, 30.0, 60.0)
# A merge that fails for reasons of ours, or of GitHub's, is tried so often.
MOST_TRIES = 5
# What goes wrong with all merges alike: a person must act, or the store is away.
NOT_ITS_OWN = (ModelParked, Parked, NoAccess, Unauthorized, *STORE_AWAY)
WAITING = frozenset({PullState.FOUND, PullState.READ})
_TROUBLE_SECONDS = 5.0


@dataclass
class Backfill:
    """Works on one run. ``direct`` asks the model at once instead of in batches.

    Without a ``client`` and a ``post`` no model is asked.

    ``say`` is told of progress. ``beat`` is called before each merge and each sending, and raises if the run
    is not held any more.
    """

    run: Run
    client: BatchClient | None = None
    post: Post | None = None
    caps: SpendCaps = field(default_factory=SpendCaps)
    direct: Model | None = None
    meter: Meter | None = None
    say: Callable[[str], None] = lambda _: None
    beat: Callable[[], Awaitable[None]] | None = None
    looks: Sequence[float] = LOOKS
    _listed: bool = field(default=False, init=False)
    _begun: bool = field(default=False, init=False)
    _looked: int = field(default=0, init=False)
    _moved: int = field(default=0, init=False)
    _wait: float = field(default=0.0, init=False)
    _spent_budget: str | None = field(default=None, init=False)

    async def prepare(self) -> None:
        """Find the merges, unless that was done before the run was stopped."""
        if not self.run.listed and not self._listed:
            self.say("looking for merges")
            await services().backfills.listed(self.run, await find_merges(self.run))
        self._listed = True

    async def advance(self) -> float | None:
        """Do what can be done now; give the seconds until the next look, or ``None`` when all is done.

        Raises ``ModelParked``, ``Parked`` and ``NoAccess`` where a person must act first.
        """
        await self.prepare()
        if not self._begun:
            await settle_strays(self.run)
            self._begun = True
        before, self._moved, self._wait = len(await self._of(WAITING)), 0, 0.0
        await self._collect()
        questions = await self._work()
        await self._send(questions)
        self._spent_budget = questions.spent_budget or self._spent_budget
        under_way = await self._collect()
        left = await self._of(WAITING)
        if self._moved or len(left) < before:
            self._looked = 0
        if self._wait:
            return self._wait
        if not left:
            return await self._close()
        if under_way or not (questions.full or self._moved):
            return self._pause()
        if self._moved or len(left) < before:
            # What was held is spent or free by now: there may be room again.
            return 0.0
        await self._leave(left)
        return await self._close()

    async def _collect(self) -> int:
        """Take in what has come; give how many batches are under way."""
        if self.post is None:
            return 0
        came, left = await self.post.collect()
        self._moved += came
        return left

    async def _send(self, questions: Questions) -> None:
        if self.post is not None and questions.queue:
            if self.beat is not None:
                await self.beat()
            self.say(f"sending {len(questions.queue)} questions")
            self._moved += await self.post.send(questions)

    def _pause(self) -> float:
        self._looked += 1
        self.say("waiting for the model's answers")
        return self.looks[min(self._looked, len(self.looks)) - 1]

    async def _of(self, states: frozenset[PullState]) -> list[BackfillPull]:
        return await services().backfills.pulls(self.run.id, states)

    async def _questions(self) -> Questions:
        spend = await services().batches.spend(self.run.id)
        return Questions(self.run, self.client, self.caps, self.direct, self.meter, spend)

    async def _work(self) -> Questions:
        """Read and ask, newest first, as far as caps, limits and the model let it."""
        questions = await self._questions()
        waiting = await self._of(WAITING)
        for start in range(0, len(waiting), CHUNK):
            some = waiting[start : start + CHUNK]
            await self._each([one for one in some if one.state is PullState.FOUND], Merge.read_facts)
            if self._wait:
                break
            await self._ask(some, questions)
            if self._wait or questions.full:
                break
            if len(questions.queue) >= CHUNK:
                await self._send(questions)
                questions.spend = await services().batches.spend(self.run.id)
        return questions

    async def _ask(self, some: list[BackfillPull], questions: Questions, *, repairing: bool = True) -> None:
        numbers = {one.number for one in some}
        pulls = [one for one in await self._of(frozenset({PullState.READ})) if one.number in numbers]
        reverts = await known_reverts(self.run)

        async def make(merge: Merge) -> None:
            if not questions.full or not repairing:
                await merge.make(questions, reverts, repairing=repairing)

        # In turn: where there is not room for all, the newest go first.
        await self._each(pulls, make, at_once=1 if self.direct is None else AT_ONCE)

    async def _each(
        self,
        pulls: list[BackfillPull],
        work: Callable[[Merge], Awaitable[object]],
        at_once: int = AT_ONCE,
    ) -> None:
        """Work on some merges, a few at the same time, until one has to wait."""
        waiting = iter(pulls)

        async def worker() -> None:
            for one in waiting:
                if self._wait:
                    return
                await self._one(one, work)

        tasks = [asyncio.ensure_future(worker()) for _ in range(min(at_once, len(pulls)))]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, one: BackfillPull, work: Callable[[Merge], Awaitable[object]]) -> None:
        """Work on one merge; what goes wrong with it stays with it."""
        if self.beat is not None:
            await self.beat()
        self.say(f"{doing(one)} #{one.number}")
        merge = Merge(self.run, one)
        try:
            await work(merge)
        except NOT_ITS_OWN:
            raise
        except Later as error:
            await self._put_off(merge, error)
        except Exception as error:
            log.exception("a merge could not be worked on", number=one.number, repository=self.run.repository)
            await self._failed(merge, type(error).__name__)

    async def _put_off(self, merge: Merge, error: Later) -> None:
        if isinstance(error, Overdrawn):
            return
        if isinstance(error, ModelAway):
            self._wait = max(self._wait, error.seconds)
        elif error.counts:
            await self._failed(merge, error.reason)
            self._wait = max(self._wait, _TROUBLE_SECONDS)
        else:
            self._wait = max(self._wait, error.seconds)
        if self._wait:
            self.say(f"waiting {self._wait:.0f} s: {error.reason}")

    async def _failed(self, merge: Merge, reason: str) -> None:
        """Count a failure; after five of them the merge is given up."""
        tries, state = merge.pull.tries + 1, merge.pull.state
        is_over = tries >= MOST_TRIES
        if is_over and state in {PullState.MADE, PullState.POSTED}:
            is_unposted = state is PullState.MADE and self.run.options.comment
            state = PullState.POSTED if is_unposted else PullState.DONE
        elif is_over:
            state = PullState.FAILED
        await merge.move(state, tries=tries, reason=reason)

    async def _leave(self, left: list[BackfillPull]) -> None:
        """Leave what there is no room for; what only lacks its repairs is made without them."""
        questions = await self._questions()
        for start in range(0, len(left), CHUNK):
            await self._ask(left[start : start + CHUNK], questions, repairing=False)
        questions.queue.clear()
        why = f"the budget of the {self._spent_budget} is spent" if self._spent_budget else "the run's cap"
        for one in await self._of(WAITING):
            await Merge(self.run, one).move(PullState.LEFT, reason=why)

    async def _close(self) -> float | None:
        """Post what is to be posted, and enter all risks in the order in which the merges happened."""
        if self.run.options.comment:
            made = await self._of(frozenset({PullState.MADE}))
            await self._each(made, Merge.post)
            if self._wait or await self._of(frozenset({PullState.MADE})):
                return self._wait or _TROUBLE_SECONDS
        for one in reversed(await self._of(frozenset({PullState.MADE, PullState.POSTED}))):
            await self._one(one, Merge.enter)
            if self._wait:
                return self._wait
        if await self._of(frozenset({PullState.MADE, PullState.POSTED})):
            return _TROUBLE_SECONDS
        await services().backfills.end(self.run.id)
        return None
