"""What a model tells, as the readers of a report meet it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot.markdown.report import Style, render_comment
from bot.model import (
    Evidence,
    Insight,
    Message,
    Quote,
    Risk,
    RiskKey,
    Scores,
    Severity,
    Source,
    Summary,
    Told,
)
from tests.fakes.rendered import shortened
from tests.fakes.report_parts import risks
from tests.fakes.reports import head
from tests.fakes.told_parts import LOOP, told_report

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")


def comment(style: Style = ENGLISH, **changes: Any) -> str:
    """The comment on the rich report, its addresses shortened."""
    return shortened(told_report(style.language, **changes), style)


def top(text: str) -> str:
    """The visible part."""
    return text.split("<details>", maxsplit=1)[0]


def section(text: str, title: str) -> str:
    """One section below it."""
    return text.partition(f"<summary><strong>{title}</strong>")[2].partition("</details>")[0]


def says(words: str, *evidence: Evidence) -> Insight:
    """What a model told."""
    return Insight(message=Told(text=words), evidence=evidence)


@pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
def test_the_visible_part_fits_a_screen(style: Style) -> None:
    """Its lines, wrapped at a comment's width, and the titles below are at most 40."""
    long = Told(text="Long words and more words `a_name` and others. " * 12)
    heavy = (
        *risks(),
        *(
            Risk(key=key, severity=Severity.MEDIUM, explanation=long, evidence=(LOOP,))
            for key in (RiskKey.SECURITY, RiskKey.PLATFORM, RiskKey.CONCURRENCY)
        ),
    )
    text = comment(style, risks=heavy)
    words = re.sub(r"\]\([^)]*\)", "]", top(text)).split("\n")
    assert sum(-(-len(line) // 110) for line in words) + text.count("<details>") <= 40
    assert len([line for line in words if line.startswith("- ")]) == 6


def test_the_told_sentence_stands_for_the_quoted_one() -> None:
    """One sentence, and it is the model's; a paragraph ends with its full stop."""
    visible = top(comment())
    assert "**In one sentence:** Makes `quantize_by_name` accept" in visible
    assert "no longer fails with FP8.\n" in visible
    assert "the description" not in visible


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        pytest.param("Another title", "**In one sentence:** Fix the loader\n", id="another title"),
        pytest.param("fix: the loader", "**Why:** It crashed\n", id="the sentence is the title"),
    ],
)
def test_the_title_is_not_said_twice(title: str, shown: str) -> None:
    """A summary that repeats the title gives way to the reason, which is then not repeated below."""
    summary = Summary(
        sentence=Quote(text=title, source=Source.TITLE), attention="normal", told=says("Fix the loader")
    )
    text = comment(head=head(title=title), summary=summary, reasons=(says("It crashed"),))
    assert shown in text
    assert text.count("It crashed") == 1


def test_steps_that_repeat_the_summary_are_left_out() -> None:
    """The first step of many answers is the summary once more."""
    report = told_report()
    again = says(report.summary.told.message.text if report.summary.told else "", LOOP)  # type: ignore[union-attr]
    done = report.implementation.model_copy(update={"told": (again, *report.implementation.told)})
    text = section(comment(implementation=done), "Implementation")
    assert "1. `quantize_by_name` became a coroutine" in text
    assert "accept weights" not in text


def test_told_steps_stand_for_commits() -> None:
    """Each with its places, of one file the later lines in short."""
    text = section(comment(), "Implementation")
    assert "**Commits**" not in text
    assert "[`engine/utils/weights.py:12`](GITHUB/blob/SHA/engine/utils/weights.py#L12), [`:14`](" in text


def test_a_file_without_words_keeps_its_computed_ones() -> None:
    """The table has both kinds."""
    rows = [line for line in comment().split("\n") if line.startswith("| [")]
    assert rows[1].endswith(
        "| The quantization is configured after the base class was set up (renamed from `engine/rollout.py`) "
        "| The order decides whether the FP8 settings reach the engine at all |"
    )
    assert rows[2].endswith("| added; documentation |  |")


def test_motivation_is_told_with_its_sources() -> None:
    """A source that the sentence names itself is not named again, and nothing is quoted beside it."""
    lines = section(comment(), "Motivation").strip().split("\n")[2:]
    assert lines[0].endswith(" — the description")
    assert lines[1].count("#1200](") == 1
    assert lines[1].endswith("— [thread](GITHUB/pull/1234#discussion_r9002)")
    assert "“" not in "".join(lines)


def test_every_kind_of_source_is_named() -> None:
    """The title, a commit with its link, a comment, a file."""
    sources = (
        Evidence(source=Source.TITLE, quote="x"),
        Evidence(source=Source.COMMIT, commit="a" * 40),
        Evidence(comment_id=7),
    )
    text = section(comment(reasons=(says("Because.", *sources),)), "Motivation")
    link = f"[`aaaaaaa`](GITHUB/commit/{'a' * 40})"
    assert f"- Because — the title, commit {link}, [comment](GITHUB/pull/1234#issuecomment-7)\n" in text


def test_a_risk_says_each_thing_once() -> None:
    """Above in the model's words; below with the rule, what it counted, and the line."""
    text = comment()
    assert "- **High · Compatibility** — Callers that use `quantize_by_name`" in top(text)
    below = section(text, "Risks and impact")
    assert "- **High · Compatibility** — 1 public function changed between plain" in below
    assert "Callers that use" not in below
    assert "hold the weights twice (found by the model)" in below


def test_a_long_risk_is_told_whole_below() -> None:
    """Above stand as many whole sentences as there is room for."""
    words = "Callers of `a. b` fail. " + "They get a coroutine and not the weights. " * 9
    long = risks()[0].model_copy(update={"told": Told(text=words)})
    text = comment(risks=(long,))
    assert "and not the weights. ([" in top(text)
    assert top(text).count("and not the weights") == 6
    assert text.count("and not the weights") == 6 + 9


def test_a_sentence_that_is_too_long_is_cut() -> None:
    """Where there is no whole one to show."""
    long = risks()[0].model_copy(update={"told": Told(text="They get a coroutine " * 30)})
    assert "…" in top(comment(risks=(long,)))


def test_what_was_dealt_with_stands_apart() -> None:
    """It is not visible, and not among the open risks."""
    text = comment()
    assert "Observability" not in top(text)
    standing, _, settled = section(text, "Risks and impact").partition("**Dealt with before the merge**")
    assert "Observability" not in standing
    assert "(fixed before the merge) — `Rollout.flush` raised" in settled


def test_effects_say_whom_they_reach() -> None:
    """Users, system, team; what a risk says already is not computed once more."""
    effects = section(comment(), "Risks and impact").partition("**Impact**")[2]
    starts = [line.split(":")[0] for line in effects.split("\n") if line.startswith("- ")]
    assert starts == ["- **Users", "- **System", "- **Team"]


def test_computed_effects_that_nothing_else_says_stay() -> None:
    """Beside the model's."""
    new = Insight(message=Message(key="insight.impact.flags_added", params={"count": 1, "symbols": "--fp8"}))
    assert "- Added lines declare a command-line flag: `--fp8`\n" in comment(impact=(says("It works."), new))


def test_files_without_a_word_are_only_counted() -> None:
    """Beside files that a model tells of, an empty row says nothing."""
    report = told_report("en")
    told, *_ = (file for file in report.implementation.files if file.change)
    silent = told.model_copy(update={"path": "engine/silent.py", "change": None, "matters": None, "why": ()})
    done = report.implementation.model_copy(update={"files": (told, silent), "files_left_out": 2})
    text = section(comment(implementation=done), "Implementation")
    assert "silent.py" not in text
    assert "3 more files changed" in text


def test_open_threads_are_no_follow_up_beside_told_ones() -> None:
    """They have a group of their own above."""
    text = comment()
    assert "<strong>Follow-ups</strong> · 1</summary>" in text
    assert "thread was open" not in section(text, "Follow-ups")


def test_only_numbers_that_the_report_names_are_linked() -> None:
    """A number that nothing here bears out stays text, and so does this pull request's own."""
    text = section(comment(follow_ups=(says("After #1187, #1234 and #999."),)), "Follow-ups")
    assert "After [#1187](https://redirect.github.com/octo-org/engine/pull/1187), \\#" in text
    assert text.count("](") == 1


def test_scores_show_their_parts_apart() -> None:
    """Computed ones with a value, judged ones with a level and its reason, and which score they are for."""
    text = section(comment(), "Scores")
    assert "Importance **6.5** of 10, insight **3.4** of 10 (rubric version 2)." in text
    assert "| Reach | 2 of 3 | Every rollout backend goes through `quantize_by_name` | 0.4 |" in text
    assert "| Decisions taken (insight) | 2 of 3 |" in text
    assert "(insight) | 3 | 0.75 |" in text


def test_without_insight_there_is_one_score() -> None:
    """A brief answer has no rubric."""
    text = comment(scores=Scores(version=2, importance=1))
    assert "insight" not in text.replace("**insight**", "")


def test_provenance_says_what_it_cost_and_that_it_may_be_wrong() -> None:
    """Model, prompt, references, claims and tokens (R95)."""
    text = section(comment(), "Coverage and provenance")
    assert "written with a model, may be wrong</summary>" in text
    assert "Written with the model `claude-sonnet-5-5` (prompt `report/v1`). It may be wrong;" in text
    assert "41 references verified · 2 claims repaired · 1 claim dropped\n" in text
    assert "14,203 tokens in (9,100 of them cached), 2,045 out, in 2 calls\n" in text


def test_no_risk_at_all_is_said_of_both() -> None:
    """Rules and model."""
    text = render_comment(told_report(risks=()), ENGLISH)
    assert "**Risks:** none found, neither by the rules nor by the model." in text
