"""``prhub backfill`` as an operator types it: estimate, caps, kills with SIGKILL, and what it says."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

from bot.cli.backfill import command
from bot.errors import UserError
from sandbox import messages
from tests.cli.test_command_line import prhub
from tests.fakes.backfilling import Filler, times_paid, writes
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import own_comments
from tests.fakes.serving import server

PRICES = {"PRHUB_PRICES": "claude-sonnet-5-5=3/15/0.3/3.75,claude-haiku-5-5=1/5/0.1/1.25"}


@pytest.fixture
async def model():
    async with messages.running() as stand_in:
        yield stand_in


@pytest.fixture
def filler(github, app_key, tmp_path, model):
    for number in range(3):
        add_merge(github.state, {f"engine/part_{number}.py": "def work(text):\n    return eval(text)\n"})
    return Filler(github, app_key, tmp_path, model, dict(PRICES))


async def backfilled(filler, *arguments, **changes):
    """Run the command in a process of its own."""
    return await prhub(filler.folder, "backfill", REPOSITORY, *arguments, **(filler.settings | changes))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("engine", "--limit", "3"), "OWNER/REPO", id="no owner"),
        pytest.param((REPOSITORY,), "how far back", id="neither a day nor a limit"),
        pytest.param((REPOSITORY, "--since", "March"), "no day", id="a day that is none"),
        pytest.param(
            (REPOSITORY, "--since", "2026-03-01"), "Without a terminal", id="no terminal and no limit"
        ),
        pytest.param(
            (REPOSITORY, "--limit", "3", "--max-usd", "1"), "PRHUB_PRICES", id="money without prices"
        ),
        pytest.param(
            (REPOSITORY, "--since", "2026-03-02", "--until", "2026-03-01", "--yes"), "swap", id="backwards"
        ),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_opened(arguments, said, tmp_path, monkeypatch):
    """In one line that says what to do."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-of-a-test")
    with pytest.raises(UserError, match=said):
        CliRunner().invoke(command, arguments, catch_exceptions=False, standalone_mode=False)


def test_what_the_operator_leaves_out_is_refused(tmp_path, monkeypatch):
    """``PRHUB_REPOSITORIES`` holds here as well."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRHUB_REPOSITORIES", "octo-org/other")
    with pytest.raises(UserError, match="PRHUB_REPOSITORIES leaves out octo-org/engine"):
        CliRunner().invoke(
            command, (REPOSITORY, "--limit", "3"), catch_exceptions=False, standalone_mode=False
        )


async def test_it_says_what_it_may_come_to_and_what_came_of_it(filler, github):
    """The estimate beside the result, the result alone on standard output."""
    done = await backfilled(filler, "--limit", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 reports made, 0 skipped, 0 failed, 0 left; ")
    assert " USD.\n" in done.stdout
    assert "2 merges to report on: about " in done.stderr
    assert "in batches, at half the price" in done.stderr
    assert writes(github) == []


async def test_killed_with_sigkill_it_goes_on(filler, model):
    """At one failpoint after the other: between the noting of a batch and the register."""
    points = ("after_backfill_read", "after_batch_stored", "after_batch_entry:2", "after_backfill_register")
    for point in points:
        assert (await backfilled(filler, "--limit", "9", PRHUB_FAILPOINT=point)).returncode == -9
    done = await backfilled(filler, "--limit", "9")
    assert done.stdout.startswith("3 reports made"), done.stderr
    assert "Going on: 3 of 3 merges are through" in done.stderr
    assert set(times_paid(model).values()) == {1}


async def test_it_works_beside_a_running_server(filler, github, app_key, model):
    """On the server's SQLite file; posted once each, though the server is there as well."""
    asking = {name: value for name, value in filler.settings.items() if name.startswith("ANTHROPIC")}
    async with server(github, app_key, filler.folder, **asking):
        done = await backfilled(filler, "--limit", "2", "--publish", "comment")
        assert done.returncode == 0, done.stderr
        again = await backfilled(filler, "--limit", "2", "--publish", "comment")
    assert again.stdout.startswith("0 reports made, 2 skipped")
    pulls = next(iter(github.state.repositories.values())).pulls.values()
    assert [len(own_comments(github, pull)) for pull in pulls] == [0, 1, 1]
    assert set(times_paid(model).values()) == {1}


async def test_a_refused_key_says_what_to_do_and_never_the_key(filler, model):
    """401: an operator must act."""
    model.batches.refuse = [401]
    done = await backfilled(filler, "--limit", "1")
    assert (done.returncode, done.stdout) == (1, "")
    assert "The backfill cannot go on: 401 authentication_error" in done.stderr
    assert filler.settings["ANTHROPIC_API_KEY"] not in done.stderr
    assert (await backfilled(filler, "--limit", "1")).stdout.startswith("1 report made")


async def test_a_batch_that_the_server_does_not_know_stops_it_until_it_is_given_up(filler, model):
    """404: it says which batch and what to do; nothing is asked anew before that."""
    killed = await backfilled(filler, "--limit", "2", PRHUB_FAILPOINT="after_batch_stored")
    assert killed.returncode == -9
    model.batches.hidden = {"msgbatch_0001"}
    for how in ((), ("--now",)):
        done = await backfilled(filler, "--limit", "2", *how)
        assert (done.returncode, done.stdout, len(model.batches.made)) == (1, "", 1)
        assert "does not know the batch msgbatch_0001 under this key. Give back the key" in done.stderr
        assert "--give-up, which asks its 2 questions anew" in done.stderr
    done = await backfilled(filler, "--limit", "2", "--give-up")
    assert done.stdout.startswith("2 reports made"), done.stderr
    assert len(model.batches.made) == 2


async def test_what_a_killed_one_left_is_forgotten_at_once(filler):
    """Its process is dead, whatever time it was believed for; there is no report yet that names the place."""
    killed = await backfilled(filler, "--limit", "2", PRHUB_FAILPOINT="after_batch_stored")
    assert killed.returncode == -9
    done = await prhub(filler.folder, "forget", REPOSITORY, "--yes", **filler.settings)
    assert (done.returncode, done.stderr) == (0, "")
    with closing(sqlite3.connect(filler.folder / "prhub.sqlite")) as database:
        dump = "\n".join(database.iterdump())
    assert "eval(text)" not in dump
    assert REPOSITORY not in dump


async def test_no_secret_and_no_line_of_a_diff_stays_behind(filler, model):
    """When it is done, the database has neither the facts nor the key."""
    await backfilled(filler, "--limit", "9")
    database = sqlite3.connect(filler.folder / "prhub.sqlite")
    assert database.execute("SELECT count(*) FROM backfill_pulls WHERE facts IS NOT NULL").fetchone() == (0,)
    dump = "\n".join(database.iterdump())
    assert filler.settings["ANTHROPIC_API_KEY"] not in dump
    database.close()
