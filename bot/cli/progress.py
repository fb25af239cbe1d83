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
