"""The one setting that is for tests alone: where the process dies."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from bot.failpoint import parse


def _point(value: str) -> str:
    parse(value)
    return value


class DyingSettings(BaseSettings):
    """What ``Settings`` says about the failpoint of ``bot.failpoint``."""

    failpoint: Annotated[str, AfterValidator(_point)] | None = Field(
        None,
        validation_alias="PRHUB_FAILPOINT",
        description="nothing; only tests name a point of bot/failpoint.py",
    )
