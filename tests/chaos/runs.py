"""The runs by name: T1 to T4 of the requirements, the model's outage, and publishers that must fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos.failpoints import each_failpoint
from tests.chaos.outage import outage
from tests.chaos.plan import Plan
from tests.chaos.run import run
from tests.chaos.tempo import tempo

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.chaos.figures import Figures

_T1 = Plan("t1", merges=1000, kills=20, factor=20.0)
_T2 = Plan("t2", merges=1000, kills=20, factor=20.0, lost=0.02, stale=True)
_BAD = Plan(merges=1000, kills=20, factor=10.0, lost=0.02, stale=True, model=False, rate=8.0)

RUNS: Mapping[str, tuple[Plan, Callable[[Plan], Awaitable[Figures]]]] = {
    "chaos": (Plan("chaos", merges=100, kills=10, lost=0.02, stale=True, stormy=True), run),
    "t1": (_T1, run),
    "t2": (_T2, run),
    "t3": (Plan("t3", merges=600, kills=20, lost=0.02, stale=True), each_failpoint),
    "t4": (Plan("t4", merges=1000, kills=5, installations=1, model=False), tempo),
    "outage": (Plan("outage", merges=120, kills=2, factor=60.0), outage),
    "naive": (_BAD.called("naive"), run),
    "marker": (_BAD.called("marker"), run),
}
