"""How heavy a pull request of a period is, what it is called, and what one sentence says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.sentences import clip
from bot.inference.titles import read_title
from bot.model import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import PeriodPull

# A pull request without a report weighs no more than a small one.
UNREPORTED: Final = 0.5
_SENTENCE: Final = 160
_OF_CODE: Final = frozenset({"bugfix", "feature"})  # not what a bump is, whatever its prefix says


def weight(pull: PeriodPull) -> float:
    """Importance, and half of the insight: what a reader learns from counts as well as what it changes."""
    if pull.gist is None:
        return UNREPORTED
    return pull.gist.importance + (pull.gist.insight or 0.0) / 2


def heaviest(pulls: Iterable[PeriodPull]) -> list[PeriodPull]:
    """The heaviest first; of equal ones the one that was opened first."""
    return sorted(pulls, key=lambda pull: (-weight(pull), pull.ref.repository or "", pull.ref.number))


def tags_of(pull: PeriodPull) -> frozenset[str]:
    """The tags of the report; without one, those that the title's prefixes name."""
    if pull.gist is not None:
        return frozenset(pull.gist.tags)
    found = frozenset(read_title(pull.merge.title).kinds)
    return found - _OF_CODE if "dependency" in found else found


def module_of(pull: PeriodPull) -> str:
    """The module it changes most; empty without a report."""
    return next(iter(pull.gist.modules), "") if pull.gist is not None else ""


def sentence_of(pull: PeriodPull) -> str:
    """What the pull request does, in plain words: as its report says, or as its title does."""
    if pull.gist is None:
        return clip(read_title(pull.merge.title).rest, _SENTENCE)
    return clip(pull.gist.sentence.text.replace("`", "").rstrip(".。"), _SENTENCE)


def told_of(pull: PeriodPull) -> Told | None:
    """The sentence that a model wrote for the report, if one did."""
    said = pull.gist.sentence if pull.gist is not None else None
    return said if isinstance(said, Told) else None
