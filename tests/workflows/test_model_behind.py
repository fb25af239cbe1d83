"""A discussion goes on while the model is away or refuses: the reading of before stands, and says so."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.model import WithoutModel
from sandbox import messages
from sandbox.messages import error, refusal
from sandbox.payloads import review_comment_payload
from sandbox.talk import add_remark, add_thread
from sandbox.webhooks import deliver
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import play_over, settled, until

CHANGE = {
    "engine/store.py": "def save(path, rows):\n    with open(path, 'w') as file:\n        file.write(rows)\n"
}
SENTENCE = "The latest review remarks have not been read by the model."


@pytest.fixture
def discussed(github, app_key, tmp_path):
    """Start PRHub on a merge with one thread; gives the play, the model's server, the pull and ``reply``."""

    @asynccontextmanager
    async def start(mood):
        def respond(asked):
            return mood[0](asked)

        async with messages.running(respond) as server:
            settings = {
                "ANTHROPIC_API_KEY": "sk-ant-of-a-test",
                "ANTHROPIC_BASE_URL": server.url,
                "PRHUB_MODEL_PATIENCE": "0.5",
            }
            async with play_over(github, app_key.private, tmp_path, **settings) as play:
                repository, pull = the_repository(play.state), add_merge(play.state, CHANGE)
                thread = add_thread(play.state, repository, pull, ("engine/store.py", 2))
                add_remark(play.state, thread, "octo-reader", "`save` does not sync: a crash loses the rows.")
                await play.merge(pull)

                async def reply(text):
                    remark = add_remark(play.state, thread, "octo-visitor", text)
                    payload = review_comment_payload(play.state, repository, pull, thread, remark)
                    await deliver(play.state, "pull_request_review_comment", payload)

                yield play, server, pull, reply

    return start


async def test_a_refresh_in_an_outage_is_completed_after_it(discussed):
    """The comment keeps what was told, says that it is behind, and has the rest when the model is back."""
    mood: list[Any] = [messages.plausible]
    async with discussed(mood) as (play, server, pull, reply):
        mood[0] = lambda _: error(529)
        await reply("It still does not sync, see `save`.")
        await until(lambda: SENTENCE in play.comments(pull)[0])
        made = (await play.report(pull)).provenance
        assert (made.model, made.without_model) == ("claude-sonnet-5-5", WithoutModel.PENDING)
        mood[0] = messages.plausible
        await settled(play.running, 40)
        (body,) = play.comments(pull)
        assert SENTENCE not in body
        assert (await play.report(pull)).provenance.usage.calls == 2
        assert [asked.schema["title"] for asked in server.asked][-1] == "ReviewClaims"


async def test_comments_on_what_a_model_refuses_cost_no_more(discussed):
    """It is not asked about the whole change again because somebody wrote another comment."""
    async with discussed([lambda _: refusal()]) as (play, server, pull, reply):
        for number in range(3):
            await reply(f"In run {number} `save` lost rows again.")
            await settled(play.running)
        assert (await play.report(pull)).provenance.without_model is WithoutModel.REFUSED
        assert server.calls == 1
        assert len(play.comments(pull)) == 1
