"""Foreign strings as Markdown that GitHub shows letter by letter and acts on in no way.

GitHub looks at a comment three times: its Markdown parser, filters that work on the text of the parsed
page (mentions, references, alerts, task lists, math, emoji), and other bots that read the raw lines. A
backslash stops only the first, so what the second would find is broken with a zero-width space.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.markdown.clean import literal, prose

if TYPE_CHECKING:
    from collections.abc import Iterable

_ZWSP: Final = "\u200b"
_BREAKS: Final = (
    (re.compile(r"[@#]"), rf"\g<0>{_ZWSP}"),
    (re.compile(r"://"), f":{_ZWSP}//"),
    (re.compile(r"(www)\.", re.IGNORECASE), rf"\1{_ZWSP}."),
    (re.compile(r"\b(GH|GHSA)-", re.IGNORECASE), rf"\1-{_ZWSP}"),
    (re.compile(r":(?=[0-9A-Za-z_+-]{1,64}(?::|\Z))"), f":{_ZWSP}"),
    (re.compile(r"\[(?=[ xX!^]|\Z)"), f"[{_ZWSP}"),
)
_COMMIT: Final = re.compile(r"(?<![0-9A-Za-z_])[0-9A-Fa-f]{7,40}(?![0-9A-Za-z_])")
_SPECIAL: Final = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]~#"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;", "$": "<span>$</span>"}
)
_FIRST: Final = re.compile(r"\A(?:([-+=:])|(\d{1,9})([.)])(?= |\Z))")
_BACKTICKS: Final = re.compile(r"`+")
_CODE_AT: Final = re.compile(r"(?<= )@(?=[0-9A-Za-z])")

TEXT_LIMIT: Final = 300
CODE_LIMIT: Final = 160


class Safe(str):
    """A string that may stand in a comment as it is: ours, or made so by this module."""

    __slots__ = ()


def text(value: str, limit: int = TEXT_LIMIT) -> Safe:
    """``value`` as plain text on one line, at most ``limit`` characters before escaping.

    Fits running text, list items, quotes, table cells and link labels. No Markdown, HTML, mention,
    reference, link, emoji name, math or command survives. Empty for what has no visible character.
    """
    shown = _COMMIT.sub(_broken_commit, prose(value, limit))
    for pattern, broken in _BREAKS:
        shown = pattern.sub(broken, shown)
    shown = _FIRST.sub(_first, shown.translate(_SPECIAL))
    return Safe(shown[:-1] + "\\!" if shown.endswith("!") else shown)


def code(value: str, limit: int = CODE_LIMIT, *, keep_end: bool = False) -> Safe:
    """``value`` letter by letter as a code span, at most ``limit`` characters.

    Fits everywhere ``text`` does: a span with a pipe would break a table, and one with ``]:`` at the
    start of a link's label makes its paragraph a definition that is not shown, so these are written as
    ``<code>`` instead. A comment opener, and an ``@`` after a space (a bot's trigger), are broken.
    """
    shown = literal(value, limit, keep_end=keep_end)
    if not shown.strip():
        return Safe("–")
    if "|" in shown or "]:" in shown:
        return Safe(f"<code>{text(shown, 2 * limit)}</code>")
    shown = _CODE_AT.sub(f"@{_ZWSP}", shown.replace("<!--", f"<!{_ZWSP}--"))
    fence = _fence(shown)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return Safe(f"{fence}{pad}{shown}{pad}{fence}")


def snippet(value: str, limit: int = CODE_LIMIT) -> Safe:
    """A line of code as a code span, without its indentation."""
    return code(value.strip(), limit)


def joined(parts: Iterable[Safe], separator: Safe) -> Safe:
    """The parts that are not empty, with ``separator`` between them."""
    return Safe(separator.join(part for part in parts if part))


def _broken_commit(match: re.Match[str]) -> str:
    """What looks like a commit, in pieces shorter than the seven digits GitHub links."""
    found = match[0]
    return _ZWSP.join(found[start : start + 6] for start in range(0, len(found), 6))


def _first(match: re.Match[str]) -> str:
    """The start of a text, so that it opens no list, rule or heading underline."""
    return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"


def _fence(value: str) -> str:
    """The shortest run of backticks that ``value`` does not hold (the parser knows runs up to 80)."""
    taken = {len(run) for run in _BACKTICKS.findall(value)}
    return "`" * next(length for length in range(1, len(taken) + 2) if length not in taken)
