"""What a digest is made of: GitHub's merges beside the stored reports, of one repository or of several."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from bot.errors import Gone, NoAccess
from bot.facts.merges import read_merges, read_period, with_first_times
from bot.facts.period import Source, build_period, reaches_back
from bot.model import PeriodKind, PullRef
from bot.store import ORGANISATION
from bot.workflows.digest_places import path_of, sources_of
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.facts.merges import Merges
    from bot.github import API
    from bot.model import DigestRequest, Merge, Period, PeriodFacts, Trigger
    from bot.workflows.digest_places import DigestPlace

log = structlog.get_logger("prhub.digest")


async def gather(trigger: Trigger, request: DigestRequest) -> PeriodFacts:
    """Compute the facts of the period that a trigger asks for. Raises what the readers raise.

    A repository that went away while an organisation digest is made is left out of it.
    """
    places, sources = await sources_of(trigger), []
    for place in places:
        try:
            sources.append(await _source(place, request))
        except (Gone, NoAccess) as error:
            if request.scope != ORGANISATION:
                raise
            log.warning("left out of the organisation digest", repository=place.full_name, reason=str(error))
    # Off the loop: ten thousand pull requests take seconds.
    facts = await asyncio.to_thread(build_period, request.period, sources, path=path_of(request.scope))
    return await chosen(facts)


async def chosen(facts: PeriodFacts) -> PeriodFacts:
    """Give the facts with what people decided about single pull requests of the period."""
    names = {one.id: one.full_name for one in facts.repositories}
    several = len(names) > 1
    decided: dict[PullRef, bool] = {}
    for is_featured, found in (
        (False, await services().pull_choices.ignored(names)),
        (True, await services().pull_choices.featured(names)),
    ):
        for repository_id, number in found:
            ref = PullRef(number=number, repository=names[repository_id] if several else None)
            decided[ref] = is_featured and decided.get(ref, True)
    if not decided:
        return facts
    pulls = (pull.model_copy(update={"featured": decided.get(pull.ref)}) for pull in facts.pulls)
    return facts.model_copy(update={"pulls": tuple(pulls)})


async def _source(place: DigestPlace, request: DigestRequest) -> Source:
    reader, period = place.reader(), request.period
    found = await _merges(reader, place.full_name, request)
    full_name = found.repository.full_name
    now, older = _split(found.merges, period)
    told = await with_first_times(reader, full_name, now, period.since)
    merges = (*older, *told)
    since = min((merge.merged_at for merge in merges), default=period.since)
    until = max((merge.merged_at for merge in merges), default=period.since)
    gists = await services().gists.by_number(
        [place.repository_id], since.timestamp() - 1.0, until.timestamp() + 1.0
    )
    known = await services().installed.repositories.get(place.repository_id)
    reported = gists[place.repository_id]
    return Source(
        repository=found.repository,
        merges=merges,
        gists=reported,
        why=await services().gists.why(
            place.repository_id, [merge.number for merge in told if merge.number not in reported]
        ),
        partial=found.partial,
        since=None if found.partial is None else period.since,
        installed_at=None if known is None else datetime.fromtimestamp(known.first_seen_at, UTC),
    )


async def _merges(reader: API, full_name: str, request: DigestRequest) -> Merges:
    period, with_paths = request.period, path_of(request.scope) is not None
    if period.kind is PeriodKind.RANGE:
        return await read_period(reader, full_name, period, with_paths=with_paths)
    oldest = reaches_back(period).since
    return await read_merges(reader, full_name, oldest, period.until, with_paths=with_paths)


def _split(merges: Sequence[Merge], period: Period) -> tuple[list[Merge], list[Merge]]:
    """Give the merges of the period itself, and those before it."""
    if period.kind is PeriodKind.RANGE:
        return list(merges), []
    now = [merge for merge in merges if merge.merged_at >= period.since]
    return now, [merge for merge in merges if merge.merged_at < period.since]
