"""Values that are secret by the name they are given to: ``API_KEY=…``, ``"password": "…"``, ``Bearer …``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.redaction.tokens import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = (
    r"(?:[sS](?:ecret|ECRET)|[tT](?:oken|OKEN)(?!i[sz])|[pP](?:ass|ASS)(?:[wW][dD]|[wW](?:ord|ORD)|phrase|PHRASE)"
    r"|[pP](?:wd|WD)|[cC](?:redential|REDENTIAL)"
    r"|(?:[aA](?:pi|PI|pp|PP|ccess|CCESS|uth|UTH|ccount|CCOUNT)|[pP](?:rivate|RIVATE)|[mM](?:aster|ASTER)"
    r"|[sS](?:igning|IGNING)|[eE](?:ncryption|NCRYPTION))[_-]?[kK](?:ey|EY))"
)
# name, closing quote or bracket, type annotation, sign, string prefix
_SIGN = (
    r"""[A-Za-z0-9_-]{0,40}\\?["'`]?\]?[ \t]{0,20}(?::[ \t]{0,4}[A-Za-z.]{1,20}[ \t]{0,4}(?==))?"""
    r"""(?:=>|:=|={1,3}|!==?|[:>])[ \t]{0,20}(?:[bBrRuU]{1,2}(?=["']))?"""
)
_VALUE = (
    r"""(?:(?P<quote>\\?["'`])(?P<quoted>[^\s"'`\\<>{}()]{12,512}+)(?P=quote)"""
    r"""|(?P<bare>[A-Za-z0-9+/_.~!@#%^&*=-]{16,512}+)(?=[\s;,<"']|\Z))"""
)
_ASSIGNMENT = re.compile(_NAME + _SIGN + _VALUE, re.ASCII)
_BEARER = re.compile(r"[bB]earer[ \t]{1,4}(?P<bare>[A-Za-z0-9._~+/-]{20,2048}+=*)", re.ASCII)
_PLACEHOLDER = re.compile(
    r"x{3}|\*{3}|\.{3}|change|your|example|placeholder|dummy|sample|redacted|replace|insert|fake|12345678|00000000"
    r"|://|^[./~$%]",
    re.IGNORECASE,
)
_CLASSES = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "A" * 26 + "a" * 26 + "0" * 10
)
# Tuned on random values and on the standard library: names and phrases mix far less.
_LEAST_MIXTURE = 0.2
_LEAST_DISTINCT = 8
# A value without quotes may be a name in code, such as PKCS7PrivateKey.
_LEAST_DIGITS = 2
# A random string of letters only; there is one in a hundred.
_SMALL_LETTERS = re.compile(r"[a-z]+")
_LEAST_RUNS = 5
_SHORT_RUN = 2
# Shorter ones are fingerprints more often than keys.
_SHORT_HEX = re.compile(r"[0-9a-f]{0,23}")


def assigned_secrets(text: str) -> Iterator[Span]:
    """Yield each random-looking value that a telling name is given.

    Variables, calls, placeholders, addresses, paths and words are not values: see ``looks_random``.
    """
    for match in _ASSIGNMENT.finditer(text):
        group = "quoted" if match["quoted"] else "bare"
        if looks_random(match[group]) and (match["quoted"] or not _may_be_a_name(match["bare"])):
            yield Span(*match.span(group), "assigned-secret")
    for match in _BEARER.finditer(text):
        if looks_random(match["bare"]):
            yield Span(*match.span("bare"), "bearer-token")


def looks_random(value: str) -> bool:
    """Whether ``value`` is a random string rather than words, a placeholder, an address or a path."""
    if len(set(value)) < _LEAST_DISTINCT or _PLACEHOLDER.search(value) or _SHORT_HEX.fullmatch(value):
        return False
    if not any(map(str.isalpha, value)) or _mixture(value) < _LEAST_MIXTURE:
        return False
    return any(map(str.isdigit, value)) or _no_words(value)


def _no_words(letters: str) -> bool:
    """Whether small letters stand in ones and twos, as they do in no name made of words."""
    runs = _SMALL_LETTERS.findall(letters)
    return len(runs) >= _LEAST_RUNS and sum(len(run) <= _SHORT_RUN for run in runs) > len(runs) / 2


def _may_be_a_name(value: str) -> bool:
    return sum(map(str.isdigit, value)) < _LEAST_DIGITS and not _no_words(value)


def _mixture(value: str) -> float:
    """How often small letters, capitals and digits take turns; "Ab" begins a word and does not count."""
    classes = value.translate(_CLASSES)
    return sum(map(classes.count, ("aA", "a0", "0a", "A0", "0A"))) / (len(value) - 1)
