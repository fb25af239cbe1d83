"""Whole comments in English, as they are posted."""

# ruff: noqa: E501 - posted lines are long

from __future__ import annotations

from inline_snapshot import snapshot

from bot.markdown.report import Style
from tests.fakes.rendered import shortened
from tests.fakes.reports import pull_report, trivial_report

STYLE = Style()


def test_a_rich_report() -> None:
    """Everything a report can hold."""
    assert shortened(pull_report(), STYLE) == snapshot("""\
<!-- prhub:report:v1 repo=4711 pull=1234 -->

**Merged: \\[rollout\\] fix: quantize weights that arrive asynchronously**

by octo-dev · merged 2026-03-24 05:50 UTC by octo-lead · squashed into `main` · 4 files, +1,286 −9 · modules `rollout`, `utils` · tags bug fix, performance

**In one sentence:** “Weights that arrive from an asynchronous generator are quantized without a TypeError.” — the description

**Recommended: read closely** (importance 6.5 of 10) — 1 high risk; 1 review remark open at the merge

**Risks**

- **High · Compatibility** — 1 public function changed between plain and asynchronous: `quantize_by_name` ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))
- **Medium · Unresolved review** — 1 review thread was open at the merge ([`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33))
- **Low · Missing tests** — 1,270 new lines of code in 2 files, and no test changed ([`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12))

<details>
<summary><strong>Motivation</strong></summary>

- “The trainer crashes when rollout runs fully asynchronously.” — the description
- “TypeError: 'async\\_generator' object is not iterable” — [#1200](https://redirect.github.com/octo-org/engine/issues/1200)

</details>

<details>
<summary><strong>Implementation</strong> · 4 files, 5 symbols</summary>

**Commits**

1. “Make quantize\\_by\\_name asynchronous”
2. “Set the FP8 configuration after super().\\_\\_init\\_\\_()”

**Key files**

| File | Module | Lines | What and why |
|---|---|--:|---|
| [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py#L12) | `utils` | +1,250 −4 | 97% of the changed lines |
| [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) | `rollout` | +20 −5 | renamed from `engine/rollout.py` |
| [`docs/rollout.md`](GITHUB/blob/SHA/docs/rollout.md) | `docs` | +16 −0 | added; documentation |

1 more file changed.

**Key symbols**

- [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py)
  - [`quantize_by_name`](GITHUB/blob/SHA/engine/utils/weights.py#L12), signature changed: `async def quantize_by_name(weights, config):`
- [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)
  - new: [`Rollout.__init__`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33)
  - removed: `_load`

2 more symbols changed.

</details>

<details>
<summary><strong>Review highlights</strong> · 1 open at merge, 3 answered or settled</summary>

Reviewers: octo-reviewer approved; review-helper (bot) commented

**Open at merge (1)**

- [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · raised by octo-reviewer · [thread](GITHUB/pull/1234#discussion_r9001)
  > “Importing the backend here fails where it is not installed.”

  Nobody answered; the remarked line stands in the merged code as it was

**Answered or settled (3)**

- [`engine/utils/weights.py`](GITHUB/blob/SHA/engine/utils/weights.py) · raised by review-helper (bot) · [thread](GITHUB/pull/1234#discussion_r9002)
  > “The loop does not accept an asynchronous iterator.”

  Changed afterwards (2 commits followed the remark); resolved by octo-dev; octo-dev replied: “Good catch, wrapped it.”
- [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) · raised by octo-reviewer · [thread](GITHUB/pull/1234#discussion_r9003)
  > “Should this be public?”

  2 replies, the last by octo-dev: “Yes, the trainer calls it.”; the remarked line stands in the merged code as it was
- [`docs/rollout.md:4`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4) · raised by octo-reviewer · [thread](GITHUB/pull/1234#discussion_r9004)
  > “Name the version this needs.”

  Marked as resolved by octo-reviewer; the remarked line stands in the merged code as it was

</details>

<details>
<summary><strong>Risks and impact</strong> · 3 open, 1 settled</summary>

**Risks**

- **High · Compatibility** — 1 public function changed between plain and asynchronous: `quantize_by_name` (rule `broken-symbols`)
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
- **Medium · Unresolved review** — 1 review thread was open at the merge (rule `open-threads`)
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · [thread](GITHUB/pull/1234#discussion_r9001)
- **Low · Missing tests** — 1,270 new lines of code in 2 files, and no test changed (rule `no-test-changed`)
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`
  - [`engine/rollout/__init__.py`](GITHUB/blob/SHA/engine/rollout/__init__.py)

**Dealt with before the merge**

- **Low · Error handling** (fixed before the merge) — A place in the merged code says that it is not implemented: `Rollout.flush` (rule `not-implemented`)
  - [`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12) `async def quantize_by_name(weights, config):`

**Impact**

- Callers may have to change: 1 public symbol was removed, moved or given another signature (`quantize_by_name`)

</details>

<details>
<summary><strong>Follow-ups</strong> · 1</summary>

- 1 review thread was open at the merge
  - [`engine/rollout/__init__.py:33`](GITHUB/blob/SHA/engine/rollout/__init__.py#L33) · [thread](GITHUB/pull/1234#discussion_r9001)

</details>

<details>
<summary><strong>Related</strong> · 2</summary>

- [#1200](https://redirect.github.com/octo-org/engine/issues/1200) “Fully asynchronous rollout crashes with FP8” — the issue this one settles
- [#1187](https://redirect.github.com/octo-org/engine/pull/1187) “\\[utils\\] feat: quantize by name” — changed the same files: `engine/utils/weights.py`

</details>

<details>
<summary><strong>Scores</strong> · importance 6.5 of 10</summary>

Importance **6.5** of 10, from these parts (rubric version 1):

| Part | Value | Points |
|---|--:|--:|
| Changed lines, weighted by kind of file | 1,295 | 2.5 |
| Share of changes in core files | 0.5 | 2 |
| Remarks of people | 4 | 2 |

</details>

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


def test_a_trivial_report() -> None:
    """Next to nothing, said briefly."""
    assert shortened(trivial_report(), STYLE) == snapshot("""\
<!-- prhub:report:v1 repo=4711 pull=1234 -->

**Merged: Fix a typo**

by octo-dev · merged 2026-03-24 05:50 UTC by octo-lead · squashed into `main` · 1 file, +1 −1 · module `docs` · tag documentation

**Recommended: skim** (importance 0 of 10)

**Risks:** none that the rules can see.

<details>
<summary><strong>Implementation</strong> · 1 file</summary>

**Key files**

| File | Module | Lines | What and why |
|---|---|--:|---|
| [`docs/rollout.md`](GITHUB/blob/SHA/docs/rollout.md?plain=1#L4) | `docs` | +1 −1 | documentation |

</details>

<details>
<summary><strong>Scores</strong> · importance 0 of 10</summary>

Importance **0** of 10 (rubric version 1).

</details>

<details>
<summary><strong>Coverage and provenance</strong> · 1 of 1 file read, written without a model</summary>

- Read whole: 1 file

Written without a model: computed from the diff and the discussion only.

Merge commit [`4f1d2a9`](GITHUB/commit/SHA) · branch `fix/async-weights` of `octo-dev/engine` · 1 commit

Generated 2026-03-24 05:50 UTC by PRHub 0.1.0 · rules 1, schema 3

</details>
""")
