"""The register beside a report: its risks are entered, and older ones held against its merge."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.inference.register import hints, known_of, recheck
from bot.model import RegisterState, RiskState, TriggerKind
from bot.model.register import branch_of
from bot.store.register_state import MergeMoment
from bot.workflows.services import services
from bot.workflows.working import facts_in_flight

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.model import PullFacts, PullReport, RegisteredRisk, WorkItem

# A report that comes late has later merges read again: so many, and only while its own is this young.
MOST_READ_AGAIN = 10
YOUNG_SECONDS = 7 * 86_400.0


async def register(item: WorkItem, facts: PullFacts, report: PullReport, *, again: bool = True) -> None:
    """Enter what a stored report found open, and note what its merge shows of older risks.

    Done twice, or by two workers at once, it leaves the same. Unless later merges may be read ``again``,
    they are judged by their reports.
    """
    known, place, merge = services().register, report.head.repository.id, moment_of(report)
    entered = await known.note(report, await asyncio.to_thread(hints, facts))
    risks = await known.standing(place, merge.at)
    verdicts = await asyncio.to_thread(recheck, risks, facts, report) if risks else ()
    if verdicts:
        await known.touch(place, verdicts, merge)
    numbers = {verdict.number for verdict in verdicts} | {risk.number for risk in entered}
    await _look_ahead(item, report, numbers, again=again)


async def register_late(item: WorkItem, report: PullReport) -> None:
    """Enter a report that an older release stored, and had not finished with when this one took over."""
    is_named = any(risk.state is RiskState.OPEN for risk in report.risks)
    if is_named and not await services().register.of_pull(report.head.repository.id, report.head.number or 0):
        await register(item, (await facts_in_flight(item)).facts, report)


def moment_of(report: PullReport) -> MergeMoment:
    """When the report's pull request was merged."""
    return MergeMoment(report.head.merged_at, report.head.number or 0)


async def _look_ahead(item: WorkItem, report: PullReport, numbers: Collection[int], *, again: bool) -> None:
    """Hold risks against later merges that were told of before, which is where orders differ.

    Two reports made at once see each other here, whichever comes first: each is stored before it looks.
    """
    known, place = services().register, report.head.repository.id
    risks = await _still_open(place, numbers)
    if not risks:
        return
    paths = frozenset().union(*(risk.standing_paths for risk in risks))
    later = await known.later_reports(place, report.head.merged_at, paths)
    by_number = {one.head.number: one for one in later}
    for stored in await services().reports.reverts_of(place, report.head.number or 0):
        by_number.setdefault(stored.report.head.number, stored.report)
    is_young = again and time.time() - report.head.merged_at.timestamp() < YOUNG_SECONDS
    for one in sorted(by_number.values(), key=moment_of):
        # What is to be read again is not judged by half of what there is to know.
        if verdicts := known_of(risks, one, removed=not is_young):
            await known.touch(place, verdicts, moment_of(one))
    if is_young and later:
        await _read_again(item, await _still_open(place, numbers), later)


async def _still_open(place: int, numbers: Collection[int]) -> list[RegisteredRisk]:
    found = await services().register.numbered(place, numbers)
    return [risk for risk in found if risk.state is RegisterState.OPEN]


async def _read_again(item: WorkItem, risks: list[RegisteredRisk], later: Sequence[PullReport]) -> None:
    """Ask for the later merges that have not looked at a place they touch: only facts tell about lines."""
    wanted = [(one, numbers) for one in later if (numbers := _unseen(risks, one))]
    for one, numbers in wanted[:MOST_READ_AGAIN]:
        trigger = item.trigger
        key = f"refresh:{trigger.repository_id}:{one.head.number}:register-R{max(numbers)}"
        changes = {"kind": TriggerKind.REFRESH, "key": key, "number": one.head.number, "merge_sha": None}
        more = {"only_if_reported": True, "delay": 0.0, "round": 0}
        await services().triggers.add(trigger.model_copy(update=changes | more), item.guid)


def _unseen(risks: Sequence[RegisteredRisk], later: PullReport) -> list[int]:
    """The risks that a later merge touches, and after which nothing looked at them."""
    branch = branch_of(later.head.base_ref, later.head.repository.default_branch)
    before = {file.previous_path for file in later.implementation.files if file.previous_path}
    paths, merge = before | set(later.paths), moment_of(later)
    return [
        risk.number
        for risk in risks
        if risk.branch == branch
        and not paths.isdisjoint(risk.standing_paths)
        and (risk.checked_at is None or (risk.checked_at, risk.checked_by or 0) < merge)
    ]
