"""Stored digests as text: read in part where the whole is not needed, and equal ones kept as they are."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.model import Digest, Repository


class _Slim(BaseModel):
    """A stored text of which only the fields named here are read: the whole may have ten megabytes."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SlimFacts(_Slim):
    """The repositories that facts are about."""

    repositories: tuple[Repository, ...]


class _Made(_Slim):
    generated_at: datetime


class SlimDigest(_Slim):
    """What a digest is about, and when it was made."""

    facts: SlimFacts
    provenance: _Made


_Part = TypeVar("_Part", bound=_Slim)


def slim_of(kind: type[_Part], text: str | None) -> _Part | None:
    """Read a part of a stored text; ``None`` if there is none, or it is another version's."""
    try:
        return None if text is None else kind.model_validate_json(text)
    except ValidationError:
        return None


def written(digest: Digest, before: str | None) -> str:
    """Give the text of a digest; if only the time differs from the text before, that one."""
    slim = slim_of(SlimDigest, before)
    if slim is not None and before is not None:
        same_time = {"generated_at": slim.provenance.generated_at}
        provenance = digest.provenance.model_copy(update=same_time)
        if digest.model_copy(update={"provenance": provenance}).model_dump_json() == before:
            return before
    return digest.model_dump_json()
