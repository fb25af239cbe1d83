"""What a server says about coming back, in every form it may have, and how it is bounded (G1)."""

from __future__ import annotations

import pytest

from bot.llm.waits import backoff, minute_limit, told_wait

NOW = 1_795_000_000.0  # Wed, 18 Nov 2026 11:06:40 GMT

TOLD = [
    pytest.param("60", 60, id="seconds"),
    pytest.param(" 60 ", 60, id="with blanks"),
    pytest.param("0.5", 1, id="less than a second is one"),
    pytest.param("0", 1, id="at once is one second"),
    pytest.param("-5", 1, id="a negative number is one second"),
    pytest.param("4000000", 900, id="46 days are fifteen minutes"),
    pytest.param("9" * 400, None, id="a number of 400 digits is none"),
    pytest.param("1e9", None, id="another spelling says nothing"),
    pytest.param("nan", None, id="no number says nothing"),
    pytest.param("inf", None, id="no end says nothing"),
    pytest.param("soon", None, id="words say nothing"),
    pytest.param("", None, id="nothing says nothing"),
    pytest.param("٣٠", None, id="other digits say nothing"),
    pytest.param("Wed, 18 Nov 2026 11:08:20 GMT", 100, id="a date"),
    pytest.param("Wed, 18 Nov 2026 12:08:20 +0100", 100, id="a date with a zone"),
    pytest.param("Wed, 18 Nov 2020 11:08:20 GMT", 1, id="a date that is past is one second"),
    pytest.param("Wed, 18 Nov 2126 11:08:20 GMT", 900, id="in a hundred years is fifteen minutes"),
    pytest.param("Wed, 99 Nov 2026 11:08:20 GMT", None, id="a date that is none"),
    pytest.param("Wed, 18 Nov 0000 11:08:20 GMT", 1, id="the year nought is past"),
]


@pytest.mark.parametrize(("text", "seconds"), TOLD)
def test_retry_after(text, seconds):
    """From one second to fifteen minutes, or nothing."""
    assert told_wait({"retry-after": text}, NOW) == seconds


def test_no_header_says_nothing():
    """Then the wait is ours to choose."""
    assert told_wait({}) is None
    assert minute_limit({}) is None


def test_backoff_stays_within_its_bounds():
    """Five seconds to ten minutes, whatever is drawn and however often it failed."""
    drawn = [backoff(failures, draw) for failures in (0, 1, 2, 5, 10, 10_000) for draw in (0.0, 0.5, 0.999)]
    assert min(drawn) == 5
    assert max(drawn) == 600
    assert (backoff(3, 0.0), round(backoff(3, 1.0), 6)) == (16, 24)
