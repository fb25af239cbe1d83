"""The Markdown tree of a comment, as far as commands need it: its first paragraph, and the text of a line."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from markdown_it.token import Token

# Enough for a command and for what may follow it in its paragraph. Comments can have 65,536 characters,
# and lines cost the parser more than characters.
_WINDOW: Final = 4096
_LINES: Final = 64
_WHITE: Final = " \t\r\n"
# A line that makes the one above it the head of a table with one column. The parser knows wider ones only.
_ONE_COLUMN: Final = re.compile(
    r" {0,3}(?!-[ \t])(?:[|\v\f][ \t\v\f]*)?:?-+:?[ \t\v\f]*(?:\|[ \t\v\f]*)?",
)


def first_line(body: str, start: str) -> str | None:
    """Give the first line of a comment if it is a paragraph's, and starts with ``start`` at its very edge.

    Empty lines before it do not count. ``None`` for all else: quotes, lists, code, HTML, tables, and
    headings, also those that a line below makes one. Looks at the first 4,096 characters only, and
    at 64 lines of them.
    """
    window = body[:_WINDOW]
    text = window.lstrip(_WHITE)
    before = window[: len(window) - len(text)]
    if not text.startswith(start) or (before and before[-1] not in "\r\n"):
        return None
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", _LINES)[:_LINES]
    if _parser().parse("\n".join(lines))[0].type != "paragraph_open":
        return None
    return None if len(lines) > 1 and _ONE_COLUMN.fullmatch(lines[1]) else lines[0]


def plain_text(line: str) -> str:
    """Give what a reader sees of one line: links and images by their words, comments not at all.

    Emphasis and code keep their signs, and tags stay as they were written, for in a sentence about code
    they were hardly meant as such.
    """
    return "".join(_shown(token) for token in _parser(inline=True).parseInline(line)[0].children or [])


def _shown(token: Token) -> str:
    if token.type == "html_inline":
        return "" if token.content.startswith("<!--") else token.content
    if token.type == "code_inline":
        return f"{token.markup}{token.content}{token.markup}"
    if token.type in {"link_open", "link_close"}:
        return ""
    return token.content or token.markup


@cache
def _parser(*, inline: bool = False) -> MarkdownIt:
    """GitHub's blocks; without ``inline`` only them: a line's own tree is asked for where it has a text."""
    parser = MarkdownIt("commonmark").enable("table")
    return parser if inline else parser.disable("inline")
