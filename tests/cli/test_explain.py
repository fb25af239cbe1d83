"""``prhub report`` with a model: the report on one side, what became of its claims on the other."""

from __future__ import annotations

import json

import pytest

from bot.cli.explain import explained
from bot.inference.read import Read
from bot.model import Verdict, WithoutModel
from sandbox import messages
from sandbox.messages import error, refusal
from tests.cli.test_command_line import prhub, reading
from tests.cli.test_git_report import Clone
from tests.fakes.audited import audited_pull
from tests.fakes.audited_answers import REPAIRED, audited, honest, told
from tests.fakes.github import REPOSITORY
from tests.fakes.readings import reading as kept_reading
from tests.fakes.readings import rich_insights
from tests.fakes.reports import pull_report

KEY = "sk-ant-canary-of-a-test-0123456789"


def asking(server) -> dict[str, str]:
    """Settings of a person who has a key."""
    return {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": server.url}


async def explain(github, folder, server, *options: str):
    """Run ``prhub report --explain`` on the audited pull request."""
    pull = audited_pull(github.state)
    settings = reading(github, **asking(server))
    return await prhub(folder, "report", f"{REPOSITORY}#{pull.number}", "--explain", *options, **settings)


async def test_the_report_and_its_explanation_go_separate_ways(github, tmp_path):
    """Standard output can be kept as a file; what was dropped is nowhere in it."""
    async with messages.running(told(audited())) as server:
        done = await explain(github, tmp_path, server)
    assert (done.returncode, server.calls) == (0, 2)
    assert done.stdout.lstrip().startswith(("#", "**"))
    assert REPAIRED.rstrip(".") in done.stdout
    assert "12 files" not in done.stdout
    lines = done.stderr.splitlines()
    assert any(
        line.startswith("computed  risk error-handling (medium): rule not-implemented") for line in lines
    )
    assert any(
        line.startswith("verified  steps: `take` gives") and "engine/cache.py:2" in line for line in lines
    )
    assert any(line.startswith("repaired  steps 2: ") and "the number 3" in line for line in lines)
    assert any(line.startswith("dropped   steps 1: The change touches 12 files.") for line in lines)
    assert any(line.startswith("dropped   checks 2: The import needs") and "line 8" in line for line in lines)
    assert KEY not in done.stdout + done.stderr


async def test_an_honest_answer_has_nothing_repaired_or_dropped(github, tmp_path):
    """Every line is computed or verified; the counts are those of the report."""
    async with messages.running(told(honest())) as server:
        done = await explain(github, tmp_path, server, "--format", "json")
    made = json.loads(done.stdout)["provenance"]
    kinds = {
        line.split()[0]
        for line in done.stderr.splitlines()
        if line.startswith(("comp", "veri", "rep", "dro"))
    }
    assert kinds == {"computed", "verified"}
    assert f"{made['verified']} references verified, 0 claims repaired, 0 dropped" in done.stderr
    assert made["usage"]["calls"] == server.calls == 1


async def test_no_model_asks_none(github, tmp_path):
    """Also where a key is set; the explanation says so."""
    async with messages.running(told(honest())) as server:
        done = await explain(github, tmp_path, server, "--no-model")
    assert (done.returncode, server.calls) == (0, 0)
    assert "No model was asked or heard: off." in done.stderr
    assert "rule not-implemented" in done.stderr


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        pytest.param(error(401), "ANTHROPIC_API_KEY", id="a wrong key"),
        pytest.param(error(402), "the account", id="nothing is paid for"),
        pytest.param(error(404), "PRHUB_MODEL", id="no such model"),
    ],
)
async def test_what_a_user_must_mend_is_one_clear_line_and_exit_code_2(github, tmp_path, reply, words):
    """There is no report then: nobody takes one without the model for what was asked for."""
    async with messages.running(lambda _: reply) as server:
        done = await explain(github, tmp_path, server)
    assert (done.returncode, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("prhub: The model cannot be asked")
    assert words in last
    assert "--no-model" in last
    assert "Traceback" not in done.stderr
    assert KEY not in done.stderr


async def test_a_refusal_leaves_the_rules_report(github, tmp_path):
    """With the reason on standard error."""
    async with messages.running(lambda _: refusal()) as server:
        done = await explain(github, tmp_path, server)
    assert done.returncode == 0
    assert "Trainer._compute_reward_colocate" in done.stdout
    assert "No model was asked or heard: refused." in done.stderr


async def test_a_clone_is_read_by_the_model_as_well(tmp_path):
    """``--git`` needs no GitHub; the diff goes to the model alone."""
    clone = Clone(tmp_path)
    clone.commit(
        "Save twice (#7)", {"engine/store.py": "def save():\n    return 2\n\n\ndef load():\n    return 1\n"}
    )
    async with messages.running() as server:
        done = await prhub(tmp_path, "report", "--git", str(tmp_path), "--explain", **asking(server))
    assert (done.returncode, server.calls, server.violations) == (0, 1, {})
    assert "verified  " in done.stderr
    assert "def load():" in server.asked[0].parts[0]


def test_without_a_reading_the_reason_is_told():
    """Such as a repository that is private."""
    text = explained(pull_report(), Read(None, WithoutModel.PRIVATE))
    assert text.endswith("No model was asked or heard: private.\n")


def test_every_part_of_a_reading_has_its_line():
    """One for each claim, however long; nothing of it breaks a line."""
    verdict = Verdict(claim="steps 2", outcome="dropped", text="a\nb " * 200, reasons=("because", "and"))
    kept = kept_reading(insights=rich_insights(), verdicts=(verdict,), dropped=1)
    lines = explained(pull_report(), Read(kept)).splitlines()
    for start in (
        "summary",
        "action",
        "motivation",
        "steps",
        "file ",
        "symbol ",
        "topic ",
        "check of thread",
        "risk ",
        "impact",
        "follow_ups",
        "related #9",
        "rubric ",
    ):
        assert any(line.startswith(f"verified  {start}") for line in lines), start
    assert lines[-1].startswith("dropped   steps 2: a b a b")
    assert lines[-1].endswith("… (because; and)")


async def test_logs_never_get_into_the_report(github, tmp_path):
    """They are on standard error, and only if somebody asks for them."""
    pull = audited_pull(github.state)
    async with messages.running(told(honest())) as server:
        settings = reading(github, **asking(server), LOG_LEVEL="debug")
        done = await prhub(tmp_path, "report", f"{REPOSITORY}#{pull.number}", **settings)
    assert "asked the model" in done.stderr
    assert "asked the model" not in done.stdout
    assert KEY not in done.stdout + done.stderr
