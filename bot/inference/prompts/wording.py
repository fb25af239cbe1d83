"""What people wrote, as it is shown to the model: without comments, badges and templates, at a length."""

from __future__ import annotations

import re

from bot.inference.prose import without_spans

_IMAGE = re.compile(r"!\[([^\[\]\n]{0,100})\](?:\([^()\n]{0,1000}\)|\[[^\[\]\n]{0,100}\])")
_TAG = re.compile(
    r"</?(?:img|picture|source|video|br|hr|sub|sup|p|div|center|a|b|h[1-6]|details|summary)(?=[\s/>])[^<>]{0,1000}>",
    re.IGNORECASE,
)
_HEADING = re.compile(r"#{1,6}\s")
_CHECKLIST = re.compile(
    r"#{1,6}\s.{0,40}?(?:check\s?list|before (?:starting|submitting|merging)|清单|检查项|自查|提交前)",
    re.IGNORECASE,
)
# A template asks for what should stand there; people answer outside of the quote.
_ASKS = re.compile(
    r"\s{0,3}>\s{0,3}(?:add|demonstrate|describe|explain|provide|list|fill|write|include|please|"
    r"for changes that|if (?:this|your|you)|search|e\.g\.|请)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]\"'`]{1,2000}")
_TRAILER = re.compile(
    r"[A-Z][A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,2}-[Bb]y:\s|Change-Id:\s|\(cherry picked from commit "
)
_BLANKS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_ENDS = re.compile(r"[ \t]+$", re.MULTILINE)
_FENCES = ("```", "~~~")
_LONG_ADDRESS = 80
_WRAPPED = 40  # a line of a wrapped text is at least so long
_CODE_HEAD, _CODE_TAIL = 10, 4  # lines of a long block; the last ones of a log say what went wrong
CUT = "…"


def described(text: str, limit: int) -> str:
    """A description in at most ``limit`` characters: as ``written``, and without what its template asks.

    Long blocks of code and logs lose their middle, headings with nothing under them go.
    """
    lines = without_spans(text, "<!--", "-->").replace("\r\n", "\n").split("\n")
    kept = _answered(_unlisted(lines))
    return written("\n".join(_shortened_code(kept)), limit)


def written(text: str, limit: int, *, by_tool: bool = False) -> str:
    """A body in at most ``limit`` characters.

    Left out: what a reader on GitHub does not see (comments), images but for their description,
    layout, sign-offs, the tail of long addresses, empty lines; of what a tool wrote also folded
    parts. What is over the limit ends at a line or a word, with an ellipsis.
    """
    text = without_spans(text, "<!--", "-->")
    if by_tool:
        text = without_spans(text, "<details", "</details>")
    text = _TAG.sub("", _IMAGE.sub(r"\1", text))
    text = _ADDRESS.sub(_shortened, text)
    text = "\n".join(line for line in text.split("\n") if not _TRAILER.match(line))
    return clipped(_BLANKS.sub("\n", _ENDS.sub("", text)).strip(), limit)


def _unlisted(lines: list[str]) -> list[str]:
    """The lines without checklists of a template, each up to the next heading."""
    kept: list[str] = []
    skipping = False
    for line in lines:
        if _HEADING.match(line):
            skipping = _CHECKLIST.match(line) is not None
        if not skipping:
            kept.append(line)
    return kept


def _answered(lines: list[str]) -> list[str]:
    """The lines without a template's quoted instructions, and without headings over nothing."""
    kept: list[str] = []
    asking, before = False, ""
    for line in lines:
        asking = _ASKS.match(line) is not None or (asking and _goes_on(before, line))
        before = line
        if asking or not line.strip():
            continue
        if kept and _HEADING.match(line) and _HEADING.match(kept[-1]):
            kept.pop()
        kept.append(line)
    while kept and _HEADING.match(kept[-1]):
        kept.pop()
    return kept


def _goes_on(before: str, line: str) -> bool:
    """Whether ``line`` continues a quote: by its mark, or because the line before was wrapped by hand."""
    text = line.lstrip()
    return text.startswith(">") or (len(before) >= _WRAPPED and bool(text) and text[0].islower())


def _shortened_code(lines: list[str]) -> list[str]:
    """The lines without the middle of long blocks of code."""
    kept: list[str] = []
    block: list[str] = []
    inside = False
    for line in lines:
        if line.lstrip().startswith(_FENCES):
            kept += [*_ends(block), line]
            block, inside = [], not inside
        elif inside:
            block.append(line)
        else:
            kept.append(line)
    return [*kept, *_ends(block)]


def _ends(block: list[str]) -> list[str]:
    if len(block) <= _CODE_HEAD + _CODE_TAIL + 1:
        return block
    return [*block[:_CODE_HEAD], CUT, *block[-_CODE_TAIL:]]


def _shortened(match: re.Match[str]) -> str:
    address = match.group()
    return address if len(address) <= _LONG_ADDRESS else address[:_LONG_ADDRESS] + CUT


def clipped(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, cut at a line or a word where that costs little."""
    if len(text) <= limit:
        return text
    cut = text[: max(0, limit - 1)]
    for mark in ("\n", " "):
        place = cut.rfind(mark)
        if place > len(cut) * 3 // 4:
            cut = cut[:place]
            break
    return cut.rstrip() + CUT


def indented(text: str) -> str:
    """``text`` set in by two blanks, so that none of its lines can pass for one of ours."""
    return "\n".join(f"  {line}" if line else "" for line in text.split("\n"))
