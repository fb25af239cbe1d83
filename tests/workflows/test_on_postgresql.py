"""The whole path on PostgreSQL: the same code, another database."""

from __future__ import annotations

from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, play_over, send_merge, until
from tests.fakes.serving import server


async def test_a_merge_is_reported_once_on_postgresql(github, app_key, tmp_path, postgresql):
    """Engine and store share the database; the engine has a schema of its own there."""
    async with play_over(github, app_key.private, tmp_path, DATABASE_URL=postgresql) as play:
        pull = add_merge(play.state)
        await play.merge(pull, pull)
        assert len(play.comments(pull)) == 1
        assert await play.report(pull) is not None


async def test_work_of_a_killed_server_goes_on_on_postgresql(github, app_key, tmp_path, postgresql):
    """The next process on this database takes it up."""
    pulls = [add_merge(github.state, {f"engine/part_{n}.py": f"x = {n}\n"}) for n in range(6)]
    async with server(github, app_key, tmp_path, DATABASE_URL=postgresql) as process:
        for pull in pulls:
            assert await send_merge(github, REPOSITORY, pull) == 202
        process.kill()
    async with server(github, app_key, tmp_path, DATABASE_URL=postgresql):
        await until(lambda: all(own_comments(github, pull) for pull in pulls), 40)
    assert [len(own_comments(github, pull)) for pull in pulls] == [1] * 6
