"""Question and Answer: one call of the Messages API, as the stages see it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from bot.model import Caps
from bot.model.prices import BATCH

if TYPE_CHECKING:
    from pydantic import BaseModel

    from bot.model import Usage


class Size(StrEnum):
    """Which of the two configured models is asked: ``PRHUB_MODEL`` or ``PRHUB_MODEL_SMALL``."""

    LARGE = "large"
    SMALL = "small"


@dataclass(frozen=True)
class Asker:
    """For whom a question is asked: it decides whose share and whose budget the call is charged to.

    ``number`` is 0 if it is about no single pull request. ``caps`` are those of the repository itself:
    they hold beside the operator's, and only where they are lower.
    """

    installation_id: int
    repository_id: int
    number: int
    caps: Caps = field(default_factory=Caps)


@dataclass(frozen=True)
class Question:
    """What a model is asked, once, without tools.

    ``task`` and ``version`` name the prompt. ``system`` is the fixed part, the same for every pull
    request, and is marked for the cache; ``data`` is what came from GitHub, fenced, and stands in the
    user's turn before ``ask``, which is ours. ``shape`` is the type of the answer. ``guarded`` are the
    strings that must never appear in an answer: the canary and the fence's boundary.
    """

    task: str
    version: str
    size: Size
    system: str
    data: str
    ask: str
    shape: type[BaseModel]
    max_output_tokens: int
    guarded: tuple[str, ...] = ()

    @property
    def prompt(self) -> str:
        """The task with its version: ``report/v1``."""
        return f"{self.task}/{self.version}"

    @cached_property
    def content(self) -> str:
        """The SHA-256 of everything that decides the answer but the model: answers are kept by it."""
        parts = (self.prompt, self.size, self.system, self.data, self.ask, self.shape.__name__)
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part.encode("utf-8", "replace"))
            digest.update(b"\0")
        return digest.hexdigest()

    def smaller(self, **changes: object) -> Question:
        """The same question with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Answer:
    """What a model answered: its text as it came (JSON, if it kept to the shape), and the cost.

    ``reused`` says that it was answered before and is not paid for again; ``usage`` is then what it
    cost the first time. ``batch`` says that it was asked for in a batch, which costs half.
    """

    text: str
    model: str
    usage: Usage
    reused: bool = False
    batch: bool = False

    @property
    def charged_as(self) -> str:
        """The name under which its usage is priced: the model's, or that of the model in batches."""
        return self.model + BATCH if self.batch else self.model
