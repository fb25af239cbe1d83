"""How heavy a pull request of a period is, what it is called, and what one sentence says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.prompts.period import name_of
from bot.inference.sentences import clip
from bot.inference.titles import read_title
from bot.model import Told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Gist, PeriodPull, PullRef, Risk

# A pull request without a report weighs no more than a small one.
UNREPORTED: Final = 0.5
_SENTENCE: Final = 160
_HAN: Final = re.compile("[\u3400-\u9fff]")
_TAKEN_BACK: Final = "reverted"
_OF_CODE: Final = frozenset({"bugfix", "feature"})  # not what a bump is, whatever its prefix says


def weight(pull: PeriodPull) -> float:
    """Importance, and half of the insight: what a reader learns from counts as well as what it changes."""
    if pull.gist is None:
        return UNREPORTED
    return pull.gist.importance + (pull.gist.insight or 0.0) / 2


def heaviest(pulls: Iterable[PeriodPull]) -> list[PeriodPull]:
    """The heaviest first; of equal ones the one that was opened first."""
    return sorted(pulls, key=lambda pull: (-weight(pull), pull.ref.repository or "", pull.ref.number))


def open_risks(gist: Gist | None) -> tuple[Risk, ...]:
    """The open risks of a report, but for that its change was taken back: then it is over."""
    return tuple(risk for risk in gist.risks if risk.rule != _TAKEN_BACK) if gist is not None else ()


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


def numbered(text: str, ref: PullRef) -> str:
    """A sentence with the number of its pull request behind it, unless it names it."""
    name = name_of(ref)
    if name in text:
        return text
    end = text[-1:] if text.endswith((".", "。")) else ""
    bare = text.removesuffix(end)
    return f"{bare}（{name}）{end}" if _HAN.search(bare) else f"{bare} ({name}){end}"


def told_of(pull: PeriodPull) -> Told | None:
    """The sentence that a model wrote for the report, if one did."""
    said = pull.gist.sentence if pull.gist is not None else None
    return said if isinstance(said, Told) else None
