"""The model: the one way to ask it, and what its answers cost."""

from bot.llm.question import Answer, Asker, Question, Size

__all__ = ["Answer", "Asker", "Question", "Size"]
