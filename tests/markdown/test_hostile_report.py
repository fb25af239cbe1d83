"""A report made of hostile strings alone is still our report and nothing else (R88 to R92)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.cut import COMMENT_LIMIT, size
from bot.markdown.report import Style, render_comment, render_document
from bot.model import Message, PullReport
from tests.fakes.hostile import ROWS
from tests.fakes.rendered import page
from tests.fakes.report_parts import decision, decisions, implementation, risks
from tests.fakes.reports import head, poisoned, pull_report, repository

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")
OURS = ("https://github.com/octo-org/engine/", "https://redirect.github.com/octo-org/engine/")
MARKER = " prhub:report:v1 repo=4711 pull=1234 "
SHAPES = {
    style: page(render_comment(poisoned(pull_report(), "harmless"), style)).structure
    for style in (ENGLISH, CHINESE)
}


def wrong_with(text: str, style: Style) -> list[object]:
    """Everything in a comment that is not ours or could be acted on."""
    parsed = page(text)
    found: list[object] = [*parsed.live]
    found += [link for link in parsed.links if not link.startswith(OURS) or "/../" in link]
    found += [line for line in text.split("\n") if line.lstrip(" >-|*").startswith(("/", "@", "bors", "!"))]
    found += ["shape"] if parsed.structure != SHAPES[style] or parsed.unbalanced else []
    found += ["comments"] if parsed.comments != [MARKER] or text.count("<!--") != 1 else []
    found += ["too long"] if size(text) > COMMENT_LIMIT else []
    return found


@pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_attack_rows_in_every_field(value: str, style: Style) -> None:
    """Each attack row in all foreign fields at once leaves the shape of a harmless report."""
    assert wrong_with(render_comment(poisoned(pull_report(), value), style), style) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*ROWS.values()]), min_size=1, max_size=4).map("a".join))
def test_mixtures_in_every_field(value: str) -> None:
    """So do mixtures of them."""
    assert wrong_with(render_comment(poisoned(pull_report(), value), ENGLISH), ENGLISH) == []


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_in_every_field(value: str) -> None:
    """So does any other text."""
    assert wrong_with(render_comment(poisoned(pull_report(), f"a{value}"), ENGLISH), ENGLISH) == []


@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_a_hostile_address_or_commit_gives_no_links(value: str) -> None:
    """The report's own address and commit id are not trusted either (P2)."""
    hostile = head(repository=repository(url=value), merge_sha=value)
    assert page(render_comment(pull_report(head=hostile), ENGLISH)).links == []


@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_the_document_is_as_safe(value: str) -> None:
    """Somebody will paste it into a comment."""
    parsed = page(render_document(poisoned(pull_report(), value), ENGLISH))
    assert parsed.live == []
    assert parsed.comments == []
    assert all(link.startswith(OURS) for link in parsed.links)


def huge(value: str, count: int) -> PullReport:
    """A report with ``count`` of everything, and ``value`` in every foreign field."""
    done = implementation()
    report = pull_report(
        decisions=decisions() * count,
        risks=risks() * count,
        implementation=done.model_copy(update={"files": done.files * count, "symbols": done.symbols * count}),
    )
    made: PullReport = poisoned(report, value)
    return made


@pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
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
    assert ("GitHub" in text.split("<details>")[0]) == (text.count("*\n\n</details>") > 0)


def test_a_shortened_comment_says_what_is_missing() -> None:
    """A visible line names the sections, and each says how many items it lost."""
    long = "x" * 250
    remarks = tuple(decision(thread_id=one + 1, remark=f"remark {one} {long}") for one in range(300))
    text = render_comment(pull_report(decisions=remarks), ENGLISH)
    assert "\n*Shortened to fit GitHub’s size limit: Review highlights.*\n" in text.split("<details>")[0]
    shown = text.count("> “remark")
    assert 50 < shown < 300
    assert f"*{300 - shown} more items were left out here to fit GitHub’s size limit.*\n\n</details>" in text


def test_hostile_values_of_our_own_sentences() -> None:
    """Values of a computed sentence are foreign, whatever their names are."""
    values = {"path": "`|<b>@octo", "count": 2, "pulls": "#1", "window": 3}
    told = Message(key="insight.risk.core_path", params=values)
    text = render_comment(pull_report(risks=(risks()[0].model_copy(update={"explanation": told}),)), ENGLISH)
    assert page(text).live == []
    assert "<b>" not in text
