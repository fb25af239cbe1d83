"""Windows: many remarks become one refresh, and none is left out of it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deliveries import Policy
from bot.deliveries.subject import Subject, refresh

SUBJECT = Subject(installation_id=1, repository_id=5, repository="octo-org/tool", number=12)
TIMES = st.floats(0, 4e9)
DELAYS = st.floats(0.01, 86_400)


def test_a_refresh_starts_after_its_window() -> None:
    """At 1000 s with 300 s a window, it ends at 1200 s; GitHub's lists get 5 s to catch up."""
    asked = refresh(SUBJECT, "g", Policy(now=1000.0, refresh_delay=300))
    assert (asked.key, asked.delay) == ("refresh:5:12:3", 205.0)


def test_remarks_of_a_window_are_one_piece_of_work() -> None:
    """A hundred remarks in a row make one key for each window they fall in."""
    asked = [refresh(SUBJECT, str(n), Policy(now=1000.0 + n, refresh_delay=60)) for n in range(100)]
    assert {one.key for one in asked} == {"refresh:5:12:16", "refresh:5:12:17", "refresh:5:12:18"}


def test_without_a_delay_each_remark_is_taken_in_at_once() -> None:
    """The key is the delivery's then, so that a redelivery is still the same work."""
    asked = [refresh(SUBJECT, guid, Policy(now=1000.0, refresh_delay=0)) for guid in ("g1", "g2", "g1")]
    assert [(one.key, one.delay) for one in asked] == [
        ("refresh:5:12:g1", 0.0),
        ("refresh:5:12:g2", 0.0),
        ("refresh:5:12:g1", 0.0),
    ]


@settings(max_examples=300, deadline=None)
@given(TIMES, DELAYS)
def test_no_remark_waits_much_longer_than_the_delay(now: float, delay: float) -> None:
    """The wait is never negative, and at most the delay and the grace."""
    asked = refresh(SUBJECT, "g", Policy(now=now, refresh_delay=delay))
    assert 0 < asked.delay <= delay + min(5.0, delay) + 1e-3


@settings(max_examples=300, deadline=None)
@given(TIMES, st.floats(0, 600), st.floats(1, 600))
def test_no_remark_comes_after_its_refresh(now: float, later: float, delay: float) -> None:
    """A remark that shares an earlier one's key is made before that refresh reads."""
    first = refresh(SUBJECT, "g", Policy(now=now, refresh_delay=delay))
    second = refresh(SUBJECT, "h", Policy(now=now + later, refresh_delay=delay))
    if first.key == second.key:
        assert now + later < now + first.delay
