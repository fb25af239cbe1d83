"""The digest of a period: computed from its facts, and told by a model whose every sentence is checked."""

from bot.inference.digest.build import HIGHLIGHTS, THRESHOLD, build_digest
from bot.inference.digest.known import known_period
from bot.inference.digest.read import read_digest

__all__ = ["HIGHLIGHTS", "THRESHOLD", "build_digest", "known_period", "read_digest"]
