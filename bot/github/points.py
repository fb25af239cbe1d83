"""GitHub's points a minute: what requests cost, and how long to wait so that they suffice."""

from __future__ import annotations

from dataclasses import dataclass

# What may be saved up while nothing is asked.
SAVED = 100.0
# A process that starts again and again must not begin with all that can be saved each time.
AT_START = 20.0


def points_of(method: str) -> float:
    """Give what a request costs (GitHub's rate limits for the REST API)."""
    return 1.0 if method in {"GET", "HEAD"} else 5.0


@dataclass
class Points:
    """The points of one installation; ``left`` below zero are spent in advance, by those who wait."""

    at: float
    left: float = AT_START

    def spend(self, cost: float, now: float, a_second: float, sharers: int = 1) -> float:
        """Spend points and give the seconds to wait before they are there; ``now`` may jump.

        ``a_second`` is for this process alone; what is saved up is divided by the ``sharers`` here.
        """
        saved = self.left + max(now - self.at, 0.0) * a_second
        self.left = min(saved, SAVED / sharers) - cost
        self.at = now
        return max(-self.left / a_second, 0.0)
