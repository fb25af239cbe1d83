"""How many pull requests of a period have a tag, touch a file, bring a risk: with the change over periods."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from heapq import nsmallest
from statistics import fmean
from typing import TYPE_CHECKING, Final

from bot.facts.period_numbers import ENOUGH, comparable, count, reviewers_of
from bot.model import PeriodNumbers, RiskTally, Tally, any_risk_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bot.facts.period_pulls import Item
    from bot.model import PullRef, Severity

# A digest names a few; whoever reads the data gets no more than this.
MOST: Final = 50
MOST_PULLS: Final = 100
# A file that one pull request touched is not hot.
HOT: Final = 2


_NAMES: Final[dict[str, Callable[[Item], Iterable[str]]]] = {
    "reviewers": lambda item: reviewers_of(item.merge),
    "tags": lambda item: item.report.tags if item.report else (),
    "modules": lambda item: item.modules,
    "hot_files": lambda item: item.files,
    "risks": lambda item: (key.value for key, _ in item.report.risks) if item.report else (),
}


def _has_report(item: Item) -> bool:
    return item.report is not None


# Of which merges it is known; the other tallies are from reports.
_KNOWN: Final[dict[str, Callable[[Item], bool]]] = {
    "reviewers": lambda _: True,
    "hot_files": lambda item: item.report is not None or item.merge.paths is not None,
}


@dataclass(frozen=True)
class Earlier:
    """What was counted of an earlier period; ``covered`` are the tallies of which enough is known."""

    key: str
    numbers: PeriodNumbers
    counts: dict[str, Counter[str]]
    covered: frozenset[str]


def earlier(key: str, items: Sequence[Item]) -> Earlier:
    """Count an earlier period."""
    numbers = count(items)
    counts = {what: Counter(_all_names(what, items)) for what in _NAMES}
    return Earlier(key, comparable(numbers), counts, _covered(items))


def _covered(items: Sequence[Item]) -> frozenset[str]:
    """The tallies that are known of so many merges that periods can be compared by them."""
    return frozenset(what for what in _NAMES if _is_covered(what, items))


def _is_covered(what: str, items: Sequence[Item]) -> bool:
    is_known = _KNOWN.get(what, _has_report)
    return sum(map(is_known, items)) >= ENOUGH * len(items)


def _all_names(what: str, items: Sequence[Item]) -> Iterable[str]:
    return (name for item in items for name in dict.fromkeys(_NAMES[what](item)))


class Tallies:
    """Tallies of a period beside those before it, ``before`` from the oldest to the one just before.

    The most frequent come first, then by name, at most fifty, each with the hundred most important of
    its pull requests. What is not known of most merges of two periods is not compared, and
    a mean is only there of four periods.
    """

    def __init__(self, items: Sequence[Item], before: Sequence[Earlier], periods: int = 4) -> None:
        self._items = sorted(items, key=by_importance)
        self._before = before
        self._covered = _covered(items)
        self._periods = periods

    def of(self, what: str, least: int = 1) -> tuple[Tally, ...]:
        """Give the tallies of ``reviewers``, ``tags``, ``modules`` or ``hot_files``."""
        counts = Counter(_all_names(what, self._items))
        ranked = nsmallest(MOST, counts.items(), key=lambda pair: (-pair[1], pair[0]))
        pulls = self._pulls(what, {name for name, _ in ranked})
        return tuple(
            self._tally(what, name, number, pulls[name]) for name, number in ranked if number >= least
        )

    def risks(self) -> tuple[RiskTally, ...]:
        """Give those of the open risks with their heaviest severities, of equal ones the heavier first."""
        heaviest: dict[str, Severity] = {}
        for item in self._items:
            for key, severity in item.report.risks if item.report else ():
                known = heaviest.get(key.value, severity)
                heaviest[key.value] = min(known, severity, key=lambda one: one.rank)
        found = [
            RiskTally(
                **dict(tally),
                key=any_risk_key(tally.name),
                severity=heaviest[tally.name],
            )
            for tally in self.of("risks")
        ]
        return tuple(sorted(found, key=lambda tally: (-tally.count, tally.severity.rank, tally.name)))

    def _pulls(self, what: str, names: set[str]) -> dict[str, list[PullRef]]:
        found: dict[str, list[PullRef]] = {name: [] for name in names}
        for item in self._items:
            for name in names.intersection(_NAMES[what](item)):
                if len(found[name]) < MOST_PULLS:
                    found[name].append(item.ref)
        return found

    def _tally(self, what: str, name: str, number: int, refs: list[PullRef]) -> Tally:
        counts = [self._count(one, what, name) for one in self._before]
        known = [one for one in counts if one is not None]
        return Tally(
            name=name,
            count=number,
            before=counts[-1] if counts else None,
            mean=round(fmean(known), 2) if len(known) == self._periods else None,
            pulls=tuple(refs),
        )

    def _count(self, one: Earlier, what: str, name: str) -> int | None:
        return one.counts[what][name] if what in self._covered & one.covered else None


def by_importance(item: Item) -> float:
    """For sorting: the most important first, what has no report last; what is equal stays in its order."""
    return -item.report.importance if item.report else 1.0
