"""``make bench``: runs every benchmark and prints one table."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import digest, intake, model, reports
from tests.benchmarks.figures import Figure, calibration


async def measure() -> list[Figure]:
    """Run all of them, one after another, each with a server process of its own."""
    figures: list[Figure] = []
    for benchmark in (
        intake.run,
        reports.run_usual,
        model.run_usual,
        model.run_tokens,
        model.run_checks,
        reports.run_largest,
        digest.run,
    ):
        with tempfile.TemporaryDirectory() as folder:
            figures += await benchmark(Path(folder))
    return figures


def main() -> None:
    """Print the table. The last column puts a figure in relation to this machine."""
    unit = calibration()
    table = Table(title=f"one unit = {unit * 1000:.1f} ms of CPU for 1 MB of JSON, both ways")
    for column in ("figure", "measured", "target", "in units"):
        table.add_column(column, justify="left" if column == "figure" else "right")
    for figure in asyncio.run(measure()):
        table.add_row(figure.name, figure.shown, figure.target, figure.in_units(unit))
    Console(width=110, file=sys.stdout).print(table)


if __name__ == "__main__":
    main()
