"""What a period leaves to do: the reports' follow-ups, each once, with the pull requests they come from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.inference.digest.weights import heaviest
from bot.model import FollowUp, Message, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import PeriodPull, PullRef

MOST: Final = 12
# What is counted in each report is counted together here.
_COUNTED: Final = frozenset(
    {
        "insight.follow_up.threads",
        "insight.follow_up.marks",
        "insight.follow_up.checks_pending",
        "insight.follow_up.tests",
    }
)
# These say the same of every pull request: they stand after what is particular, and not beside it.
_GENERAL: Final = {
    "insight.follow_up.tests": re.compile(r"\btest|测试", re.IGNORECASE),
    "insight.follow_up.documentation": re.compile(
        r"\bdoc(?:s|ument)|\bchange ?log|文档|变更日志", re.IGNORECASE
    ),
}
_WORD: Final = re.compile(r"\w+")


@dataclass
class _Item:
    text: Message | Told
    pulls: list[PullRef] = field(default_factory=list)


def follow_ups(pulls: Iterable[PeriodPull], told: Sequence[FollowUp] = ()) -> tuple[FollowUp, ...]:
    """At most twelve: what a model ``told`` of the period, then the reports' own, the heaviest first."""
    items: dict[str, _Item] = {_key(item.text): _Item(item.text, list(item.pulls)) for item in told}
    asked = [(item.text.text, item.pulls) for item in told if isinstance(item.text, Told)]
    for pull in heaviest(pulls):
        for insight in pull.gist.follow_ups if pull.gist is not None else ():
            key = _key(insight.message)
            known = items.get(key)
            if any(pull.ref in refs and _is_asked_for(insight.message, text) for text, refs in asked):
                continue
            if known is None:
                items[key] = _Item(insight.message, [pull.ref])
            elif pull.ref not in known.pulls:
                known.text = _together(known.text, insight.message)
                known.pulls.append(pull.ref)
    ordered = sorted(items.values(), key=lambda item: _is_general(item.text))
    return tuple(FollowUp(text=item.text, pulls=tuple(item.pulls)) for item in ordered[:MOST])


def _key(text: Message | Told) -> str:
    """What makes two of them the same: the words, or what is counted."""
    if isinstance(text, Told):
        return " ".join(_WORD.findall(text.text.lower()))
    if text.key in _COUNTED or text.key in _GENERAL:
        return text.key
    return f"{text.key} {sorted(text.params.items())}"


def _is_asked_for(text: Message | Told, asked: str) -> bool:
    """Whether a model asks in particular for what ``text`` asks for in general."""
    matter = _GENERAL.get(text.key) if isinstance(text, Message) else None
    return matter is not None and matter.search(asked) is not None


def _is_general(text: Message | Told) -> bool:
    return isinstance(text, Message) and text.key in _GENERAL


def _together(one: Message | Told, other: Message | Told) -> Message | Told:
    if not isinstance(one, Message) or not isinstance(other, Message) or one.key not in _COUNTED:
        return one
    sums = {
        name: value + more
        for name, value in one.params.items()
        if isinstance(value, int) and isinstance(more := other.params.get(name), int)
    }
    return one.model_copy(update={"params": {**one.params, **sums}})
