"""A report without a model's part says why, once, where a reader should know it."""

# ruff: noqa: E501 - posted lines are long

from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from bot.markdown.report import Style, render_comment
from bot.model import Cost, Usage, WithoutModel
from tests.fakes.rendered import shortened
from tests.fakes.reports import pull_report
from tests.fakes.told_parts import provenance, without

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")
ASKED = Usage(calls=1, tokens_in=9100, tokens_out=12)


def ends(text: str) -> str:
    """The visible part from the recommended action on, and what is said of the report itself."""
    action = next(mark for mark in ("**Recommended", "**推荐动作") if mark in text)
    return text[text.index(action) : text.index("<details>")] + text[text.rindex("<details>") :]


def test_an_outage_in_english() -> None:
    """The report is there, and the analysis will follow in the same comment."""
    assert ends(shortened(without(WithoutModel.PENDING), ENGLISH)) == snapshot("""\
**Recommended: read closely** (importance 6.5 of 10) — 1 high risk; 1 review remark open at the merge

**Risks**

- **High · Compatibility** — 1 public function changed between plain and asynchronous: `quantize_by_name` ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))
- **Medium · Unresolved review** — 1 review thread was open at the merge ([`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33))
- **Low · Missing tests** — 1,270 new lines of code in 2 files, and no test changed ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))

*The model’s analysis is not there yet. It will be added to this comment.*

<details>
<summary><strong>Coverage and provenance</strong> · 3 of 4 files read, written without a model</summary>

- Read whole: 2 files
- Read in part: 1 file (too large): `engine/utils/weights.py`
- Counted, not read: 1 file (lock file): `poetry.lock`

Written without a model: computed from the diff and the discussion only.

Merge commit [`4f1d2a9`](GITHUB/commit/SHA) · branch `fix/async-weights` of `octo-dev/engine` · 3 commits

Generated 2026-03-24 05:51 UTC by PRHub 0.1.0 · rules 1, schema 3

</details>
""")


def test_an_outage_in_chinese() -> None:
    """The same."""
    assert ends(shortened(without(WithoutModel.PENDING), CHINESE)) == snapshot("""\
**推荐动作：值得精读**（重要性 6.5/10）：1 项高风险；合并时有 1 条 review 意见未决

**风险**

- **高 · 兼容性**：1 个公开函数由同步改为异步，或由异步改为同步：`quantize_by_name`（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）
- **中 · 未采纳 review 建议**：合并时有 1 个 review 讨论串未决（[`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)）
- **低 · 缺少测试覆盖**：2 个文件新增 1,270 行代码，没有任何测试随之改动（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）

*模型的分析尚未完成，稍后会补充到本评论中。*

<details>
<summary><strong>覆盖范围与来源</strong> · 已读 3/4 个文件，未使用模型</summary>

- 完整阅读：2 个文件
- 部分阅读：1 个文件（过大）：`engine/utils/weights.py`
- 计数但未读：1 个文件（锁文件）：`poetry.lock`

未使用模型：仅由 diff 与讨论计算得出。

合并提交 [`4f1d2a9`](GITHUB/commit/SHA) · 分支 `fix/async-weights`，来自 `octo-dev/engine` · 3 个提交

由 PRHub 0.1.0 生成于 2026-03-24 13:51（Asia/Shanghai，UTC+08:00） · 规则第 1 版，报告格式第 3 版

</details>
""")


def test_a_refusal_in_english() -> None:
    """A neutral line, and what the refusal cost."""
    assert ends(shortened(without(WithoutModel.REFUSED, usage=ASKED), ENGLISH)) == snapshot("""\
**Recommended: read closely** (importance 6.5 of 10) — 1 high risk; 1 review remark open at the merge

**Risks**

- **High · Compatibility** — 1 public function changed between plain and asynchronous: `quantize_by_name` ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))
- **Medium · Unresolved review** — 1 review thread was open at the merge ([`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33))
- **Low · Missing tests** — 1,270 new lines of code in 2 files, and no test changed ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))

*The model declined to analyse this change. All of this is computed from the diff and the discussion.*

<details>
<summary><strong>Coverage and provenance</strong> · 3 of 4 files read, written without a model</summary>

- Read whole: 2 files
- Read in part: 1 file (too large): `engine/utils/weights.py`
- Counted, not read: 1 file (lock file): `poetry.lock`

Written without a model: computed from the diff and the discussion only.

9,100 tokens in, 12 out, in 1 call

Merge commit [`4f1d2a9`](GITHUB/commit/SHA) · branch `fix/async-weights` of `octo-dev/engine` · 3 commits

Generated 2026-03-24 05:51 UTC by PRHub 0.1.0 · rules 1, schema 3

</details>
""")


def test_a_refusal_in_chinese() -> None:
    """The same."""
    assert ends(shortened(without(WithoutModel.REFUSED, usage=ASKED), CHINESE)) == snapshot("""\
**推荐动作：值得精读**（重要性 6.5/10）：1 项高风险；合并时有 1 条 review 意见未决

**风险**

- **高 · 兼容性**：1 个公开函数由同步改为异步，或由异步改为同步：`quantize_by_name`（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）
- **中 · 未采纳 review 建议**：合并时有 1 个 review 讨论串未决（[`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)）
- **低 · 缺少测试覆盖**：2 个文件新增 1,270 行代码，没有任何测试随之改动（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）

*模型拒绝分析此次改动，以下内容均由 diff 与讨论计算得出。*

<details>
<summary><strong>覆盖范围与来源</strong> · 已读 3/4 个文件，未使用模型</summary>

- 完整阅读：2 个文件
- 部分阅读：1 个文件（过大）：`engine/utils/weights.py`
- 计数但未读：1 个文件（锁文件）：`poetry.lock`

未使用模型：仅由 diff 与讨论计算得出。

输入 9,100 token，输出 12 token，共 1 次调用

合并提交 [`4f1d2a9`](GITHUB/commit/SHA) · 分支 `fix/async-weights`，来自 `octo-dev/engine` · 3 个提交

由 PRHub 0.1.0 生成于 2026-03-24 13:51（Asia/Shanghai，UTC+08:00） · 规则第 1 版，报告格式第 3 版

</details>
""")


@pytest.mark.parametrize(
    ("why", "visible"),
    [
        pytest.param(WithoutModel.OFF, False, id="nobody expects a model where it is off"),
        pytest.param(WithoutModel.PRIVATE, False, id="nor where code stays here"),
        pytest.param(WithoutModel.TRIVIAL, False, id="nor for a typo"),
        pytest.param(WithoutModel.REFUSED, True, id="a refusal is news"),
        pytest.param(WithoutModel.UNUSABLE, True, id="so is an answer that was no use"),
        pytest.param(WithoutModel.PENDING, True, id="so is that more will come"),
        pytest.param(WithoutModel.UNAVAILABLE, True, id="so is that none will come"),
        pytest.param(WithoutModel.BUDGET, True, id="so is a budget that is spent"),
    ],
)
def test_where_the_reason_stands(why: WithoutModel, *, visible: bool) -> None:
    """What a reader should know at once is visible, the rest stands in the last section."""
    before, plain = render_comment(pull_report(), ENGLISH), render_comment(without(why), ENGLISH)
    assert (before.split("<details>")[0] != plain.split("<details>")[0]) is visible
    assert plain.count("ritten without a model") == 2


def test_a_reason_beside_a_model_says_that_it_is_behind() -> None:
    """A refused refresh leaves the reading of before: it stands, and is not passed off as the latest."""
    kept = provenance(without_model=WithoutModel.REFUSED)
    shown = render_comment(pull_report(provenance=kept), ENGLISH)
    assert "declined" not in shown
    assert shown.count("The latest review remarks have not been read by the model.") == 1


def test_a_spent_budget_says_whether_more_will_come() -> None:
    """Not by itself: whoever wants the model's part asks for it."""
    for style, line in (
        (
            ENGLISH,
            "*The budget for the model is spent, so all of this is computed from the diff and the discussion. The model’s part is not added by itself: `/prhub report` asks for it again.*",
        ),
        (
            CHINESE,
            "*模型的用量预算已用完，以下内容均由 diff 与讨论计算得出。模型的部分不会自动补上，可用 `/prhub report` 再次请求。*",
        ),
    ):
        assert line in render_comment(without(WithoutModel.BUDGET), style).splitlines()


def test_a_spent_budget_beside_a_model_says_why_it_is_behind() -> None:
    """In one line."""
    kept = provenance(without_model=WithoutModel.BUDGET)
    behind = "The latest review remarks have not been read by the model. The budget for the model is spent."
    assert behind in render_comment(pull_report(provenance=kept), ENGLISH).splitlines()


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        pytest.param(0.1234, "in 1 call, 0.12 EUR", id="to the hundredth"),
        pytest.param(1234.5, "in 1 call, 1,234.5 EUR", id="with separators"),
        pytest.param(0.0001, "in 1 call, less than 0.01 EUR", id="hardly anything"),
        pytest.param(0.0, "in 1 call, less than 0.01 EUR", id="nothing"),
    ],
)
def test_the_cost_stands_beside_the_tokens(amount: float, words: str) -> None:
    """Where the operator gives prices."""
    asked = provenance(usage=ASKED, cost=Cost(amount=amount, currency="EUR"))
    assert words in render_comment(pull_report(provenance=asked), ENGLISH)
