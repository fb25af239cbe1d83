"""A value that remembers what it was, so that reads can be stale."""

from __future__ import annotations

from bisect import bisect_right
from typing import Generic, TypeVar

T = TypeVar("T")

BEGINNING = float("-inf")


class Recorded(Generic[T]):
    """A value with its history; times are seconds since the epoch and never go back."""

    def __init__(self, value: T) -> None:
        self._times = [BEGINNING]
        self._values = [value]

    @property
    def value(self) -> T:
        """What it is now."""
        return self._values[-1]

    def put(self, value: T, at: float = BEGINNING) -> None:
        """Set the value at a time; without one it counts as having been there always."""
        self._times.append(max(at, self._times[-1]))
        self._values.append(value)

    def as_of(self, moment: float) -> T:
        """What it was at ``moment``."""
        return self._values[bisect_right(self._times, moment) - 1]
