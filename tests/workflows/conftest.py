"""A running PRHub over the stand-in GitHub, for whole reports."""

from __future__ import annotations

import pytest

from tests.fakes.process import Play, play_over


@pytest.fixture
async def play(github, app_key, tmp_path):
    """PRHub beside the repository ``octo-org/engine``."""
    async with play_over(github, app_key.private, tmp_path) as playing:
        yield playing


@pytest.fixture
def playing_with(github, app_key, tmp_path):
    """Start the same with other settings, such as ``PRHUB_REPORT_BOTS="true"``."""

    def start(**changes: str):
        return play_over(github, app_key.private, tmp_path, **changes)

    return start


@pytest.fixture
def postgresql(postgres):
    """The address of an empty PostgreSQL database, as an operator writes it."""
    return postgres.empty().replace("postgresql+psycopg://", "postgresql://", 1)


__all__ = ["Play"]
