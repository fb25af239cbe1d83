"""Configuration files on GitHub: always of the default branch, asked for again after some minutes."""

from __future__ import annotations

import base64
import binascii
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import Forbidden, Gone, NoAccess
from bot.model.repo_config import CONFIG_PATH
from bot.repo_config.reading import Read, read_config
from bot.repo_config.tree import LARGEST_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# R113: a change is in force within five minutes.
FRESH_SECONDS = 240.0
# A file and its reading take at most some 50 KB.
MOST_KEPT = 256
_CONTENTS = f"/repos/{{owner}}/{{repo}}/contents/{CONFIG_PATH}"
# Those with which a report is read, so that its token does for this too.
RIGHTS = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "read",
    "issues": "read",
    "checks": "read",
    "statuses": "read",
}


class Page(Protocol):
    """An answer: ``data`` is ``None`` if it is what ``etag`` stood for."""

    @property
    def data(self) -> Any:
        """What the answer holds."""

    @property
    def etag(self) -> str | None:
        """What to ask with the next time."""


class Pages(Protocol):
    """The part of ``bot.github.API`` that reading a file needs."""

    async def page(self, url: str, url_vars: Mapping[str, Any], etag: str | None) -> Page:
        """Give an answer, or say that it has not changed."""


class Hub(Protocol):
    """The part of ``bot.github.GitHub`` that reading a file needs."""

    def as_installation(
        self, installation_id: int, repository: int | str | None, permissions: Mapping[str, str]
    ) -> Pages:
        """Give the API with a token for one repository."""


@dataclass(frozen=True)
class Found:
    """A file: the repository it stands in, GitHub's SHA of its contents, and what it says."""

    place: str
    sha: str
    read: Read


@dataclass(frozen=True)
class _Kept:
    etag: str | None
    found: Found | None
    at: float


@dataclass(frozen=True)
class Files:
    """The files of all repositories, as they were at most four minutes ago; ``clock`` is in seconds."""

    hub: Hub
    clock: Callable[[], float]
    _kept: OrderedDict[tuple[int, int | str, str], _Kept] = field(default_factory=OrderedDict)

    async def get(self, installation_id: int, token_for: int | str, place: str) -> Found | None:
        """Give the file of a repository, ``None`` if there is none that can be read (404, 403, no file).

        ``token_for`` is the repository that the token is for. An unchanged file costs one request that
        does not count. Raises the errors of ``bot.github``, ``NoAccess`` among them.
        """
        key = (installation_id, token_for, place.lower())
        kept = self._kept.get(key)
        if kept is not None and 0 <= self.clock() - kept.at < FRESH_SECONDS:
            return kept.found
        asked_at = self.clock()
        owner, _, repo = place.partition("/")
        pages = self.hub.as_installation(installation_id, token_for, RIGHTS)
        try:
            etag = None if kept is None else kept.etag
            page = await pages.page(_CONTENTS, {"owner": owner, "repo": repo}, etag)
        except NoAccess:
            raise
        except (Gone, Forbidden):
            return self._keep(key, _Kept(None, None, asked_at))
        if page.data is None and kept is not None:
            return self._keep(key, _Kept(page.etag, kept.found, asked_at))
        return self._keep(key, _Kept(page.etag, _found(page.data, place), asked_at))

    def forget(self, place: str) -> None:
        """Ask for the file of a repository anew the next time, whenever it was asked for last."""
        for key in [key for key in self._kept if key[2] == place.lower()]:
            kept = self._kept[key]
            self._kept[key] = _Kept(kept.etag, kept.found, -FRESH_SECONDS)

    def _keep(self, key: tuple[int, int | str, str], kept: _Kept) -> Found | None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return kept.found


def _found(data: Any, place: str) -> Found | None:
    """Read GitHub's answer; a folder, a link out of the repository and a submodule are no file."""
    if not isinstance(data, dict) or data.get("type") != "file" or not isinstance(data.get("sha"), str):
        return None
    content = _content(data)
    return None if content is None else Found(place, data["sha"][:64], read_config(content, place))


def _content(data: Mapping[str, Any]) -> bytes | None:
    size, text = data.get("size"), data.get("content")
    if isinstance(size, int) and size > LARGEST_FILE:
        # Whatever it holds, and GitHub may not have sent it: it is refused by its size.
        return bytes(LARGEST_FILE + 1)
    if data.get("encoding") != "base64" or not isinstance(text, str):
        return None
    try:
        return base64.b64decode(text[: 2 * LARGEST_FILE + 2])
    except (ValueError, binascii.Error):
        return None
