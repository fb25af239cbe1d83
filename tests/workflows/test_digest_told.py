"""A period told by a model over real HTTP: checked, paid once, and waited for no longer than is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.facts.calendar import week
from bot.model import DigestRequest, WithoutModel
from bot.store import DigestKey
from bot.workflows.digest_now import digest_now, place_named
from sandbox import messages
from sandbox.messages import answer, error, refusal
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import play_over, settled, until
from tests.fakes.weeks import ask_for, digest_issues, digest_trigger, start, this_week

CHANGE = {
    "engine/store.py": "def save(path, rows):\n"
    "    with open(path, 'w') as file:\n"
    "        for row in rows:\n"
    "            file.write(row)\n"
    "    return len(rows)\n",
}


@pytest.fixture
def telling(github, app_key, tmp_path):
    """Start PRHub with a key, beside a model that answers as it is told; one reported merge is there."""

    @asynccontextmanager
    async def run(responder=messages.plausible, **changes):
        async with play_over(github, app_key.private, tmp_path) as play:
            await play.merge(add_merge(play.state, CHANGE, title="feat: keep rows in a file"))
        async with messages.running(responder) as server:
            settings = {
                "ANTHROPIC_API_KEY": "sk-ant-of-a-test",
                "ANTHROPIC_BASE_URL": server.url,
                "PRHUB_MODEL_PATIENCE": "0.5",
                **changes,
            }
            async with play_over(github, app_key.private, tmp_path, **settings) as play:
                yield play, server

    return run


async def made(play):
    """What made the stored digest of this week."""
    key = DigestKey(the_repository(play.state).id, "", this_week())
    return (await play.running.services.digests.get(key)).digest.provenance


def bodies(play):
    """The texts of the digests on GitHub."""
    return [issue.body or "" for _, issue in digest_issues(the_repository(play.state), play.state.app.id)]


async def test_a_week_is_told_by_the_model(telling):
    """In one issue that names the model; written again, nothing is paid for twice."""
    async with telling() as (play, server):
        await ask_for(play, digest_trigger(play.state, this_week()))
        found = await made(play)
        assert (found.model, found.without_model) == ("claude-sonnet-5-5", None)
        calls = server.calls
        assert calls >= 1
        await ask_for(play, digest_trigger(play.state, this_week(), again=":2"))
        assert server.calls == calls
        (body,) = bodies(play)
        assert "claude-sonnet-5-5" in body
        assert not server.violations


async def test_a_private_repository_is_not_sent_where_the_operator_keeps_it(telling):
    """``PRHUB_PRIVATE_REPOSITORIES=facts``."""
    async with telling(PRHUB_PRIVATE_REPOSITORIES="facts") as (play, server):
        the_repository(play.state).private = True
        await ask_for(play, digest_trigger(play.state, this_week()))
        assert ((await made(play)).without_model, server.calls) == (WithoutModel.PRIVATE, 0)
        assert len(bodies(play)) == 1


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        pytest.param(refusal(), WithoutModel.REFUSED, id="the model refuses"),
        pytest.param(answer("I cannot say."), WithoutModel.UNUSABLE, id="the answer is no JSON"),
        pytest.param(error(401), WithoutModel.UNAVAILABLE, id="the key is wrong"),
    ],
)
async def test_a_model_that_does_not_answer_costs_no_digest(telling, reply, why):
    """The computed digest is posted at once and says why it stands alone."""
    async with telling(lambda _: reply, PRHUB_MODEL_PATIENCE="3600") as (play, _):
        await start(play, digest_trigger(play.state, this_week()))
        await until(lambda: bool(bodies(play)))
        assert (await made(play)).without_model is why


async def test_a_digest_in_an_outage_is_posted_and_completed_in_place(telling):
    """After ``PRHUB_MODEL_PATIENCE``; when the model is back, in the same issue."""
    is_away = asyncio.Event()

    def hesitant(asked):
        return messages.plausible(asked) if is_away.is_set() else error(529)

    async with telling(hesitant, PRHUB_MODEL_PATIENCE="1") as (play, _):
        await start(play, digest_trigger(play.state, this_week()))
        await until(lambda: bool(bodies(play)), 30)
        assert (await made(play)).without_model is WithoutModel.PENDING
        is_away.set()
        await until(lambda: any("claude-sonnet-5-5" in body for body in bodies(play)), 40)
        await settled(play.running)
        assert len(bodies(play)) == 1
        assert (await made(play)).without_model is None


async def test_by_hand_a_model_that_is_away_is_not_left_for_later(telling):
    """A digest that is only printed leaves no work behind."""
    async with telling(lambda _: error(529), PRHUB_MODEL_PATIENCE="0.2") as (play, _):
        place = await place_named(play.running.services, REPOSITORY)
        before = await play.running.services.triggers.counts()
        shown = await digest_now(
            play.running.services, place, DigestRequest(period=week(this_week(), "UTC"), publish=False)
        )
        assert shown.digest.provenance.without_model is WithoutModel.UNAVAILABLE
        assert await play.running.services.triggers.counts() == before
