"""A stand-in for the Messages API: real HTTP, scripted answers, and every way in which a server can fail."""

from sandbox.messages.asked import Asked
from sandbox.messages.moods import failing, hostile
from sandbox.messages.plausible import plausible
from sandbox.messages.reply import Reply, answer, error, refusal, tool_use, truncated
from sandbox.messages.server import Messages, running

__all__ = [
    "Asked",
    "Messages",
    "Reply",
    "answer",
    "error",
    "failing",
    "hostile",
    "plausible",
    "refusal",
    "running",
    "tool_use",
    "truncated",
]
