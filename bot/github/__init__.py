"""GitHub's API: narrow tokens, typed outcomes, and limits kept before they are met."""

from bot.github.api import API
from bot.github.client import READ, WRITE, Credentials, GitHub
from bot.github.gate import PACE, Gate, LimitStore

__all__ = ["API", "PACE", "READ", "WRITE", "Credentials", "Gate", "GitHub", "LimitStore"]
