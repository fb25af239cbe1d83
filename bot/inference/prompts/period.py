"""The pull requests of a period as blocks: what is known of each, in lines that a sentence can lean on."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from bot.inference.prompts.fence import Block
from bot.inference.prompts.wording import clipped
from bot.inference.titles import read_title
from bot.model import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Gist, Insight, PeriodPull, PullRef, Risk

_TITLE, _SENTENCE, _QUOTE = 200, 300, 160
_RISKS, _QUOTES, _ARGUED, _EFFECTS, _LEFT = 5, 2, 4, 3, 4
_NAMES: Final = ("path", "paths", "symbol", "symbols", "name", "reviewer")


def name_of(ref: PullRef) -> str:
    """A pull request as the data names it: ``#12``, of several repositories ``owner/name#12``."""
    return f"{ref.repository or ''}#{ref.number}"


def pull_block(pull: PeriodPull, more: Iterable[str] = ()) -> Block:
    """All that is shown of one pull request; ``more`` are lines that code adds, such as its rules."""
    lines = [*pull_lines(pull), *more]
    merged = pull.merge.merged_at.astimezone(UTC)
    known: dict[str, object] = {"by": pull.merge.author.login, "merged": f"{merged:%m-%d %H:%M}"}
    if pull.gist is not None and pull.gist.modules:
        known["modules"] = pull.gist.modules[:4]
    return Block(name_of(pull.ref), "\n".join(lines), known)


def others_block(pulls: Iterable[PeriodPull], limit: int) -> Iterator[Block]:
    """The pull requests of which only the title is shown, a line each, at most ``limit`` of them."""
    lines = [f"{name_of(pull.ref)} {_line(pull.merge.title, 120)}" for pull in pulls]
    if lines:
        rest = ["…"] if len(lines) > limit else []
        yield Block("others", "\n".join([*lines[:limit], *rest]))


def pull_lines(pull: PeriodPull) -> Iterator[str]:
    """What is known of a pull request, a line each; what a sentence about it says must be in one of them."""
    yield f"title: {_line(pull.merge.title, _TITLE)}"
    gist = pull.gist
    if gist is None:
        return
    said = _line(gist.sentence.text, _SENTENCE)
    if said not in {_line(pull.merge.title, _SENTENCE), _line(read_title(pull.merge.title).rest, _SENTENCE)}:
        yield f"does: {said}"
    yield from (f"users: {_insight(item)}" for item in gist.for_users[:_EFFECTS])
    yield from (f"argued: {_line(item.text, _SENTENCE)}" for item in gist.topics[:_ARGUED])
    for risk in gist.risks[:_RISKS]:
        yield from risk_lines(risk)
    if gist.untested:
        yield "untested"
    yield from _left(gist)


def risk_lines(risk: Risk) -> Iterator[str]:
    """A risk: how heavy, of what kind, what was found, where, and the lines of code that show it."""
    told = "" if risk.told is None else f" {_line(risk.told.text, _SENTENCE)}"
    said = _said(risk.explanation) if isinstance(risk.explanation, Message) else risk.explanation.text
    yield f"risk: {risk.severity.value} {risk.key.value}: {_line(said, _SENTENCE)}{told}"
    for item in [found for found in risk.evidence if found.path][:_QUOTES]:
        quote = f": {_line(item.quote, _QUOTE)}" if item.quote else ""
        yield f"  {_line(item.path or '', _QUOTE)}{quote}"


def _left(gist: Gist) -> Iterator[str]:
    for item in gist.follow_ups[:_LEFT]:
        where = next((found.path for found in item.evidence if found.path), "")
        yield f"left: {_insight(item)}{f' {_line(where, _QUOTE)}' if where else ''}"


def _insight(item: Insight) -> str:
    return _line(_said(item.message) if isinstance(item.message, Message) else item.message.text, _SENTENCE)


def _said(message: Message) -> str:
    """A computed sentence in bare words: what it is about, and the names in it, without what is counted."""
    subject = message.key.rsplit(".", 1)[-1].replace("_", " ")
    names = [str(value) for key, value in message.params.items() if key in _NAMES or key.endswith("_symbol")]
    return f"{subject}: {', '.join(names)}" if names else subject


def _line(text: str, limit: int) -> str:
    return clipped(" ".join(text.split()), limit)
