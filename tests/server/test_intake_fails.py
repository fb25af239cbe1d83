"""A fault of ours while a delivery is taken: GitHub gets no 2xx, and the next one is taken."""

from __future__ import annotations

from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import play_over, send_merge


async def test_an_error_of_ours_is_answered_500_and_counted(github, app_key, tmp_path, monkeypatch):
    """The delivery is sent again, for nothing of it is stored; the log line has its GUID."""
    async with play_over(github, app_key.private, tmp_path) as play:
        pull = add_merge(play.state)
        with monkeypatch.context() as patched:
            patched.setattr("bot.server.intake.to_trigger", None)
            assert await send_merge(github, REPOSITORY, pull) == 500
        counted = play.running.services.meters.deliveries.labels("unknown", "unstored")
        assert counted._value.get() == 1
        await play.merge(pull)
        assert len(play.comments(pull)) == 1
