"""GitHub's limits in our words: how fast one may write, and when one must be quiet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pause:
    """An installation's pause: until when (epoch seconds), and after how many limit answers in a row."""

    until: float = 0.0
    strikes: int = 0


@dataclass(frozen=True)
class Pace:
    """How fast an installation may ask and write; each window is (seconds, writes of content in it).

    The first window is the shortest, and the longest that anybody waits for a moment. The gaps are
    seconds between two writes of content, and between any two writes. ``points`` are GitHub's points
    a minute, ``None`` for no limit; they are not kept in the store.
    """

    windows: tuple[tuple[float, int], ...]
    content_gap: float
    write_gap: float
    points: float | None = None

    @property
    def patience(self) -> float:
        """How many seconds ahead a moment can be taken."""
        return self.windows[0][0]
