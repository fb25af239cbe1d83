"""Risk watch: the kinds of risk that weigh most in a period, each with its pull requests."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from bot.inference.digest.weights import heaviest, numbered, open_risks, weight
from bot.inference.messages import names, say
from bot.model import AnyRiskKey, Message, RiskKey, Severity, Theme, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import PeriodPull, Risk

MOST: Final = 5
# These say where to look twice; what the others say can be read in a line of code.
_GENERAL: Final = frozenset({RiskKey.CORE_PATH, RiskKey.DEPENDENCY, RiskKey.MISSING_TESTS, RiskKey.REVERT})
_LISTING: Final = frozenset({"count", "paths"})
_TELLING: Final = 2  # low risks of one kind: a single one is in its report


def risk_watch(pulls: Sequence[PeriodPull]) -> tuple[Theme, ...]:
    """At most five kinds of open risk: by severity, then what lines of code show, then by how many have them.

    Each is told by the risk that weighs most; its pull request stands first.
    """
    found: dict[AnyRiskKey, list[tuple[PeriodPull, Risk]]] = defaultdict(list)
    for pull in pulls:
        for key in dict.fromkeys(risk.key for risk in open_risks(pull.gist)):
            found[key].append((pull, worst(pull, key)))
    watched = [key for key, held in found.items() if _matters([risk for _, risk in held])]
    ranked = sorted(watched, key=lambda key: (*_rank(key, [risk for _, risk in found[key]]), key.value))
    return tuple(_theme(key, found[key]) for key in ranked[:MOST])


def worst(pull: PeriodPull, key: AnyRiskKey) -> Risk:
    """The heaviest open risk of a kind that a pull request has; it must have one."""
    risks = [risk for risk in open_risks(pull.gist) if risk.key == key]
    return min(risks, key=lambda risk: risk.severity.rank)


def _matters(risks: Sequence[Risk]) -> bool:
    return len(risks) >= _TELLING or any(risk.severity is not Severity.LOW for risk in risks)


def _rank(key: AnyRiskKey, risks: Sequence[Risk]) -> tuple[int, bool, int]:
    """By the worst of them, what is particular first, then by how many are as bad."""
    worst_rank = min(risk.severity.rank for risk in risks)
    return worst_rank, key in _GENERAL, -sum(1 for risk in risks if risk.severity.rank == worst_rank)


def _theme(key: AnyRiskKey, held: Sequence[tuple[PeriodPull, Risk]]) -> Theme:
    ordered = sorted(held, key=lambda item: (item[1].severity.rank, -weight(item[0]), repr(item[0].ref)))
    first = ordered[0][1]
    same = [ordered[0], *(item for item in ordered[1:] if _is_alike(first, item[1]))]
    told = [pull.ref for pull, _ in same]
    others = [pull.ref for pull in heaviest(pull for pull, _ in held) if pull.ref not in told]
    return Theme(
        title=say("insight.watch.kind", risk_symbol=ordered[0][1].name or key.value),
        text=_together(same),
        pulls=(*told, *others),
    )


def _listed(risk: Risk) -> list[str]:
    """The files that a computed sentence names, if they are all it counts, and it says nothing else."""
    said = risk.explanation
    if risk.told or not isinstance(said, Message) or set(said.params) != _LISTING:
        return []
    paths = str(said.params["paths"]).split(", ")
    return paths if said.params["count"] == len(paths) and "…" not in paths else []


def _is_alike(one: Risk, other: Risk) -> bool:
    """Whether one sentence can say both: of the same rule, about the files that each lists."""
    said, also = one.explanation, other.explanation
    same = isinstance(said, Message) and isinstance(also, Message) and said.key == also.key
    return same and bool(_listed(one)) and bool(_listed(other))


def _together(held: Sequence[tuple[PeriodPull, Risk]]) -> Message | Told:
    """One sentence on several risks of the same rule: each file once; ``of`` is how many it tells of."""
    pull, first = held[0]
    said = first.told or first.explanation
    if isinstance(said, Told):
        return Told(text=numbered(said.text, pull.ref))
    if len(held) == 1:
        return say(said.key, **said.params, of=1)
    paths = list(dict.fromkeys(path for _, risk in held for path in _listed(risk)))
    return say(said.key, count=len(paths), paths=names(paths), of=len(held))
