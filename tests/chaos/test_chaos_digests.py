"""Ten years of weekly digests in short: killed at the worst moments, each week has exactly one."""

from __future__ import annotations

from dataclasses import replace

from tests.chaos.digests import TEN_YEARS, ten_years


async def test_each_week_has_one_digest_whatever_is_killed():
    """A kill between the post and the note of it."""
    plan = replace(TEN_YEARS, weeks=4, kills=1, points=("after_issue_post",), seed=3)
    figures = await ten_years(plan)
    assert figures.broken == []
    assert figures.kills == {"after_issue_post": 1}
