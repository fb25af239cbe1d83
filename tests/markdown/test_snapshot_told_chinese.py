"""A whole comment with a model's parts in Chinese, as it is posted."""

# ruff: noqa: E501 - posted lines are long

from __future__ import annotations

from inline_snapshot import snapshot

from bot.markdown.report import Style
from tests.fakes.rendered import shortened
from tests.fakes.told_parts import told_report


def test_a_report_with_everything_a_model_tells() -> None:
    """Summary, action, motivation, steps, files, symbols, topics, checks, risks, effects and scores."""
    style = Style(language="zh-CN", time_zone="Asia/Shanghai")
    assert shortened(told_report("zh-CN"), style) == snapshot("""\
<!-- prhub:report:v1 repo=4711 pull=1234 -->

**已合并：\\[rollout\\] fix: quantize weights that arrive asynchronously**

作者 octo-dev · 合并时间 2026-03-24 13:50（Asia/Shanghai，UTC+08:00），合并人 octo-lead · 压缩合并至 `main` · 4 个文件，+1,286 −9 · 模块 `rollout`、`utils` · 标签 缺陷修复、性能

**一句话：** 让 `quantize_by_name` 接受异步到达的权重，使完全异步的 rollout 在启用 FP8 时不再失败。

**推荐动作：值得精读。** 调用 `quantize_by_name` 或新增 rollout 后端的人应细看 `Rollout.__init__` 中的调用顺序，其余部分浏览即可。

**概览：** 重要性 6.5/10 · 洞察度 3.4/10 · 1 项高风险 · 合并时有 1 条 review 意见未决

**风险**

- **高 · 兼容性**：调用 `quantize_by_name` 而不 await 的代码会得到协程而不是权重，且没有任何提示（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）
- **中 · 未采纳 review 建议**：合并时有 1 个 review 讨论串未决（[`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)）
- **中 · 并发**：循环会保留所有分片直到生成器结束，同时进行两次 rollout 时权重可能占用双份内存（[`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14)）
- **低 · 缺少测试覆盖**：2 个文件新增 1,270 行代码，没有任何测试随之改动（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)）

<details>
<summary><strong>功能与动机</strong></summary>

- 权重来自异步生成器，用普通 `for` 遍历会抛出 `TypeError`（PR 描述）
- 此外，配置在 `super().__init__()` 创建它之前就被赋值，见 [#1200](https://redirect.github.com/octo-org/engine/issues/1200)（[讨论串](GITHUB/pull/1234#discussion_r9002)）

</details>

<details>
<summary><strong>实现拆解</strong> · 4 个文件、5 个符号</summary>

1. `quantize_by_name` 改为协程：先由 `ensure_async_iterator` 包装普通迭代器，再用 `async for` 遍历权重（[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12)、[`:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14)）
2. `Rollout.__init__` 先调用 `super().__init__()`，待配置创建后再设置 `quantization_config`（[`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)）
3. `docs/rollout.md` 说明了哪种模式需要新的顺序（[`docs/rollout.md:4`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4)）

**关键文件**

| 文件 | 模块 | 改了什么 | 为何重要 |
|---|---|---|---|
| [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py#L12) +1,250 −4 | `utils` | `quantize_by_name` 改为异步，两种迭代器都能接受 | 所有后端的权重都经过这里 |
| [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) +20 −5 | `rollout` | 量化配置移到基类初始化之后（由 `engine/rollout.py` 重命名） | 顺序决定了 FP8 设置能否传到引擎 |
| [`docs/rollout.md`](GITHUB/blob/SHA/docs/rollout.md) +16 −0 | `docs` | 新增；文档 |  |

另有 1 个文件有改动。

**关键符号**

- [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py)
  - [`quantize_by_name`](GITHUB/blob/SHA/engine/utils/weights.py#L12) 的签名有改动：`async def quantize_by_name(weights, config):`——逐个量化张量；现在必须 await
- [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)
  - [`Rollout.__init__`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)（新增）：先初始化基类，再配置 FP8
  - 已删除：`_load`

另有 2 个符号有改动。

</details>

<details>
<summary><strong>评论区精华</strong> · 3 个议题、合并时未决 1 项、已答复或解决 3 项</summary>

评审：octo-reviewer 批准；review-helper（机器人） 留下评论

**合并时未决（1）**

- **兼容性：** \u200bocto-reviewer 希望只在用到时才导入后端，因为在没有安装它的机器上导入会失败（[讨论串](GITHUB/pull/1234#discussion_r9001)）
  - **合并后的代码中依然存在**——导入语句仍在模块顶部：[`engine/rollout/__init__.py:3`](GITHUB/blob/SHA/engine/rollout/__init__.py#L3) `import fast_backend`

**已有定论（2）**

- **正确性 · 已采纳：** 循环不接受异步迭代器；octo-dev 用 `ensure_async_iterator` 做了包装（提出者 review-helper（机器人）、[讨论串](GITHUB/pull/1234#discussion_r9002)）
  - **合并前已修复**——进入循环之前已对迭代器做了包装：[`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14) `async for name, weight in ensure_async_iterator(weights):`
- **设计 · 未采纳：** `quantize_by_name` 是否应当公开：保持公开，因为训练器会调用它（提出者 octo-reviewer、[讨论串](GITHUB/pull/1234#discussion_r9003)）
  - **讨论后接受现状**：[讨论串](GITHUB/pull/1234#discussion_r9003) “Yes, the trainer calls it.”

**已答复或解决（1）**

- [`docs/rollout.md:4`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4) · 提出者 octo-reviewer · [讨论串](GITHUB/pull/1234#discussion_r9004)
  “Name the version this needs.”——由 octo-reviewer 标记为解决；所评论的那一行在合并后的代码中保持原样
  - **从合并后的代码无法判断**

</details>

<details>
<summary><strong>风险与影响</strong> · 未消除 4 项、已了结 2 项</summary>

**风险**

- **高 · 兼容性**：1 个公开函数由同步改为异步，或由异步改为同步：`quantize_by_name`（规则 `broken-symbols`）
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
- **中 · 未采纳 review 建议**：合并时有 1 个 review 讨论串未决（规则 `open-threads`）
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · [讨论串](GITHUB/pull/1234#discussion_r9001)
- **中 · 并发**：循环会保留所有分片直到生成器结束，同时进行两次 rollout 时权重可能占用双份内存（模型判断）
  - [`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14) `async for name, weight in ensure_async_iterator(weights):`
- **低 · 缺少测试覆盖**：2 个文件新增 1,270 行代码，没有任何测试随之改动（规则 `no-test-changed`）
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
  - [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)

**合并前已处理**

- **低 · 错误处理**（合并前已修复）：合并后的代码中有 1 处表明尚未实现：`Rollout.flush`（规则 `not-implemented`）
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
- **低 · 可观测性**（合并前已修复）：此改动的早期版本中，`Rollout.flush` 每次调用都会报错（模型判断）
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) `super().__init__(config)`

**影响**

- **用户：** 完全异步模式下可以直接使用 FP8，无需改动设置（[`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)）
- **系统：** 只影响量化权重的路径，训练器没有变化（[`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14)）
- **团队：** 普通来源与异步来源并存之处，可以照 `ensure_async_iterator` 的做法处理（[`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14)）

</details>

<details>
<summary><strong>后续事项</strong> · 1 项</summary>

- 把后端的导入移到用到它的函数里，或加以保护（[`engine/rollout/__init__.py:3`](GITHUB/blob/SHA/engine/rollout/__init__.py#L3)）

</details>

<details>
<summary><strong>关联脉络</strong> · 2 项</summary>

- [#1200](https://redirect.github.com/octo-org/engine/issues/1200) “Fully asynchronous rollout crashes with FP8”——本 PR 解决的 issue
- [#1187](https://redirect.github.com/octo-org/engine/pull/1187) “\\[utils\\] feat: quantize by name”——改动过相同的文件：`engine/utils/weights.py`。它引入了 `quantize_by_name`，此处把其中的循环改为异步

</details>

<details>
<summary><strong>评分</strong> · 重要性 6.5/10、洞察度 3.4/10</summary>

重要性 **6.5**/10，洞察度 **3.4**/10（评分规则第 2 版）；未注明的各项计入重要性。

**计算项**

| 组成 | 数值 | 得分 |
|---|--:|--:|
| 改动行数（按文件类型加权） | 1,295 | 4.71 |
| 核心文件所占改动比例 | 0.5 | 0.6 |
| 相互回应的次数（洞察度） | 3 | 0.75 |

**模型评判项**

| 组成 | 等级 | 理由 | 得分 |
|---|--:|---|--:|
| 波及范围 | 2/3 | 每个 rollout 后端都经过 `quantize_by_name` | 0.4 |
| 出错的后果 | 2/3 | 不 await 的调用方在第一个权重处就会失败 | 0.6 |
| 撤回的难度 | 1/3 |  | 0.17 |
| 所作的决策（洞察度） | 2/3 | 异步来源与普通来源共用一条路径，而不是两条 | 1.33 |
| 被推翻的假设（洞察度） | 0/3 |  | 0 |
| 可借鉴之处（洞察度） | 1/3 | 这种包装适用于任何混合来源的循环 | 0.67 |
| 讨论的价值（洞察度） | 1/3 |  | 0.67 |

</details>

<details>
<summary><strong>覆盖范围与来源</strong> · 已读 3/4 个文件，由模型撰写，可能有误</summary>

- 完整阅读：2 个文件
- 部分阅读：1 个文件（过大）：`engine/utils/weights.py`
- 计数但未读：1 个文件（锁文件）：`poetry.lock`

由模型 `claude-sonnet-5-5`（提示词 `report/v1`）撰写，可能有误；其中每处引用都经程序核对。

已核实 41 处引用 · 修正 2 条论断 · 舍弃 1 条论断

输入 14,203 token（其中缓存命中 9,100），输出 2,045 token，共 2 次调用

合并提交 [`4f1d2a9`](GITHUB/commit/SHA) · 分支 `fix/async-weights`，来自 `octo-dev/engine` · 3 个提交

由 PRHub 0.1.0 生成于 2026-03-24 13:51（Asia/Shanghai，UTC+08:00） · 规则第 1 版，报告格式第 3 版

</details>
""")
