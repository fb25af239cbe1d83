"""Prompts: PullFacts become the questions that a model is asked; nothing here asks one."""

from bot.inference.prompts.digest import digest, headline
from bot.inference.prompts.estimate import estimate
from bot.inference.prompts.later import repair, review
from bot.inference.prompts.plan import plan, synthesis
from bot.inference.prompts.terms import Depth, Plan, Terms
from bot.inference.prompts.texts import CURRENT
from bot.inference.prompts.threads import change_fingerprint, thread_fingerprints, threads_to_check
from bot.inference.prompts.triage import triage

__all__ = [
    "CURRENT",
    "Depth",
    "Plan",
    "Terms",
    "change_fingerprint",
    "digest",
    "estimate",
    "headline",
    "plan",
    "repair",
    "review",
    "synthesis",
    "thread_fingerprints",
    "threads_to_check",
    "triage",
]
