"""What a claim cites, looked up: the place, the words there, and whether the merged code has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.inference.sentences import clip
from bot.inference.verify.flat import FlatText, Spot, telling
from bot.inference.verify.numbers import numbers_in
from bot.model import Evidence, Source

if TYPE_CHECKING:
    from bot.inference.verify.corpus import Corpus, FileText
    from bot.inference.verify.places import Place
    from bot.model import Cited

_SHOWN: Final = 200
_MOST_EQUAL: Final = 8
_SOURCES: Final = {"title": Source.TITLE, "description": Source.BODY}
_DASHES: Final = frozenset({"", "-", "n/a", "none", "all"})


@dataclass(frozen=True)
class Found:
    """A citation that holds. ``is_present``: the merged code has the words, in ``lines`` first to last.

    ``said`` is what was found, for the numbers in it. ``references`` counts place and quote.
    """

    evidence: Evidence
    place: Place
    said: str = ""
    is_present: bool = False
    lines: tuple[int, int] = (0, 0)

    @property
    def references(self) -> int:
        """One for the place, one for the words found there."""
        return 1 + bool(self.said)

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers of the words found."""
        return numbers_in((self.said,))


@dataclass(frozen=True)
class Missing:
    """A citation that does not hold, and why."""

    cited: Cited
    reason: str
    place: Place | None = None


def look_up(corpus: Corpus, cited: Cited, near: int | None = None) -> Found | Missing:
    """Find what ``cited`` names. Of several equal lines the one nearest to ``near`` counts."""
    place = corpus.places.find(cited.where)
    if place is None:
        return Missing(cited, f"there is no changed file and no block “{clip(cited.where, 80)}”")
    if cited.quote.strip(" \n`\"'").lower() in _DASHES:
        return _whole(corpus, place)
    if not telling(cited.quote):
        return Missing(cited, f"the quote “{clip(cited.quote, 40)}” is too short to be recognised", place)
    if place.block == "file":
        return _in_file(corpus.file(place.path), cited, place, near or place.line)
    return _in_block(corpus, cited, place)


def _whole(corpus: Corpus, place: Place) -> Found:
    """A place without words of it; a short one gives its words."""
    evidence = _at(corpus, place)
    if place.block == "title":
        evidence = evidence.model_copy(update={"quote": clip(corpus.facts.title, _SHOWN)})
    return Found(evidence, place)


def _in_file(file: FileText, cited: Cited, place: Place, near: int | None) -> Found | Missing:
    merged, quote = file.merged, cited.quote
    if merged is not None and near is None and _is_everywhere(merged, quote, file.added):
        return Missing(cited, f"many lines of {place.path} have “{clip(quote, 40)}”: quote more of it", place)
    if merged is not None and (spot := _best(merged, quote, near, file.added)):
        return _line(merged, spot, place, is_present=True)
    if spot := _best(file.fresh, quote, near, file.added):
        # What the merge commit's whole text lacks is not there, whatever the diff says.
        found = _line(file.fresh, spot, place, is_present=not file.is_whole)
        return found if found.is_present else _past(file.fresh, spot, place)
    if spot := file.removed.find(quote):
        return _past(file.removed, spot, place)
    return Missing(cited, f"the quote “{clip(' '.join(quote.split()), 80)}” is not in {place.path}", place)


def _is_everywhere(text: FlatText, quote: str, added: frozenset[int]) -> bool:
    """Whether so many lines have the words, none of them of this change, that they show no place."""
    spot = text.find(quote)
    lines = [other.first for other in text.all(text.shown(spot))] if spot else []
    return len(lines) > _MOST_EQUAL and added.isdisjoint(lines)


def _best(text: FlatText, quote: str, near: int | None, added: frozenset[int]) -> Spot | None:
    """The nearest place; without a hint a line that the change added, and rather a whole one."""
    spot = text.find(quote, near)
    if spot is None or near is not None:
        return spot
    return min(
        (spot, *text.all(text.shown(spot))),
        key=lambda other: (other.first not in added, text.line_at(other) != text.shown(other)),
    )


def _line(text: FlatText, spot: Spot, place: Place, *, is_present: bool) -> Found:
    evidence = Evidence(path=place.path, line=spot.first, quote=clip(text.line_at(spot), _SHOWN))
    return Found(evidence, place, _said(text, spot), is_present, (spot.first, spot.last))


def _past(text: FlatText, spot: Spot, place: Place) -> Found:
    """A line that the merged file does not have: it has no number there."""
    return Found(Evidence(path=place.path, quote=clip(text.line_at(spot), _SHOWN)), place, _said(text, spot))


def _said(text: FlatText, spot: Spot) -> str:
    """The words found, with the rest of the line they begin in."""
    return f"{text.shown(spot)}\n{text.line_at(spot)}"


def _in_block(corpus: Corpus, cited: Cited, place: Place) -> Found | Missing:
    text = corpus.block(place)
    spot = text.find(cited.quote)
    if spot is None:
        return Missing(
            cited, f"the quote “{clip(' '.join(cited.quote.split()), 80)}” is not in {name_of(place)}", place
        )
    said = text.shown(spot)
    return Found(_at(corpus, place).model_copy(update={"quote": clip(said, _SHOWN)}), place, said)


def _at(corpus: Corpus, place: Place) -> Evidence:
    facts, index = corpus.facts, place.index
    match place.block:
        case "file":
            found = Evidence(path=place.path)
        case "thread":
            found = Evidence(thread_id=facts.threads[index].id)
        case "comment":
            found = Evidence(comment_id=facts.comments[index].id)
        case "review":
            found = Evidence(review_id=facts.reviews[index].id)
        case "commit":
            found = Evidence(source=Source.COMMIT, commit=facts.commits[index].sha)
        case "number":
            found = Evidence(number=index)
        case block:
            found = Evidence(source=_SOURCES[block])
    return found


def name_of(place: Place) -> str:
    """The place as the data names it: ``thread 1``, a path, ``#12``."""
    if place.block == "file":
        return place.path
    if place.block in _SOURCES:
        return place.block
    return f"#{place.index}" if place.block == "number" else f"{place.block} {place.index + 1}"
