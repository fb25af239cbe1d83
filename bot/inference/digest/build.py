"""PeriodFacts, the register and a model's verified reading, where there is one, become a Digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.digest.follow_ups import follow_ups
from bot.inference.digest.highlights import highlights
from bot.inference.digest.themes import MOST, text_of, themes
from bot.inference.digest.watch import MOST as MOST_WATCHED
from bot.inference.digest.watch import risk_watch
from bot.inference.digest.weights import heaviest
from bot.inference.messages import say
from bot.inference.risks import RULES_VERSION
from bot.model import Digest, DigestReading, PeriodFacts, Provenance, Theme, WithoutModel

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import RegisterView

HIGHLIGHTS: Final = 10
THRESHOLD: Final = 4.0


def build_digest(  # noqa: PLR0913 - what the operator sets is given by name
    facts: PeriodFacts,
    view: RegisterView,
    *,
    now: datetime,
    version: str,
    reading: DigestReading | None = None,
    without_model: WithoutModel | None = None,
    most_highlights: int = HIGHLIGHTS,
    threshold: float = THRESHOLD,
) -> Digest:
    """The digest of one period: computed, with what a model told in the place of what it says better.

    ``now`` is in UTC with its zone, ``version`` is PRHub's. ``most_highlights`` (0 to 30) and ``threshold``
    (0 to 10, of importance or insight) decide the highlights. What a ``reading`` names that the facts do not
    have any more is left out. No input makes it raise.
    """
    told = _current(reading, facts)
    return Digest(
        facts=facts,
        headline=told.headline,
        summary=told.summary,
        themes=_themes(facts, told.themes),
        risk_watch=_watch(facts, told.risk_watch),
        highlights=highlights(facts.pulls, told.picks, most_highlights, threshold),
        follow_ups=follow_ups(facts.pulls, told.follow_ups),
        risk_register=view,
        provenance=_provenance(now, version, reading, without_model),
    )


def _themes(facts: PeriodFacts, told: tuple[Theme, ...]) -> tuple[Theme, ...]:
    """A model's themes, and after them, as one, the pull requests that none of them has."""
    if not told:
        return themes(facts)
    told = told[: MOST - 1]
    named = {ref for theme in told for ref in theme.pulls}
    rest = heaviest(pull for pull in facts.pulls if pull.ref not in named)
    if not rest:
        return told
    beside = Theme(
        title=say("insight.theme.rest"), text=text_of(rest), pulls=tuple(pull.ref for pull in rest)
    )
    return (*told, beside)


def _watch(facts: PeriodFacts, told: tuple[Theme, ...]) -> tuple[Theme, ...]:
    """A model's words on the risks, and the computed ones on the kinds that it says nothing of."""
    titles = [theme.title for theme in told]
    return (*told, *(theme for theme in risk_watch(facts.pulls) if theme.title not in titles))[:MOST_WATCHED]


def _current(reading: DigestReading | None, facts: PeriodFacts) -> DigestReading:
    """What of a reading is about pull requests of the facts; it may be of an earlier state of them."""
    if reading is None:
        return DigestReading(language="")
    known = {pull.ref for pull in facts.pulls}
    kept = {
        "themes": tuple(item for item in reading.themes if known.issuperset(item.pulls)),
        "risk_watch": tuple(item for item in reading.risk_watch if known.issuperset(item.pulls)),
        "picks": tuple(item for item in reading.picks if item.ref in known),
        "follow_ups": tuple(item for item in reading.follow_ups if known.issuperset(item.pulls)),
    }
    return reading.model_copy(update=kept)


def _provenance(
    now: datetime, version: str, reading: DigestReading | None, without_model: WithoutModel | None
) -> Provenance:
    made = Provenance(generated_at=now, version=version, rules=RULES_VERSION)
    if reading is None or reading.without is not None:
        why = without_model or (reading.without if reading is not None else None)
        return made.model_copy(update={"without_model": why})
    names = ("model", "prompt", "language", "usage", "verified", "repaired", "dropped")
    told = {name: getattr(reading, name) for name in names}
    return made.model_copy(update=told | {"without_model": without_model})
