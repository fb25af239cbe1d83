"""A merge is read by a model over real HTTP: asked once, checked, and waited for no longer than is told."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.model import WithoutModel
from sandbox import messages
from sandbox.messages import answer, error, failing, hostile, refusal
from sandbox.payloads import issue_comment_payload
from sandbox.talk import add_comment
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import play_over, send_merge, settled, until

CHANGE = {
    "engine/store.py": "def save(path, rows):\n"
    "    with open(path, 'w') as file:\n"
    "        for row in rows:\n"
    "            file.write(row)\n"
    "    return len(rows)\n",
    "engine/load.py": "def load(path):\n    with open(path) as file:\n        return file.readlines()\n",
}


@pytest.fixture
def asking(github, app_key, tmp_path):
    """Start PRHub with a key, beside a stand-in for the model that answers as it is told."""

    @asynccontextmanager
    async def start(responder=messages.plausible, **changes):
        async with messages.running(responder) as server:
            settings = {
                "ANTHROPIC_API_KEY": "sk-ant-of-a-test",
                "ANTHROPIC_BASE_URL": server.url,
                "PRHUB_MODEL_PATIENCE": "0.5",
                **changes,
            }
            async with play_over(github, app_key.private, tmp_path, **settings) as play:
                yield play, server

    return start


def tasks(server):
    """What was asked, in order: the schema's title of each request."""
    return [asked.schema.get("title") for asked in server.asked]


async def test_a_merge_is_told_by_the_model_and_every_reference_is_checked(asking):
    """One comment, with the model, what was verified, and what it cost."""
    async with asking() as (play, server):
        pull = add_merge(play.state, CHANGE, title="feat: keep rows in a file")
        await play.merge(pull, pull)
        (body,) = play.comments(pull)
        made = (await play.report(pull)).provenance
        assert (made.model, made.prompt, made.without_model) == ("claude-sonnet-5-5", "report/v1", None)
        assert made.verified > 5
        assert made.usage.calls == server.calls
        assert "claude-sonnet-5-5" in body
        assert not server.violations


async def test_nothing_is_asked_without_a_key(play):
    """Nor is the client's library loaded."""
    pull = add_merge(play.state, CHANGE)
    await play.merge(pull)
    assert (await play.report(pull)).provenance.without_model is WithoutModel.OFF


async def test_a_private_repository_is_not_sent_where_the_operator_keeps_it(asking):
    """``PRHUB_PRIVATE_REPOSITORIES=facts``."""
    async with asking(PRHUB_PRIVATE_REPOSITORIES="facts") as (play, server):
        the_repository(play.state).private = True
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        assert (await play.report(pull)).provenance.without_model is WithoutModel.PRIVATE
        assert server.calls == 0


async def test_a_comment_after_the_merge_is_not_paid_for(asking):
    """The report is refreshed, and what was read stays read."""
    async with asking() as (play, server):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        calls, before = server.calls, await play.report(pull)
        comment = add_comment(play.state, pull, "octo-dev", "Thanks, this helps us a lot.")
        payload = issue_comment_payload(play.state, the_repository(play.state), pull.number, comment)
        await play.send("issue_comment", payload)
        assert server.calls == calls
        assert (await play.report(pull)).summary == before.summary


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        pytest.param(refusal(), WithoutModel.REFUSED, id="the model refuses"),
        pytest.param(error(400), WithoutModel.UNUSABLE, id="the request is called malformed"),
        pytest.param(answer("I cannot say."), WithoutModel.UNUSABLE, id="the answer is no JSON"),
        pytest.param(error(401), WithoutModel.UNAVAILABLE, id="the key is wrong"),
        pytest.param(error(402), WithoutModel.UNAVAILABLE, id="nothing is paid for"),
    ],
)
async def test_a_model_that_does_not_answer_costs_no_report(asking, reply, why):
    """The rules' report is posted at once and says why it stands alone."""
    async with asking(lambda _: reply, PRHUB_MODEL_PATIENCE="3600") as (play, _):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull) if why is not WithoutModel.UNAVAILABLE else await merged(play, pull)
        assert len(play.comments(pull)) == 1
        assert (await play.report(pull)).provenance.without_model is why


async def merged(play, pull):
    """Send the merge and wait for its comment; work that completes it later may be left."""
    assert await send_merge(play.github, REPOSITORY, pull) == 202
    await until(lambda: len(play.comments(pull)) == 1)


async def test_an_outage_ends_in_a_report_that_is_completed_later(asking):
    """After the patience the comment says that more will come; then the same comment has it."""
    down = [True]
    async with asking(lambda asked: error(529) if down else messages.plausible(asked)) as (play, _):
        pull = add_merge(play.state, CHANGE)
        await merged(play, pull)
        assert (await play.report(pull)).provenance.without_model is WithoutModel.PENDING
        down.clear()
        await settled(play.running, 40)
        assert (await play.report(pull)).provenance.model == "claude-sonnet-5-5"
        (body,) = play.comments(pull)
        assert "claude-sonnet-5-5" in body


async def test_a_wait_of_days_holds_no_worker(asking):
    """``retry-after: 4000000`` for one pull request; another gets its report meanwhile."""

    def respond(asked):
        if "the unlucky one" in asked.parts[0]:
            return error(429, headers={"retry-after": "4000000"})
        return messages.plausible(asked)

    async with asking(respond, PRHUB_CONCURRENCY="1", PRHUB_MODEL_PATIENCE="2") as (play, _):
        unlucky = add_merge(play.state, CHANGE, title="feat: the unlucky one")
        await merged(play, unlucky)
        lucky = add_merge(play.state, {"engine/lucky.py": "def draw():\n    return 4\n"})
        await merged(play, lucky)
        assert (await play.report(unlucky)).provenance.without_model is WithoutModel.PENDING


async def test_a_hostile_model_changes_nothing_but_words(asking):
    """One comment each, without a mention, a foreign link, markup, or a path that is not there."""
    async with asking(hostile) as (play, server):
        pulls = [add_merge(play.state, CHANGE), add_merge(play.state, {"b.py": "def b():\n    return 2\n"})]
        await play.merge(*pulls)
        for pull in pulls:
            (body,) = play.comments(pull)
            planted_words = (
                "evil.example",
                "<script",
                "@octo",
                "4711 files",
                "987654",
                "of_nobody",
                "\n/merge",
            )
            for planted in planted_words:
                assert planted not in body
            assert body.count("<!--") == 1
        assert server.calls >= 2


async def test_a_model_that_fails_now_and_then_costs_no_report(asking):
    """Overload, refusal, truncation and garbage, a tenth of the answers each."""
    shares = {"overloaded": 0.1, "refusal": 0.1, "truncated": 0.1, "garbage": 0.1, "cut": 0.1}
    async with asking(failing(shares)) as (play, _):
        pulls = [add_merge(play.state, {f"m{n}.py": f"def f{n}():\n    return {n}\n"}) for n in range(8)]
        await asyncio.gather(*(merged(play, pull) for pull in pulls))
        assert [len(play.comments(pull)) for pull in pulls] == [1] * 8
