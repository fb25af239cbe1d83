"""The lines that repeat, where they need words of their own."""

from __future__ import annotations

import pytest

from bot.markdown.report import Style, render_comment
from bot.model import Coverage, CoverageGroup, ReadAs
from tests.fakes.reports import pull_report


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("secret-file", "may hold secrets"),
        ("lock", "lock file"),
        ("over-budget", "beyond the input limit"),
        ("notes", "summed up in notes first"),
        ("not-sent", "not shown to the model"),
        ("never-heard *of*", r"never heard \*of\*"),
    ],
)
def test_coverage_gives_its_reasons_in_words(reason: str, shown: str) -> None:
    """No code word of ours leaks into the prose; one that nobody translated is at least readable."""
    group = CoverageGroup(read_as=ReadAs.FILTERED, reason=reason, count=5, paths=("a", "b", "c", "d"))
    assert f"- Counted, not read: 5 files ({shown}): `a`, `b`, `c`, `d` and 1 more\n" in render_comment(
        pull_report(coverage=Coverage(total=5, groups=(group,))), Style()
    )
