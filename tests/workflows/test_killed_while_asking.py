"""The real server, killed around a call of the model: an answer that was kept is not paid for again."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest

from sandbox import messages
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.serving import server

CHANGE = {
    "engine/load.py": "def load(path):\n    with open(path) as file:\n        return file.readlines()\n"
}
# A module each, so that each is a group of its own: too much for one call.
LARGE = {
    f"engine/part_{number}/rows.py": "\n".join(
        f"row_{number}_{line} = compute_rows(first={line}, second='{number:03d}-{line:03d}')"
        for line in range(420)
    )
    + "\n"
    for number in range(8)
}


class Asks:
    """What a model was asked, over the lives of several servers."""

    def __init__(self, model, github, key, folder):
        self.model, self._github, self._key, self._folder = model, github, key, folder

    def server(self, **changes):
        """Start a server that asks this model."""
        settings = {"ANTHROPIC_API_KEY": "sk-ant-of-a-test", "ANTHROPIC_BASE_URL": self.model.url, **changes}
        return server(self._github, self._key, self._folder, **settings)

    async def killed_at(self, point, pull, **changes):
        """Send a merge to a server that dies at a point, and wait for that."""
        async with self.server(PRHUB_FAILPOINT=point, **changes) as process:
            assert await send_merge(self._github, REPOSITORY, pull) == 202
            async with asyncio.timeout(60):
                assert await process.wait() == -9

    async def reported(self, pull, **changes):
        """Start the next server, and wait for the one comment."""
        async with self.server(**changes):
            await until(lambda: bool(own_comments(self._github, pull)), 60)
        (body,) = own_comments(self._github, pull)
        return body

    @property
    def times(self):
        """How often each question was asked."""
        return Counter(json.dumps(asked.body, sort_keys=True) for asked in self.model.asked)


@pytest.fixture
async def asks(github, app_key, tmp_path):
    async with messages.running() as model:
        yield Asks(model, github, app_key, tmp_path)


@pytest.mark.parametrize(
    ("point", "calls"),
    [
        pytest.param("before_insights", 1, id="before anything was asked"),
        pytest.param("after_model_answer", 2, id="the answer came and was not kept: nobody has it"),
        pytest.param("after_model_kept", 1, id="the answer was kept and the report not stored"),
        pytest.param("after_insights", 1, id="the report was stored and the engine not told"),
        pytest.param("after_post", 1, id="the comment was posted and its id not stored"),
    ],
)
async def test_what_was_kept_is_not_asked_again(asks, github, point, calls):
    """One comment, and one call but where no answer could be kept."""
    pull = add_merge(github.state, CHANGE)
    await asks.killed_at(point, pull)
    assert "claude-sonnet-5-5" in await asks.reported(pull)
    assert asks.model.calls == calls


async def test_notes_that_were_kept_are_not_asked_again(asks, github):
    """A large pull request, killed after its second note: every question was asked once."""
    one = {"PRHUB_MODEL_CONCURRENCY": "1"}
    pull = add_merge(github.state, LARGE)
    await asks.killed_at("after_model_kept:2", pull, **one)
    assert asks.model.calls == 2
    assert "claude-sonnet-5-5" in await asks.reported(pull, **one)
    tasks = Counter(asked.schema.get("title") for asked in asks.model.asked)
    assert tasks["NotesClaims"] > 2
    assert tasks["ReportClaims"] == 1
    assert set(asks.times.values()) == {1}
