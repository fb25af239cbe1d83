"""The settings of the sweeps: how often PRHub looks for what never arrived, and how far back."""

from __future__ import annotations

from pydantic import Field
from pydantic_settings import BaseSettings

# For how long GitHub sends a delivery again: 3 days, on Enterprise Server 7 (R18).
_DAY = 86400.0


class SweepingSettings(BaseSettings):
    """What ``Settings`` says about the sweeps. Intervals are in seconds."""

    delivery_poll: float = Field(
        300,
        validation_alias="PRHUB_DELIVERY_POLL",
        ge=0,
        le=86400,
        description="seconds, from 0 (never) to 86400",
    )
    scan_interval: float = Field(
        900,
        validation_alias="PRHUB_SCAN_INTERVAL",
        ge=0,
        le=86400,
        description="seconds, from 0 (never) to 86400",
    )
    look_back: int = Field(
        0, validation_alias="PRHUB_LOOK_BACK", ge=0, le=50, description="a whole number from 0 to 50"
    )
    backfill_on_install: int = Field(
        0,
        validation_alias="PRHUB_BACKFILL_ON_INSTALL",
        ge=0,
        le=50,
        description="a whole number from 0 to 50",
    )


def redelivery_seconds(api_url: str) -> float:
    """Give for how long GitHub sends a delivery again, by its API's address."""
    return 7 * _DAY if api_url.endswith("/api/v3") else 3 * _DAY
