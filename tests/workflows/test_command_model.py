"""Commands that ask a model: at most one round of questions for each pull request, whoever asks how often."""

from __future__ import annotations

from bot.model import WithoutModel
from sandbox import messages
from sandbox.talk import open_pull
from tests.fakes.commanding import answers, later, reactions, say, say_only
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import settled
from tests.workflows.test_budget_flow import CHANGE

# Triage, the report's question and at most one repair.
MOST_QUESTIONS = 3


async def test_a_flood_of_commands_asks_once_for_each_pull_request(beside_model):
    """Twenty people command three reports each: what was answered is not asked again."""
    async with beside_model() as (play, server):
        pulls = [
            add_merge(play.state, {f"engine/part_{number}.py": CHANGE["engine/store.py"]})
            for number in range(3)
        ]
        for person in range(20):
            for pull in pulls:
                await say_only(play, pull, "/prhub report", f"octo-{person}")
        await settled(play.running, 60.0)
        assert [len(play.comments(pull)) for pull in pulls] == [1, 1, 1]
        assert 0 < server.calls <= MOST_QUESTIONS * len(pulls)


async def test_a_preview_is_read_by_the_model_and_the_merge_pays_once_more_at_most(beside_model):
    """The preview says so; asked for again on the same commit it costs nothing."""
    async with beside_model() as (play, server):
        pull = open_pull(play.state, the_repository(play.state), CHANGE, title="feat: save rows")
        await say(play, pull, "/prhub report")
        asked = server.calls
        assert 0 < asked <= MOST_QUESTIONS
        later(play, 600)
        comment = await say(play, pull, "/prhub report")
        assert reactions(comment) == ["eyes", "rocket"]
        assert server.calls == asked
        assert len(answers(play, pull, "report")) == 1


async def test_what_the_model_refused_is_asked_again_when_somebody_asks(beside_model):
    """A refusal is not for ever; the comment stays the same one."""
    moods = [messages.refusal()] * MOST_QUESTIONS

    def moody(asked):
        return moods.pop() if moods else messages.plausible(asked)

    async with beside_model(moody) as (play, _):
        pull = add_merge(play.state, CHANGE)
        await play.merge(pull)
        assert (await play.report(pull)).provenance.without_model is WithoutModel.REFUSED
        moods.clear()
        await say(play, pull, "/prhub report")
        assert (await play.report(pull)).provenance.without_model is None
        assert len(play.comments(pull)) == 1
