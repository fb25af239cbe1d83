"""A sentence about a period holds only if the pull requests that it is about bear it out."""

from __future__ import annotations

import pytest

from bot.inference.digest.judging import PeriodJudge
from bot.inference.digest.material import Material
from bot.model import Message, RiskKey, Severity, Told
from tests.fakes.period_pulls import risk
from tests.fakes.periods import period_facts, pull, ref
from tests.fakes.reports import repository

GONE = risk(
    RiskKey.COMPATIBILITY,
    Severity.MEDIUM,
    Message(key="insight.risk.compatibility.removed", params={"count": 2, "symbols": "OldRouter, run_old"}),
    path="engine/router/old.py",
    line=3,
    quote="class OldRouter:",
)
PULLS = (
    pull(1, title="refactor: remove the old router", author="octo-lead", tags=("refactor",), risks=(GONE,)),
    pull(2, title="Add rollout trace timeline viewer", author="octo-dev", tags=("feature",), untested=True),
    pull(3, title="[release] bump to v0.2.4", author="octo-lead", tags=("release",), reviewers=()),
    pull(
        4,
        title="Fix uploading metrics to wandb",
        author="newcomer-ada",
        tags=("bugfix",),
        first_time=True,
        sentence=Told(text="Makes metrics reach wandb again: `init_run` waits for the address."),
    ),
    pull(5, title="disable health_check and allow prompt_data is None", tags=(), reviewers=()),
    pull(6, title="Adjust the attention mask for vision", tags=("bugfix",), untested=True),
    pull(7, title="Adjust the attention mask for vision again", tags=("bugfix",), untested=True),
    pull(8, title="[engine] use a fork of the gateway", tags=("dependency",), reviewers=()),
)


def judged(text, cited, language="en", **kind):
    judge = PeriodJudge(Material(period_facts(pulls=PULLS, hot_files=())), language)
    return judge.sentence(text, [ref(number) for number in cited], **kind)


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        pytest.param("#1 removes the old router: `OldRouter` and `run_old` are gone.", [1], id="what went"),
        pytest.param("Whoever imports `OldRouter` has to change.", [1], id="whom it concerns"),
        pytest.param("#2 adds a timeline viewer for rollouts.", [2], id="what came"),
        pytest.param("The viewer of #2 has no tests.", [2], id="what is missing"),
        pytest.param("v0.2.4 is out (#3).", [3], id="a version that the title has"),
        pytest.param("`init_run` waits for the address, so wandb has its metrics again.", [4], id="how"),
        pytest.param("newcomer-ada contributed for the first time, in #4.", [4], id="a newcomer: metrics"),
        pytest.param("#5 disables `health_check` and lets `prompt_data` be None.", [5], id="two directions"),
        pytest.param("#1 removes the old router, #2 adds a viewer.", [1, 2], id="two clauses"),
        pytest.param(
            "Two pull requests, #1 and #5, concern the router's `health_check`.", [1, 5], id="listed"
        ),
    ],
)
def test_honest_sentences_hold(text, cited):
    """In the words of the data, or near them."""
    assert judged(text, cited).reasons == ()


@pytest.mark.parametrize(
    ("text", "cited", "kind"),
    [
        pytest.param("#6 adjusted the attention mask. #7 did it once more.", [6, 7], {}, id="it goes on"),
        pytest.param("#8 introduces a fork of the gateway.", [8], {}, id="what is used came in"),
        pytest.param(
            "The engine has one timeline less", [8], {"is_heading": True}, id="its scope is its own"
        ),
        pytest.param("Add a test of the vision mask so that #6 holds.", [6], {"is_task": True}, id="to add"),
        pytest.param("Say who needs `OldRouter`, which #1 removed.", [1], {"is_task": True}, id="to say"),
        pytest.param("Decide whether to keep the timeline viewer.", [2], {"is_task": True}, id="to decide"),
    ],
)
def test_honest_stories_headings_and_tasks_hold(text, cited, kind):
    """What a check of single sentences would take for empty, misplaced or turned round."""
    assert judged(text, cited, **kind).reasons == ()


@pytest.mark.parametrize(
    ("text", "cited", "kind"),
    [
        pytest.param("发布 v0.2.4", [3], {"is_heading": True}, id="a version is enough for a heading"),
        pytest.param("为 #2 的 timeline viewer 添加测试。", [2], {"is_task": True}, id="to add"),
        pytest.param(
            "仍在导入 `OldRouter` 的代码会报错（#1）。", [1], {}, id="what was removed breaks callers"
        ),
    ],
)
def test_honest_chinese_headings_and_tasks_hold(text, cited, kind):
    """The same in Chinese."""
    assert judged(text, cited, "zh-CN", **kind).reasons == ()


@pytest.mark.parametrize(
    ("text", "cited", "language"),
    [
        pytest.param("Document the `OldRouter` that #1 adds.", [1], "en", id="it was removed"),
        pytest.param("Wire up the router that #1 introduced.", [1], "en", id="it was removed, by its word"),
        pytest.param("Write tests for `router/new.py` of #1.", [1], "en", id="an invented file"),
        pytest.param("为 #1 新增的 `OldRouter` 写说明。", [1], "zh-CN", id="it was removed, in Chinese"),
        pytest.param("#2 的 viewer 会报错。", [2], "zh-CN", id="a fault nobody spoke of"),
    ],
)
def test_false_tasks_fall(text, cited, language):
    """A task may ask for what nobody did, and may not say that somebody did it."""
    assert judged(text, cited, language, is_task=True).reasons != ()


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        pytest.param("#1 移除了旧的 router，`OldRouter` 随之删除。", [1], id="what went"),
        pytest.param("新增 rollout trace 的 timeline viewer（#2）。", [2], id="what came"),
        pytest.param("#2 改动了源代码，但没有测试随之更新。", [2], id="what is missing"),
        pytest.param("v0.2.4 已发布（#3）。", [3], id="a version"),
        pytest.param("#4 修复了 wandb 的指标上传，`init_run` 会等待地址。", [4], id="a fix"),
        pytest.param("`health_check` 被 #5 关闭。", [5], id="switched off"),
    ],
)
def test_honest_chinese_sentences_hold(text, cited):
    """Terms stay as the data has them."""
    assert judged(text, cited, "zh-CN").reasons == ()


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        pytest.param("Everything is better.", [], id="it is about nothing"),
        pytest.param("#1 continues #900.", [1], id="a number outside of the period"),
        pytest.param("#2 removes the old router.", [2], id="another's change"),
        pytest.param("#1 removes the router, #3 adds the viewer.", [1, 3], id="another's change in a clause"),
        pytest.param("#1 adds the old router.", [1], id="turned round"),
        pytest.param("#5 enables `health_check`.", [5], id="turned round by its object"),
        pytest.param("#1 keeps the old router behind a switch.", [1], id="kept, which went"),
        pytest.param("#2 fixes the timeline viewer.", [2], id="mended, which was new"),
        pytest.param("#1 lacks tests for the router.", [1], id="tests are not missing"),
        pytest.param("#3 releases v0.2.5.", [3], id="another version"),
        pytest.param("Whoever calls `start_router` has to change (#1).", [1], id="an invented name"),
        pytest.param("#2 makes rollouts faster.", [2], id="an effect nobody spoke of"),
        pytest.param("#4 fixes a race condition in wandb.", [4], id="a fault nobody spoke of"),
        pytest.param("The viewer might hide a rollout (#2).", [2], id="a guess without a risk"),
        pytest.param("octo-dev removed the router in #1, newcomer-ada helped.", [1], id="another's author"),
        pytest.param("octo-lead is a first-time contributor (#1, router).", [1], id="no newcomer"),
        pytest.param("#4 sends metrics to TensorBoard.", [4], id="a product that nobody named"),
        pytest.param("The top_tags are feature and bugfix (#2, #4).", [2, 4], id="the name of a field"),
        pytest.param("More routers were removed than last week (#1).", [1], id="compared"),
        pytest.param("Most of the changes concern the router (#1).", [1], id="counted"),
        pytest.param("7 pull requests concern the router (#1).", [1], id="miscounted"),
        pytest.param("The router work lays a foundation (#1).", [1], id="it fits every week"),
        pytest.param("See https://evil.example for the router (#1).", [1], id="an address"),
        pytest.param("@octo-lead removed the router. <!-- prhub:x --> (#1)", [1], id="a marker"),
    ],
)
def test_false_sentences_fall(text, cited):
    """Each says at least why."""
    assert judged(text, cited).reasons != ()


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        pytest.param("#2 移除了旧的 router。", [2], id="another's change"),
        pytest.param("#1 保留了 `OldRouter` 作为兼容层。", [1], id="kept, which went"),
        pytest.param("#2 缺少测试，可能造成内存泄漏。", [2], id="a fault nobody spoke of"),
        pytest.param("本周工作推动系统走向稳定，为后续迭代打下基础（#1）。", [1], id="it fits every week"),
        pytest.param("octo-lead 贡献了 8 个 PR，主导了演进（#1）。", [1], id="counted"),
        pytest.param("平均重要性为 4.13（#2）。", [2], id="a figure"),
        pytest.param(
            "The old router was removed in #1, and whoever imports it has to change.",
            [1],
            id="the wrong language",
        ),
    ],
)
def test_false_chinese_sentences_fall(text, cited):
    """What was found wrong in digests of others, and the like."""
    assert judged(text, cited, "zh-CN").reasons != ()


def test_of_several_repositories_a_number_needs_its_own():
    """A bare one could be either's."""
    pulls = (
        pull(1, title="remove the router", repository="octo-org/a"),
        pull(1, title="add a viewer", repository="octo-org/b"),
    )
    homes = (repository(full_name="octo-org/a"), repository(full_name="octo-org/b"))
    judge = PeriodJudge(Material(period_facts(pulls=pulls, repositories=homes, hot_files=())), "en")
    cited = [ref(1, "octo-org/a")]
    assert judge.sentence("octo-org/a#1 removes the router.", cited).holds
    assert not judge.sentence("#1 removes the router.", cited).holds
    assert not judge.sentence("octo-org/c#1 removes the router.", cited).holds
