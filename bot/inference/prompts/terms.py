"""What a reading may cost and in which language it is, and the plan that comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Literal

from bot.model import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.llm import Question
    from bot.model import FileReading

CALL_TOKENS = 48_000


class Terms(Frozen):
    """The terms of a reading, all in tokens as ``estimate`` counts them.

    ``max_input_tokens`` is for everything that is sent about one pull request but repairs: system
    prompts, notes and the report. ``call_tokens`` is for the data of one call. ``secret`` is the
    operator's: fences and the canary are made from it, and it is never sent.
    """

    language: Literal["en", "zh-CN"]
    max_input_tokens: int
    max_output_tokens: int
    secret: bytes
    call_tokens: int = CALL_TOKENS


class Depth(StrEnum):
    """How a pull request is read: not at all, in one small call, or in full."""

    TEMPLATE = "template"
    BRIEF = "brief"
    FULL = "full"


@dataclass(frozen=True)
class Plan:
    """What to ask about a pull request, and how each of its files reaches the model.

    ``questions`` is the one question of a report or a brief, or, if ``is_large``, one for the notes
    on each of ``groups`` (paths), all to be asked before the synthesis. ``coverage`` has every file.
    """

    depth: Depth
    questions: tuple[Question, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    coverage: Mapping[str, FileReading] = field(default_factory=dict)
    is_large: bool = False
