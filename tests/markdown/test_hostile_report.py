"""A report made of hostile strings alone is still our report and nothing else (R88 to R92)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.cut import COMMENT_LIMIT, size
from bot.markdown.report import Style, render_comment, render_document
from bot.model import Insight, Message, PullReport, Told
from tests.fakes.hostile import ROWS
from tests.fakes.rendered import page
from tests.fakes.report_parts import decision, risks
from tests.fakes.reports import head, poisoned, pull_report, repository
from tests.fakes.told_parts import told_report

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")
OURS = ("https://github.com/octo-org/engine/", "https://redirect.github.com/octo-org/engine/")
MARKER = " prhub:report:v1 repo=4711 pull=1234 "
REPORTS = {"computed": pull_report(), "told": told_report()}
STYLES = pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
KINDS = pytest.mark.parametrize("kind", REPORTS)


def shape(text: str) -> list[str]:
    """The elements of a comment; how many names a model's sentence has as code is its own affair."""
    return [tag for tag in page(text).structure if tag != "code"]


def hostile(kind: str, value: str) -> PullReport:
    """A report with ``value`` in every foreign field; its model's sentence is not left out as the title's.

    The title and that sentence are attacked in the computed report, and below.
    """
    report: PullReport = poisoned(REPORTS[kind], value)
    if report.summary.told is None:
        return report
    said = Insight(message=Told(text="What it does."))
    return report.model_copy(
        update={
            "head": report.head.model_copy(update={"title": "Another title"}),
            "summary": report.summary.model_copy(update={"told": said}),
        }
    )


SHAPES = {
    (kind, style): shape(render_comment(hostile(kind, "harmless"), style))
    for kind in REPORTS
    for style in (ENGLISH, CHINESE)
}


def wrong_with(value: str, kind: str, style: Style) -> list[object]:
    """Everything that is not ours or could be acted on in a comment with ``value`` in every field."""
    text = render_comment(hostile(kind, value), style)
    parsed = page(text)
    found: list[object] = [*parsed.live]
    found += [link for link in parsed.links if not link.startswith(OURS) or "/../" in link]
    found += [line for line in text.split("\n") if line.lstrip(" >-|*").startswith(("/", "@", "bors", "!"))]
    found += ["shape"] if shape(text) != SHAPES[kind, style] or parsed.unbalanced else []
    found += ["comments"] if parsed.comments != [MARKER] or text.count("<!--") != 1 else []
    found += ["too long"] if size(text) > COMMENT_LIMIT else []
    return found


@STYLES
@KINDS
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_attack_rows_in_every_field(value: str, kind: str, style: Style) -> None:
    """Each attack row in all foreign fields at once leaves the shape of a harmless report."""
    assert wrong_with(value, kind, style) == []


@KINDS
@settings(max_examples=60, deadline=None)
@given(value=st.lists(st.sampled_from([*ROWS.values()]), min_size=1, max_size=4).map("a".join))
def test_mixtures_in_every_field(value: str, kind: str) -> None:
    """So do mixtures of them."""
    assert wrong_with(value, kind, ENGLISH) == []


@KINDS
@settings(max_examples=60, deadline=None)
@given(value=st.text(min_size=1, max_size=60))
def test_any_text_in_every_field(value: str, kind: str) -> None:
    """So does any other text."""
    assert wrong_with(f"a{value}", kind, ENGLISH) == []


@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_a_hostile_address_or_commit_gives_no_links(value: str) -> None:
    """The report's own address and commit id are not trusted either (P2)."""
    hostile = head(repository=repository(url=value), merge_sha=value)
    assert page(render_comment(pull_report(head=hostile), ENGLISH)).links == []


@KINDS
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_the_document_is_as_safe(value: str, kind: str) -> None:
    """Somebody will paste it into a comment."""
    parsed = page(render_document(poisoned(REPORTS[kind], value), ENGLISH))
    assert parsed.live == []
    assert parsed.comments == []
    assert all(link.startswith(OURS) for link in parsed.links)


def huge(value: str, count: int) -> PullReport:
    """A report with ``count`` of everything, and ``value`` in every foreign field."""
    report = told_report()
    done = report.implementation
    more = {name: getattr(done, name) * count for name in ("files", "symbols", "told")}
    names = ("reasons", "decisions", "topics", "risks", "impact", "follow_ups", "related")
    parts = {name: getattr(report, name) * count for name in names}
    made: PullReport = poisoned(
        report.model_copy(update={**parts, "implementation": done.model_copy(update=more)}), value
    )
    return made


@pytest.mark.parametrize("style", [ENGLISH, pytest.param(CHINESE, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    ("value", "count"),
    [
        pytest.param("x", 1, id="small"),
        pytest.param("x", 400, id="many small items"),
        pytest.param("words and words " * 20, 100, id="long items"),
        pytest.param("😀" * 400, 100, id="all emoji"),
        pytest.param("$a&b" * 100, 100, id="all characters that grow when escaped"),
        pytest.param("x" * 10_000_000, 1, id="ten megabytes in each field"),
        pytest.param("`|" * 5_000_000, 3, id="ten megabytes of marks in each field"),
    ],
)
def test_a_comment_always_fits(value: str, count: int, style: Style) -> None:
    """At most 60,000 UTF-16 units, every block closed, and what is missing is named (R92, L12)."""
    text = render_comment(huge(value, count), style)
    parsed = page(text)
    assert size(text) <= COMMENT_LIMIT
    assert not parsed.unbalanced
    assert parsed.elements.count("details") == parsed.elements.count("summary")
    assert parsed.live == []
    visible, *rest = text.split("<details>")
    assert ("GitHub" in visible) == any("GitHub" in part.rpartition("\n\n*")[2] for part in rest)


def test_a_shortened_comment_says_what_is_missing() -> None:
    """A visible line names the sections, and each says how many items it lost."""
    long = "x" * 250
    remarks = tuple(decision(thread_id=one + 1, remark=f"remark {one} {long}") for one in range(300))
    text = render_comment(pull_report(decisions=remarks), ENGLISH)
    assert "\n*Shortened to fit GitHub’s size limit: Review highlights.*\n" in text.split("<details>")[0]
    shown = text.count("> “remark")
    assert 50 < shown < 300
    assert f"*{300 - shown} more items were left out here to fit GitHub’s size limit.*\n\n</details>" in text


@STYLES
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_attack_rows_in_the_one_sentence(value: str, style: Style) -> None:
    """Nor does what a model says at the top do anything."""
    told = Insight(message=Told(text=value))
    report = told_report()
    text = render_comment(
        report.model_copy(update={"summary": report.summary.model_copy(update={"told": told})}), style
    )
    parsed = page(text)
    assert parsed.live == []
    assert not parsed.unbalanced
    assert parsed.comments == [MARKER]
    assert all(link.startswith(OURS) for link in parsed.links)


def test_hostile_values_of_our_own_sentences() -> None:
    """Values of a computed sentence are foreign, whatever their names are."""
    values = {"path": "`|<b>@octo", "count": 2, "pulls": "#1", "window": 3}
    told = Message(key="insight.risk.core_path", params=values)
    text = render_comment(pull_report(risks=(risks()[0].model_copy(update={"explanation": told}),)), ENGLISH)
    assert page(text).live == []
    assert "<b>" not in text
