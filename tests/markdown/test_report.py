"""The report as its readers meet it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.markdown.report import Style, render_comment, render_document
from bot.marker import is_report_of
from bot.model import (
    Evidence,
    FileStatus,
    Insight,
    KeySymbol,
    Message,
    Person,
    PullReport,
    Quote,
    Related,
    Relation,
    RiskState,
    Source,
    Summary,
    Symbol,
    SymbolChange,
)
from tests.fakes.rendered import page
from tests.fakes.report_parts import implementation, risks
from tests.fakes.reports import head, pull_report, repository

ENGLISH = Style()
CHINESE = Style(language="zh-CN", time_zone="Asia/Shanghai")


def comment(style: Style = ENGLISH, **changes: Any) -> str:
    """The comment of the default report with some fields replaced."""
    return render_comment(pull_report(**changes), style)


def line_with(words: str, text: str) -> str:
    """The one line of ``text`` that holds ``words``."""
    [line] = [line for line in text.split("\n") if words in line]
    return line


def test_the_first_line_is_the_marker() -> None:
    """PRHub finds its comment by it."""
    assert is_report_of(comment(), 4711, 1234)
    assert comment().split("\n")[1] == ""


def test_a_local_clone_without_a_number_has_no_marker() -> None:
    """There is no comment to find; files are linked, the pull request is not."""
    text = comment(head=head(number=None))
    assert "<!--" not in text
    assert "/blob/" in text
    assert "/pull/1234" not in text


@pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
def test_the_visible_part_fits_a_screen(style: Style) -> None:
    """At most 25 lines stand outside the folded blocks, their titles included."""
    text = comment(style, risks=risks() * 4)
    visible = text[: text.index("<details>")].split("\n\n")
    assert (
        len([line for part in visible for line in part.split("\n") if line]) + text.count("<details>") <= 25
    )


@pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
def test_the_page_is_well_formed(style: Style) -> None:
    """Every block is closed, and the only comment is the marker."""
    parsed = page(comment(style))
    assert not parsed.unbalanced
    assert parsed.comments == [" prhub:report:v1 repo=4711 pull=1234 "]
    assert parsed.elements.count("details") == parsed.elements.count("summary") == 8
    assert parsed.live == []


def test_empty_sections_are_left_out() -> None:
    """A trivial change gives a short comment."""
    text = comment(
        motivation=(), implementation=implementation().model_copy(update={"steps": (), "symbols": ()}),
        decisions=(), reviews=(), risks=(), impact=(), follow_ups=(), related=(),
    )  # fmt: skip
    titles = [line for line in text.split("\n") if line.startswith("<summary>")]
    assert [title.split("</strong>")[0].removeprefix("<summary><strong>") for title in titles] == [
        "Implementation",
        "Scores",
        "Coverage and provenance",
    ]
    assert "**Risks:** none that the rules can see." in text


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        (ENGLISH, "merged 2026-03-24 05:50 UTC by octo-lead"),
        (Style(time_zone="Asia/Shanghai"), "merged 2026-03-24 13:50 (Asia/Shanghai, UTC+08:00) by octo-lead"),
        (CHINESE, "合并时间 2026-03-24 13:50（Asia/Shanghai，UTC+08:00），合并人 octo-lead"),
    ],
)
def test_the_merge_time_names_its_zone(style: Style, shown: str) -> None:
    """Nobody has to guess which morning it was."""
    assert shown in comment(style)


@pytest.mark.parametrize(
    ("person", "shown"),
    [
        (Person(login="octo-dev"), "by octo-dev"),
        (Person(login="merge-helper[bot]", is_bot=True), "by merge-helper (bot)"),
        (Person(), "by a deleted account"),
        (Person(login=""), "by a deleted account"),
    ],
)
def test_people_and_bots_are_told_apart(person: Person, shown: str) -> None:
    """A bot is called one, a deleted account too; nobody is mentioned."""
    text = comment(head=head(author=person))
    assert shown in text
    assert "@" not in text


def test_the_title_is_not_said_twice() -> None:
    """A summary that is only the title gives way to the reason for the change."""
    title = Quote(text="quantize weights that arrive asynchronously", source=Source.TITLE)
    text = comment(summary=Summary(sentence=title, attention="normal"))
    assert "**Why:** “The trainer crashes when rollout runs fully asynchronously.” — the description" in text
    assert text.count(title.text) == 1


@pytest.mark.parametrize("relation", [Relation.REVERTS, Relation.REVERTED_BY])
def test_a_revert_is_visible_at_once(relation: Relation) -> None:
    """Whoever reads the report learns first that the change is gone."""
    text = comment(related=(Related(number=1300, relation=relation, title="Revert it"),))
    words = {"reverts": "**Reverts**", "reverted_by": "**Reverted by**"}[relation.value]
    link = "[#1300](https://redirect.github.com/octo-org/engine/pull/1300)"
    assert text.split("\n")[2] == f"{words} {link} “Revert it”"


def test_only_open_risks_are_visible() -> None:
    """What was mended before the merge is told below, not above."""
    top, below = comment().split("<details>", 1)
    assert "Error handling" not in top
    assert "**Low · Error handling** (fixed before the merge) — " in below


def test_risks_come_by_severity_and_the_rest_is_counted() -> None:
    """The heaviest five are visible."""
    top = comment(risks=tuple(reversed(risks() * 3))).split("<details>")[0]
    listed = [line for line in top.split("\n") if line.startswith("- ")]
    assert [line.split(" · ")[0] for line in listed[:-1]] == ["- **High"] * 3 + ["- **Medium"] * 2
    assert listed[-1] == "- 4 more below"


def test_an_unverified_risk_says_so() -> None:
    """It is shown, but not as a fact."""
    unknown = risks()[0].model_copy(update={"state": RiskState.UNKNOWN})
    assert "**High · Compatibility** (not verified) — " in comment(risks=(unknown,)).split("<details>")[0]


def test_a_removed_file_is_not_linked() -> None:
    """At the merge commit it is not there."""
    files = implementation().files
    gone = files[0].model_copy(update={"path": "old.py", "status": FileStatus.REMOVED})
    text = comment(implementation=implementation().model_copy(update={"files": (gone,)}))
    assert line_with("| `old.py` |", text).endswith("| removed; 97% of the changed lines |")


def test_dunder_names_survive() -> None:
    """The reference system lost their underscores."""
    symbol = Symbol(name="__init__", kind="method", change=SymbolChange.MODIFIED, line=7)
    done = implementation().model_copy(update={"symbols": (KeySymbol(path="a/__init__.py", symbol=symbol),)})
    codes = page(comment(implementation=done)).codes
    assert "__init__" in codes
    assert "a/__init__.py" in codes


def test_a_sentence_nobody_knows_is_left_out() -> None:
    """A report of a newer rule set loses a sentence, not its shape, and shows no key."""
    unknown = Message(key="insight.unheard.of", params={"count": 3})
    text = comment(
        impact=(Insight(message=unknown),),
        follow_ups=(Insight(message=unknown),),
        risks=(risks()[0].model_copy(update={"explanation": unknown}),),
    )
    assert "unheard" not in text
    assert "**Impact**" not in text
    assert "Follow-ups" not in text
    assert "- **High · Compatibility** ([`engine/utils/weights.py:12`]" in text


def test_evidence_beyond_eight_places_is_counted() -> None:
    """A risk in a hundred places does not bury the rest."""
    places = tuple(Evidence(path=f"f{index}.py") for index in range(100))
    text = comment(risks=(risks()[0].model_copy(update={"evidence": places}),))
    assert "f7.py" in text
    assert "f8.py" not in text
    assert "  - and 92 more" in text


def test_words_are_quoted_and_code_is_code() -> None:
    """Evidence from a discussion is somebody's words; evidence from a file is code."""
    said = Evidence(path="docs/rollout.md", thread_id=7, quote="Name it.")
    written = Evidence(path="docs/rollout.md", line=4, quote="  name: it")
    text = comment(risks=(risks()[0].model_copy(update={"evidence": (said, written)}),))
    assert "discussion_r7) “Name it.”\n" in text
    assert "?plain=1#L4) `name: it`\n" in text


def test_without_an_address_there_are_no_links() -> None:
    """A local clone without a remote is reported too."""
    report = pull_report(head=head(repository=repository(url=None)))
    assert page(render_comment(report, ENGLISH)).links == []
    assert page(render_document(report, ENGLISH)).links == []


@pytest.mark.parametrize(
    ("url", "redirect"),
    [("https://git.example.com/octo-org/engine", True), ("https://github.com/octo-org/engine", False)],
)
def test_other_threads_are_code_where_a_link_would_leave_a_trace(url: str, *, redirect: bool) -> None:
    """No backlink on Enterprise Server, nor where the operator forbids the redirecting host."""
    text = comment(Style(redirect_links=redirect), head=head(repository=repository(url=url)))
    assert "- `#1187` “" in text
    assert "redirect.github.com" not in text


def test_the_note_stands_above_the_report() -> None:
    """A preview says that it is one; an unknown note says nothing."""
    assert comment(Style(note="note.preview")).split("\n")[2] == "*Preview: this report was not posted.*"
    assert comment(Style(note="note.unheard_of")) == comment()


def test_a_report_from_storage_reads_the_same() -> None:
    """What is stored is all that the text is made of."""
    report = pull_report()
    stored = PullReport.model_validate_json(report.model_dump_json())
    assert render_comment(stored, CHINESE) == render_comment(report, CHINESE)
