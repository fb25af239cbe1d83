"""Progress on a terminal; silence in a pipe."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(text: str) -> Iterator[Callable[[str], None]]:
    """Show that work goes on; the value changes the text. Nothing is shown unless on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _text: None
        return
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that a pipe need not pay

    with Console(stderr=True).status(text) as status:
        yield status.update


@contextmanager
def bar(total: int, text: str) -> Iterator[Callable[[int, str], None]]:
    """Show how far work is; the value takes how many are done, and a text. Nothing unless on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _text: None
        return
    from rich.console import Console  # noqa: PLC0415 - 0.1 s that a pipe need not pay
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn  # noqa: PLC0415 - likewise

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(text, total=total)
        yield lambda done, now: shown.update(task, completed=done, description=now)
