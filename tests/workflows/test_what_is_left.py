"""After the work: no text of the change in the database but what is quoted, and no secret anywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import aiohttp
import pytest

from sandbox import messages
from sandbox.build import add_user
from sandbox.messages import answer, error, plausible
from sandbox.talk import add_remark, add_thread, merge_pull, open_pull
from sandbox.webhooks import deliver
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import SECRET, own_comments, play_over, send_merge, until
from tests.fakes.serving import server

# Longer than any line that is quoted, and no name of code: nothing may take it up.
PADDING = (
    "= compute(one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve)  # "
    + "so it is " * 12
)
NAMES = ("added", "removed", "context", "merged", "new")
MARKS = ADDED, REMOVED, CONTEXT, MERGED, NEW = [f"zzmark{name}" for name in NAMES]
BEFORE = "\n".join(
    [f"merged_only {PADDING}{MERGED}", *(f"line_{n} = {n}" for n in range(30)), f"kept {PADDING}{CONTEXT}",
     f"gone {PADDING}{REMOVED}", "last_line = compute_last()", ""]
)  # fmt: skip
AFTER = BEFORE.replace(
    f"gone {PADDING}{REMOVED}", f"fresh {PADDING}{ADDED}\nsecond_line = compute_second(first)"
)
KEY, HEADER = "sk-ant-canary-Zq8Wm2Lx7Rt4Vb9Nc5", "canary-header-Hq7Ym3Kd9Wp2"


def tables(path):
    """Every row of every table as text, by table: what a query can still see."""
    with closing(sqlite3.connect(path)) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: "\n".join(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}


def holding(path, *words):
    """Which tables hold which of these words."""
    return {(name, word) for name, text in tables(path).items() for word in words if word in text}


def marked_pull(state):
    """A change with a mark on an added, a removed and an unchanged line, and a remark far from them."""
    repository = the_repository(state)
    add_merge(state, {"engine/marked.py": BEFORE})
    pull = open_pull(
        state, repository, {"engine/marked.py": AFTER, "engine/more.py": f"more {PADDING}{NEW}\n"}
    )
    thread = add_thread(state, repository, pull, ("engine/marked.py", 34))
    add_remark(state, thread, "octo-lead", "Why is this computed twice?")
    return merge_pull(repository, pull, add_user(state, "octo-lead"), state.now())


@pytest.mark.parametrize(
    "asks", [pytest.param(True, id="with a model"), pytest.param(False, id="by rules alone")]
)
async def test_no_text_of_the_change_is_left_when_the_work_is_done(github, app_key, tmp_path, asks):
    """R122. What a report or an answer quotes may stay; the marked lines are too long to be quoted."""
    database = tmp_path / "prhub.sqlite"
    seen: set[str] = set()

    def respond(asked):
        seen.update(mark for mark in MARKS if mark in asked.parts[0])
        assert holding(database, ADDED)
        return plausible(asked)

    async with messages.running(respond) as model:
        settings = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url} if asks else {}
        async with play_over(github, app_key.private, tmp_path, **settings) as play:
            pull = marked_pull(play.state)
            await play.merge(pull)
            assert await play.outcome(pull) == ("done", None)
            assert len(play.comments(pull)) == 1
            assert seen >= ({ADDED, REMOVED, NEW} if asks else set())
            assert holding(database, *MARKS) == set()
            # The register keeps the remarked line, to look for it at later merges.
            quoted = {table for table, _ in holding(database, "compute_second")}
            assert bool(quoted - {"registered_risks"}) is asks


async def test_nothing_is_left_of_work_that_ended_without_a_report(github, app_key, tmp_path):
    """It is below the minimum importance: the facts go all the same."""
    async with play_over(github, app_key.private, tmp_path, PRHUB_MIN_IMPORTANCE="9.5") as play:
        pull = marked_pull(play.state)
        await play.merge(pull)
        assert play.comments(pull) == []
        assert holding(tmp_path / "prhub.sqlite", *MARKS) == set()


def _echoing(asked):
    """Servers that say what they were sent: an error with the key in it, a wrong object, then an answer."""
    sent = f"{asked.headers.get('x-api-key', '')} {asked.headers.get('x-gateway-token', '')}"
    if asked.number == 1:
        return error(529, message=f"overloaded, your key {sent}")
    if asked.number == 2:
        return answer({"unknown": sent})
    if asked.number == 3:
        return error(400, message=f"malformed: {sent}")
    return plausible(asked)


async def test_no_secret_is_in_logs_metrics_tables_or_comments(github, app_key, tmp_path):
    """R114, at the level debug, while GitHub and the model fail in turns and repeat what they were sent."""
    log, path = tmp_path / "server.log", tmp_path / "prhub.sqlite"
    github.faults.add("error", probability=0.2)
    async with messages.running(_echoing) as model:
        settings = {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": model.url,
            "PRHUB_MODEL_HEADERS": f'{{"x-gateway-token": "{HEADER}"}}',
            "LOG_LEVEL": "debug",
            "ANTHROPIC_LOG": "debug",
        }
        async with server(github, app_key, tmp_path, log, **settings):
            pulls = [
                add_merge(github.state, {f"engine/m{n}.py": f"def f{n}():\n    return {n}\n"})
                for n in range(3)
            ]
            for pull in pulls:
                assert await send_merge(github, REPOSITORY, pull) == 202
            github.state.app.webhook_secret = "f" * 64
            assert (await deliver(github.state, "pull_request", {"action": "closed"})).status_code == 401
            await until(lambda: all(own_comments(github, pull) for pull in pulls), 60)
            metrics = await _metrics(github)
        assert model.asked[0].headers["x-gateway-token"] == HEADER
    secrets = [KEY, HEADER, SECRET, *app_key.private.split("\n")[1:-2], *github.state.tokens]
    text = log.read_text("utf-8") + metrics + "\n".join(own_comments(github, pulls[0]))
    assert "asked the model" in text
    assert [secret for secret in secrets if secret in text] == []
    assert holding(path, *secrets) == set()


async def _metrics(github):
    address = (github.state.app.webhook_url or "").removesuffix("/api/github/webhooks")
    async with aiohttp.ClientSession() as session, session.get(f"{address}/metrics") as found:
        assert found.status == 200
        return await found.text()
