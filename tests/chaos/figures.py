"""The figures of a run, what was promised of them, and the table that shows both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from tests.chaos.plan import Plan


@dataclass(frozen=True)
class Figures:
    """What came of a run. ``ever`` counts second comments that were deleted again as well."""

    plan: Plan
    deliveries: int
    failed: int
    redelivered: int
    kills: Counter[str]
    lost: Sequence[str]
    acknowledged_lost: int
    comments: int
    duplicates: int
    ever: int
    labels: int
    issues: int
    answered: int
    paid_twice: int
    limits: Counter[str]
    unknown: Sequence[str]
    recovery: Sequence[float]
    seconds: float
    notes: dict[str, str] = field(default_factory=dict)
    broken_notes: Sequence[str] = ()
    logs: str = ""

    @property
    def broken(self) -> list[str]:
        """The promises that did not hold."""
        kills = self.kills.total()
        found = [
            (bool(self.lost), f"lost: {', '.join(self.lost[:5])}"),
            (self.acknowledged_lost > 0, f"acknowledged and lost: {self.acknowledged_lost}"),
            (self.duplicates > 0, f"second comments: {self.duplicates}"),
            (self.labels > 0, f"labels twice: {self.labels}"),
            (self.issues > 0, f"issues: {self.issues}"),
            (self.answered > self.deliveries + kills, f"model calls: {self.answered}"),
            (self.limits.total() > 0, f"limits exceeded: {dict(self.limits)}"),
            (bool(self.unknown), f"requests the stand-in does not know: {list(self.unknown[:3])}"),
            (kills < self.plan.kills, f"kills: only {kills}"),
        ]
        return [text for is_broken, text in found if is_broken] + list(self.broken_notes)

    def rows(self) -> list[tuple[str, str]]:
        """The table's rows."""
        kills = self.kills.total()
        named = kills - self.kills["random"]
        slowest = max(self.recovery, default=0.0)
        usual = sorted(self.recovery)[len(self.recovery) // 2] if self.recovery else 0.0
        return [
            (
                "deliveries (of them failed, asked for again)",
                f"{self.deliveries} ({self.failed}, {self.redelivered})",
            ),
            ("kills (of them at a failpoint)", f"{kills} ({named})"),
            ("lost merges", str(len(self.lost))),
            ("acknowledged deliveries that were lost", str(self.acknowledged_lost)),
            ("comments", str(self.comments)),
            ("second comments at the end (at any time)", f"{self.duplicates} ({self.ever})"),
            ("labels, issues twice", f"{self.labels}, {self.issues}"),
            ("answers of the model (paid twice)", f"{self.answered} ({self.paid_twice})"),
            ("answers that a limit was exceeded", str(self.limits.total())),
            ("from a kill to the next comment: median, longest", f"{usual:.1f} s, {slowest:.1f} s"),
            ("in all", f"{self.seconds:.0f} s"),
            *self.notes.items(),
        ]


def tell(one: Figures) -> None:
    """Print a line on a run that is one of many, so that hours of them can be followed."""
    kills, ends = one.kills.total(), "; ".join(one.broken) or "nothing broken"
    Console(highlight=False, soft_wrap=True).print(
        f"{one.plan.name}: {kills} kills, {one.deliveries} deliveries, {one.seconds:.0f} s: {ends}"
    )


def show(all_figures: Sequence[Figures], console: Console) -> None:
    """Print one column for each run, and what was broken."""
    table = Table(title=None)
    table.add_column("figure")
    for one in all_figures:
        plan = one.plan
        table.add_column(f"{plan.name} {plan.database} x{plan.processes} seed {plan.seed}", justify="right")
    for rows in zip(*(one.rows() for one in all_figures), strict=False):
        table.add_row(rows[0][0], *(row[1] for row in rows))
    console.print(table)
    for one in all_figures:
        for text in one.broken:
            console.print(f"BROKEN in {one.plan.name}: {text}; see {one.logs}", style="bold red")
