"""The register beside whole reports: entered with them, closed by later merges, listed for people."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

from tests.cli.test_command_line import prhub
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import send_merge, settled

FAULT = "def load(text):\n    return eval(text)\n"
MENDED = "def load(text):\n    return json.loads(text)\n"
CALL = "dangerous-calls"


def merged_later(state, pull, hours: int):
    """The same merge, so many hours later."""
    pull.merged_at += timedelta(hours=hours)
    return pull


async def risks(play, rule: str = CALL):
    """The registered risks of a rule."""
    found = await play.running.services.register.all(the_repository(play.state).id)
    return [risk for risk in found if risk.rule == rule]


async def test_a_risk_is_entered_with_its_report_and_closed_by_the_merge_that_mends_it(play):
    """Redelivered and refreshed, it is one risk."""
    first = merged_later(play.state, add_merge(play.state, {"engine/load.py": FAULT}), -9)
    await play.merge(first, first)
    second = add_merge(play.state, {"engine/load.py": MENDED})
    (risk,) = await risks(play)
    assert (risk.id, risk.state.value, risk.path, risk.line) == ("R1", "open", "engine/load.py", 2)
    await play.merge(second)
    (risk,) = await risks(play)
    assert (risk.state.value, risk.closed_by) == ("closed", second.number)


async def test_reports_in_the_other_order_come_to_the_same(play):
    """The later merge is read again, and its comment stays as it is."""
    first = merged_later(play.state, add_merge(play.state, {"engine/load.py": FAULT}), -9)
    second = add_merge(play.state, {"engine/load.py": MENDED})
    await play.merge(second)
    await play.merge(first)
    (risk,) = await risks(play)
    assert (risk.state.value, risk.closed_by) == ("closed", second.number)
    assert [len(play.comments(pull)) for pull in (first, second)] == [1, 1]


async def test_both_reports_at_once_come_to_the_same(play):
    """Whichever is faster."""
    pairs = []
    for number in range(4):
        path = f"engine/load_{number}.py"
        first = merged_later(play.state, add_merge(play.state, {path: FAULT}), -9)
        pairs.append((first, add_merge(play.state, {path: MENDED})))
    await asyncio.gather(*(send_merge(play.github, REPOSITORY, pull) for pair in pairs for pull in pair))
    await settled(play.running, 40)
    found = {risk.pull: (risk.state.value, risk.closed_by) for risk in await risks(play)}
    assert found == {first.number: ("closed", second.number) for first, second in pairs}


async def test_risks_are_listed_beside_the_running_server(play, tmp_path):
    """As a table, as JSON and as Markdown; by state and by folder."""
    first = merged_later(play.state, add_merge(play.state, {"engine/load.py": FAULT}), -9)
    await play.merge(first)
    url = {"DATABASE_URL": play.running.services.settings.database_url.get_secret_value()}
    table = await prhub(tmp_path, "risks", REPOSITORY, "--path", "engine", **url)
    assert "R1" in table.stdout
    assert f"#{first.number}" in table.stdout
    assert "engine/load.py:2" in table.stdout
    page = await prhub(tmp_path, "risks", REPOSITORY.upper(), "--format", "markdown", **url)
    assert page.stdout.splitlines()[1].count("---") == page.stdout.splitlines()[0].count(" | ") + 1
    await play.merge(add_merge(play.state, {"engine/load.py": MENDED}))
    closed = json.loads(
        (await prhub(tmp_path, "risks", REPOSITORY, "--state", "closed", "--format", "json", **url)).stdout
    )
    assert [(risk["id"], risk["key"], risk["reason"]) for risk in closed] == [
        ("R1", "security", "nothing like it is in `engine/load.py` any more")
    ]
    nothing = await prhub(tmp_path, "risks", REPOSITORY, "--path", "docs", **url)
    assert nothing.stdout == "No risk is open.\n"


async def test_what_cannot_be_listed_is_one_line_and_exit_code_2(play, tmp_path):
    """A repository that nobody knows, a name that is none."""
    url = {"DATABASE_URL": play.running.services.settings.database_url.get_secret_value()}
    for name, words in (("octo-org/none", "knows no repository"), ("octo", "OWNER/REPO")):
        done = await prhub(tmp_path, "risks", name, **url)
        assert (done.returncode, done.stderr.count("\n"), words in done.stderr) == (2, 1, True)
