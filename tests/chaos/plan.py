"""The plan of a run: what is sent, what fails and who dies, all of it from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sandbox.faults import Faults

# Moments that every report passes: each life of a process ends at one of them, or at a random one.
USUAL_POINTS = (
    "after_delivery_committed",
    "after_post",
    "in_drain",
    "after_facts",
    "before_post",
    "after_model_answer",
    "after_publish",
    "after_label",
    "after_comment_stored",
    "after_insights",
    "after_text",
    "before_close",
    "after_drain",
    "after_finish",
    "after_close",
    "before_delivery_committed",
)
# Moments that only a digest passes.
DIGEST_POINTS = (
    "before_issue_post",
    "after_issue_post",
    "after_issue_stored",
    "before_previous_closed",
    "after_previous_closed",
)
# Moments that only a command in a comment passes.
COMMAND_POINTS = tuple(
    f"{when}_{step}"
    for step in ("admit", "carry", "refuse", "look", "preview", "answer", "untold", "done", "failed")
    for when in ("before", "after")
)
# Moments that only a backfill passes.
BACKFILL_POINTS = tuple(
    f"{when}_{step}"
    for when, steps in (
        ("before", ("batch_sent",)),
        ("after", ("batch_intended", "batch_sent", "batch_stored", "batch_results", "batch_entry")),
        ("after", ("backfill_read", "backfill_report", "backfill_post", "backfill_register")),
    )
    for step in steps
)
# Moments that are passed only where GitHub refuses to show a report, or a repository's file is broken.
TROUBLE_POINTS = tuple(f"{when}_{step}" for step in ("refused", "inform") for when in ("before", "after"))
# How stale lists are, as parts of the longest lag; each is as likely as the others.
LAGS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Plan:
    """One run. ``rate`` is deliveries a second of real time; ``factor`` divides GitHub's time.

    ``lost`` is the share of answers to writes that get lost, as many again come as an error or cut in
    half. ``stale`` is whether lists lag, by up to ``lag`` seconds of GitHub's time; ``stormy`` whether
    everything else that can go wrong does as well. ``points`` are the moments of death, in turn with random
    ones; ``only_points`` leaves the random ones out. ``model`` is whether one is asked, ``settings`` are
    those of the servers that differ from the usual ones. ``weeks`` are those of a run of digests.
    """

    name: str = "chaos"
    database: str = "sqlite"
    seed: int = 1
    merges: int = 60
    kills: int = 6
    processes: int = 1
    factor: float = 20.0
    rate: float = 6.0
    installations: int = 4
    lost: float = 0.0
    stale: bool = False
    lag: float = 10.0
    stormy: bool = False
    model: bool = True
    publisher: str = "ours"
    points: Sequence[str] = USUAL_POINTS
    only_points: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    weeks: int = 0

    def draw(self, what: str) -> random.Random:
        """Chance for one part of the run: it does not depend on what the others drew."""
        return random.Random(f"{self.seed} {what}")


@dataclass(frozen=True)
class Death:
    """How one life ends: at a point when it is passed for the ``count``th time, or some ``seconds`` after.

    as many comments were posted since it began. Then nobody runs there for ``down`` seconds. Counted in
    work, the plan is the same on a slow machine.
    """

    point: str | None
    count: int
    seconds: float
    down: float

    @property
    def armed(self) -> str | None:
        """The failpoint as the setting names it."""
        return None if self.point is None else f"{self.point}:{self.count}"


def deaths(plan: Plan) -> Iterator[Death]:
    """The lives of the run: half of them end at a point, the others at random."""
    draw = plan.draw("deaths")
    kinds: list[str | None] = []
    for point in islice(cycle(plan.points), plan.kills):
        kinds += [point] if plan.only_points else [point, None]
    share = max(round(1.4 * plan.merges / max(plan.kills, 1)), 1)
    for kind in kinds[: plan.kills]:
        # No comment at all: killed while it starts.
        count = draw.randint(0 if kind is None else 1, share)
        yield Death(kind, count, draw.uniform(0.0, 1.5), draw.choice((0.0, 0.0, 0.3, 1.5)))


def add_faults(faults: Faults, plan: Plan) -> None:
    """Switch on what fails; the draws depend on the seed, the request and how often it came."""
    faults.seed = plan.seed
    if plan.lost:
        writes = {"methods": ("POST",), "path": "/(comments|labels)$"}
        faults.add("drop_after", probability=plan.lost, **writes)
        faults.add("error_after", probability=plan.lost / 2, status=502, **writes)
        faults.add("truncated", probability=plan.lost / 2, **writes)
    if plan.stale:
        for number, lag in enumerate(LAGS):
            faults.add("stale", probability=1 / (len(LAGS) - number), seconds=lag * plan.lag / plan.factor)
    if plan.stormy:
        _storm(faults, plan)


def _storm(faults: Faults, plan: Plan) -> None:
    faults.add("delay_before", probability=0.03, seconds=0.5)
    faults.add("delay_after", probability=0.03, seconds=0.5)
    faults.add("drop_before", probability=0.02)
    faults.add("error", probability=0.01, status=503)
    faults.add("error", probability=0.01, status=500)
    faults.add("html", probability=0.01, status=502)
    faults.add("html", probability=0.005, status=200)
    faults.add("secondary", probability=0.003, status=403, retry_after=str(max(round(60 / plan.factor), 1)))
    faults.add("secondary", probability=0.003, status=429)
    faults.add("graphql_limited", probability=0.003, path="graphql$")
    faults.add("unauthorized", probability=0.005, path="^/repos")
