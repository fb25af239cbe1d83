"""An invented week of nine merges, eight of them with a report, as digests are tested on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import (
    Attention,
    Audience,
    Insight,
    Message,
    NoReport,
    RubricAnswer,
    RubricKey,
    Told,
)
from tests.fakes.period_pulls import BREAKING, CORE_PATH, MISSING_TESTS, OPEN_THREADS, SINCE, pull

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import PeriodPull


def _at(day: int, hour: int) -> datetime:
    return SINCE + timedelta(days=day, hours=hour)


def _rubric(**levels: int) -> tuple[RubricAnswer, ...]:
    return tuple(RubricAnswer(item=RubricKey(item), level=level) for item, level in levels.items())


def week() -> tuple[PeriodPull, ...]:
    """The merges of 2026-W13, the first merged first."""
    return (*_first_days(), *_last_days())


def _first_days() -> tuple[PeriodPull, ...]:
    return (
        pull(
            1230,
            merged_at=_at(0, 9),
            importance=5.5,
            insight=4.0,
            attention=Attention.CLOSE,
            sentence=Told(text="Makes `quantize_by_name` accept weights that arrive asynchronously."),
            tags=("bugfix", "performance"),
            modules=("rollout", "utils"),
            risks=(CORE_PATH,),
            rubric=_rubric(assumption=2, decision=1),
            by_model=True,
        ),
        pull(
            1231,
            merged_at=_at(0, 15),
            title="Fix a typo in the rollout guide",
            author="newcomer-ada",
            first_time=True,
            additions=1,
            deletions=1,
            changed_files=1,
            importance=0.2,
            attention=Attention.SKIM,
            tags=("docs",),
            modules=("docs",),
            untested=None,
        ),
        pull(
            1232,
            merged_at=_at(1, 11),
            title="feat(router)!: remove the legacy router",
            author="octo-lead",
            additions=95,
            deletions=1840,
            changed_files=22,
            reviewers=("octo-reviewer", "octo-dev"),
            importance=7.5,
            insight=5.5,
            attention=Attention.CLOSE,
            tags=("cleanup", "feature"),
            modules=("router", "rollout"),
            risks=(BREAKING, OPEN_THREADS, MISSING_TESTS),
            rubric=_rubric(decision=3, reach=2),
            topics=(Told(text="Whether `LegacyRouter` stays for one more release: it goes now."),),
            for_users=(Insight(message=Told(text="`--use-legacy-router` is gone."), on=Audience.USERS),),
            follow_ups=(
                Insight(message=Told(text="Name the new router in the migration guide.")),
                Insight(message=Message(key="insight.follow_up.threads", params={"count": 2})),
            ),
            untested=True,
            breaking=True,
            settled=3,
            open_remarks=2,
            by_model=True,
        ),
        pull(
            1233,
            merged_at=_at(2, 8),
            title="Bump aiohttp from 3.9.1 to 3.9.3",
            author="dependabot[bot]",
            additions=3,
            deletions=3,
            changed_files=2,
            reviewers=(),
            importance=0.6,
            attention=Attention.SKIM,
            tags=("dependency",),
            modules=("root",),
            untested=None,
        ),
    )


def _last_days() -> tuple[PeriodPull, ...]:
    return (
        pull(
            1234,
            merged_at=_at(2, 16),
            title="[trainer] feat: a timeline of rollout traces",
            author="octo-lead",
            additions=1286,
            deletions=9,
            changed_files=11,
            importance=6.5,
            insight=6.0,
            attention=Attention.CLOSE,
            sentence=Told(text="Adds a viewer that shows where a rollout spends its time."),
            tags=("feature",),
            modules=("trainer", "tools"),
            risks=(CORE_PATH, MISSING_TESTS),
            rubric=_rubric(transfer=2, decision=2),
            for_users=(Insight(message=Told(text="`--trace` writes a timeline."), on=Audience.USERS),),
            follow_ups=(
                Insight(message=Message(key="insight.follow_up.tests", params={"count": 2, "lines": 210})),
            ),
            untested=True,
            by_model=True,
        ),
        pull(
            1235,
            merged_at=_at(3, 10),
            title="[trainer] fix: learning rate after a restart",
            author="octo-reviewer",
            reviewers=("octo-lead",),
            importance=4.5,
            insight=3.5,
            tags=("bugfix",),
            modules=("trainer",),
            risks=(CORE_PATH,),
            by_model=True,
        ),
        pull(1236, merged_at=_at(3, 22), title="Retry uploads of metrics", why=NoReport.NEVER_SEEN),
        pull(
            1237,
            merged_at=_at(4, 13),
            title="[router] fix: time out when a worker hangs",
            author="newcomer-ben",
            first_time=True,
            importance=3.8,
            tags=("bugfix",),
            modules=("router",),
            risks=(OPEN_THREADS,),
            open_remarks=1,
        ),
        pull(
            1238,
            merged_at=_at(6, 23),
            title="ci: run the GPU tests at night",
            additions=48,
            deletions=2,
            changed_files=2,
            importance=1.5,
            attention=Attention.SKIM,
            tags=("ci",),
            modules=(".github",),
            untested=None,
        ),
    )
