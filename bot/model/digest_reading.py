"""DigestReading: what survived of a model's claims about a period, and what it cost to get them."""

from __future__ import annotations

from pydantic import Field

from bot.model.base import Frozen
from bot.model.digest import FollowUp, Highlight, Theme
from bot.model.insights import Verdict
from bot.model.report import Usage, WithoutModel
from bot.model.statements import Told


class DigestReading(Frozen):
    """The checked answers of a model about one period.

    ``without`` says why there is nothing of a model's, if that is so; ``prompt`` is the task with its
    version (``digest/v1``). ``picks`` are the highlights it chose, each by a rule that holds. ``by_model``
    is the usage by the name of the model.
    """

    language: str
    prompt: str = ""
    model: str = ""
    headline: Told | None = None
    summary: tuple[Told, ...] = ()
    themes: tuple[Theme, ...] = ()
    risk_watch: tuple[Theme, ...] = ()
    picks: tuple[Highlight, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    usage: Usage = Usage()
    by_model: dict[str, Usage] = Field(default_factory=dict)
    verified: int = 0
    repaired: int = 0
    dropped: int = 0
    verdicts: tuple[Verdict, ...] = ()
    without: WithoutModel | None = None
