"""Whether a claim agrees with what it leans on: the files it cites, who spoke, and what was answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.sentences import clip

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


def elsewhere(corpus: Corpus, text: str, found: Iterable[Found]) -> str | None:
    """Why ``text`` is not about the files cited: none of the names in it is in any of them.

    ``None`` if one is, if there are no names, or no file is cited.
    """
    paths = dict.fromkeys(item.place.path for item in found if item.place.block == "file")
    names = _SPAN.findall(text)
    if not paths or not names or any(_has(corpus, path, name) for path in paths for name in names):
        return None
    return f"none of the names in it is in the merged {next(iter(paths))}: quote a line that shows it"


def _has(corpus: Corpus, path: str, name: str) -> bool:
    """Whether the file has the name, its last part, or is called so."""
    file = corpus.file(path)
    text = file.merged or file.fresh
    forms = {name, name.removesuffix("()"), name.removesuffix("()").rsplit(".", 1)[-1]}
    return path.endswith(name) or any(form and text.find(form) is not None for form in forms)


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
