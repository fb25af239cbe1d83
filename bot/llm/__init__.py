"""The model: the one way to ask it, and what its answers cost."""

from bot.llm.access import ModelSettings, Provider, Timeouts, require_provider
from bot.llm.budget import Budget
from bot.llm.client import Model
from bot.llm.kept import Kept, Observe
from bot.llm.question import Answer, Asker, Question, Size

__all__ = [
    "Answer",
    "Asker",
    "Budget",
    "Kept",
    "Model",
    "ModelSettings",
    "Observe",
    "Provider",
    "Question",
    "Size",
    "Timeouts",
    "require_provider",
]
