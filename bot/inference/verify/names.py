"""Whether one word or piece of a sentence is a name, and whether the facts have it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.inference.verify.well_known import ABBREVIATIONS, ERRORS, NUMBERED, PRODUCTS, WEB

if TYPE_CHECKING:
    from bot.inference.verify.corpus import Corpus

_A: Final = re.ASCII
_INNER: Final = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]{2}")
_PLURAL: Final = re.compile(r"[A-Z]{2,}(?:s|es|'s|ed|ing|ish|ised|ized)\Z")
_HOST: Final = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+", _A)
_MEMBER: Final = re.compile(r"[\w)\]]\.[A-Za-z_]", _A)
_WILDCARD: Final = re.compile(r"[vV]?\d+(?:\.\d+)*\.[xX]")
_EXTENSION: Final = re.compile(r"\w\.[A-Za-z][A-Za-z0-9]{0,9}\Z", _A)
_PLURAL_OPTION: Final = re.compile(r"\w\((?:s|es|ies|d|ed|n't|r|ing)\)", _A)
_CODE: Final = re.compile(
    r"::|--[A-Za-z]|->\w|=>\w|\\\w|\$[A-Za-z_{]|[{}]|[\w)\]]=[\w\"'\[({-]|\w\[|<[A-Za-z/!?]|[A-Za-z0-9_]\([^()]{0,200}\)",
    _A,
)
_HEX: Final = re.compile(r"(?=[0-9a-f]{0,39}[0-9])(?=[0-9a-f]{0,39}[a-f])[0-9a-f]{7,40}")
_UNIT: Final = re.compile(
    r"(\d+(?:[.,]\d+)*)[-]?(?:x|X|k|K|M|B|G|T|b|ms|s|us|ns|m|h|d|min|px|pt|em|rem|GB|MB|KB|TB|kB|GiB|MiB|KiB|"
    r"bit|bits|byte|bytes|fps|Hz|kHz|MHz|GHz|W|way|fold|D|st|nd|rd|th|pp|c|p)", _A,
)  # fmt: skip
_ORDINAL: Final = re.compile(r"1st|2nd|3rd|[4-9]th|10th")
_VERSION: Final = re.compile(r"[vV]?(\d+(?:\.\d+)+)")


@dataclass(frozen=True)
class Reading:
    """What one piece of a sentence turned out to be.

    ``reason`` is set if it may not stand there; ``as_code`` if it is to be shown as code; ``found``
    counts the references found in it.
    """

    reason: str | None = None
    as_code: bool = False
    found: int = 0


PLAIN: Final = Reading()
CODE: Final = Reading(as_code=True, found=1)
NAMED: Final = Reading(found=1)
_OF_A_LANGUAGE: Final = Reading(as_code=True)


def unknown(name: str, what: str = "") -> Reading:
    """A name that the facts do not have."""
    return Reading(reason=f"{what or 'the name'} “{name[:80]}” does not occur in the data")


def looks_like_code(core: str) -> bool:
    """Whether a piece without blanks has the shape of code: a call, a member, an assignment, a tag."""
    if core.startswith((".", "$")) and core.lstrip(".$")[:1].isalpha():
        return True
    return bool(_CODE.search(core)) and not _PLURAL_OPTION.search(core)


def dotted(core: str) -> bool:
    """Whether a dot in it joins words: a member or a file's name, no abbreviation, product or ``3.x``."""
    lower = core.lower()
    return bool(
        _MEMBER.search(core)
        and lower not in ABBREVIATIONS
        and lower not in PRODUCTS
        and not _WILDCARD.fullmatch(core)
    )


def is_web(core: str) -> bool:
    """Whether it reads as an address of the web: a host name by its last label."""
    host = core.split("/", 1)[0].split(":", 1)[0].lower()
    return "." in host and host.rsplit(".", 1)[-1] in WEB and bool(_HOST.fullmatch(host.replace("-", "_")))


def path(corpus: Corpus, core: str) -> Reading:
    """A piece with a slash in it: a path that exists, words side by side, or an invented path."""
    bare = core.rstrip("/")
    if corpus.places.exact(bare) or bare in corpus.places.folders:
        return CODE
    if corpus.words.has(bare):
        return CODE if "_" in bare or "." in bare else NAMED
    parts = bare.split("/")
    if dotted(parts[0]) and _HOST.fullmatch(parts[0].replace("-", "_")) and not corpus.words.has(parts[0]):
        return unknown(core, "the path")
    top = parts[0] in corpus.places.folders
    if _EXTENSION.search(bare) or bare.startswith(("./", "../", "~/", "/")):
        return unknown(core, "the path")
    if (top or len(parts) > 2) and not all(corpus.words.has_folded(part) for part in parts):
        return unknown(core, "the path")
    return PLAIN


def word(corpus: Corpus, text: str) -> Reading:
    """One word of letters, digits and underscores; numbers alone are judged elsewhere."""
    lower = text.lower()
    if text.strip("_") == "" or lower in NUMBERED or lower in PRODUCTS:
        return PLAIN
    if "_" in text:
        return CODE if corpus.words.has_word(text) else unknown(text)
    if any(character.isdigit() for character in text):
        return _numbered(corpus, text)
    if not _INNER.search(text) or _PLURAL.fullmatch(text):
        return PLAIN
    if corpus.words.has_word(text):
        return CODE if corpus.words.in_code(text) else NAMED
    known = corpus.words.has_folded(text) or lower in corpus.people
    return NAMED if known or lower.rstrip("s") in PRODUCTS else _elsewhere(text)


def _elsewhere(text: str) -> Reading:
    """A name that the facts do not have: an error of a language, or an invented one."""
    return _OF_A_LANGUAGE if text in ERRORS else unknown(text)


def _numbered(corpus: Corpus, text: str) -> Reading:
    """A word with digits: a commit, a name that occurs, or an invented one."""
    if _HEX.fullmatch(text.lower()):
        known = any(sha.startswith(text.lower()) for sha in corpus.commits)
        return NAMED if known or corpus.words.has_folded(text) else unknown(text, "the commit")
    if corpus.words.has_folded(text) or text.lower() in corpus.people or _ORDINAL.fullmatch(text):
        return NAMED
    return unknown(text)


def with_unit(text: str) -> str | None:
    """The number of ``8x`` or ``64KB``; ``None`` if ``text`` is no number with a unit."""
    match = _UNIT.fullmatch(text)
    return match[1] if match else None


def version(text: str) -> str | None:
    """The number of ``v2.3.1``; ``None`` if ``text`` is no version."""
    match = _VERSION.fullmatch(text)
    return match[1] if match else None


def span(corpus: Corpus, content: str) -> Reading:
    """What stands in backticks: it must occur letter by letter, whatever it looks like."""
    if "://" in content or is_web(content):
        return Reading(reason=f"“{content[:80]}” is an address")
    bare = content.rstrip("/") or content
    if corpus.places.exact(bare) or bare in corpus.places.folders:
        return CODE
    if content.startswith("/"):
        return route(corpus, content)
    if corpus.words.has(content):
        return CODE
    member = content.removeprefix("@").removesuffix("[bot]")
    if member.lower() in corpus.people:
        return NAMED
    return _elsewhere(content)


def route(corpus: Corpus, text: str) -> Reading:
    """What begins with a slash: an address or path that the code names as a whole, or a command to a bot."""
    inside = text.strip("/")
    if corpus.places.exact(inside) or inside in corpus.places.folders:
        return CODE
    named = any(corpus.words.code_has(f"{mark}{text}") for mark in ('"', "'", "`", " ", "(", "\t"))
    return CODE if named else Reading(reason=f"“{text[:80]}” is no path of the code")
