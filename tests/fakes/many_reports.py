"""Any number of merges in one week, and their reports, no two the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Evidence, FileKind, Merge, Message, Person, PullReport, Risk, RiskKey, Scores, Severity
from bot.model.report import Summary
from tests.fakes.period_pulls import SINCE, UNTIL
from tests.fakes.reports import head, pull_report

if TYPE_CHECKING:
    from datetime import datetime

_TAGS = ("bugfix", "ci", "config", "dependency", "docs", "feature", "performance", "refactor", "tests")
_RISKS = tuple(RiskKey)
_SEVERITIES = tuple(Severity)
_PLACES = ("engine/rollout", "engine/utils", "server/api", "server/web", "tools", "docs")


def merges(count: int) -> tuple[Merge, ...]:
    """The merges of the week, from 1 on."""
    return tuple(_merge(number, count) for number in range(1, count + 1))


def report(number: int, count: int) -> PullReport:
    """The report on one of them: two to nine files, up to three risks, and what else a report has."""
    place = _PLACES[number % len(_PLACES)]
    paths = [f"{place}/part_{(number * step) % 397}.py" for step in range(1, 2 + number % 8)]
    title = _title(number)
    rich = pull_report()
    sentence = rich.summary.sentence.model_copy(update={"text": title})
    return pull_report(
        head=head(
            number=number,
            title=title,
            author=Person(login=f"octo-{number % 60}"),
            merged_at=_merged_at(number, count),
            merge_sha=f"{number:040x}",
            modules=(place.replace("/", "-"), place),
            tags=(_TAGS[number % 9], _TAGS[number % 7]) if number % 3 else (_TAGS[number % 9],),
        ),
        summary=Summary(sentence=sentence, attention=rich.summary.attention, reasons=rich.summary.reasons),
        risks=tuple(_risk(number + step, paths[0]) for step in range(number % 4)),
        scores=Scores(version=1, importance=(number * 37 % 100) / 10, features=rich.scores.features),
        paths=(*paths, f"tests/test_{number % 397}.py", "poetry.lock"),
        kinds={FileKind.SOURCE: len(paths), FileKind.TEST: 1, FileKind.LOCK: 1},
        set_aside=("poetry.lock",),
    )


def _merge(number: int, count: int) -> Merge:
    merged_at = _merged_at(number, count)
    return Merge(
        number=number,
        title=_title(number),
        author=Person(login=f"octo-{number % 60}"),
        merged_at=merged_at,
        created_at=merged_at - timedelta(hours=number % 90),
        merge_sha=f"{number:040x}",
        additions=number % 700,
        deletions=number % 300,
        changed_files=3 + number % 8,
        reviewers=(Person(login=f"octo-{number % 9}"),),
        first_time=False,
    )


def _merged_at(number: int, count: int) -> datetime:
    return SINCE + (UNTIL - SINCE) * (number - 1) / count


def _title(number: int) -> str:
    return f"[rollout] fix: weights that arrive in batches of {number}"


def _risk(number: int, path: str) -> Risk:
    return Risk(
        key=_RISKS[number % len(_RISKS)],
        severity=_SEVERITIES[number % 3],
        explanation=Message(key="insight.risk.missing_tests", params={"count": 2, "lines": number}),
        evidence=(Evidence(path=path, line=number, quote="async def quantize_by_name(weights, config):"),)
        * 2,
        rule="missing-tests",
    )
