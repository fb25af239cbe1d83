"""The digests of the sample's last two weeks: written by the command, beside the running server."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from click import ClickException

from sandbox.discussion import Pull
from sandbox.sample import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sandbox.discussion import Issue
    from sandbox.state import State

# The second closes the first, and links to it.
WEEKS = ("2026-W12", "2026-W13")


async def write_digests(
    folder: Path, environment: dict[str, str], state: State, say: Callable[[str], None]
) -> tuple[Issue, ...]:
    """Write and publish both digests; give their issues. Raises ``ClickException`` if one is not made."""
    for week in WEEKS:
        say(f"writing the digest of {week}")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", "digest", REPOSITORY, "--week", week, "--publish"),
            *("--output", str(folder / f"digest-{week}.md")),
            cwd=folder,
            env=environment,
            stderr=asyncio.subprocess.PIPE,
        )
        _, said = await process.communicate()
        if process.returncode != 0:
            raise ClickException(f"No digest of {week}: {said.decode('utf-8', 'replace').strip()}")
    repository = state.repository(REPOSITORY)
    issues = repository.issues.values() if repository is not None else ()
    ours = [one for one in issues if one.app_id == state.app.id and not isinstance(one, Pull)]
    return tuple(sorted(ours, key=lambda one: one.number))
