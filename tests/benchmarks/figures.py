"""A figure, and the unit of work by which machines differ."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measured value; ``seconds`` is set for those that scale with the machine's speed."""

    name: str
    shown: str
    target: str
    seconds: float | None = None

    def in_units(self, unit: float) -> str:
        """The value in calibration units, or nothing."""
        return "" if self.seconds is None else f"{self.seconds / unit:.2f}"


def calibration() -> float:
    """Seconds of CPU that this machine takes to write and read 1 MB of JSON; the best of five."""
    data = [{"path": f"src/file_{n}.py", "line": n, "text": "x" * 60} for n in range(10_000)]
    best = float("inf")
    for _ in range(5):
        before = time.process_time()
        json.loads(json.dumps(data))
        best = min(best, time.process_time() - before)
    return best
