"""What tests of set-up share."""

from __future__ import annotations

import pytest
import structlog

from tests.fakes.set_up import setting_up


@pytest.fixture
def logs():
    """The lines that are logged."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def up(github, tmp_path, logs):
    """A server in set-up mode."""
    async with setting_up(github, tmp_path, logs) as running:
        yield running
