"""The configuration of each repository: its file, what that extends, and the last that was good."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.errors import NoAccess, PRHubError
from bot.model.repo_config import CONFIG_PATH, Loaded, Problem
from bot.repo_config.files import Files

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.repo_config.files import Found, Hub

# With another number every stored file is read anew: for when the same file may mean something else.
_READER = "1"
SHARED = ".github"
log = structlog.get_logger("prhub.repo_config")


class Kept(Protocol):
    """What keeps each repository's configuration between requests and processes."""

    async def get(self, repository_id: int) -> Loaded | None:
        """Give what was kept, or ``None``."""

    async def put(self, repository_id: int, loaded: Loaded) -> None:
        """Keep it in place of what was there."""


@dataclass(frozen=True)
class _Asker:
    """The repository that a configuration is for."""

    installation_id: int
    repository_id: int
    full_name: str

    @property
    def owner(self) -> str:
        return self.full_name.partition("/")[0]


@dataclass(frozen=True)
class Configs:
    """The configurations of all repositories.

    ``may_show`` tells whether what stands in the repository of a name may show in the one of an id.
    """

    hub: Hub
    kept: Kept
    may_show: Callable[[int, str], Awaitable[bool]]
    clock: Callable[[], float] = time.time
    _files: Files = field(init=False, repr=False)
    _turns: WeakValueDictionary[tuple[int, int], asyncio.Lock] = field(
        default_factory=WeakValueDictionary, repr=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_files", Files(self.hub, self.clock))

    async def of(self, installation_id: int, repository_id: int, full_name: str) -> Loaded:
        """Give the configuration of a repository; a change on its default branch is seen within 4 minutes.

        While GitHub cannot be asked, it is what was read last. If nothing was ever read, the error of
        ``bot.github`` is raised: the file may say that nothing is to be posted.
        """
        asker = _Asker(installation_id, repository_id, full_name)
        # A former installation that stalls holds nobody up.
        lock = self._turns.setdefault((installation_id, repository_id), asyncio.Lock())
        async with lock:
            known = await self.kept.get(repository_id)
            try:
                files, problems = await self._read(asker)
            except PRHubError:
                if known is None:
                    raise
                return known
            version = " ".join((_READER, *(f"{found.place}@{found.sha}" for found in files)))
            if known is not None and known.version == version:
                return known
            loaded = self._loaded(known, files, problems, version)
            await self.kept.put(repository_id, loaded)
            if loaded.broken:
                log.warning("configuration not taken", repository=full_name, problems=len(loaded.problems))
            return loaded

    def forget(self, full_name: str) -> None:
        """Ask GitHub for a repository's file the next time, for it was changed just now."""
        self._files.forget(full_name)

    async def _read(self, asker: _Asker) -> tuple[list[Found], tuple[Problem, ...]]:
        """Give the file and what it extends, as far as they are there, and what is wrong with the way."""
        own = await self._files.get(asker.installation_id, asker.repository_id, asker.full_name)
        shared = f"{asker.owner}/{SHARED}"
        if own is None and asker.full_name.lower() != shared.lower():
            own = await self._elsewhere(asker, shared)
        if own is None:
            return [], ()
        extends = None if own.read.config is None else own.read.config.extends
        if extends is None:
            return [own], ()
        place = extends if "/" in extends else f"{asker.owner}/{extends}"
        if place.partition("/")[0].lower() != asker.owner.lower():
            return [own], (_problem(own, "names a repository of another owner: write one of the same."),)
        if place.lower() == own.place.lower():
            return [own], (_problem(own, "names the repository itself: write another one."),)
        base = await self._elsewhere(asker, place)
        if base is None:
            wrong = f"names a repository without a {CONFIG_PATH} that PRHub can read."
            return [own], (_problem(own, wrong),)
        return [own, base], ()

    async def _elsewhere(self, asker: _Asker, place: str) -> Found | None:
        """Read another repository of the same owner; what may not show is only read if everybody can."""
        if await self.may_show(asker.repository_id, place):
            # Without the app in it, a public one can be read all the same.
            with suppress(NoAccess):
                return await self._files.get(asker.installation_id, place, place)
        return await self._files.get(asker.installation_id, asker.repository_id, place)

    def _loaded(
        self, known: Loaded | None, files: list[Found], problems: tuple[Problem, ...], version: str
    ) -> Loaded:
        problems = (
            *problems,
            *(one for found in files for one in found.read.problems),
            *_second_level(files),
        )
        new = Loaded(problems=problems, version=version, read_at=self.clock())
        if new.broken:
            good = known or Loaded()
            was = {"file": good.file, "base": good.base, "places": good.places, "current": False}
            return new.model_copy(update=was)
        configs = [found.read.config for found in files]
        own, base = (*configs, None, None)[:2]
        places = tuple(found.place for found in files)
        return new.model_copy(update={"file": own, "base": base, "places": places})


def _problem(own: Found, text: str) -> Problem:
    line, column = own.read.extends_at
    where = {"place": own.place, "line": line, "column": column}
    return Problem(severity="error", key="_extends", text=f"_extends {text}", **where)


def _second_level(files: list[Found]) -> tuple[Problem, ...]:
    """Warn of a base that extends something itself: that has no effect."""
    for found in files[1:]:
        if found.read.config is not None and found.read.config.extends is not None:
            text = "has no effect here: what is extended cannot extend another."
            return (_problem(found, text).model_copy(update={"severity": "warning"}),)
    return ()
