"""The runs by name: T1 to T4 of the requirements, the model's outage, and publishers that must fail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.chaos.commanded import POINTS, each_command_point
from tests.chaos.digests import TEN_YEARS, ten_years
from tests.chaos.failpoints import REPORT_POINTS, each_failpoint
from tests.chaos.outage import outage
from tests.chaos.plan import Plan
from tests.chaos.run import run

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.chaos.figures import Figures

# Slower than the work is done, so that what failed is tried again soon, and not behind a backlog.
_WIDE = Plan(merges=1000, kills=20, factor=4.0, rate=2.5, installations=20)
_LOSSY = replace(_WIDE, lost=0.02, stale=True)
# Unscaled: in scaled time a retry of theirs takes longer than lists lag. No model, for they ask none.
_BAD = replace(_LOSSY, factor=1.0, rate=1.0, model=False, settings=(("PRHUB_DELIVERY_POLL", "60"),))
_SPOKEN = Plan(merges=0, kills=20, rate=1.0, factor=40.0, lost=0.05, stale=True, installations=20)

RUNS: Mapping[str, tuple[Plan, Callable[[Plan], Awaitable[Figures]]]] = {
    "chaos": (Plan("chaos", merges=100, kills=10, lost=0.02, stale=True, stormy=True), run),
    "t1": (replace(_WIDE, name="t1"), run),
    "t2": (replace(_LOSSY, name="t2"), run),
    # Slower than the work is done on two cores: what waits behind a backlog meets no failpoint.
    "t3": (
        Plan("t3", merges=40, kills=20, rate=0.7, factor=40.0, lost=0.05, stale=True, points=REPORT_POINTS),
        each_failpoint,
    ),
    "t4": (Plan("t4", merges=1000, kills=5, rate=50.0, installations=1, model=False), run),
    "outage": (Plan("outage", merges=130, kills=2, rate=0.5, factor=30.0), outage),
    "digests": (TEN_YEARS, ten_years),
    "commands": (replace(_SPOKEN, name="commands", points=POINTS), each_command_point),
    "naive": (replace(_BAD, name="naive", publisher="naive"), run),
    "marker": (replace(_BAD, name="marker", publisher="marker"), run),
}
