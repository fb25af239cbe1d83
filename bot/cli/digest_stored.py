"""The digest of a repository on GitHub, from the stored reports: as the app, beside a running server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cli.holding import held
from bot.cli.progress import progress
from bot.cli.reading import told
from bot.errors import UserError
from bot.facts import calendar
from bot.facts.ranges import read_range
from bot.github import READ
from bot.model import DigestRequest
from bot.model.repo_config import CONFIG_PATH, Loaded, Source
from bot.repo_config import choices
from bot.store import ORGANISATION
from bot.wiring import open_services
from bot.workflows.digest_now import MadeDigest, digest_now, place_named
from bot.workflows.digest_places import path_scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.cli.digest import Wanted
    from bot.model import Period
    from bot.model.repo_config import Choices
    from bot.settings import Settings
    from bot.workflows.digest_places import DigestPlace
    from bot.workflows.services import Services


async def digest_stored(
    wanted: Wanted, period_in: Callable[[str], Period] | None, settings: Settings
) -> tuple[MadeDigest, Settings]:
    """Make the digest that was asked for, and publish it if that was asked too.

    ``period_in`` gives its period in a time zone, and is ``None`` for a range of tags. Gives the settings as
    they hold for the repository, too. Raises ``UserError`` if the repository cannot be read, and if its
    file wants no digests where one was to be published.
    """
    name = wanted.repository or ""
    async with open_services(settings) as (services, _):
        with told(name), progress(f"reading {name}") as say:
            place = await place_named(services, name)
            chosen = await _chosen(services, place, wanted)
            zone = chosen.digest.time_zone
            asked = period_in(zone) if period_in else await _between_tags(services, place, wanted, zone)
            request = DigestRequest(
                period=asked, scope=_scope(wanted), language=wanted.language, publish=wanted.publish
            )
            made = await digest_now(services, place, request, say)
            return made, held(settings, chosen, wanted.language)


async def _chosen(services: Services, place: DigestPlace, wanted: Wanted) -> Choices:
    """Give what holds for the digest; one over several repositories goes by the settings alone."""
    loaded = Loaded()
    if not wanted.organisation:
        known = (place.installation_id, place.repository_id, place.full_name)
        loaded = await services.configs.of(*known)
    chosen = choices(services.settings, loaded, place.full_name)
    by_file = chosen.source("digest.publish") in {Source.FILE, Source.EXTENDS}
    if wanted.publish and by_file and chosen.digest.publish == "none":
        raise UserError(f"{place.full_name} wants no digests: its {CONFIG_PATH} says digest.publish: none.")
    return chosen


def _scope(wanted: Wanted) -> str:
    if wanted.organisation:
        return ORGANISATION
    return path_scope(wanted.path) if wanted.path is not None else ""


async def _between_tags(services: Services, place: DigestPlace, wanted: Wanted, zone: str) -> Period:
    base, dots, head = (wanted.tags or "").partition("..")
    if not dots or not base or not head:
        raise UserError("Write a range of tags as v1.0..v1.1, the older one first.")
    reader = services.github.as_installation(place.installation_id, place.repository_id, READ)
    since, until, _ = await read_range(reader, place.full_name, base, head)
    return calendar.tags(base, head, (since, until), zone)
