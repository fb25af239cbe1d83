"""Every line that is written while a server works says of what, and none has anybody's text (R115)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any, cast

from sandbox import messages
from sandbox.messages import plausible
from sandbox.webhooks import deliver
from tests.fakes.commanding import day_of, reactions, say_only, seen
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.serving import server
from tests.fakes.weeks import digest_issues

KEYS = ("delivery", "installation", "repository")
# What these say is about the process, or about no delivery that can be believed.
OF_THE_PROCESS = {"serving", "stopping", "handed on", "digests are due", "model circuit opened"}
TEXT = "zzmark" + "body" * 3


def lines_of(log):
    """The lines of a server, each an object; Python itself may warn of how the tests start it."""
    lines = log.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if not line.startswith("<frozen runpy>")]


def has_keys(line):
    """Whether a line says of which delivery, installation, repository, and pull request or period it is."""
    return all(line.get(key) for key in KEYS) and bool(line.get("pull") or line.get("period"))


async def played(github, app_key, folder, log):
    """A server over merges, commands, a digest, and a delivery that is not GitHub's."""
    settings = {"PRHUB_LOG_FORMAT": "json", "LOG_LEVEL": "debug", "PRHUB_SCAN_INTERVAL": "0"}
    async with messages.running(plausible) as model:
        model_settings = {"ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": model.url}
        async with server(github, app_key, folder, log, **settings, **model_settings):
            pulls = [add_merge(github.state, {f"engine/m{n}.py": f"x = '{TEXT}'\n"}) for n in range(3)]
            for pull in pulls:
                pull.body = f"{TEXT} in the description"
                assert await send_merge(github, REPOSITORY, pull) == 202
            await until(lambda: all(own_comments(github, pull) for pull in pulls), 60)
            play = cast("Any", SimpleNamespace(state=github.state))
            today = day_of(pulls[0])
            digest = f"/prhub digest {today}..{today}"
            commands = ("/prhub help", pulls[0]), (digest, pulls[1]), ("/prhub report", pulls[2])
            for line, pull in (*commands, (f"/prhub feedback {TEXT}", pulls[0])):
                comment = await say_only(play, pull, f"{line}\n\n{TEXT}")
                await until(lambda: "rocket" in reactions(seen(pull, comment)), 30)  # noqa: B023
            assert digest_issues(the_repository(github.state), github.state.app.id)
            github.state.app.webhook_secret = "f" * 64
            assert (await deliver(github.state, "pull_request", {"action": "closed"})).status_code == 401


async def test_every_line_about_work_has_its_keys_and_no_text(github, app_key, tmp_path):
    """Ours, the engine's and the libraries'; at the level debug."""
    log = tmp_path / "server.log"
    await played(github, app_key, tmp_path, log)
    lines = lines_of(log)
    assert TEXT not in log.read_text("utf-8")
    events = {line["event"] for line in lines}
    assert {"delivery stored", "put off", "published", "ended", "asked the model", "answered"} <= events
    about_work = [line for line in lines if line["event"] not in OF_THE_PROCESS]
    (rejected,) = (line for line in about_work if line["event"] == "delivery rejected")
    assert len(rejected["delivery"]) == 36
    lacking = [line for line in about_work if line is not rejected and not has_keys(line)]
    assert lacking == []
