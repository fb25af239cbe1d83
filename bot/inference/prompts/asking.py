"""Questions put together: the fixed part, the fenced data, and the line that asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.inference.prompts.estimate import estimate
from bot.inference.prompts.fence import canary, fenced
from bot.inference.prompts.texts import VERSIONS, render
from bot.inference.rubric import ITEMS, RUBRIC
from bot.llm import Question, Size
from bot.model import (
    BriefClaims,
    DigestClaims,
    HeadlineClaims,
    NotesClaims,
    RepairClaims,
    ReportClaims,
    ReviewClaims,
    RiskKey,
    label_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

    from bot.inference.prompts.fence import Block
    from bot.inference.prompts.terms import Terms

_LANGUAGES = {"en": "English", "zh-CN": "Simplified Chinese"}
_SHAPES: dict[str, type[BaseModel]] = {
    "report": ReportClaims,
    "brief": BriefClaims,
    "review": ReviewClaims,
    "notes": NotesClaims,
    "repair": RepairClaims,
    "digest": DigestClaims,
    "headline": HeadlineClaims,
}
_SIZES = {"brief": Size.SMALL, "notes": Size.SMALL}
# What an answer of each task may take, thinking included; the operator's limit holds besides.
_OUTPUT = {"brief": 4_000, "notes": 8_000, "repair": 8_000, "headline": 4_000}
# Notes are read by a model only, and serve reports in every language.
_IN_ENGLISH = frozenset({"notes"})
# Code alone decides these; a model is not told of them.
_DECIDED = frozenset({RiskKey.CORE_PATH, RiskKey.UNRESOLVED_REVIEW, RiskKey.REVERT, RiskKey.PROMPT_INJECTION})
# A block's boundary and line ends.
FENCE_TOKENS = 8


def question(task: str, terms: Terms, blocks: Iterable[Block], *, size: Size | None = None) -> Question:
    """The question of ``task`` about ``blocks``; the same for the same blocks and terms."""
    fence = fenced(terms.secret, blocks)
    language = _language(task, terms)
    values = {
        "boundary": fence.boundary,
        "blocks": fence.blocks,
        "language": language,
        "language_name": _LANGUAGES[language],
    }
    return Question(
        task=task,
        version=VERSIONS[task],
        size=size or _SIZES.get(task, Size.LARGE),
        system=system(task, terms),
        data=render(task, "user", values, "data"),
        ask=render(task, "user", values, "ask"),
        shape=_SHAPES[task],
        max_output_tokens=min(terms.max_output_tokens, _OUTPUT.get(task, terms.max_output_tokens)),
        guarded=(canary(terms.secret), fence.boundary),
    )


def system(task: str, terms: Terms) -> str:
    """The fixed part of ``task``: one text for all pull requests of a language."""
    return _system(task, _language(task, terms), canary(terms.secret))


def overhead(task: str, terms: Terms) -> int:
    """The tokens of a question without its blocks."""
    return estimate(system(task, terms)) + 40


def cost(block: Block) -> int:
    """The tokens of a block with its head."""
    return estimate(block.head) + estimate(block.text) + FENCE_TOKENS


def _language(task: str, terms: Terms) -> str:
    return "en" if task in _IN_ENGLISH else terms.language


@cache
def _system(task: str, language: str, word: str) -> str:
    values = {
        "canary": word,
        "language": language,
        "taxonomy": [(key.value, label_for(key).description) for key in RiskKey if key not in _DECIDED],
        "rubric": [(key.value, ITEMS[key], levels) for key, levels in RUBRIC.items()],
    }
    return render(task, "system", values)
