"""A whole comment with a model's parts in English, as it is posted."""

# ruff: noqa: E501 - posted lines are long

from __future__ import annotations

from inline_snapshot import snapshot

from bot.markdown.report import Style
from tests.fakes.rendered import shortened
from tests.fakes.told_parts import told_report


def test_a_report_with_everything_a_model_tells() -> None:
    """Summary, action, motivation, steps, files, symbols, topics, checks, risks, effects and scores."""
    assert shortened(told_report(), Style()) == snapshot("""\
<!-- prhub:report:v1 repo=4711 pull=1234 -->

**Merged: \\[rollout\\] fix: quantize weights that arrive asynchronously**

by octo-dev · merged 2026-03-24 05:50 UTC by octo-lead · squashed into `main` · 4 files, +1,286 −9 · modules `rollout`, `utils` · tags bug fix, performance

**In one sentence:** Makes `quantize_by_name` accept weights that arrive asynchronously, so that fully asynchronous rollout no longer fails with FP8.

**Recommended: read closely** — Whoever calls `quantize_by_name` or adds a rollout backend should read the order of the calls in `Rollout.__init__`; the rest can be skimmed.

**At a glance:** importance 6.5 of 10 · insight 3.4 of 10 · 1 high risk · 1 review remark open at the merge

**Risks**

- **High · Compatibility** — Callers that use `quantize_by_name` without awaiting it get a coroutine instead of the weights, and nothing tells them so ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))
- **Medium · Unresolved review** — 1 review thread was open at the merge ([`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33))
- **Medium · Concurrency** — The loop keeps every shard until the generator ends, so two rollouts at the same time may hold the weights twice ([`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14))
- **Low · Missing tests** — 1,270 new lines of code in 2 files, and no test changed ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))

<details>
<summary><strong>Motivation</strong></summary>

- The weights come from an asynchronous generator, and a plain `for` over it ended in a `TypeError` — the description
- The configuration was also set before `super().__init__()` had made it, as reported in [#1200](https://redirect.github.com/octo-org/engine/issues/1200) — [thread](GITHUB/pull/1234#discussion_r9002)

</details>

<details>
<summary><strong>Implementation</strong> · 4 files, 5 symbols</summary>

1. `quantize_by_name` became a coroutine that goes through the weights with `async for`, after `ensure_async_iterator` has wrapped plain ones ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12), [`:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14))
2. `Rollout.__init__` now calls `super().__init__()` first and sets `quantization_config` afterwards, when the configuration exists ([`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33))
3. `docs/rollout.md` says which mode needs the new order ([`docs/rollout.md:4`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4))

**Key files**

| File | Module | What changed | Why it matters |
|---|---|---|---|
| [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py#L12) +1,250 −4 | `utils` | `quantize_by_name` is asynchronous and accepts both kinds of iterators | Every backend passes its weights through here |
| [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) +20 −5 | `rollout` | The quantization is configured after the base class was set up (renamed from `engine/rollout.py`) | The order decides whether the FP8 settings reach the engine at all |
| [`docs/rollout.md`](GITHUB/blob/SHA/docs/rollout.md) +16 −0 | `docs` | added; documentation |  |

1 more file changed.

**Key symbols**

- [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py)
  - [`quantize_by_name`](GITHUB/blob/SHA/engine/utils/weights.py#L12), signature changed: `async def quantize_by_name(weights, config):` — Quantizes one tensor after the other; must be awaited now
- [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)
  - [`Rollout.__init__`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33), new: Sets up the base class before FP8 is configured
  - removed: `_load`

2 more symbols changed.

</details>

<details>
<summary><strong>Review highlights</strong> · 3 topics, 1 open at merge, 3 answered or settled</summary>

Reviewers: octo-reviewer approved; review-helper (bot) commented

**Open at merge (1)**

- **Compatibility:** \u200bocto-reviewer wanted the backend to be imported only where it is used, since the import fails on machines without it ([thread](GITHUB/pull/1234#discussion_r9001))
  - **Still so in the merged code** — The import still stands at the top of the module: [`engine/rollout/__init__.py:3`](GITHUB/blob/SHA/engine/rollout/__init__.py#L3) `import fast_backend`

**Decided (2)**

- **Correctness · adopted:** The loop did not accept an asynchronous iterator; octo-dev wrapped it with `ensure_async_iterator` (raised by review-helper (bot), [thread](GITHUB/pull/1234#discussion_r9002))
  - **Fixed before the merge** — The iterator is wrapped before the loop: [`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14) `async for name, weight in ensure_async_iterator(weights):`
- **Design · declined:** Whether `quantize_by_name` should be public: it stays so, for the trainer calls it (raised by octo-reviewer, [thread](GITHUB/pull/1234#discussion_r9003))
  - **Accepted in the discussion**: [thread](GITHUB/pull/1234#discussion_r9003) “Yes, the trainer calls it.”

**Answered or settled (1)**

- [`docs/rollout.md:4`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4) · raised by octo-reviewer · [thread](GITHUB/pull/1234#discussion_r9004)
  “Name the version this needs.” — Marked as resolved by octo-reviewer; the remarked line stands in the merged code as it was
  - **Could not be told from the merged code**

</details>

<details>
<summary><strong>Risks and impact</strong> · 4 open, 2 settled</summary>

**Risks**

- **High · Compatibility** — 1 public function changed between plain and asynchronous: `quantize_by_name` (rule `broken-symbols`)
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
- **Medium · Unresolved review** — 1 review thread was open at the merge (rule `open-threads`)
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · [thread](GITHUB/pull/1234#discussion_r9001)
- **Medium · Concurrency** — The loop keeps every shard until the generator ends, so two rollouts at the same time may hold the weights twice (found by the model)
  - [`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14) `async for name, weight in ensure_async_iterator(weights):`
- **Low · Missing tests** — 1,270 new lines of code in 2 files, and no test changed (rule `no-test-changed`)
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
  - [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)

**Dealt with before the merge**

- **Low · Error handling** (fixed before the merge) — A place in the merged code says that it is not implemented: `Rollout.flush` (rule `not-implemented`)
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
- **Low · Observability** (fixed before the merge) — `Rollout.flush` raised an error on every call in an earlier version of the change (found by the model)
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) `super().__init__(config)`

**Impact**

- **Users:** FP8 works in fully asynchronous mode without a change to the settings ([`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33))
- **System:** Only the path of the quantized weights changes; the trainer is not touched ([`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14))
- **Team:** `ensure_async_iterator` is a pattern to follow where plain and asynchronous sources meet ([`engine/utils/weights.py:14`](GITHUB/blob/SHA/engine/utils/weights.py#L14))

</details>

<details>
<summary><strong>Follow-ups</strong> · 1</summary>

- Move the import of the backend into the function that needs it, or guard it ([`engine/rollout/__init__.py:3`](GITHUB/blob/SHA/engine/rollout/__init__.py#L3))

</details>

<details>
<summary><strong>Related</strong> · 2</summary>

- [#1200](https://redirect.github.com/octo-org/engine/issues/1200) “Fully asynchronous rollout crashes with FP8” — the issue this one settles
- [#1187](https://redirect.github.com/octo-org/engine/pull/1187) “\\[utils\\] feat: quantize by name” — changed the same files: `engine/utils/weights.py`. It introduced `quantize_by_name`, whose loop is made asynchronous here

</details>

<details>
<summary><strong>Scores</strong> · importance 6.5 of 10, insight 3.4 of 10</summary>

Importance **6.5** of 10, insight **3.4** of 10 (rubric version 2). Parts count for importance unless they say otherwise.

**Computed**

| Part | Value | Points |
|---|--:|--:|
| Changed lines, weighted by kind of file | 1,295 | 4.71 |
| Share of changes in core files | 0.5 | 0.6 |
| Times that people answered each other (insight) | 3 | 0.75 |

**Judged by the model**

| Part | Level | Reason | Points |
|---|--:|---|--:|
| Reach | 2 of 3 | Every rollout backend goes through `quantize_by_name` | 0.4 |
| Consequence if wrong | 2 of 3 | A caller that does not await it fails at the first weight | 0.6 |
| Hard to take back | 1 of 3 |  | 0.17 |
| Decisions taken (insight) | 2 of 3 | Asynchronous and plain sources share one path instead of two | 1.33 |
| Assumptions that fell (insight) | 0 of 3 |  | 0 |
| Of use elsewhere (insight) | 1 of 3 | The wrapper serves any loop over mixed sources | 0.67 |
| What the discussion adds (insight) | 1 of 3 |  | 0.67 |

</details>

<details>
<summary><strong>Coverage and provenance</strong> · 3 of 4 files read, written with a model, may be wrong</summary>

- Read whole: 2 files
- Read in part: 1 file (too large): `engine/utils/weights.py`
- Counted, not read: 1 file (lock file): `poetry.lock`

Written with the model `claude-sonnet-5-5` (prompt `report/v1`). It may be wrong; every reference in it was checked by code.

41 references verified · 2 claims repaired · 1 claim dropped

14,203 tokens in (9,100 of them cached), 2,045 out, in 2 calls

Merge commit [`4f1d2a9`](GITHUB/commit/SHA) · branch `fix/async-weights` of `octo-dev/engine` · 3 commits

Generated 2026-03-24 05:51 UTC by PRHub 0.1.0 · rules 1, schema 3

</details>
""")
