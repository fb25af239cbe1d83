"""The examination: every check, side by side where they do not need each other, in under half a minute."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.doctor import database_checks, model_checks, result_checks, work_checks
from bot.doctor.case import Case, guarded, together
from bot.doctor.finding import CHECKS, Finding, not_checked
from bot.doctor.github_checks import look_at_github
from bot.doctor.setting_checks import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OF_STORE = CHECKS[14:21] + CHECKS[22:]
_OF_MODEL = (
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_BASE_URL",
    "PRHUB_MODEL",
    "PRHUB_MODEL_SMALL",
    "PRHUB_MODEL_PROVIDER",
    "PRHUB_MODEL_HEADERS",
    "AWS_REGION",
    "CLOUD_ML_REGION",
    "ANTHROPIC_VERTEX_PROJECT_ID",
)


async def examine(environ: Mapping[str, str], folder: Path, *, offline: bool = False) -> list[Finding]:
    """Give all findings, in the order of ``CHECKS``, the worse ones of a check last.

    ``offline`` asks nobody but the database and this machine. Writes nothing anywhere.
    """
    case, found = read(environ, folder, offline=offline)
    more, store = await _opened(case)
    case = replace(case, store=store)
    try:
        works = (look_at_github(case), _model(case), _disk(case), _work(case))
        results = await asyncio.gather(*works)
    finally:
        if store is not None:
            await store.close()
    found += more + [finding for one in results for finding in one]
    return sorted(found, key=lambda one: (CHECKS.index(one.check), one.severity.rank))


async def _opened(case: Case) -> tuple[list[Finding], Any]:
    if case.spoilt("DATABASE_URL"):
        why = "DATABASE_URL is wrong"
        return [not_checked(name, why) for name in ("database", "migrations")], None
    return await database_checks.open_as_it_is(case)


async def _disk(case: Case) -> list[Finding]:
    if case.spoilt("DATABASE_URL"):
        return [not_checked("disk", "DATABASE_URL is wrong")]
    return await guarded("disk", partial(database_checks.look_at_disk, case))


async def _model(case: Case) -> list[Finding]:
    wrong = case.spoilt(*_OF_MODEL)
    if case.offline or wrong:
        return [not_checked("model", "--offline" if case.offline else f"{wrong} is wrong")]
    return await guarded("model", partial(model_checks.look_at_model, case), model_checks.MODEL_SECONDS)


async def _work(case: Case) -> list[Finding]:
    store = case.store
    if store is None:
        return [not_checked(name, "the database is not there, or not of this release") for name in _OF_STORE]
    alive: list[Any] = []

    async def servers() -> list[Finding]:
        alive.extend(await work_checks.present(store))
        return work_checks.look_at_servers(alive)

    found = await guarded("server", servers)
    return found + await together(
        guarded("ready", partial(work_checks.look_at_readiness, case, alive)),
        guarded("queue", partial(work_checks.look_at_queue, case, store, alive)),
        guarded("jobs", partial(work_checks.look_at_jobs, store)),
        guarded("reports", partial(result_checks.look_at_reports, case, store)),
        guarded("digests", partial(result_checks.look_at_digests, case, store)),
        guarded("configurations", partial(result_checks.look_at_files, store)),
        guarded("budgets", partial(work_checks.look_at_budgets, case, store)),
    )
