"""The same report for a terminal or a file."""

from __future__ import annotations

import pytest

from bot.markdown.report import Style, render_document
from tests.fakes.rendered import page
from tests.fakes.report_parts import decision
from tests.fakes.reports import pull_report

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")


@pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
def test_the_document_says_the_same(style: Style) -> None:
    """For a terminal or a file: nothing folded, no marker, and the pull request is named."""
    text = render_document(pull_report(), style)
    parsed = page(text)
    assert not parsed.unbalanced
    assert {"details", "summary"} & set(parsed.elements) == set()
    assert parsed.elements.count("h2") == 8
    assert "`octo-org/engine#1234`" in text
    assert parsed.comments == []


def test_a_document_is_not_shortened() -> None:
    """Only GitHub has a limit."""
    many = tuple(decision(thread_id=index + 1, remark=f"remark {index}") for index in range(2_000))
    assert "remark 1999”" in render_document(pull_report(decisions=many), ENGLISH)
