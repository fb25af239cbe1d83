"""The verdict: what a run left on GitHub and in the database, counted."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

from tests.chaos.figures import Figures

if TYPE_CHECKING:
    from tests.chaos.run import Site
    from tests.chaos.world import Merge, World

_POST = "POST /repos/{owner}/{repo}/issues/{number}/comments"


async def judged(here: Site, notes: dict[str, str] | None = None, broken: tuple[str, ...] = ()) -> Figures:
    """Count. What is lost is named."""
    world, ledger, app_id = here.world, here.ledger, here.world.state.app.id
    guids, reports, ends = await ledger.guids(), await ledger.reports(), await ledger.ends()
    written = [len(one.comments(app_id)) for one in world.merges]
    sent = [one for one in world.state.deliveries if not one.redelivery]
    accepted = {one.guid for one in world.state.deliveries if one.status == "OK"}
    lost = [_told(one, ends) for one in world.merges if not _came_to_its_end(one, app_id, reports)]
    left = [f"{key} is {state} ({reason})" for key, state, reason in await ledger.left()]
    figures = Figures(
        plan=here.plan,
        deliveries=len(sent),
        failed=sum(one.status != "OK" for one in sent),
        redelivered=len(world.state.deliveries) - len(sent),
        kills=Counter(kill.where for kill in here.fleet.kills),
        lost=[*lost, *left],
        acknowledged_lost=len(accepted - guids),
        comments=sum(written),
        duplicates=sum(max(number - 1, 0) for number in written),
        ever=world.github.log.count(_POST, lambda record: record.status == 201) - sum(map(bool, written)),
        labels=_labels_twice(world),
        issues=_issues(world),
        answered=here.paid.answers.total(),
        paid_twice=here.paid.answers.total() - len(here.paid.answers),
        limits=world.github.limits.refused,
        unknown=world.github.log.unknown,
        recovery=_recovery(here),
        seconds=time.monotonic() - here.started,
        notes={"from the first delivery to the last comment, GitHub's time": _drained(here), **(notes or {})},
        broken_notes=broken,
        logs=str(here.fleet.logs),
    )
    here.is_kept = bool(figures.broken)
    return figures


def _came_to_its_end(one: Merge, app_id: int, reports: set[tuple[int, int]]) -> bool:
    """A comment, or where GitHub takes none, a stored report."""
    if one.silent:
        return (one.repository.id, one.pull.number) in reports
    return bool(one.comments(app_id))


def _told(one: Merge, ends: dict[tuple[int, int], tuple[str, str | None]]) -> str:
    state, reason = ends.get((one.repository.id, one.pull.number), ("never asked for", None))
    return f"{one.repository.full_name}#{one.pull.number} {state} {reason or ''}".strip()


def _labels_twice(world: World) -> int:
    """Labels that a pull request or a repository has twice, in whatever case."""
    lists = [[name.lower() for name in one.pull.labels.value] for one in world.merges]
    lists += [[label.name.lower() for label in one.labels.value] for one in world.repositories]
    return sum(len(names) - len(set(names)) for names in lists)


def _issues(world: World) -> int:
    """Issues of the app's: nothing of this version opens any."""
    app_id = world.state.app.id
    return sum(issue.app_id == app_id for one in world.repositories for issue in one.issues.values())


def _recovery(here: Site) -> list[float]:
    """Seconds from each kill in the middle of work to the next comment."""
    posted = sorted(
        record.at for record in here.world.github.log.records if record.line == _POST and record.status == 201
    )
    found = []
    for kill in here.fleet.kills:
        if not kill.had_work:
            continue
        after = next((at for at in posted if at > kill.at), None)
        if after is not None:
            found.append(after - kill.at)
    return found


def _drained(here: Site) -> str:
    records = here.world.github.log.records
    last = max((one.at for one in records if one.line == _POST and one.status == 201), default=0.0)
    merged = (one.pull.merged_at.timestamp() for one in here.world.merges if one.pull.merged_at)
    first = min(merged, default=last)
    last = max(last, first)
    return f"{(last - first) * here.plan.factor / 60:.0f} min"
