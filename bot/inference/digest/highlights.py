"""Highlights: the pull requests that a digest features, by threshold, cap and a named rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.digest.rules import holding, is_grave
from bot.inference.digest.weights import heaviest, told_of
from bot.model import Highlight

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import PeriodPull


# A quiet period has its heaviest ones too: a fifth of the merges, if they reach half of the threshold.
LEAST: Final = 3
ENOUGH: Final = 5
_OF: Final = 5


def eligible(pulls: Iterable[PeriodPull], threshold: float) -> list[PeriodPull]:
    """Those that a rule holds for and whose importance or insight reaches ``threshold``, heaviest first.

    What breaks an interface or has an open high risk is among them whatever its scores are, and so is what
    a person chose; what a person ignores is not. If they are fewer than a fifth of the merges (three at
    least, five at most), the heaviest that reach half of the threshold come beside them.
    """
    merged = [pull for pull in heaviest(pulls) if pull.featured is not False]
    least = min(ENOUGH, max(LEAST, len(merged) // _OF))
    ruled = [pull for pull in merged if any(holding(pull))]
    found = {pull.ref for pull in ruled if _counts(pull, threshold)}
    beside = [pull.ref for pull in ruled if pull.ref not in found and _counts(pull, threshold / 2)]
    found.update(beside[: max(least - len(found), 0)])
    return [pull for pull in ruled if pull.ref in found]


def highlights(
    pulls: Iterable[PeriodPull], picks: Iterable[Highlight], most: int, threshold: float
) -> tuple[Highlight, ...]:
    """At most ``most`` of them, each with its rule; what a model picked goes before the others.

    A pick adds its sentence and its choice among the rules that hold; it never brings in what is not
    eligible.
    """
    picked = {pick.ref: pick for pick in picks}
    found = eligible(pulls, threshold)
    chosen = sorted(found, key=lambda pull: (not pull.featured, pull.ref not in picked))[: max(0, most)]
    kept = {pull.ref for pull in chosen}
    return tuple(_featured(pull, picked.get(pull.ref)) for pull in found if pull.ref in kept)


def _counts(pull: PeriodPull, threshold: float) -> bool:
    gist = pull.gist
    if gist is None:
        return False
    reached = max(gist.importance, gist.insight or 0.0) >= threshold
    return reached or is_grave(gist) or pull.featured is True


def _featured(pull: PeriodPull, pick: Highlight | None) -> Highlight:
    rules = dict(holding(pull))
    rule = pick.rule if pick is not None and pick.rule in rules else next(iter(rules))
    told = pick.told if pick is not None else None
    return Highlight(ref=pull.ref, rule=rule, why=rules[rule], told=told or told_of(pull))
