"""``prhub doctor``: looks at everything PRHub stands on, and says what is wrong and what to do."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from pathlib import Path

import click
import structlog

from bot.cli.doctor_shown import as_json, as_text
from bot.doctor import Finding, Severity, examine, worst
from bot.wiring import package_version

# All checks have their own limits; this one is for what can be neither awaited nor cancelled.
LAST_SECONDS = 28.0


@click.command()
@click.option("--json", "machine", is_flag=True, help="Write JSON.")
@click.option("--offline", is_flag=True, help="Ask neither GitHub nor the model.")
@click.option("--strict", is_flag=True, help="End with 1 for warnings, too.")
def command(machine: bool, offline: bool, strict: bool) -> None:  # noqa: FBT001 - click passes them by name
    """Look at settings, app, webhook, database, model and work; change nothing.

    Run it in the server's folder and environment, whether the server runs or not. Ends with 1 if there is
    an error, else with 0. Asks each model one tiny question, unless it is off.
    """
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    code = asyncio.run(_examined(machine=machine, offline=offline, strict=strict))
    sys.exit(code)


async def _examined(*, machine: bool, offline: bool, strict: bool) -> int:
    try:
        async with asyncio.timeout(LAST_SECONDS):
            findings = await examine(os.environ, Path.cwd(), offline=offline)
    except TimeoutError:
        advice = "Something on this machine hangs: look at the disk, and at the database."
        findings = [Finding("database", Severity.ERROR, f"no result within {LAST_SECONDS:.0f} s", advice)]
    click.echo(as_json(findings, package_version()) if machine else as_text(findings), nl=machine)
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    code = int(worst(findings) in bad)
    # A thread that waits for a dead disk would hold this process for ever: all is said by now.
    last = threading.Timer(1.5, os._exit, (code,))
    last.daemon = True
    last.start()
    return code
