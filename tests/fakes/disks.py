"""Small disks: a file system of a few megabytes that a test can fill, and make room on again."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a small file system in a folder; skips the test where that is not allowed."""
    place = folder / "disk"
    place.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    size = f"size={megabytes}m"
    if not mount or not umount or _run(mount, "-t", "tmpfs", "-o", size, "tmpfs", str(place)):
        pytest.skip("no file system can be mounted here")
    try:
        yield place
    finally:
        # Lazily: a process that was just killed may hold a file for another moment.
        _run(umount, "-l", str(place))


def fill(place: Path) -> Path:
    """Take every byte that is left; give the file that has them."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while os.write(file.fileno(), b"\0" * size) == size:
                    pass
    return filler


def _run(*command: str) -> int:
    return subprocess.run(command, check=False, capture_output=True).returncode
