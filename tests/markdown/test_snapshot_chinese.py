"""Whole comments in Chinese, as they are posted."""

# ruff: noqa: E501 - posted lines are long

from __future__ import annotations

from inline_snapshot import snapshot

from bot.markdown.report import Style
from tests.fakes.rendered import shortened
from tests.fakes.reports import pull_report, trivial_report

STYLE = Style(language="zh-CN", time_zone="Asia/Shanghai")


def test_a_rich_report() -> None:
    """Everything a report can hold."""
    assert shortened(pull_report(), STYLE) == snapshot("""\
<!-- prhub:report:v1 repo=4711 pull=1234 -->

**已合并：\\[rollout\\] fix: quantize weights that arrive asynchronously**

作者 octo-dev · 合并时间 2026-03-24 13:50（Asia/Shanghai，UTC+08:00），合并人 octo-lead · 压缩合并至 `main` · 4 个文件，+1,286 −9 · 模块 `rollout`、`utils` · 标签 缺陷修复、性能

**一句话：** “Weights that arrive from an asynchronous generator are quantized without a TypeError.”（PR 描述）

**推荐动作：值得精读**（重要性 6.5/10）：1 项高风险；合并时有 1 条 review 意见未决

**风险**

- **高 · 兼容性**：1 个公开函数由同步改为异步，或由异步改为同步：`quantize_by_name`（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）
- **中 · 未采纳 review 建议**：合并时有 1 个 review 讨论串未决（[`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)）
- **低 · 缺少测试覆盖**：2 个文件新增 1,270 行代码，没有任何测试随之改动（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）

<details>
<summary><strong>功能与动机</strong></summary>

- “The trainer crashes when rollout runs fully asynchronously.”（PR 描述）
- “TypeError: 'async\\_generator' object is not iterable”（[#1200](https://redirect.github.com/octo-org/engine/issues/1200)）

</details>

<details>
<summary><strong>实现拆解</strong> · 4 个文件、5 个符号</summary>

**提交**

1. “Make quantize\\_by\\_name asynchronous”
2. “Set the FP8 configuration after super().\\_\\_init\\_\\_()”

**关键文件**

| 文件 | 模块 | 行数 | 改动与原因 |
|---|---|--:|---|
| [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py#L12) | `utils` | +1,250 −4 | 占改动行数的 97% |
| [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) | `rollout` | +20 −5 | 由 `engine/rollout.py` 重命名 |
| [`docs/rollout.md`](GITHUB/blob/SHA/docs/rollout.md) | `docs` | +16 −0 | 新增；文档 |

另有 1 个文件有改动。

**关键符号**

- [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py)
  - [`quantize_by_name`](GITHUB/blob/SHA/engine/utils/weights.py#L12) 的签名有改动：`async def quantize_by_name(weights, config):`
- [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)
  - 新增：[`Rollout.__init__`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)
  - 已删除：`_load`

另有 2 个符号有改动。

</details>

<details>
<summary><strong>评论区精华</strong> · 合并时未决 1 项、已答复或解决 3 项</summary>

评审：octo-reviewer 批准；review-helper（机器人） 留下评论

**合并时未决（1）**

- [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · 提出者 octo-reviewer · [讨论串](GITHUB/pull/1234#discussion_r9001)
  > “Importing the backend here fails where it is not installed.”

  无人回复；所评论的那一行在合并后的代码中保持原样

**已答复或解决（3）**

- [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py) · 提出者 review-helper（机器人） · [讨论串](GITHUB/pull/1234#discussion_r9002)
  > “The loop does not accept an asynchronous iterator.”

  其后已改动（此评论之后有 2 个提交）；由 octo-dev 标记为解决；octo-dev 回复：“Good catch, wrapped it.”
- [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) · 提出者 octo-reviewer · [讨论串](GITHUB/pull/1234#discussion_r9003)
  > “Should this be public?”

  共 2 条回复，最后一条来自 octo-dev：“Yes, the trainer calls it.”；所评论的那一行在合并后的代码中保持原样
- [`docs/rollout.md:4`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4) · 提出者 octo-reviewer · [讨论串](GITHUB/pull/1234#discussion_r9004)
  > “Name the version this needs.”

  由 octo-reviewer 标记为解决；所评论的那一行在合并后的代码中保持原样

</details>

<details>
<summary><strong>风险与影响</strong> · 未消除 3 项、已了结 1 项</summary>

**风险**

- **高 · 兼容性**：1 个公开函数由同步改为异步，或由异步改为同步：`quantize_by_name`（规则 `broken-symbols`）
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
- **中 · 未采纳 review 建议**：合并时有 1 个 review 讨论串未决（规则 `open-threads`）
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · [讨论串](GITHUB/pull/1234#discussion_r9001)
- **低 · 缺少测试覆盖**：2 个文件新增 1,270 行代码，没有任何测试随之改动（规则 `no-test-changed`）
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
  - [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)

**合并前已处理**

- **低 · 错误处理**（合并前已修复）：合并后的代码中有 1 处表明尚未实现：`Rollout.flush`（规则 `not-implemented`）
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`

**影响**

- 调用方可能需要修改：1 个公开符号被删除、移动或改变了签名（`quantize_by_name`）

</details>

<details>
<summary><strong>后续事项</strong> · 1 项</summary>

- 合并时有 1 个 review 讨论串未决
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · [讨论串](GITHUB/pull/1234#discussion_r9001)

</details>

<details>
<summary><strong>关联脉络</strong> · 2 项</summary>

- [#1200](https://redirect.github.com/octo-org/engine/issues/1200) “Fully asynchronous rollout crashes with FP8”——本 PR 解决的 issue
- [#1187](https://redirect.github.com/octo-org/engine/pull/1187) “\\[utils\\] feat: quantize by name”——改动过相同的文件：`engine/utils/weights.py`

</details>

<details>
<summary><strong>评分</strong> · 重要性 6.5/10</summary>

重要性 **6.5**/10，由以下各项得出（评分规则第 1 版）：

| 组成 | 数值 | 得分 |
|---|--:|--:|
| 改动行数（按文件类型加权） | 1,295 | 2.5 |
| 核心文件所占改动比例 | 0.5 | 2 |
| 人工评论数 | 4 | 2 |

</details>

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


def test_a_trivial_report() -> None:
    """Next to nothing, said briefly."""
    assert shortened(trivial_report(), STYLE) == snapshot("""\
<!-- prhub:report:v1 repo=4711 pull=1234 -->

**已合并：Fix a typo**

作者 octo-dev · 合并时间 2026-03-24 13:50（Asia/Shanghai，UTC+08:00），合并人 octo-lead · 压缩合并至 `main` · 1 个文件，+1 −1 · 模块 `docs` · 标签 文档

**推荐动作：浏览即可**（重要性 0/10）

**风险：** 规则未发现风险。

<details>
<summary><strong>实现拆解</strong> · 1 个文件</summary>

**关键文件**

| 文件 | 模块 | 行数 | 改动与原因 |
|---|---|--:|---|
| [`docs/rollout.md`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4) | `docs` | +1 −1 | 文档 |

</details>

<details>
<summary><strong>评分</strong> · 重要性 0/10</summary>

重要性 **0**/10（评分规则第 1 版）。

</details>

<details>
<summary><strong>覆盖范围与来源</strong> · 已读 1/1 个文件，未使用模型</summary>

- 完整阅读：1 个文件

未使用模型：仅由 diff 与讨论计算得出。

合并提交 [`4f1d2a9`](GITHUB/commit/SHA) · 分支 `fix/async-weights`，来自 `octo-dev/engine` · 1 个提交

由 PRHub 0.1.0 生成于 2026-03-24 13:50（Asia/Shanghai，UTC+08:00） · 规则第 1 版，报告格式第 3 版

</details>
""")
