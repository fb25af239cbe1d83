"""Commands that are none of ours, floods, loops, and GitHub at its worst."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from bot.store.tables import triggers
from sandbox.build import add_commit, signature
from sandbox.talk import add_issue
from tests.fakes.commanding import answers, later, reactions, say, say_only, seen
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import settled, until


@pytest.mark.parametrize("status", [404, 500, 502])
async def test_without_a_role_told_nothing_is_done(play, status):
    """Closed on any error: one reaction, no text."""
    pull = add_merge(play.state)
    play.github.faults.add("error", path="/collaborators/", probability=1.0, status=status)
    comment = await say(play, pull, "/prhub help")
    assert reactions(comment) == ["confused"]
    assert play.comments(pull) == []


async def test_a_flood_of_commands_is_one_comment(play):
    """Thirty at once by one person: ten are carried out, one more is told of, and the rest are silent."""
    pull = add_merge(play.state)
    comments = [await say_only(play, pull, "/prhub help") for _ in range(30)]
    await settled(play.running, 60.0)
    found = [reactions(seen(pull, comment)) for comment in comments]
    assert found.count(["eyes", "rocket"]) == 10
    assert found.count(["-1"]) == 1
    assert found.count([]) == 19
    assert len(answers(play, pull)) == 1


async def test_a_loop_stops_at_six_answers(play):
    """Somebody deletes each answer and asks again: the repository is muted, and then all is silent."""
    pull = add_merge(play.state)
    posted = 0
    for number in range(9):
        later(play, 1)
        await say(play, pull, "/prhub status", f"octo-{number}")
        posted += len(answers(play, pull))
        pull.comments.put(tuple(one for one in pull.comments.value if not one.app_id), play.state.clock())
    assert posted == 6
    assert reactions(await say(play, pull, "/prhub help")) == []


async def test_a_lost_answer_is_not_posted_twice(play):
    """The connection broke after GitHub had it."""
    pull = add_merge(play.state)
    play.github.faults.add("drop_after", path="/comments$", methods=("POST",), times=1)
    comment = await say(play, pull, "/prhub help")
    assert len(answers(play, pull)) == 1
    assert reactions(comment) == ["eyes", "rocket"]


async def test_after_a_lost_answer_three_later_looks_for_a_second_one_are_planned(play):
    """And the first of them deletes one that turned up after all."""
    pull = add_merge(play.state)
    play.github.faults.add("drop_after", path="/comments$", methods=("POST",), times=1)
    await say(play, pull, "/prhub help")
    planned = sa.select(triggers.c.due_at - triggers.c.created_at).where(triggers.c.kind == "tidy")
    store = play.running.services.triggers.store
    async with store.read() as connection:
        assert sorted(map(round, (await connection.scalars(planned)).all())) == [60, 600, 86_400]
    own = next(one for one in pull.comments.value if one.app_id)
    pull.comments.put((*pull.comments.value, replace(own, id=own.id + 1)), play.state.clock())
    async with store.write() as connection:
        await connection.execute(triggers.update().where(triggers.c.kind == "tidy").values(due_at=0.0))
    await until(lambda: len(answers(play, pull)) == 1)
    assert next(one for one in pull.comments.value if one.app_id).id == own.id


async def test_a_comment_that_is_gone_at_once_gets_its_answer_all_the_same(play):
    """Only the reactions have no place."""
    pull = add_merge(play.state)
    play.github.faults.add("delay_before", path="/collaborators/", times=1, seconds=0.5)
    await say_only(play, pull, "/prhub help")
    pull.comments.put((), play.state.clock())
    await settled(play.running)
    assert len(answers(play, pull)) == 1


async def test_a_locked_conversation_gets_nothing(play):
    """One attempt, and no more."""
    pull = add_merge(play.state)
    pull.locked = True
    await say(play, pull, "/prhub help")
    assert play.comments(pull) == []


async def test_an_issue_that_looks_like_a_digest_is_none(play):
    """Whoever wrote the marker: only what PRHub posted counts."""
    repository = the_repository(play.state)
    marker = f"<!-- prhub:digest:v1 repo={repository.id} scope= period=2026%2DW13 -->"
    issue = add_issue(play.state, repository, body=marker, user="octo-bot[bot]")
    comment = await say(play, issue, "/prhub digest")
    assert reactions(comment) == []
    assert len(issue.comments.value) == 1


async def test_a_command_of_yesterday_is_let_be(play):
    """It came with a delivery that was sent again."""
    pull = add_merge(play.state)
    old = datetime.fromtimestamp(time.time() - 90_000, UTC)
    comment = await say(play, pull, "/prhub help", created_at=old)
    assert reactions(comment) == []
    assert play.comments(pull) == []


async def test_the_configuration_is_told_as_it_stands_now(play):
    """Who has just changed the file asks whether it came to be in force."""
    pull = add_merge(play.state)
    await say(play, pull, "/prhub config")
    author = signature(play.state, "octo-dev")
    add_commit(
        the_repository(play.state), "main", {".github/prhub.yml": "language: zh-CN\n"}, "Speak", author
    )
    await say(play, pull, "/prhub config")
    (told,) = answers(play, pull, "config")
    assert "| `language` | `zh-CN` |" in told


async def test_a_repository_raises_the_least_role(play):
    """By its file: then a writer is not enough."""
    repository = the_repository(play.state)
    add_commit(
        repository,
        "main",
        {".github/prhub.yml": "commands:\n  status: admin\n"},
        "Ask for more",
        signature(play.state, "octo-dev"),
    )
    pull = add_merge(play.state)
    assert reactions(await say(play, pull, "/prhub status")) == ["confused"]
    assert reactions(await say(play, pull, "/prhub status", "octo-admin", "admin")) == ["eyes", "rocket"]
