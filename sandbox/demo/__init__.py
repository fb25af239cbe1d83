"""``prhub demo``: the real server beside the stand-in GitHub, and what came of it."""

from sandbox.demo.command import command

__all__ = ["command"]
