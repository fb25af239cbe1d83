"""A period in words: the title of its digest, its days, and what came before it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from bot.markdown.clean import prose
from bot.markdown.escape import Safe
from bot.model import PeriodKind

if TYPE_CHECKING:
    from bot.markdown.catalogue import Catalogue
    from bot.model import Period, PeriodFacts

TITLE_LIMIT: Final = 200
_NAME_LIMIT: Final = 60
_SCOPE_LIMIT: Final = 80
_DAY: Final = timedelta(days=1)
_SOME: Final = timedelta(microseconds=1)
_ZONE: Final = re.compile(r"[A-Za-z0-9_+-]{1,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}")


def known_zone(name: str) -> str:
    """``name`` if it is an IANA zone of this machine, else ``UTC``."""
    if name == "UTC" or not _ZONE.fullmatch(name):
        return "UTC"
    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        return "UTC"


def local_day(moment: datetime, zone: str) -> date:
    """The day of ``moment`` in the IANA zone ``zone``, in UTC if this machine does not know it."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    name = known_zone(zone)
    try:
        return aware.astimezone(UTC if name == "UTC" else ZoneInfo(name)).date()
    except OverflowError:
        return aware.date()


def first_and_last(period: Period) -> tuple[date, date]:
    """The first and the last day that belong to a period, in its time zone."""
    last = max(period.since, period.until - _SOME)
    return local_day(period.since, period.time_zone), local_day(last, period.time_zone)


def issue_title(facts: PeriodFacts, catalogue: Catalogue) -> str:
    """The digest's title, at most 200 characters: ``Weekly digest 2026-W13 (03-23 – 03-29)``.

    It is plain text, not Markdown; what is foreign in it has no control or invisible character.
    """
    period = facts.period
    first, last = first_and_last(period)
    is_week = period.kind is PeriodKind.WEEK
    form = "%m-%d" if is_week and first.year == last.year else "%Y-%m-%d"
    name = catalogue.say(
        f"digest.name.{period.kind.value}",
        key=_plain(period.key, _NAME_LIMIT),
        since=Safe(f"{first:{form}}"),
        until=Safe(f"{last:{form}}"),
        base=_plain(period.base or "", _NAME_LIMIT),
        head=_plain(period.head or "", _NAME_LIMIT),
    )
    for scope in _scopes(facts, catalogue):
        name = catalogue.say("digest.name.scoped", name=name, scope=scope)
    return prose(name, TITLE_LIMIT)


def age(since: datetime, until: datetime) -> int:
    """Whole days between two moments."""
    return max(0, (until - since) // _DAY)


def _scopes(facts: PeriodFacts, catalogue: Catalogue) -> list[Safe]:
    """What a digest covers, unless it is all of one repository: the organisation, the path."""
    scopes = []
    if len(facts.repositories) > 1:
        owners = {repository.full_name.partition("/")[0] for repository in facts.repositories}
        count = catalogue.say("digest.name.repositories", count=len(facts.repositories))
        scopes.append(_plain(next(iter(owners)), _NAME_LIMIT) if len(owners) == 1 else count)
    return [*scopes, _plain(facts.path, _SCOPE_LIMIT)] if facts.path else scopes


def _plain(value: str, limit: int) -> Safe:
    """Foreign text for a title, which is not Markdown."""
    return Safe(prose(value, limit))
