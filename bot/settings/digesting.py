"""The settings of the digest: when it is written, of what, where it is published, and what it features."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode

from bot.settings.schedules import check_schedule

OFF = "off"
_NAME = re.compile(r"[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}")
_GLOB = re.compile(r"[A-Za-z0-9._*?\[\]!-]{1,140}/[A-Za-z0-9._*?\[\]!-]{1,140}")
# With the words before it the path becomes a scope, which the store keeps in 255 characters.
_LONGEST_PATH = 200


def _schedule(value: str) -> str:
    return OFF if value.lower() == OFF else check_schedule(value)


def _repository(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise ValueError("is not of the form owner/name")
    return value


def _globs(value: object) -> object:
    if not isinstance(value, str):
        return value
    globs = _parts(value)
    if not all(_GLOB.fullmatch(glob) for glob in globs):
        raise ValueError("has a part that is not of the form owner/name")
    return globs


def _paths(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = tuple(_path(part) for part in _parts(value))
    return tuple(dict.fromkeys(found))


def _path(part: str) -> str:
    glob, colon, path = part.partition(":")
    path = path.strip().rstrip("/")
    steps = path.split("/")
    wrong = not path.isprintable() or len(path) > _LONGEST_PATH or {"", ".", ".."} & set(steps)
    if not colon or wrong or not _GLOB.fullmatch(glob):
        raise ValueError("has a part that is not of the form owner/name:path")
    return f"{glob}:{path}"


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


class DigestingSettings(BaseSettings):
    """What ``Settings`` says about the digest."""

    digest_schedule: Annotated[str, AfterValidator(_schedule)] = Field(
        "0 9 * * 1",
        validation_alias="PRHUB_DIGEST_SCHEDULE",
        description="five fields of cron such as 0 9 * * 1, or off",
    )
    digest_period: Literal["week", "month"] = Field(
        "week", validation_alias="PRHUB_DIGEST_PERIOD", description="week or month"
    )
    digest_publish: Literal["issue", "none"] = Field(
        "issue", validation_alias="PRHUB_DIGEST_PUBLISH", description="issue or none"
    )
    digest_highlights: int = Field(
        10,
        validation_alias="PRHUB_DIGEST_HIGHLIGHTS",
        ge=0,
        le=30,
        description="a whole number from 0 to 30",
    )
    digest_threshold: float = Field(
        4, validation_alias="PRHUB_DIGEST_THRESHOLD", ge=0, le=10, description="a number from 0 to 10"
    )
    digest_paths: Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_paths)] = Field(
        None,
        validation_alias="PRHUB_DIGEST_PATHS",
        description="repositories and paths such as octo-org/mono:services/api, with commas between",
    )
    org_digest: Annotated[str, AfterValidator(_repository)] | None = Field(
        None,
        validation_alias="PRHUB_ORG_DIGEST",
        description="the name of a repository such as octo-org/news",
    )
    org_digest_repositories: Annotated[tuple[str, ...] | None, NoDecode, BeforeValidator(_globs)] = Field(
        None,
        validation_alias="PRHUB_ORG_DIGEST_REPOSITORIES",
        description="names or globs such as octo-org/*, with commas between",
    )

    def paths_in(self, full_name: str) -> tuple[str, ...]:
        """Give the paths of a repository that get a digest of their own; names compare without case."""
        found = []
        for part in self.digest_paths or ():
            glob, _, path = part.partition(":")
            if _matches(full_name, glob):
                found.append(path)
        return tuple(dict.fromkeys(found))

    def in_organisation_digest(self, full_name: str) -> bool:
        """Tell whether a repository is one of those that the organisation digest is about.

        Without ``PRHUB_ORG_DIGEST_REPOSITORIES`` these are all of the same owner.
        """
        if self.org_digest is None:
            return False
        owner = self.org_digest.partition("/")[0]
        return any(_matches(full_name, glob) for glob in self.org_digest_repositories or (f"{owner}/*",))


def _matches(full_name: str, glob: str) -> bool:
    return fnmatchcase(full_name.lower(), glob.lower())
