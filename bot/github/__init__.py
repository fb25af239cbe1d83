"""GitHub's API: narrow tokens, typed outcomes, and limits kept before they are met."""

from bot.github.api import API, Page
from bot.github.client import LIST, READ, WRITE, Credentials, GitHub
from bot.github.door import Door
from bot.github.gate import PACE, Gate, LimitStore

__all__ = [
    "API",
    "LIST",
    "PACE",
    "READ",
    "WRITE",
    "Credentials",
    "Door",
    "Gate",
    "GitHub",
    "LimitStore",
    "Page",
]
