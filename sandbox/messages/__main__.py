"""``python -m sandbox.messages``: serve the stand-in by hand."""

from __future__ import annotations

import argparse
import asyncio
import sys

from sandbox.messages.moods import failing, hostile
from sandbox.messages.plausible import plausible
from sandbox.messages.server import running


def _arguments() -> argparse.Namespace:
    """What was given on the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox.messages", description=__doc__)
    parser.add_argument("--port", type=int, default=8700)
    parser.add_argument("--hostile", action="store_true", help="answers full of what must never be posted")
    for name in ("overloaded", "refusal", "truncated", "limited", "cut"):
        parser.add_argument(f"--{name}", type=float, default=0.0, help="share of requests that end so")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    """Serve until interrupted."""
    shares = {name: share for name, share in vars(arguments).items() if isinstance(share, float) and share}
    responder = failing(shares, hostile if arguments.hostile else plausible)
    async with running(responder, arguments.port) as messages:
        sys.stdout.write(f"ANTHROPIC_BASE_URL={messages.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(_arguments()))
    except KeyboardInterrupt:
        sys.exit(0)
