"""What a check gives back: what survived, what failed and why, and what was unreadable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel

from bot.model import Cited, Frozen, Insights, Verdict

T = TypeVar("T", bound=BaseModel)


class Failure(Frozen):
    """One claim that did not hold: its name (``risks 2``), the task it answers, what it said, and why not.

    ``reasons`` say in words what failed; ``hints`` are what code found near it: paths, lines, names.
    """

    claim: str
    task: str
    text: str
    cited: tuple[Cited, ...] = ()
    reasons: tuple[str, ...]
    hints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What survived of a model's claims, what failed, and how many references were found."""

    insights: Insights
    failures: tuple[Failure, ...] = ()
    verified: int = 0


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A model's answer as claims, and what of it could not be read."""

    claims: T
    losses: tuple[Verdict, ...] = ()
