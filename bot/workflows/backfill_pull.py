"""One merge of a backfill: read once, asked about, made into a report, posted if told to, and registered."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import failpoint
from bot.deliveries import Subject, report
from bot.errors import Forbidden, Gone, NoAccess, NotMerged
from bot.inference.read import Read, read
from bot.model import SCHEMA_VERSION, RelatedPull, Relation, WithoutModel, WorkItem
from bot.model.backfills import PullState
from bot.publishing.check import CHECK_KIND
from bot.publishing.comment import KIND
from bot.store import PublishState
from bot.workflows import stages
from bot.workflows.edge import Ended
from bot.workflows.lifecycle import require_place
from bot.workflows.reading import asker_for, size_of, why_unasked
from bot.workflows.registering import register
from bot.workflows.services import services
from bot.workflows.worded import chosen_of, require_wanted, terms_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bot.model import PullFacts, PullReport
    from bot.store.backfill_rows import BackfillPull, Run
    from bot.workflows.backfill_asking import Questions

# A report that lacks the model's part for one of these reasons is made anew.
_INCOMPLETE = frozenset({WithoutModel.UNAVAILABLE, WithoutModel.PENDING, WithoutModel.BUDGET})
# What a process that was stopped, or an outage, has left: the protocol of the row goes on with it.
_UNPOSTED = frozenset({PublishState.WANTED, PublishState.POSTING})
# Labels and the comment are looked at again before a report is posted, if that was longer ago.
_FRESH_SECONDS = 600.0
_DOING = {
    PullState.FOUND: "reading",
    PullState.READ: "asking about",
    PullState.MADE: "finishing",
    PullState.POSTED: "registering",
}


@dataclass(frozen=True)
class Merge:
    """A merge that is worked on."""

    run: Run
    pull: BackfillPull

    def item(self, requested_at: float | None = None) -> WorkItem:
        """Give it as the work on its report that the server would do."""
        run = self.run
        subject = Subject(
            installation_id=run.installation_id,
            repository_id=run.repository_id,
            repository=run.repository,
            number=self.pull.number,
        )
        trigger = report(subject, None)
        return WorkItem(trigger=trigger, requested_at=time.time() if requested_at is None else requested_at)

    async def move(self, state: PullState, **values: object) -> None:
        """Note how far it is."""
        await services().backfills.move(self.run.id, self.pull.number, state, **values)

    async def read_facts(self) -> None:
        """Read the merge from GitHub, unless it is to be skipped; what was read is kept with the run."""
        item = self.item()
        why = await self._why_skipped()
        if why is not None:
            await self.move(PullState.SKIPPED, reason=why)
            return
        try:
            await require_place(item.trigger)
            await require_wanted(item.trigger)
            started = time.time()
            facts = await stages.facts_now(item)
        except Ended as error:
            await self.move(PullState.SKIPPED, reason=error.reason)
            return
        except NoAccess:
            # It is so with all merges: none of them has failed.
            raise
        except (Gone, Forbidden, NotMerged) as error:
            await self.move(PullState.FAILED, reason=str(error) or type(error).__name__)
            return
        await services().backfills.keep_facts(self.run.id, facts, started)
        failpoint.reached("after_backfill_read")

    async def _why_skipped(self) -> str | None:
        if self.run.options.again:
            return None
        place, number = self.run.repository_id, self.pull.number
        stored = await services().reports.get(place, number)
        if stored is not None and _is_complete(stored.report):
            rows = [await services().publications.get(place, number, kind) for kind in (KIND, CHECK_KIND)]
            if not self.run.options.comment or any(row and row.state not in _UNPOSTED for row in rows):
                return "it has a report"
        if stored is None and await services().backfills.is_in_work(place, number):
            return "the server is at work on it"
        return None

    async def make(
        self, questions: Questions, reverts: Mapping[int, Collection[RelatedPull]], *, repairing: bool = True
    ) -> bool:
        """Make the report, and store it; False while an answer is awaited, or a cap has no room.

        Raises ``ModelAway`` if the model cannot be asked now.
        """
        known = await services().backfills.facts(self.run.id, self.pull.number)
        if known is None:
            await self.move(PullState.FOUND)
            return False
        facts = await self._with_reverts(known[0], reverts.get(self.pull.number, ()))
        item = self.item(known[1])
        found = await self._read(item, facts, questions, repairing=repairing)
        if found.without is WithoutModel.BUDGET:
            return False
        if found.reading is not None:
            await services().readings.save(self.run.repository_id, self.pull.number, found.reading)
        await stages.keep_report(item, facts, found)
        failpoint.reached("after_backfill_report")
        await self.move(PullState.MADE, quiet=not self.run.options.comment)
        return True

    async def _read(self, item: WorkItem, facts: PullFacts, questions: Questions, *, repairing: bool) -> Read:
        unasked = why_unasked(facts)
        if unasked is not None:
            return Read(None, unasked)
        before = await services().readings.get(self.run.repository_id, self.pull.number)
        terms, chosen = await terms_for(item.trigger, facts), chosen_of(facts)
        ask = questions.ask_for(asker_for(item, chosen), size_of(chosen))
        found = await read(facts, before, terms, ask, repairing=repairing)
        if found.without is WithoutModel.UNUSABLE and self.pull.number in questions.given_up:
            return Read(found.reading, WithoutModel.UNAVAILABLE)
        return found

    async def _with_reverts(self, facts: PullFacts, later: Collection[RelatedPull]) -> PullFacts:
        """Add the reverts that the run, or the store, knows of: GitHub does not always link them."""
        known = {one.number for one in facts.related if one.relation is Relation.REVERTED_BY}
        found = {one.number: one for one in later}
        for stored in await services().reports.reverts_of(self.run.repository_id, self.pull.number):
            number = stored.report.head.number or 0
            found.setdefault(number, _reverted_by(stored.report))
        more = [found[number] for number in sorted(found.keys() - known)]
        return facts.model_copy(update={"related": (*more, *facts.related)}) if more else facts

    async def post(self) -> None:
        """Post the report like the server, through the same publish row; one to be kept quiet is not."""
        known = await services().backfills.facts(self.run.id, self.pull.number)
        if known is None:
            await self.move(PullState.DONE)
            return
        item, reports = self.item(time.time() - _FRESH_SECONDS), services().reports
        await reports.keep_facts(*known)
        try:
            silent = await self._posted(item)
        except Ended as error:
            silent = error.reason
        await reports.drop_facts(self.run.repository_id, self.pull.number)
        await self.move(PullState.POSTED, reason=silent, quiet=False)

    async def _posted(self, item: WorkItem) -> str | None:
        """Post it; give the reason if there is to be no comment."""
        await stages.read_facts(item)
        silent = await stages.write_text(item)
        if silent is None:
            await stages.publish(item)
            failpoint.reached("after_backfill_post")
            stored = await services().reports.get(self.run.repository_id, self.pull.number)
            if stored is not None:
                await stages.tell_reverted(item, stored.report)
        return silent

    async def enter(self) -> None:
        """Enter the risks into the register, and hold the older ones against this merge."""
        known = await services().backfills.facts(self.run.id, self.pull.number)
        stored = await services().reports.get(self.run.repository_id, self.pull.number)
        if known is not None and stored is not None:
            await register(self.item(known[1]), known[0], stored.report, again=False)
        failpoint.reached("after_backfill_register")
        await self.move(PullState.DONE)


def _is_complete(stored: PullReport) -> bool:
    is_asked = services().model is not None
    without = stored.provenance.without_model
    return stored.schema_version >= SCHEMA_VERSION and not (is_asked and without in _INCOMPLETE)


def _reverted_by(later: PullReport) -> RelatedPull:
    head = later.head
    return RelatedPull(
        number=head.number or 0, relation=Relation.REVERTED_BY, title=head.title, merged_at=head.merged_at
    )


async def known_reverts(run: Run) -> dict[int, list[RelatedPull]]:
    """Give what a run knows to be reverted, and by what: the later merges were read before."""
    found: dict[int, list[RelatedPull]] = {}
    for one in await services().backfills.pulls(run.id):
        for number, title in one.reverts:
            at = datetime.fromtimestamp(one.merged_at, UTC)
            later = RelatedPull(number=one.number, relation=Relation.REVERTED_BY, title=title, merged_at=at)
            found.setdefault(number, []).append(later)
    return found


def doing(pull: BackfillPull) -> str:
    """Say what is done with a merge that is so far."""
    return _DOING.get(pull.state, "working on")
