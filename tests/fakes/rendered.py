"""A comment as GitHub shows it: its parser's page, and what filters behind the parser would act on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import cmarkgfm  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]

from bot.markdown.report import Style, render_comment

if TYPE_CHECKING:
    from bot.model import PullReport

_OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_HARDBREAKS | Options.CMARK_OPT_FOOTNOTES
_VOID = {"br", "hr", "img", "input"}
_LIVE = {
    "mention": re.compile(r"@[0-9A-Za-z]"),
    "reference": re.compile(r"#\d|\bGH-\d", re.IGNORECASE),
    "advisory": re.compile(r"\bGHSA-[0-9a-z]", re.IGNORECASE),
    "commit": re.compile(r"(?<![0-9A-Za-z_])[0-9a-f]{7,40}(?![0-9A-Za-z_])", re.IGNORECASE),
    "address": re.compile(r"\w://|www\.", re.IGNORECASE),
    "emoji": re.compile(r":[0-9A-Za-z_+-]+:"),
    "alert, task or footnote": re.compile(r"\[(?:[ xX]\]|!|\^)"),
    "math": re.compile(r"\$.|.\$", re.DOTALL),
    "invisible": re.compile(
        "[\u202a-\u202e\u2066-\u2069\u200c-\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
    ),
}


@dataclass
class Page(HTMLParser):
    """The parsed page: its elements in order, links, comments, and text outside code and links."""

    elements: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    unbalanced: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag == "code":
            self.codes.append("")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and (not self.open or self.open.pop() != tag):
            self.unbalanced = True

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        if "code" in self.open:
            self.codes[-1] += data
        elif "a" not in self.open:
            self.texts.append(data)

    @property
    def structure(self) -> list[str]:
        """The elements that give the page its shape; links and the spans around dollar signs do not."""
        return [tag for tag in self.elements if tag not in {"a", "span"}]

    @property
    def live(self) -> list[tuple[str, str]]:
        """Every text that one of GitHub's filters would act on, with what it would see in it."""
        return [(name, text) for text in self.texts for name, seen in _LIVE.items() if seen.search(text)]


def page(markdown: str) -> Page:
    """``markdown`` through GitHub's own parser, unsafe HTML allowed."""
    parsed = Page()
    parsed.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, options=_OPTIONS))
    parsed.close()
    parsed.unbalanced = parsed.unbalanced or bool(parsed.open)
    return parsed


def shortened(report: PullReport, style: Style) -> str:
    """The comment with its long addresses and its non-breaking spaces shortened, for a reader's eyes."""
    text = render_comment(report, style).replace("\u00a0", " ")
    return text.replace(report.head.repository.url or " ", "GITHUB").replace(report.head.merge_sha, "SHA")
