"""A sentence in pieces: what in it could be a name, a number, a reference, and each judged on its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.inference.verify import names
from bot.inference.verify.names import CODE, NAMED, PLAIN, Reading
from bot.inference.verify.numbers import is_number
from bot.inference.verify.well_known import ABBREVIATIONS, NUMBERED, PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.verify.corpus import Corpus

_A: Final = re.ASCII
_PIECE: Final = re.compile(
    r"[(\[{,;:!?'*~]+"  # what opens
    r"|(?P<call>[A-Za-z_$][\w$.]{0,100}\([^()`\n]{0,120}\)(?:\.[\w$.]{1,100}(?:\([^()`\n]{0,120}\))?){0,4})"
    r"|(?P<chunk>[!#-_a-~]+)",
    _A,
)
_END: Final = ".,;:!?'*~"
_PAIRS: Final = {")": "(", "]": "[", "}": "{", ">": "<"}
_REFERENCES: Final = re.compile(r"(?:([\w.-]{1,100}/[\w.-]{1,100})?#|GH-)(\d{1,12})", _A | re.IGNORECASE)
_ADVISORY: Final = re.compile(r"(?:CVE|CWE|GHSA|PYSEC|RUSTSEC|GO)-[\w-]*\d[\w-]*", _A | re.IGNORECASE)
_MENTION: Final = re.compile(r"@([A-Za-z0-9][A-Za-z0-9-]{0,60})(?:\[bot\])?(?:'s)?")
_MAIL: Final = re.compile(r"[\w.+-]@[A-Za-z][\w-]{0,60}\.[A-Za-z]", _A)
_BOT: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]{0,60})\[bot\]")
_NUMBER: Final = re.compile(
    r"(?P<run>\d+(?:[.,:/_-]\d+)*)(?![A-Za-z0-9_])|(?P<version>[A-Za-z]+\d+(?:\.\d+)+)(?![A-Za-z0-9_])|"
    r"(?P<unit>\d+(?:[.,]\d+)*[A-Za-z]{1,5})(?![A-Za-z0-9_])|(?P<word>[A-Za-z0-9_]+)",
    _A,
)
_RUNS: Final = re.compile(r"\S+")
_SPLIT: Final = re.compile(r"[/+,:|&-]+")
_WORDS_JOINED: Final = re.compile(r"[\w/+,|&.:()-]+", _A)
_ORDINARY: Final = re.compile(r"(?:[A-Za-z]?[a-z]*|[A-Z]+)[.,;:!?]*")


@dataclass
class Pieces:
    """The judgement on a sentence as it grows. ``edits`` say what to put in place of ``[start, end)``."""

    corpus: Corpus
    allowed: tuple[frozenset[str], ...]
    counted: frozenset[int] = frozenset()
    reasons: list[str] = field(default_factory=list)
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    found: int = 0

    def read(self, masked: str) -> None:
        """Judge every piece of ``masked``, in which code and verified quotes are blotted out."""
        for match in _PIECE.finditer(masked):
            if match.lastgroup is None or _ORDINARY.fullmatch(match[0]):
                continue
            if match.lastgroup == "call" and self._call(match[0], match.start()):
                continue
            for text, start in _cores(match[0], match.start(), is_call=match.lastgroup == "call"):
                self._core(text, start)

    def _call(self, text: str, start: int) -> bool:
        """Whether it is a call that the facts have, or one they should have."""
        if self.corpus.words.has(text):
            self._take(CODE, text, start)
            return True
        if text.endswith(("()", "(...)", "(…)")):
            self._take(names.unknown(text, "the call"), text, start)
            return True
        return False

    def _core(self, text: str, start: int) -> None:
        for judge in (self._mention, self._reference, self._address):
            reading = judge(text, start)
            if reading is not None:
                self._take(reading, text, start)
                return
        reading = self._whole(text)
        if reading is not None:
            self._take(reading, text, start)
        else:
            self._words(text, start)

    def _take(self, reading: Reading, text: str, start: int) -> None:
        self.found += reading.found
        if reading.reason:
            self.reasons.append(reading.reason)
            self.unknown.append(text)
        elif reading.as_code:
            self.edits.append((start, start + len(text), f"`{text}`"))

    def _reference(self, text: str, start: int) -> Reading | None:
        """``#12``, ``#12/#13``, ``owner/name#12``, ``GH-12``, an advisory."""
        if _ADVISORY.fullmatch(text):
            return NAMED if self.corpus.words.has(text) else names.unknown(text, "the advisory")
        found = list(_REFERENCES.finditer(text))
        if not found:
            return None
        for match in found:
            if match[1] is not None and self._is_elsewhere(match[1], match[2]):
                continue
            home = self.corpus.facts.repository.full_name.lower()
            is_here = match[1] is None or match[1].lower() == home
            if not (is_here and int(match[2]) in self.corpus.references):
                return Reading(reason=f"“{match[0]}” is no pull request or issue that the data names")
        rest = _REFERENCES.sub(lambda match: " " * len(match[0]), text)
        for match in _RUNS.finditer(rest):
            for core, at in _cores(match[0], start + match.start(), is_call=False):
                self._core(core, at)
        return Reading(found=len(found))

    def _is_elsewhere(self, repository: str, number: str) -> bool:
        """Whether somebody wrote of that number of another repository, in short or as an address."""
        prose = self.corpus.words.prose.lower()
        forms = (f"{repository}{mark}{number}".lower() for mark in ("#", "/pull/", "/issues/"))
        return any(re.search(rf"{re.escape(form)}(?!\d)", prose) for form in forms)

    def _mention(self, text: str, start: int) -> Reading | None:
        """``@login``: a participant without the sign, or a name of code that begins with it."""
        if "@" not in text:
            bot = _BOT.fullmatch(text)
            if bot is None:
                return None
            known = bot[1].lower() in self.corpus.people
            return NAMED if known else Reading(reason=f"“{text}” took no part")
        match = _MENTION.fullmatch(text)
        if match is not None and match[1].lower() in self.corpus.people:
            self.edits.append((start, start + 1, ""))
            return NAMED
        if _MAIL.search(text) or names.is_web(text.rsplit("@", 1)[-1]):
            return Reading(reason=f"“{text[:80]}” is an address")
        if text.startswith("@"):
            named = self.corpus.words.code_has(text) or ("/" in text and text in self.corpus.facts.title)
            return CODE if named else Reading(reason=f"“{text[:80]}” is nobody who took part")
        return CODE if self.corpus.words.has(text) else names.unknown(text)

    def _address(self, text: str, _start: int) -> Reading | None:
        if "://" in text or names.is_web(text):
            return Reading(reason=f"“{text[:80]}” is an address")
        if text.startswith("/") and text[1:2].isalpha():
            return names.route(self.corpus, text)
        return None

    def _whole(self, text: str) -> Reading | None:
        """The piece as one name; ``None`` if its words are to be judged one by one."""
        lower = text.lower()
        if lower in PRODUCTS or lower in NUMBERED or lower in ABBREVIATIONS:
            return PLAIN
        if "/" in text and not names.looks_like_code(text.replace("/", "")):
            reading = names.path(self.corpus, text)
            return None if reading is PLAIN or not (reading.as_code or reading.reason) else reading
        if names.looks_like_code(text) or names.dotted(text):
            if self.corpus.words.has(text):
                return CODE
            return None if self._has_parts(text) else names.unknown(text)
        return None

    def _has_parts(self, text: str) -> bool:
        """Whether it is several names or words joined by a mark, none of which is code but found code."""
        if "::" in text or "--" in text or text.startswith(".") or not _WORDS_JOINED.fullmatch(text):
            return False
        parts = [part for part in _SPLIT.split(text) if part]
        return len(parts) > 1 and all(
            self.corpus.words.has(part) or not (names.looks_like_code(part) or names.dotted(part))
            for part in parts
        )

    def _words(self, text: str, start: int) -> None:
        has_digit = any(character.isdigit() for character in text)
        if has_digit and not text.isdigit() and not _is_run(text) and self.corpus.words.has(text):
            self.found += 1
            has_digit = False
        for match in _NUMBER.finditer(text):
            part, at = match[0], start + match.start()
            if match.lastgroup == "word":
                if has_digit or not any(character.isdigit() for character in part):
                    self._take(names.word(self.corpus, part), part, at)
            elif has_digit and at not in self.counted:
                self._take(self._number(match, part), part, at)

    def _number(self, match: re.Match[str], part: str) -> Reading:
        if match.lastgroup == "run":
            return self._bare(part, match.string[: match.start()][-1:])
        if self.corpus.words.has(part) or part.lower() in NUMBERED:
            return NAMED
        if match.lastgroup == "version":
            run = part.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
            return self._bare(run)
        number = names.with_unit(part)
        return self._bare(number) if number is not None else names.word(self.corpus, part)

    def _bare(self, run: str, sign: str = "") -> Reading:
        facts = self.corpus.facts
        size = {"+": facts.additions, "-": facts.deletions}.get(sign)
        if is_number(run, self.allowed) or run == str(size):
            return NAMED
        return Reading(reason=f"the number {run} is neither in what people wrote nor in the lines quoted")


def _is_run(text: str) -> bool:
    return not any(character.isalpha() for character in text)


def _cores(text: str, start: int, *, is_call: bool) -> Iterator[tuple[str, int]]:
    """The piece without the punctuation around it; a call that is none, word by word."""
    parts = (
        [(match[0], start + match.start()) for match in re.finditer(r"[^\s()]+", text)]
        if is_call
        else [(text, start)]
    )
    for part, at in parts:
        core = _trimmed(part)
        if core and any(character.isalnum() for character in core):
            yield core, at


def _trimmed(text: str) -> str:
    text = text.rstrip(_END)
    while text and text[-1] in _PAIRS and text.count(text[-1]) > text.count(_PAIRS[text[-1]]):
        text = text[:-1].rstrip(_END)
    return text.removesuffix("'s")
