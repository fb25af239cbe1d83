"""Our own Markdown read back: the words a reader sees, the code spans, and where the links lead.

It undoes what this stage writes and nothing more; it is not a parser for the Markdown of others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Final

_MARK: Final = re.compile(
    r"\\([!-/:-@\[-`{-~])"
    r"|(`+)"
    r"|(\[)"
    r"|\]\(([^\s()]*)\)"
    r"|&(?:#(\d{1,6})|([a-z]{2,6}));"
    r"|(</?code>)"
    r"|<!--[^\n]*-->|</?[a-z]{1,10}>"
)
_ENTITIES: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
BREAK: Final = "\x00"
"""What stands in the words for a code span or a link."""


@dataclass(frozen=True)
class Link:
    """Where a link leads, and its label; ``codes`` says which of the text's code spans are in it."""

    url: str
    label: str
    codes: range


@dataclass
class Visible:
    """What a reader sees: words, code spans and links, in their order.

    The words have ``BREAK`` where a code span stood; labels stand in the words and the codes too.
    """

    words: str = ""
    codes: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


def visible(markdown: str) -> Visible:
    """Read back a comment or document of ours. Linear in its length."""
    return _Reader(markdown).read()


class _Reader:
    """One pass over a text; ``out`` holds the words so far, ``open`` where labels and code began."""

    def __init__(self, markdown: str) -> None:
        self.text = markdown
        self.out: list[str] = []
        self.open: list[tuple[int, int]] = []
        self.seen = Visible()

    def read(self) -> Visible:
        """The whole text."""
        position = 0
        while found := _MARK.search(self.text, position):
            self.out.append(self.text[position : found.start()])
            position = self._take(found)
        self.out.append(self.text[position:])
        self.seen.words = _unhidden("".join(part if part[:1] != BREAK else BREAK for part in self.out))
        return self.seen

    def _take(self, found: re.Match[str]) -> int:
        """Undo one mark; gives where to go on."""
        escaped, ticks, opening, url, number, entity, tag = found.groups()
        if ticks:
            return self._code(found.start(), ticks)
        if opening or tag == "<code>":
            self.open.append((len(self.out), len(self.seen.codes)))
        elif tag:
            self._keep(self._since_opened())
        elif url is not None:
            self._link(url)
        elif number or entity:
            self.out.append(chr(int(number)) if number else _ENTITIES.get(entity, " "))
        else:
            self.out.append(escaped or "")
        return found.end()

    def _code(self, start: int, ticks: str) -> int:
        """A code span, or the backticks as they are if nothing on the line closes them."""
        begin = start + len(ticks)
        closing = _fence(len(ticks)).search(self.text, begin)
        if closing is None or "\n" in self.text[begin : closing.start()]:
            self.out.append(ticks)
            return begin
        content = self.text[begin : closing.start()]
        padded = content[:1] == content[-1:] == " " and content.strip()
        self._keep(content[1:-1] if padded else content)
        return closing.end()

    def _keep(self, content: str) -> None:
        """Note a code span."""
        self.seen.codes.append(_unhidden(content))
        self.out.append(BREAK + content)

    def _link(self, url: str) -> None:
        """Note a link; its label stays where it stands."""
        words, codes = self.open.pop() if self.open else (len(self.out), len(self.seen.codes))
        label = _unhidden("".join(self.out[words:]).replace(BREAK, ""))
        self.seen.links.append(Link(url, label, range(codes, len(self.seen.codes))))

    def _since_opened(self) -> str:
        """What was written since the last opening, taken back."""
        opened, _ = self.open.pop() if self.open else (len(self.out), 0)
        content = "".join(self.out[opened:])
        del self.out[opened:]
        return content


def _unhidden(text: str) -> str:
    """``text`` without what this stage put in to break it, and with plain spaces."""
    return text if text.isascii() else text.replace("\u200b", "").replace("\u00a0", " ")


@cache
def _fence(length: int) -> re.Pattern[str]:
    """What closes a code span that so many backticks opened."""
    return re.compile(rf"(?<!`)`{{{length}}}(?!`)")
