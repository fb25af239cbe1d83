"""Which repositories a digest is about, and which of them may be shown where it is published."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import structlog

from bot.deliveries import Policy
from bot.errors import Forbidden, Gone
from bot.github import READ
from bot.store import ORGANISATION
from bot.workflows.services import services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.github import API
    from bot.model import Trigger

log = structlog.get_logger("prhub.digest")

# By the repository's id, so that no rename is in the way (R47).
_REPOSITORY = "/repositories/{id}"
_PATH = "path:"


class Level(IntEnum):
    """Who can read a repository; of two, the higher is read by fewer."""

    PUBLIC = 0
    INTERNAL = 1
    PRIVATE = 2


@dataclass(frozen=True)
class DigestPlace:
    """A repository as a digest reads it, or is published in it."""

    installation_id: int
    repository_id: int
    full_name: str

    def reader(self) -> API:
        """Give the way to read it, with a token for it alone."""
        return services().github.as_installation(self.installation_id, self.repository_id, READ)


def path_of(scope: str) -> str | None:
    """Give the path that a scope limits the digest to, or ``None``."""
    return scope.removeprefix(_PATH) if scope.startswith(_PATH) else None


def path_scope(path: str) -> str:
    """Give the scope of a digest of one path."""
    return f"{_PATH}{path}"


def home_of(trigger: Trigger) -> DigestPlace:
    """Give where a digest is published."""
    return DigestPlace(trigger.installation_id, trigger.repository_id, trigger.repository)


async def sources_of(trigger: Trigger) -> list[DigestPlace]:
    """Give the repositories that a digest is about.

    Of an organisation digest: those that the settings name, in which the app works, and that everybody
    may read who can read the home of the digest, as GitHub says now. What GitHub does not say clearly
    is left out.
    """
    home = home_of(trigger)
    if trigger.digest is None or trigger.digest.scope != ORGANISATION:
        return [home]
    level = await level_of(home, unknown=Level.PUBLIC)
    return [place for place in await _covered() if await _is_shown(place, level)]


async def _covered() -> list[DigestPlace]:
    settings = services().settings
    policy = Policy(now=0.0, repositories=settings.repositories)
    found = [
        DigestPlace(one.installation_id, one.id, one.full_name)
        for one in await services().installed.repositories.working()
        if one.full_name is not None
    ]
    return [
        one
        for one in found
        if policy.covers(one.full_name) and settings.in_organisation_digest(one.full_name)
    ]


async def _is_shown(place: DigestPlace, level: Level) -> bool:
    try:
        return await level_of(place, unknown=Level.PRIVATE) <= level
    except (Forbidden, Gone) as error:
        log.warning("left out of the organisation digest", repository=place.full_name, reason=str(error))
        return False


async def may_be_shown(repository_ids: Iterable[int], home: DigestPlace) -> bool:
    """Tell whether all that can read ``home`` may read of these repositories, as GitHub says now."""
    others = set(repository_ids) - {home.repository_id}
    if not others:
        return True
    level = await level_of(home, unknown=Level.PUBLIC)
    if level is Level.PRIVATE:
        return True
    places = {one.repository_id: one for one in await _covered()}
    return all([one in places and await _is_shown(places[one], level) for one in sorted(others)])


async def level_of(place: DigestPlace, *, unknown: Level) -> Level:
    """Ask GitHub who can read a repository; ``unknown`` if its answer does not say it clearly."""
    data: Any = await place.reader().getitem(_REPOSITORY, {"id": str(place.repository_id)})
    if not isinstance(data, dict) or data.get("id") != place.repository_id:
        return unknown
    return _LEVELS.get((data.get("private"), data.get("visibility")), unknown)


# ``visibility`` is not told by old releases of Enterprise Server.
_LEVELS: dict[tuple[Any, Any], Level] = {
    (False, "public"): Level.PUBLIC,
    (False, None): Level.PUBLIC,
    (True, "internal"): Level.INTERNAL,
    (True, "private"): Level.PRIVATE,
    (True, None): Level.PRIVATE,
}
