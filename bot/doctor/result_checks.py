"""The checks of the results: how long ago the last report and digest were made, and files that are broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from pydantic import ValidationError

from bot.doctor.finding import Finding, age, error, note, ok, warning
from bot.model import TriggerKind
from bot.model.repo_config import Loaded
from bot.redaction import clean_line
from bot.store import TriggerState
from bot.store.config_tables import repo_configs
from bot.store.digest_tables import digests
from bot.store.installed_tables import repositories
from bot.store.tables import reports, triggers

if TYPE_CHECKING:
    from bot.doctor.case import Case
    from bot.store import Store

# A report waits for the model for a quarter of an hour, and that is not late.
LATE_REPORT = 3600.0
MOST_FILES = 20
_WEEK = 7 * 86400.0
# A month's digest, and some days.
_LATE_DIGEST = 40 * 86400.0
_OPEN = (TriggerState.NEW.value, TriggerState.STARTED.value, TriggerState.DEAD.value)


async def look_at_reports(case: Case, store: Store) -> list[Finding]:
    """Tell when the last report was made, and warn when merges came since and none was."""
    now = case.clock()
    async with store.read() as connection:
        last: float | None = await connection.scalar(sa.select(sa.func.max(reports.c.updated_at)))
        asked = sa.select(sa.func.count(), sa.func.min(triggers.c.created_at)).where(
            triggers.c.kind == TriggerKind.REPORT.value,
            triggers.c.state.in_(_OPEN),
            triggers.c.created_at > (last or 0.0),
            triggers.c.created_at < now - LATE_REPORT,
        )
        waiting, since = (await connection.execute(asked)).one()
    made = f"the last one was made {age(now - last)} ago" if last is not None else "none was made yet"
    if waiting:
        wait = "merge waits" if waiting == 1 else "merges wait"
        what = f"{made}, and {waiting} {wait} since {age(now - since)}"
        return [error("reports", what, "prhub jobs shows what keeps them; see queue, jobs and model here.")]
    if last is None:
        return [note("reports", made, "Merge a pull request in a repository where the app is installed.")]
    return [ok("reports", made)]


async def look_at_digests(case: Case, store: Store) -> list[Finding]:
    """Tell when the last digest was made, and warn when reports came and a schedule passed without one."""
    now = case.clock()
    async with store.read() as connection:
        query = sa.select(sa.func.max(digests.c.updated_at)).where(digests.c.data.is_not(None))
        last: float | None = await connection.scalar(query)
        oldest: float | None = await connection.scalar(sa.select(sa.func.min(reports.c.created_at)))
    if case.settings.digest_schedule == "off":
        return [ok("digests", "switched off (PRHUB_DIGEST_SCHEDULE)")]
    made = f"the last one was made {age(now - last)} ago" if last is not None else "none was made yet"
    late = _LATE_DIGEST if case.settings.digest_period == "month" else 2 * _WEEK
    first = oldest if last is None else last
    if first is not None and now - first > late:
        advice = "See server, queue and jobs here; prhub digest OWNER/REPO --publish makes one by hand."
        return [warning("digests", f"{made}, and the schedule is {case.settings.digest_schedule}", advice)]
    return [ok("digests", made)]


async def look_at_files(store: Store) -> list[Finding]:
    """Name the repositories whose configuration file was broken when it was last read."""
    named = repositories.c.id == repo_configs.c.repository_id
    query = sa.select(repo_configs.c.data, repo_configs.c.repository_id, repositories.c.full_name)
    query = query.outerjoin(repositories, named).order_by(repo_configs.c.repository_id)
    async with store.read() as connection:
        rows = (await connection.execute(query)).all()
    broken = []
    for row in rows:
        try:
            loaded = Loaded.model_validate_json(row.data)
        except ValidationError:
            continue
        if loaded.broken:
            name = clean_line(row.full_name or f"repository {row.repository_id}", 200)
            broken.append((name, loaded))
    if not broken:
        return [ok("configurations", f"{len(rows)} read, none broken")]
    return [_broken(name, loaded) for name, loaded in broken[:MOST_FILES]]


def _broken(name: str, loaded: Loaded) -> Finding:
    problem = next(one for one in loaded.problems if one.severity == "error")
    what = f"{name}: its file is not taken, line {problem.line}: {clean_line(problem.text, 200)}"
    return warning(
        "configurations", what, "Until it is mended there the last good one holds, or yours.", name
    )
