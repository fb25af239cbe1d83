"""How a digest is named, and by what it is found again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markdown.digest import DigestLinks, render_issue
from bot.markdown.report import Style
from bot.marker import digest_marker, digest_of, is_report_of, report_marker
from bot.model import PeriodKind
from tests.fakes.period_pulls import SINCE
from tests.fakes.periods import digest, period, period_facts
from tests.fakes.rendered import page
from tests.fakes.reports import repository

ENGLISH, CHINESE = Style(), Style(language="zh-CN")


@pytest.mark.parametrize(
    ("changes", "english", "chinese"),
    [
        pytest.param(
            {}, "Weekly digest 2026-W13 (03-23 – 03-29)", "周报 2026-W13（03-23 – 03-29）", id="a week"
        ),
        pytest.param(
            {"key": "2026-W01", "since": datetime(2025, 12, 29, tzinfo=UTC),
             "until": datetime(2026, 1, 5, tzinfo=UTC)},
            "Weekly digest 2026-W01 (2025-12-29 – 2026-01-04)",
            "周报 2026-W01（2025-12-29 – 2026-01-04）",
            id="a week of two years names both",
        ),
        pytest.param(
            {"time_zone": "Asia/Shanghai", "since": SINCE - timedelta(hours=8),
             "until": SINCE + timedelta(days=7, hours=-8)},
            "Weekly digest 2026-W13 (03-23 – 03-29)",
            "周报 2026-W13（03-23 – 03-29）",
            id="the days are those of the period's zone",
        ),
        pytest.param(
            {"kind": PeriodKind.MONTH, "key": "2026-03"},
            "Monthly digest 2026-03", "月报 2026-03", id="a month",
        ),
        pytest.param(
            {"kind": PeriodKind.DAYS, "key": "2026-03-23..2026-03-29"},
            "Digest 2026-03-23 – 2026-03-29", "合并简报 2026-03-23 – 2026-03-29", id="some days",
        ),
        pytest.param(
            {"kind": PeriodKind.RANGE, "key": "v1..v2", "base": "v1", "head": "v2"},
            "Digest v1 – v2", "合并简报 v1 – v2", id="from tag to tag",
        ),
    ],
)  # fmt: skip
def test_titles(changes: dict[str, Any], english: str, chinese: str) -> None:
    """A title names the kind of digest, the period and its first and last day."""
    made = digest(facts=period_facts(period=period(**changes)))
    titles = [render_issue(made, style, DigestLinks()).title for style in (ENGLISH, CHINESE)]
    assert titles == [english, chinese]


def test_titles_name_what_is_covered() -> None:
    """A part of a repository and an organisation are named in the title."""
    part = digest(facts=period_facts(path="services/api"))
    whole = digest(facts=period_facts(repositories=(repository(), repository(id=2, full_name="octo-org/b"))))
    mixed = digest(facts=period_facts(repositories=(repository(), repository(id=2, full_name="else/b"))))
    titles = [render_issue(one, ENGLISH, DigestLinks()).title for one in (part, whole, mixed)]
    ends = ["services/api", "octo-org", "2 repositories"]
    assert titles == [f"Weekly digest 2026-W13 (03-23 – 03-29) · {end}" for end in ends]


@pytest.mark.parametrize(
    ("facts", "links", "found"),
    [
        pytest.param({}, {}, (4711, "", "2026-W13"), id="a repository"),
        pytest.param({"path": "a-b/c"}, {}, (4711, "path:a-b/c", "2026-W13"), id="a path"),
        pytest.param(
            {"repositories": (repository(), repository(id=2, full_name="o/b"))},
            {"home": 9, "scope": "organisation"},
            (9, "organisation", "2026-W13"),
            id="an organisation, published elsewhere",
        ),
    ],
)
def test_the_first_line_is_the_marker(
    facts: dict[str, Any], links: dict[str, Any], found: tuple[int, str, str]
) -> None:
    """By it the issue is found again, whatever else of it was edited."""
    made = digest(facts=period_facts(**facts))
    assert digest_of(render_issue(made, ENGLISH, DigestLinks(**links)).body) == found


@given(scope=st.text(max_size=40), key=st.text(min_size=1, max_size=40))
def test_any_scope_comes_back(scope: str, key: str) -> None:
    """A path or a tag of any characters is read back as it was, and shows nothing on the page."""
    marker = digest_marker(4711, scope, key)
    assert digest_of(f"{marker}\r\n\ntext") == (4711, scope, key)
    assert len(page(f"{marker}\n\ntext").comments) == 1
    assert "".join(page(f"{marker}\n\ntext").texts).split() == ["text"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing"),
        pytest.param(" " + digest_marker(1, "", "2026-W13"), id="not at the very start"),
        pytest.param("text\n" + digest_marker(1, "", "2026-W13"), id="in a quoted copy"),
        pytest.param(report_marker(1, 2), id="that of a report"),
        pytest.param("<!-- prhub:digest:v1 repo=1 scope= period= -->", id="no period"),
        pytest.param("<!-- prhub:digest:v1 repo=x scope= period=2026 -->", id="no number"),
    ],
)
def test_other_texts_are_no_digest(body: str) -> None:
    """Only a body that starts with our marker is one of our digests."""
    assert digest_of(body) is None


def test_a_digest_is_no_report() -> None:
    """The two markers are never taken for each other."""
    assert not is_report_of(digest_marker(1, "", "2026-W13"), 1, 2)
