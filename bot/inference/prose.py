"""What somebody wrote in a description, without the template, the checklists and the markup around it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.inference.sentences import paragraph_chunks, plain, sentences

BODY_LIMIT = 65_536  # GitHub's own limit for a description
_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|br|center|code|dd|del|details|div|dl|dt|em|figure|font|h[1-6]|hr|i|iframe|img|"
    r"ins|kbd|li|ol|p|picture|pre|q|s|samp|small|source|span|strike|strong|sub|summary|sup|table|tbody|td|tfoot|"
    r"th|thead|tr|tt|u|ul|var|video)(?=[\s/>])[^<>]{0,2000}>",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s{0,3}(`{3,20}|~{3,20})")
_HEADING = re.compile(r"#{1,6}\s+(\S.*)")
_BOLD_LINE = re.compile(r"(?:\*\*|__)([^*_]{2,80}?)(?<![.!?。！？]):?(?:\*\*|__):?")
_UNDERLINE = re.compile(r"(?:={2,200}|-{2,200})\s*")
_RULE = re.compile(r"(?:[-*_]\s?){3,60}")
_CHECK = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s{1,4}\[[ xX]?\]")
_ITEM = re.compile(r"(?:[-*+]|\d{1,3}[.)])\s+")
_TRAILER = re.compile(
    r"[A-Z][A-Za-z]{1,20}(?:-[A-Za-z]{1,20}){0,3}-[Bb]y:\s|(?:Change-Id|Cc|Bug|Cherry-picked-from):\s|"
    r"\[[^\[\]]{1,100}\]:\s"
)
_DROPPED_HEADING = re.compile(
    r"check\s?list|before (?:starting|submitting|merging|requesting)|types? of changes?|contribut|sign.?off|"
    r"(?:summary|walkthrough|description|review) by\b|generated|copilot|coderabbit|"
    r"清单|检查项|自查|变更类型|提交前",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"please\b|thank(?:s| you) for (?:your |contribut|submitting|opening)|if (?:this|your) (?:pr|pull|"
    r"change)|"
    r"make sure\b|before (?:you|submitting|opening)|describe (?:the|your|what|how|in)\b|\(?请|（请|"
    r"感谢您|在此|🤖|generated (?:with|by)\b|dependabot (?:will|command)|"
    r"you can (?:trigger|disable|also trigger)",
    re.IGNORECASE,
)
_QUOTED_INSTRUCTION = re.compile(
    r"add\b|demonstrate\b|describe\b|explain\b|provide\b|list\b|replace\b|delete\b|remove\b|fill\b|write\b|"
    r"include\b|link\b|mention\b|for changes that\b|if\b|you\b|use this\b|\[!|e\.g\.|what\b|why\b|how\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, list item or block quote in plain sentences, under its nearest heading."""

    heading: str
    is_item: bool
    is_quote: bool
    sentences: tuple[str, ...]


@dataclass(slots=True)
class _Reader:
    """Where the walk over the lines of a body stands."""

    has_template: bool
    heading: str = ""
    kind: str = ""
    lines: list[str] = field(default_factory=list)
    fence: str = ""
    in_checklist: bool = False
    passages: list[Passage] = field(default_factory=list)

    def begin(self, kind: str, line: str = "") -> None:
        self.flush()
        self.kind = kind
        if line:
            self.lines.append(line)

    def flush(self) -> None:
        lines, kind = self.lines, self.kind
        self.lines, self.kind = [], ""
        if kind not in {"text", "item", "quote"} or not lines:
            return
        if self.has_template and self._is_template(kind, plain(lines[0])):
            return
        found = tuple(sentence for chunk in paragraph_chunks(lines) for sentence in sentences(chunk))
        if found:
            self.passages.append(Passage(self.heading, kind == "item", kind == "quote", found))

    def _is_template(self, kind: str, first: str) -> bool:
        instructs = _INSTRUCTION.match(first) or (kind == "quote" and _QUOTED_INSTRUCTION.match(first))
        return bool(instructs or _DROPPED_HEADING.search(self.heading))


def passages(body: str, *, has_template: bool = True) -> tuple[Passage, ...]:
    """The passages of ``body`` that its author wrote.

    Left out: comments, checklists, tables, code, images, HTML, folded details, sign-offs; of a
    description (``has_template``) also its template's instructions and what tools write into it. One
    walk over the lines.
    """
    reader = _Reader(has_template=has_template)
    for line in without_markup(body).split("\n"):
        _read(reader, line)
    reader.flush()
    return tuple(reader.passages)


def without_spans(text: str, opening: str, closing: str) -> str:
    """``text`` without what stands between the two marks; an unclosed one reaches to the end."""
    parts: list[str] = []
    position = 0
    while (start := text.find(opening, position)) >= 0:
        parts.append(text[position:start])
        end = text.find(closing, start)
        position = len(text) if end < 0 else end + len(closing)
    return "".join([*parts, text[position:]])


def without_markup(text: str) -> str:
    """``text`` without comments, folded details and HTML tags."""
    text = text[:BODY_LIMIT].replace("\r\n", "\n").replace("\r", "\n")
    text = without_spans(without_spans(text, "<!--", "-->"), "<details", "</details>")
    return _TAG.sub(" ", text)


def without_code(text: str) -> str:
    """``text`` without fenced blocks and inline code."""
    return "\n".join("".join(line.split("`")[::2]) for line in without_blocks(text).split("\n"))


def without_blocks(text: str) -> str:
    """``text`` without fenced blocks of code."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _fence_mark(line)
        if fence:
            fence = "" if mark.startswith(fence) else fence
        elif mark:
            fence = mark
        else:
            kept.append(line)
    return "\n".join(kept)


def _fence_mark(line: str) -> str:
    match = _FENCE.match(line)
    return match.group(1) if match else ""


def _read(reader: _Reader, line: str) -> None:
    mark = _fence_mark(line)
    if reader.fence:
        if mark.startswith(reader.fence):
            reader.fence = reader.kind = ""
    elif mark:
        reader.begin("code")
        reader.fence = mark
    elif not line.strip():
        reader.flush()
        reader.in_checklist = False
    elif not _read_heading(reader, line.strip()):
        _read_text(reader, line.strip())


def _read_heading(reader: _Reader, line: str) -> bool:
    if _UNDERLINE.fullmatch(line) and reader.kind == "text" and len(reader.lines) == 1:
        heading = reader.lines[0]
        reader.lines = []
    elif _RULE.fullmatch(line):
        reader.begin("")
        return True
    else:
        match = _HEADING.match(line) or _BOLD_LINE.fullmatch(line)
        if match is None:
            return False
        heading = match.group(1)
    reader.begin("")
    reader.heading = plain(heading).strip("# :：")
    reader.in_checklist = False
    return True


def _read_text(reader: _Reader, line: str) -> None:
    item = _ITEM.match(line)
    if _CHECK.match(line):
        reader.begin("check")
        reader.in_checklist = True
    elif line.startswith("|"):
        reader.begin("table")
    elif item:
        reader.begin("check" if reader.in_checklist else "item", line[item.end() :])
    elif line.startswith(">"):
        _read_quote(reader, line.lstrip("> "))
    elif _TRAILER.match(line):
        reader.begin("")
    elif reader.kind:
        reader.lines.append(line)
    else:
        reader.begin("text", line)


def _read_quote(reader: _Reader, line: str) -> None:
    if not line:
        reader.begin("")
    elif reader.kind == "quote":
        reader.lines.append(line)
    else:
        reader.begin("quote", line)
