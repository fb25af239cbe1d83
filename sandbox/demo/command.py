"""The command: start both, send the merges, wait for the reports, show them."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import click
from rich.console import Console

from sandbox.demo.play import Played, play
from sandbox.demo.show import show


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to keep the reports. Default: a new one.",
)
@click.option("--language", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True)
def command(folder: Path | None, language: str) -> None:
    """Show PRHub at work on a sample repository: no network, nothing left running.

    No key is needed; with ANTHROPIC_API_KEY set, the model reads the sample.
    """
    console = Console()
    where = folder or Path(tempfile.mkdtemp(prefix="prhub-demo-"))
    where.mkdir(parents=True, exist_ok=True)
    if (where / "prhub.sqlite").exists():
        raise click.ClickException(f"{where} holds an earlier demo: choose an empty folder.")
    with console.status("starting the server and a stand-in GitHub") as status:
        played: Played = asyncio.run(play(where, language, status.update))
    show(console, played)
