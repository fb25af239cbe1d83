"""Themes: what happened in a period, as groups of pull requests that belong together."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from bot.inference.digest.topics import subject, topics
from bot.inference.digest.weights import heaviest, module_of, numbered, sentence_of, tags_of, told_of, weight
from bot.inference.messages import say
from bot.model import Message, Theme, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import PeriodFacts, PeriodPull

# In the order in which a pull request's tags decide; the last word is its kind if no tag is known.
_KINDS: Final = (
    ("release", frozenset({"release"})),
    ("revert", frozenset({"revert"})),
    ("feature", frozenset({"feature"})),
    ("performance", frozenset({"performance"})),
    ("upkeep", frozenset({"docs", "tests", "ci"})),
    ("bugfix", frozenset({"bugfix"})),
    ("refactor", frozenset({"refactor", "cleanup"})),
    ("dependency", frozenset({"dependency"})),
    ("upkeep", frozenset({"config", "chore"})),
)
_OTHER: Final = "other"
_FIRST: Final = frozenset({"release"})
_LAST: Final = frozenset({"dependency", "upkeep", _OTHER})
_WHOLE: Final = _FIRST | {"dependency", "upkeep"}  # never told by module
MOST: Final = 8
_SPLIT_FROM: Final = 7  # a group of so many is told by module
_OWN: Final = 3  # pulls that make a module a group of its own
_TOLD: Final = 4  # sentences of a theme
_TOLD_BY_MODEL: Final = 3  # which are longer
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{2,40}|[\u3400-\u9fff]{2,40}")
_TOP: Final = 3
_SAID: Final = (
    "",
    "insight.theme.said_1",
    "insight.theme.said_2",
    "insight.theme.said_3",
    "insight.theme.said_4",
)


def themes(facts: PeriodFacts) -> tuple[Theme, ...]:
    """At most eight themes, each pull request of the period in one of them, the heaviest theme first.

    First what several titles share, then what kind of change it is, and where, if there are many of a kind.
    Several repositories are a theme each. Releases come first, dependencies and upkeep last.
    """
    if len(facts.repositories) > 1:
        return _ordered(_by_repository(facts))
    people = [pull for pull in facts.pulls if not _is_routine(pull)]
    own = frozenset(
        word for name in facts.repositories for word in name.full_name.lower().replace("-", "/").split("/")
    )
    found = [
        _Group(say("insight.theme.topic", topic=topic.name), topic.pulls) for topic in topics(people, own)
    ]
    taken = {pull.ref for group in found for pull in group.pulls}
    return _ordered([*found, *_by_kind(pull for pull in facts.pulls if pull.ref not in taken)])


class _Group:
    """A theme before it is put in order; ``kind`` is set if a kind of change is all that it shares."""

    def __init__(self, title: Message, pulls: Iterable[PeriodPull], kind: str = "") -> None:
        self.title = title
        self.pulls = telling_first(pulls)
        self.kind = kind

    @property
    def place(self) -> tuple[int, float, int, str]:
        """Where it stands: releases first, upkeep last, else by its heaviest, then by how many."""
        rank = 0 if self.kind in _FIRST else 2 if self.kind in _LAST else 1
        return rank, -sum(map(weight, self.pulls[:_TOP])), -len(self.pulls), repr(self.title)

    def theme(self) -> Theme:
        return Theme(title=self.title, text=text_of(self.pulls), pulls=tuple(p.ref for p in self.pulls))


def _is_routine(pull: PeriodPull) -> bool:
    """Whether a bot made it, or it is a release or a bump: its words name packages, not subjects."""
    return pull.merge.author.is_bot or "release" in tags_of(pull)


def _by_repository(facts: PeriodFacts) -> list[_Group]:
    groups: dict[str, list[PeriodPull]] = defaultdict(list)
    for pull in facts.pulls:
        groups[pull.ref.repository or ""].append(pull)
    return [_Group(say("insight.theme.repository", name=name), pulls) for name, pulls in groups.items()]


def _by_kind(pulls: Iterable[PeriodPull]) -> list[_Group]:
    groups: dict[str, list[PeriodPull]] = defaultdict(list)
    for pull in pulls:
        groups[_kind(pull)].append(pull)
    return [part for kind, members in groups.items() for part in _by_module(kind, members)]


def _kind(pull: PeriodPull) -> str:
    found = tags_of(pull)
    return next((kind for kind, tags in _KINDS if tags & found), _OTHER)


def _by_module(kind: str, pulls: Sequence[PeriodPull]) -> list[_Group]:
    """The pull requests of one kind by the module that each changes most, if they are many."""
    whole = say(f"insight.theme.kind.{kind}")
    if len(pulls) < _SPLIT_FROM or kind in _WHOLE:
        return [_Group(whole, pulls, kind)]
    modules: dict[str, list[PeriodPull]] = defaultdict(list)
    for pull in pulls:
        modules[module_of(pull)].append(pull)
    own = {name: held for name, held in modules.items() if name and len(held) >= _OWN}
    rest = [pull for name, held in modules.items() if name not in own for pull in held]
    parts = [
        _Group(say(f"insight.theme.kind_in.{kind}", module_path=name), held, kind)
        for name, held in own.items()
    ]
    beside = say(f"insight.theme.kind_beside.{kind}") if parts else whole
    return [*parts, *([_Group(beside, rest, kind)] if rest else [])]


def _ordered(groups: Iterable[_Group]) -> tuple[Theme, ...]:
    """The themes in order; the lightest ones that there is no room for are told as one."""
    found = sorted(groups, key=lambda group: group.place)
    if len(found) > MOST:
        light = [pull for group in found[MOST - 1 :] for pull in group.pulls]
        found = [*found[: MOST - 1], _Group(say("insight.theme.rest"), light, _OTHER)]
    return tuple(group.theme() for group in found)


def text_of(pulls: Sequence[PeriodPull]) -> Message | Told:
    """What the first four do: a model's sentences if all of them have one, else their own words."""
    first = pulls[:_TOLD]
    told = [numbered(found.text, pull.ref) for pull in first if (found := told_of(pull)) is not None]
    if len(told) == len(first):
        spaced = (said if said.endswith("。") else f"{said} " for said in told[:_TOLD_BY_MODEL])
        return Told(text="".join(spaced).rstrip())
    said: dict[str, str | int | float] = {
        f"said_{place}": sentence_of(pull) for place, pull in enumerate(first, 1)
    }
    if len(pulls) > _TOLD:
        return Message(key="insight.theme.said_more", params={**said, "count": len(pulls) - _TOLD})
    return Message(key=_SAID[len(first)], params=said)


def telling_first(pulls: Iterable[PeriodPull]) -> list[PeriodPull]:
    """The heaviest first, but behind them those whose words name no subject: “fix some bugs”."""
    return sorted(heaviest(pulls), key=lambda pull: not _names_a_subject(pull))


def _names_a_subject(pull: PeriodPull) -> bool:
    words = _WORD.findall(sentence_of(pull))
    return any(not word.isascii() or subject(word) is not None for word in words)
