"""The audit played by a scripted model, over real HTTP: what the predecessor got wrong is not posted."""

from __future__ import annotations

import re

import pytest

from bot.model import CheckState, RiskKey
from sandbox import messages
from tests.fakes.audited import OCR, TRAINER, audited_pull
from tests.fakes.audited_answers import REPAIRED, audited, honest, told
from tests.fakes.github import the_repository
from tests.fakes.process import play_over


class Posted:
    """What came of one answer: the comment, the report, and what was kept of the reading."""

    def __init__(self, body, report, reading, server):
        self.report, self.reading, self.server = report, reading, server
        self.body = body.replace("\\_", "_").replace("\u200b", "")
        self.threads = [part for part in re.split(r"\n- ", self.body) if "[thread](" in part]

    def about(self, name):
        """The one entry of the review's log that names something."""
        (found,) = [part for part in self.threads if name in part and "open at the merge" not in part]
        return found


@pytest.fixture
def posted(github, app_key, tmp_path):
    """Have the audited pull request reported on with a model that answers so."""

    async def post(claims, **settings):
        async with messages.running(told(claims)) as server:
            asks = {"ANTHROPIC_API_KEY": "sk-ant-of-a-test", "ANTHROPIC_BASE_URL": server.url, **settings}
            async with play_over(github, app_key.private, tmp_path, **asks) as play:
                pull = audited_pull(play.state)
                await play.merge(pull)
                (body,) = play.comments(pull)
                kept = play.running.services.readings
                reading = await kept.get(the_repository(play.state).id, pull.number)
                assert not server.violations
                return Posted(body, await play.report(pull), reading, server)

    return post


async def test_remarks_are_held_against_the_merged_lines(posted):
    """What was mended is shown with the line that mended it, what still holds with the line that holds."""
    found = await posted(honest())
    save = found.about("_save_checkpoint")
    assert "**Fixed before the merge**" in save
    assert '`os.replace(path + ".new", path)`' in save
    assert "`except ImportError:`" in found.about("fast_codec")
    assert "`if not expected:`" in found.about("score")
    stub = found.about("_compute_reward_colocate")
    assert "**Still so in the merged code**" in stub
    assert "`raise NotImplementedError`" in stub
    states = [check.state for check in found.report.checks]
    assert states.count(CheckState.FIXED) == 3
    assert states.count(CheckState.OPEN) == 1
    assert "1 review remark open at the merge" in found.body


async def test_the_stub_is_the_open_risk_and_the_tests_count(posted):
    """``_compute_reward_colocate``, which no report of the predecessor named; nothing is said of tests."""
    found = await posted(honest())
    risks = {risk.key: risk for risk in found.report.risks}
    (line,) = risks[RiskKey.ERROR_HANDLING].evidence
    assert (line.path, line.quote) == (TRAINER, "raise NotImplementedError")
    assert risks.keys() == {RiskKey.ERROR_HANDLING, RiskKey.UNRESOLVED_REVIEW}
    assert "`_compute_reward_colocate` has to be written" in found.body


async def test_names_keep_their_underscores(posted):
    """Markdown made ``init`` of ``__init__``; in code it stays what it is."""
    found = await posted(honest())
    assert "[`Trainer.__init__`](" in found.body
    assert not re.search(r"`init`|\binit\b", found.body)


async def test_an_honest_answer_is_paid_once_and_loses_nothing(posted):
    """One call, no claim repaired, none dropped."""
    found = await posted(honest())
    made = found.report.provenance
    assert (found.server.calls, made.usage.calls, made.repaired, made.dropped) == (1, 1, 0, 0)
    assert "0 claims dropped" in found.body


FALSE = {
    "a stale remark as a fact": "unimplemented",
    "missing tests beside tests": "no tests",
    "a division that is guarded": "divides by zero:",
    "a race that nobody wrote of": "race",
    "an error that is caught, of a remark": "needs `ImportError` handling",
    "an error that is caught, as a follow-up": "Add `ImportError`",
    "a symbol without its underscores": "`init`",
    "a count that is wrong": "12 files",
    "a number that nobody wrote": "3 retries",
    "made-up shares": "7 of 9",
    "an invented name": "checkpoint_loss_rate",
    "a risk with a key of its own": "checkpoint-loss-risk",
    "and its sentence": "Checkpoints may be lost",
    "the name of a raw field": "top_tags",
    "and another": "hot_files",
    "a line that is gone": "TODO: later",
}


@pytest.fixture
async def audit(posted):
    """The predecessor's answer."""
    return await posted(audited())


async def test_what_the_predecessor_got_wrong_is_not_posted(audit):
    """Nor is any of it in the stored report."""
    stored = audit.report.model_dump_json()
    assert {what: text for what, text in FALSE.items() if text in audit.body or text in stored} == {}


async def test_no_false_check_opens_or_closes_a_remark(audit):
    """What was not shown is unknown; threads that a reply or a later commit answered are not open."""
    states = {check.state for check in audit.report.checks}
    assert states == {CheckState.UNKNOWN}
    assert audit.about("_save_checkpoint").count("Could not be told") == 1


async def test_what_is_true_stays_and_what_fell_is_counted(audit):
    """One claim was put right in the one repair; each that was dropped is named with its reason."""
    made = audit.report.provenance
    assert audit.server.calls == 2
    assert REPAIRED.rstrip(".") in audit.body
    assert "`take` gives the cached value itself" in audit.body
    assert "Keeps the folder of the checkpoints" in audit.body
    assert (made.repaired, made.dropped) == (1, len(audit.reading.verdicts) - 1)
    assert made.dropped >= 15
    assert f"1 claim repaired · {made.dropped} claims dropped" in audit.body
    assert all(verdict.reasons for verdict in audit.reading.verdicts)


async def test_the_rules_find_the_stub_that_the_model_kept_silent_about(audit):
    """A model that says nothing of a risk does not take it away."""
    keys = [risk.key for risk in audit.report.risks]
    assert RiskKey.ERROR_HANDLING in keys
    assert "Trainer._compute_reward_colocate" in audit.body
    assert RiskKey.MISSING_TESTS not in keys
    assert RiskKey.CONCURRENCY not in keys


async def test_the_reasons_name_what_code_found(audit):
    """Where the function is implemented, where the fault is handled, which tests changed."""
    reasons = {verdict.claim: "; ".join(verdict.reasons) for verdict in audit.reading.verdicts}
    assert f"“_save_checkpoint” is implemented in {TRAINER}, line 21" in reasons["summary"]
    assert f"{TRAINER}, line 8 handles it: except ImportError:" in reasons["checks 2"]
    assert f"{OCR}, line 5 handles it: if not expected:" in reasons["checks 3"]
    assert "tests/test_trainer.py" in reasons["risks 1"]
    assert "“12 files” is not what is computed" in reasons["steps 1"]
