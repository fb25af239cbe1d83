"""The last look at a text before it is posted: no number, name or link in it that nothing bears out.

It reads the finished Markdown with a tokeniser of its own, so that it finds what the checks of claims,
or a template, let through. It knows no grammar and no meaning: a token is either known or not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.markdown.addresses import Addresses
from bot.markdown.catalogue import load
from bot.markdown.report import Style, render_comment, render_document
from bot.markdown.untold import hollow
from bot.markdown.visible import Visible, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.model import PullReport

_TOKEN: Final = re.compile(
    r"(?P<url>\b(?:[a-z]{2,10}://|www\.)[^\s\x00]+)"
    r"|(?P<issue>#\d+|\bGH-\d+)"
    r"|(?P<login>(?<![A-Za-z0-9_.])@[A-Za-z0-9][A-Za-z0-9_-]*)"
    r"|(?P<path>(?<![A-Za-z0-9_.+/-])[A-Za-z0-9_.+-]+(?:/[A-Za-z0-9_.+-]+)+)"
    r"|(?P<number>(?<![A-Za-z0-9_.])(?:v(?=\d+\.\d))?\d+(?:[.,:_-]\d+)*[A-Za-z0-9_]*)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:(?:\.|::)[A-Za-z_][A-Za-z0-9_]*)*(?:\(\))?)",
    re.ASCII,
)
_WORD: Final = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_RUN: Final = re.compile(r"\d+(?:[.,:_-]\d+)*", re.ASCII)
_PARTS: Final = re.compile(r"[.,:_-]")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,_]\d{3})+(?:\.\d+)?", re.ASCII)
_ENDING: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,7}\Z")
_HEX: Final = re.compile(r"(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,40}")
_HUMP: Final = re.compile(r"[a-z][A-Z]")
# Titles and the figures beside them are ours alone: nobody else's text can begin a line so.
_TITLE: Final = re.compile(r"^(?:<summary>|## )[^\n]*$", re.MULTILINE)
_ORDINAL: Final = re.compile(r"^\d+\. ", re.MULTILINE)
_SHORTENED: Final = re.compile(r"^\*\D*([0-9,]+)\D*\*$", re.MULTILINE)
_LINE: Final = re.compile(r":\d+\Z", re.ASCII)
_CUT: Final = "…"


def lint(text: str, plain: str, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The tokens of ``text`` that neither ``plain`` has nor ``known`` accepts, each once, in order.

    Both are Markdown of ours; ``plain`` is the same report without a model's words. Looked at are
    numbers, ``#12``, ``@login``, what looks like a path, a name of code or a commit, all that stands in
    code spans, and where links lead: to files, threads and commits of the repository that ``plain``
    links to, or through our redirect. ``known`` is asked for a token as it stands: ``1,250``, ``#12``,
    ``a/b.py``, ``a_b``, a path, a whole code span, each word of one. Linear, but for ``known``.
    """
    shown = visible(_TITLE.sub("", text))
    allowed = _Allowed(visible(plain), known)
    addresses = Addresses.of(allowed.seen.links, plain)
    labels = {index for link in shown.links if addresses.named_by(link) for index in link.codes}
    found = [link.url for link in shown.links if not addresses.allows(link, allowed.path)]
    found += _in_words(_ORDINAL.sub("", shown.words), allowed)
    for index, content in enumerate(shown.codes):
        if index not in labels:
            # Without an address a place is no link: its line, which code found, stands by itself.
            found += _in_code(_LINE.sub("", content) if addresses.base is None else content, allowed)
    return tuple(dict.fromkeys(found))


def lint_report(report: PullReport, style: Style, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The same for the comment on ``report``, held against all that its templates compute."""
    text, plain = render_comment(report, style), render_document(hollow(report), style)
    return lint_posted(text, plain, style, known)


def lint_posted(text: str, plain: str, style: Style, known: Callable[[str], bool]) -> tuple[str, ...]:
    """The same for what is posted: its marker, and what it says of what was cut from it, are ours."""
    say = load(style.language).say
    shortened = (
        match[0]
        for match in _SHORTENED.finditer(text)
        if match[0] == say("cut.items", count=int(match[1].replace(",", "") or 0))
    )
    marker = text.partition("\n")[0]
    return lint(text, "\n\n".join([marker, plain, *shortened]), known)


class _Allowed:
    """What a plain version has, and what is known besides; each token is asked for once."""

    def __init__(self, seen: Visible, known: Callable[[str], bool]) -> None:
        self.seen = seen
        self._known = known
        self._answers: dict[str, bool] = {}
        everything = "\n".join([seen.words, *seen.codes])
        self.codes = frozenset(seen.codes)
        self.tokens = frozenset(match[0] for match in _TOKEN.finditer(everything))
        self.words = frozenset(_WORD.findall(everything))
        self.numbers = frozenset(map(_canonical, _RUN.findall(everything)))

    def known(self, token: str) -> bool:
        """Whether the facts have it."""
        if token not in self._answers:
            self._answers[token] = self._known(token)
        return self._answers[token]

    def token(self, token: str) -> bool:
        """Whether a token may stand there."""
        return token in self.tokens or self.known(token)

    def path(self, path: str) -> bool:
        """Whether a path may stand there, or be linked to."""
        return path in self.codes or path in self.tokens or self.known(path)

    def name(self, name: str) -> bool:
        """Whether a name of code may stand there; a plural is its singular."""
        bare = name.removesuffix("()")
        singular = bare.removesuffix("s")
        return (
            bare in self.words
            or any(map(self.token, (name, bare)))
            or (singular != bare and self.token(singular))
        )

    def number(self, run: str) -> bool:
        """Whether a number may stand there, or each of those that make up a range or a date."""
        if _canonical(run) in self.numbers or self.known(run):
            return True
        parts = _PARTS.split(run)
        if len(parts) < 2 or _THOUSANDS.fullmatch(run) or "." in run:
            return False
        return all(_canonical(part) in self.numbers or self.known(part) for part in parts)


def _in_words(words: str, allowed: _Allowed) -> Iterator[str]:
    """The foreign tokens of running text."""
    for found in _TOKEN.finditer(words):
        token = found[0]
        if token in allowed.tokens:
            continue
        is_cut = _CUT in {words[found.end() : found.end() + 1], words[found.start() - 1 : found.start()]}
        if not _may_stand(token, found.lastgroup or "", allowed, is_cut=is_cut):
            yield token


def _may_stand(token: str, kind: str, allowed: _Allowed, *, is_cut: bool) -> bool:
    """Whether a token of running text is no name, number or reference, or one that is allowed."""
    if kind == "path":
        token = token.rstrip(".")
        if not _ENDING.search(token.rsplit("/", 1)[1]):
            return not list(_in_words(token.replace("/", " "), allowed))
        return is_cut or allowed.path(token)
    if _HEX.fullmatch(token):
        return allowed.token(token)
    if kind == "number":
        run = _RUN.search(token)
        return run is not None and allowed.number(run[0])
    if kind == "name":
        return is_cut or not _is_name(token) or allowed.name(token)
    return allowed.token(token.rstrip(".,;:!?)"))


def _in_code(content: str, allowed: _Allowed) -> Iterator[str]:
    """The foreign words of a code span; none if it is known as a whole."""
    if content in allowed.codes or allowed.known(content):
        return
    for found in _WORD.finditer(content):
        word = found[0]
        is_cut = _CUT in {content[found.end() : found.end() + 1], content[found.start() - 1 : found.start()]}
        if not (is_cut and not word.isdigit()) and word not in allowed.words and not allowed.known(word):
            yield word


def _is_name(token: str) -> bool:
    """Whether a word looks like a name of code."""
    return (
        "_" in token.strip("_")
        or token.startswith("_")
        or "::" in token
        or token.endswith("()")
        or bool(_HUMP.search(token))
    )


def _canonical(run: str) -> str:
    """One spelling for equal numbers."""
    if _THOUSANDS.fullmatch(run):
        run = run.replace(",", "").replace("_", "")
    return run.lstrip("0") or "0" if run.isdigit() else run
