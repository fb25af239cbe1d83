"""Whether a claim agrees with what it leans on: the lines it cites, who spoke, and what was answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.sentences import clip
from bot.inference.verify.nearness import enclosing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.inference.verify.corpus import Corpus
    from bot.inference.verify.evidence import Found
    from bot.model import ReviewThread

_SPAN: Final = re.compile(r"`([^`]+)`")
_LOGIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,60}[A-Za-z0-9])?")
_ODD: Final = re.compile(r"\d|-|[a-z][A-Z]")
_STAYS: Final = re.compile(
    r"\b(?:keep|leave)\s{1,3}(?:it|this|that|them|as)\b|\bwon['’]?t\s{1,3}(?:fix|change|do)\b|"
    r"\bnot\s{1,3}in\s{1,3}this\s{1,3}(?:pr|pull)\b|\bout\s{1,3}of\s{1,3}scope\b|保持现状|保持不变|暂不|先不改|不改",
    re.IGNORECASE | re.ASCII,
)
_DONE: Final = re.compile(
    r"\b(?:done|fixed|added|changed|removed|replaced|moved|updated|reverted)\b|已|改为|改成", re.IGNORECASE
)
_MOST_READ: Final = 5_000
_LINES: Final = 20


def elsewhere(corpus: Corpus, text: str, found: Iterable[Found]) -> str | None:
    """Why ``text`` is not about the lines cited: none of the names in it is on them or near any of them.

    ``None`` if one is, if there are no names, or no line of a file is cited.
    """
    places = [item for item in found if item.place.block == "file" and item.lines[0]]
    names = [form for name in _SPAN.findall(text) for form in _forms(name)]
    if not places or not names or any(_near(corpus, item, names) for item in places):
        return None
    path = places[0].place.path
    return f"none of the names in it stands near the line of {path} that is quoted: quote one that shows it"


def _forms(name: str) -> set[str]:
    """A name as it may stand in the code: whole, without its call, or its last part."""
    bare = name.strip().removesuffix("()")
    return {form for form in (name.strip(), bare, bare.rsplit(".", 1)[-1]) if form}


def _near(corpus: Corpus, item: Found, names: Sequence[str]) -> bool:
    """Whether one of ``names`` is within a few lines of what was found, around it, or its file's name."""
    lines = corpus.file(item.place.path).lines
    first, last = item.lines
    around = "\n".join(
        (item.said, *lines[max(0, first - 1 - _LINES) : last + _LINES], *enclosing(lines, first))
    )
    return any(item.place.path.endswith(name) or _stands(name, around) for name in names)


def _stands(name: str, text: str) -> bool:
    before, after = (r"\b" if char.isalnum() or char == "_" else "" for char in (name[0], name[-1]))
    return re.search(before + re.escape(name) + after, text) is not None


def stranger(corpus: Corpus, text: str, threads: Sequence[ReviewThread]) -> str | None:
    """Who is named in ``text`` as if they had spoken in ``threads``, and neither did nor is the author.

    A login that might be a word of the language is passed over.
    """
    speakers = {remark.author.login for thread in threads for remark in thread.remarks}
    known = {login.removesuffix("[bot]").lower() for login in (*speakers, corpus.facts.author.login)}
    for word in _LOGIN.findall(_SPAN.sub(" ", text)):
        if word.lower() in corpus.people - known and _ODD.search(word):
            return f"{word} said nothing there, but {', '.join(sorted(speakers))}"
    return None


def kept(thread: ReviewThread) -> str | None:
    """Why a fault was not mended: the last who answered wrote that it stays."""
    replies = [remark for remark in thread.remarks[1:] if not remark.minimized and not remark.author.is_bot]
    if not replies:
        return None
    last = replies[-1].body[:_MOST_READ]
    if not _STAYS.search(last) or _DONE.search(last):
        return None
    said = clip(" ".join(last.split()), 120)
    return f"{replies[-1].author.login} answered “{said}”: that is accepted, if anything"
