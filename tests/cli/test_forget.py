"""``prhub forget``: afterwards nothing in the database tells of the repository, and the others are whole."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.errors import UserError
from bot.store import ORGANISATION, migrate
from bot.store.backfill_tables import backfills
from bot.store.forgetting import Forgetting
from bot.workflows.forgetting import forget
from bot.workflows.neighbours import here
from sandbox import messages
from sandbox.build import add_commit, add_repository, signature
from sandbox.messages import plausible
from sandbox.payloads import installation_payload, pull_request_payload
from sandbox.webhooks import deliver
from tests.cli.test_command_line import prhub
from tests.fakes.commanding import say
from tests.fakes.dumps import holding
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import own_comments, play_over, send_merge, until
from tests.fakes.serving import server
from tests.fakes.weeks import ask_for, digest_trigger, merged_at, now, this_week

HOME, OTHER = "octo-org/news", "octo-org/other"
TITLE, BODY, SAID, PATH = "zztitle", "zzdescription", "zzremark", "zzpath"
WORDS = (REPOSITORY, TITLE, BODY, SAID, PATH)
HIDES = f"def {PATH}():\n    try:\n        return 2\n    except Exception:\n        pass\n"


def add(state, name):
    """Another repository of the organisation."""
    (installation,) = state.installations.values()
    repository = add_repository(state, name, installation)
    add_commit(repository, "main", {"README.md": "# x\n"}, "Import", signature(state, "octo-dev"))
    return repository


async def lived(play, home):
    """Merges, corrections, feedback, a digest of the repository and one of the organisation."""
    (installation,) = play.state.installations.values()
    await play.send("installation", installation_payload(play.state, installation))
    pull = add_merge(play.state, {f"engine/{PATH}.py": HIDES}, title=TITLE, body=BODY)
    await play.merge(pull)
    for line in ("/prhub help", f"/prhub risk R1 accept {SAID}", f"/prhub feedback {SAID}", "/prhub ignore"):
        await say(play, pull, line)
    edited = pull_request_payload(play.state, the_repository(play.state), pull, "edited")
    await play.send("pull_request", edited)
    merged_at(play.state, play.state.repository(OTHER), now())
    week = this_week()
    await ask_for(play, digest_trigger(play.state, week))
    await ask_for(play, digest_trigger(play.state, week, ORGANISATION, repository=home))
    return pull


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """An address of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    return request.getfixturevalue("postgresql")


@pytest.fixture
def postgresql(postgres):
    """An empty PostgreSQL database."""
    return postgres.empty().replace("postgresql+psycopg://", "postgresql://", 1)


async def test_nothing_is_left_and_the_server_goes_on(github, app_key, tmp_path, url):
    """Beside a running server, with a model; every table is searched, the engine's too."""
    home, _ = add(github.state, HOME), add(github.state, OTHER)
    async with messages.running(plausible) as model:
        changes = {
            "ANTHROPIC_API_KEY": "none",
            "ANTHROPIC_BASE_URL": model.url,
            "PRHUB_ORG_DIGEST": HOME,
            "DATABASE_URL": url,
        }
        async with play_over(github, app_key.private, tmp_path, **changes) as play:
            pull = await lived(play, home)
            written = len(github.log.records)
            before = {name for name, _ in await asyncio.to_thread(holding, url, *WORDS)}
            done = await prhub(tmp_path, "forget", REPOSITORY, "--yes", DATABASE_URL=url)
            assert (done.returncode, done.stderr) == (0, "")
            assert await asyncio.to_thread(holding, url, *WORDS) == set()
            assert len(github.log.records) == written
            again = add_merge(play.state, {"engine/again.py": "x = 1\n"})
            await play.merge(again)
            assert len(own_comments(github, again)) == 1
    shorter = {name.rpartition(".")[2].strip('"') for name in before}
    assert {"reports", "triggers", "deliveries", "answers", "digests", "registered_risks"} <= shorter
    assert {"publications", "feedback", "repositories", "workflow_input"} <= shorter
    assert own_comments(github, pull)


async def test_nothing_is_left_in_the_file_either(github, app_key, tmp_path):
    """Deleted rows are not only hidden: the bytes are gone, in the write-ahead log as well."""
    home, _ = add(github.state, HOME), add(github.state, OTHER)
    async with play_over(github, app_key.private, tmp_path, PRHUB_ORG_DIGEST=HOME) as play:
        await lived(play, home)
    files = [tmp_path / "prhub.sqlite", tmp_path / "prhub.sqlite-wal"]
    assert any(TITLE.encode() in file.read_bytes() for file in files if file.exists())
    done = await prhub(tmp_path, "forget", REPOSITORY, "--yes", DATABASE_URL=f"sqlite:///{files[0]}")
    assert done.returncode == 0
    said = b"".join(file.read_bytes() for file in files if file.exists())
    assert [word for word in WORDS if word.encode() in said] == []


async def test_what_waits_and_what_a_dead_server_had_in_hand_goes_too(github, app_key, tmp_path):
    """GitHub is down: the work is put off, and the server is killed in the middle of more."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    github.faults.add("error", path="/graphql", times=1000, status=503)
    pull = add_merge(github.state, title=TITLE)
    async with server(github, app_key, tmp_path) as process:
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: github.faults.active[0].fired >= 3)
        process.kill()
        await process.wait()
    assert "workflow_input" in str(await asyncio.to_thread(holding, url, REPOSITORY))
    # Its last heartbeat is some seconds old: that it is gone tells the process's number.
    done = await prhub(tmp_path, "forget", REPOSITORY, "--yes", "--wait", "10", DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")
    assert await asyncio.to_thread(holding, url, REPOSITORY, TITLE) == set()
    github.faults.clear()
    async with server(github, app_key, tmp_path):
        await asyncio.sleep(1.0)
    assert own_comments(github, pull) == []


async def test_work_under_way_is_waited_for_or_all_is_still_there(github, app_key, tmp_path):
    """It hangs in a request: after ``--wait`` the command gives up and says what to do."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    async with play_over(github, app_key.private, tmp_path) as play:
        done_before = add_merge(play.state)
        await play.merge(done_before)
        fault = github.faults.add("delay_before", path="/graphql", times=1, seconds=1.5)
        pull = add_merge(play.state, {"engine/slow.py": "x = 1\n"})
        assert await send_merge(github, REPOSITORY, pull) == 202
        await until(lambda: fault.fired == 1)
        store, ids = play.running.services.triggers.store, [the_repository(play.state).id]
        with pytest.raises(UserError, match="try again"):
            await forget(store, url, ids, 0)
        assert await play.report(done_before) is not None
        assert (await forget(store, url, ids, 20))["reports"] == 1
        assert await asyncio.to_thread(holding, url, REPOSITORY) == set()
    assert own_comments(github, pull) == []


async def test_a_scan_takes_up_nothing_of_before(github, app_key, tmp_path):
    """The app is still installed: what was merged before the deletion stays forgotten."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    async with play_over(github, app_key.private, tmp_path) as play:
        (installation,) = play.state.installations.values()
        await deliver(play.state, "installation", installation_payload(play.state, installation))
        await play.merge(add_merge(play.state))
    assert (await prhub(tmp_path, "forget", REPOSITORY, "--yes", DATABASE_URL=url)).returncode == 0
    changes = {"PRHUB_SCAN_INTERVAL": "2", "PRHUB_LOOK_BACK": "5"}
    async with play_over(github, app_key.private, tmp_path, **changes) as play:
        await until(lambda: any("pulls" in line for line in github.log.lines()), 30)
        await asyncio.sleep(1.0)
        jobs = await prhub(tmp_path, "jobs", "--json", "--state", "done", DATABASE_URL=url)
    assert '"report"' not in jobs.stdout


async def test_a_backfill_that_runs_is_not_pulled_from_under(github, app_key, tmp_path):
    """It would go on with what is gone; afterwards it is deleted like the rest."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    async with play_over(github, app_key.private, tmp_path) as play:
        pull = add_merge(play.state)
        await play.merge(pull)
        store, ids = play.running.services.triggers.store, [the_repository(play.state).id]
        texts = {"id": "x", "repository": REPOSITORY, "options": "{}", "state": "running"}
        numbers = {"repository_id": ids[0], "installation_id": 4242, "offered": False}
        times = {"created_at": 1.0, "updated_at": 1.0, "held_until": time.time() + 60}
        async with store.write() as connection:
            await connection.execute(backfills.insert(), [texts | numbers | times])
        with pytest.raises(UserError, match="try again in 60 s"):
            await forget(store, url, ids, 0)
        # It may begin while the work under way is waited for.
        with pytest.raises(UserError, match="has begun"):
            await Forgetting(store).forget(ids)
        assert await play.report(pull) is not None
        # It was killed: its process is seen to be dead, long before its time is over.
        dead = await asyncio.create_subprocess_exec("true")
        await dead.wait()
        async with store.write() as connection:
            await connection.execute(backfills.update().values(holder="h", place=here(), pid=dead.pid))
        assert (await forget(store, url, ids, 20))["backfills"] == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        pytest.param(("octo-org/nowhere", "--yes"), 0, "Nothing is kept", id="a repository that is unknown"),
        pytest.param(("nonsense", "--yes"), 2, "OWNER/REPO", id="what is no repository's name"),
    ],
)
async def test_what_there_is_not_is_said(tmp_path, arguments, code, words):
    """In one line."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    await asyncio.to_thread(migrate, url)
    done = await prhub(tmp_path, "forget", *arguments, DATABASE_URL=url)
    assert (done.returncode, words in done.stdout + done.stderr) == (code, True)


async def test_without_a_terminal_it_wants_to_hear_yes(github, app_key, tmp_path):
    """Nothing is deleted by a script that was meant for something else."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    async with play_over(github, app_key.private, tmp_path) as play:
        pull = add_merge(play.state)
        await play.merge(pull)
        done = await prhub(tmp_path, "forget", REPOSITORY, DATABASE_URL=url)
        assert (done.returncode, "--yes" in done.stderr) == (2, True)
        assert await play.report(pull) is not None
