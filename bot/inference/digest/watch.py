"""Risk watch: the kinds of risk that weigh most in a period, each with its pull requests."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from bot.inference.digest.weights import heaviest, weight
from bot.inference.messages import say
from bot.model import RiskKey, Severity, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import PeriodPull, Risk

MOST: Final = 5
_TELLING: Final = 2  # low risks of one kind: a single one is in its report


def risk_watch(pulls: Sequence[PeriodPull]) -> tuple[Theme, ...]:
    """At most five kinds of open risk: by severity, then by how many pull requests have them.

    Each is told by the risk that weighs most; its pull request stands first.
    """
    found: dict[RiskKey, list[tuple[PeriodPull, Risk]]] = defaultdict(list)
    for pull in pulls:
        for key in dict.fromkeys(risk.key for risk in pull.gist.risks) if pull.gist is not None else ():
            found[key].append((pull, worst(pull, key)))
    watched = [key for key, held in found.items() if _matters([risk for _, risk in held])]
    ranked = sorted(watched, key=lambda key: (_severity(found[key]), -len(found[key]), key.value))
    return tuple(_theme(key, found[key]) for key in ranked[:MOST])


def worst(pull: PeriodPull, key: RiskKey) -> Risk:
    """The heaviest open risk of a kind that a pull request has; it must have one."""
    risks = [risk for risk in (pull.gist.risks if pull.gist is not None else ()) if risk.key is key]
    return min(risks, key=lambda risk: risk.severity.rank)


def _matters(risks: Sequence[Risk]) -> bool:
    return len(risks) >= _TELLING or any(risk.severity is not Severity.LOW for risk in risks)


def _severity(held: Sequence[tuple[PeriodPull, Risk]]) -> int:
    return min(risk.severity.rank for _, risk in held)


def _theme(key: RiskKey, held: Sequence[tuple[PeriodPull, Risk]]) -> Theme:
    first, risk = min(held, key=lambda item: (item[1].severity.rank, -weight(item[0]), repr(item[0].ref)))
    others = [pull.ref for pull in heaviest(pull for pull, _ in held) if pull.ref != first.ref]
    return Theme(
        title=say("insight.watch.kind", risk_symbol=key.value),
        text=risk.told or risk.explanation,
        pulls=(first.ref, *others),
    )
