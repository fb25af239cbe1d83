"""A model's sentence as text: plain words, the names in it as code, its references as links, nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from bot.markdown.clean import ELLIPSIS, prose
from bot.markdown.escape import Safe, code, text
from bot.model import Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Message

TOLD_LIMIT: Final = 600
"""Characters of a paragraph, the longest a model is asked for."""
NAME_LIMIT: Final = 120
BRIEF_LIMIT: Final = 300
"""Characters of a statement where there is room for little."""

_ZWSP: Final = "\u200b"
_REFERENCE: Final = re.compile(r"(?<![0-9A-Za-z_/#&])#([1-9][0-9]{0,9})(?![0-9A-Za-z_])")
_NAMED: Final = re.compile(
    r"(?<![0-9A-Za-z._/#&-])([A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}#[1-9][0-9]{0,9})(?![0-9A-Za-z_])"
)
_ADDRESSED: Final = re.compile(r"\A@(?=[0-9A-Za-z_-]+ )")
_INNER_END: Final = re.compile(r"[.!?][\"')\]”’]?\s|[。！？]")
_SENTENCE_END: Final = re.compile(r"[.!?](?= )|[。！？]")
_NAMES: Final = re.compile(r"`[^`]*`")
FULL_STOP: Final = re.compile(r"(?<!\\)[.。]\Z")
References = Mapping[int, Safe] | Mapping[str, Safe]
_NO_REFERENCES: Final[Mapping[int, Safe]] = {}


def told(value: str, references: References = _NO_REFERENCES, limit: int = TOLD_LIMIT) -> Safe:
    """``value`` on one line, at most ``limit`` characters before escaping.

    What stands between two backticks becomes code; a backtick without its partner is text. ``#12``
    becomes ``references[12]`` where there is one, and in a text about several repositories ``a/b#12``
    becomes ``references["a/b#12"]``. All else is what ``text`` makes of it. Fits everywhere ``text`` does.
    """
    shown = _clipped(value, limit)
    parts = [
        part
        for is_name, words in _spans(shown)
        for part in ([_name(words)] if is_name else _words(words, references))
    ]
    whole = _joined(parts).strip()
    return Safe(f"{_ZWSP}{whole}" if whole and _may_command(shown[0]) else whole)


def stopless(shown: Safe) -> Safe:
    """A sentence by itself without its full stop, for a list or a table; several keep theirs."""
    return shown if _INNER_END.search(shown[:-1]) else Safe(FULL_STOP.sub("", shown))


def in_brief(said: Message | Told) -> Message | Told:
    """As many whole sentences of a model's as are brief, if there is one; what is computed is brief."""
    if not isinstance(said, Told) or len(said.text) <= BRIEF_LIMIT:
        return said
    blotted = _NAMES.sub(lambda name: "x" * len(name[0]), said.text[:BRIEF_LIMIT])
    ends = [found.end() for found in _SENTENCE_END.finditer(blotted)]
    return Told(text=said.text[: ends[-1]].rstrip()) if ends else said


def _clipped(value: str, limit: int) -> str:
    """``value`` cleaned and cut between words, never within what stands between backticks."""
    shown = prose(value, limit)
    if shown.endswith(ELLIPSIS) and shown.count("`") % 2 and prose(value, 2 * limit) != shown:
        return shown[: shown.rfind("`")].rstrip() + ELLIPSIS
    return shown


def _spans(value: str) -> Iterator[tuple[bool, str]]:
    """The parts of ``value``, each with whether it stood between backticks."""
    parts = value.split("`")
    words, last = "", len(parts) - 1
    for index, part in enumerate(parts):
        if index % 2 == 0:
            words += part
        elif index == last or not part.strip():
            words += f"`{part}" if index == last else f"`{part}`"
        else:
            yield False, words
            yield True, part
            words = ""
    yield False, words


def _name(value: str) -> Safe:
    """A name as code; one that addresses a bot is broken, for some read the raw lines."""
    shown = code(value.strip(), NAME_LIMIT)
    return Safe(shown.replace("@", f"@{_ZWSP}", 1)) if _ADDRESSED.match(value.strip()) else shown


def _words(value: str, references: References) -> Iterator[Safe]:
    """Plain text with its known references in it."""
    start = 0
    is_named = isinstance(next(iter(references), None), str)
    for found in (_NAMED if is_named else _REFERENCE).finditer(value):
        reference = _found(references, found[1] if is_named else int(found[1]))
        if reference is not None:
            yield _plain(value[start : found.start()])
            yield reference
            start = found.end()
    yield _plain(value[start:])


def _found(references: Mapping[Any, Safe], name: str | int) -> Safe | None:
    """What stands for a reference, if it is a known one."""
    return references.get(name)


def _plain(value: str) -> Safe:
    """Plain text that keeps the spaces around it."""
    if not value:
        return Safe()
    before, after = value[0] == " ", value[-1] == " " and len(value) > 1
    return Safe(f"{' ' * before}{text(value, len(value))}{' ' * after}")


def _joined(parts: Iterable[Safe]) -> str:
    """The parts in a row; two code spans that touch would be one, so they are kept apart."""
    whole = ""
    for part in parts:
        whole += f"{_ZWSP}{part}" if whole.endswith("`") and part.startswith("`") else part
    return whole


def _may_command(first: str) -> bool:
    """Whether a line that begins so may be read as a command: ``/merge``, ``bors r+``."""
    return first not in "`[" and not (first.isupper() or first.isdigit() or (first > "~" and first.isalpha()))
