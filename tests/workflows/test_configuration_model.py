"""What a repository's file changes about the model: which one is asked, and for how much."""

from __future__ import annotations

from functools import partial

import pytest

from bot.model import Caps, Hold, WithoutModel
from tests.fakes.commanding import answers, say
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository

CHANGE = {
    "engine/store.py": "def save(path, rows):\n"
    "    with open(path, 'w') as file:\n"
    "        for row in rows:\n"
    "            file.write(row)\n"
    "    return len(rows)\n",
}
LARGE, SMALL = "claude-sonnet-5-5", "claude-haiku-5-5"


@pytest.fixture
def asking(beside_model):
    """Start PRHub with a key, beside a stand-in for the model."""
    return partial(beside_model, PRHUB_MODEL_PATIENCE="0.5")


def models(server):
    """The models that were asked."""
    return {asked.body["model"] for asked in server.asked}


@pytest.mark.parametrize(
    ("size", "changes", "asked"),
    [
        pytest.param("off", CHANGE, set(), id="off asks none"),
        pytest.param("small", CHANGE, {SMALL}, id="small asks the small one about a large change too"),
        pytest.param("medium", CHANGE, {LARGE}, id="medium asks the large one about code"),
        pytest.param("medium", {"README.md": "# Engine\n"}, {SMALL}, id="the small one about a small change"),
        pytest.param("large", {"README.md": "# Engine\n"}, {LARGE}, id="large asks the large one for all"),
    ],
)
async def test_model_size(asking, size, changes, asked):
    """``model.size``: of the models that the operator has set, and no other."""
    async with asking() as (play, server):
        configure(play, f"model:\n  size: {size}\n")
        pull = add_merge(play.state, changes)
        await play.merge(pull)
        assert models(server) == asked
        made = (await play.report(pull)).provenance
        assert (made.model, made.without_model) == ((None, WithoutModel.OFF) if not asked else (*asked, None))


@pytest.mark.parametrize(
    ("key", "scope"),
    [
        pytest.param("tokens_per_pull", "pull request", id="for one pull request"),
        pytest.param("tokens_per_day", "repository", id="for the repository's day"),
    ],
)
async def test_budgets(asking, key, scope):
    """``budget``: spent, the report is the rules', and says so; the status counts by it."""
    async with asking(PRHUB_MAX_OUTPUT_TOKENS="2000") as (play, server):
        repository, (installation,) = the_repository(play.state), play.state.installations
        configure(play, f"budget:\n  {key}: 200000\n")
        first = add_merge(play.state, CHANGE)
        await play.merge(first)
        assert server.asked
        await spend(play, installation, repository.id, 0 if key == "tokens_per_day" else first.number)
        number = len(server.asked)
        pull = first
        if key == "tokens_per_day":
            pull = add_merge(play.state, {"engine/load.py": CHANGE["engine/store.py"]})
            await play.merge(pull)
        else:
            await say(play, first, "/prhub report --language zh-CN")
        assert len(server.asked) == number
        assert (await play.report(pull)).provenance.without_model is WithoutModel.BUDGET
        await say(play, pull, "/prhub status")
        (told,) = answers(play, pull, "status")
        assert "200,000" in told, scope


async def spend(play, installation, repository_id, number):
    """Enter so many tokens that 200,000 are spent."""
    ledger = play.running.services.ledger
    hold = Hold(
        installation_id=installation, repository_id=repository_id, number=number, tokens=200_000, seconds=60
    )
    assert await ledger.reserve(hold, Caps()) is None
    await ledger.settle(hold.id, 200_000)
