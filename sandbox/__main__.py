"""``python -m sandbox``: serve the sample repository by hand."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from sandbox.build import add_user_token
from sandbox.github import running
from sandbox.limits import LENIENT, STRICT
from sandbox.sample import sample_state


def _arguments() -> argparse.Namespace:
    """What was given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8600)
    parser.add_argument("--key", type=Path, help="the app's key as PEM, to check its JWT (public or private)")
    parser.add_argument("--webhook-url", help="where redeliveries go")
    parser.add_argument("--webhook-secret", help="what they are signed with")
    parser.add_argument("--user-token", default="sandbox-user-token", help="a user's token to accept")
    parser.add_argument("--lenient", action="store_true", help="without the secondary limits")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until interrupted."""
    state = sample_state()
    if arguments.key:
        state.app.public_key = arguments.key.read_text(encoding="utf-8")
    state.app.webhook_url, state.app.webhook_secret = arguments.webhook_url, arguments.webhook_secret
    add_user_token(state, "octo-lead", arguments.user_token)
    limits = LENIENT if arguments.lenient else STRICT
    async with running(state, limits=limits, port=arguments.port) as github:
        names = ", ".join(repository.full_name for repository in state.repositories.values())
        sys.stdout.write(f"{github.url} serves {names} for app {state.app.id}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(_arguments()))
    except KeyboardInterrupt:
        sys.exit(0)
