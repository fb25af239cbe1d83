"""The catalogues: every sentence PRHub says, by key and language.

A catalogue is the folder ``catalogue/<language>/``; all its ``*.toml`` files make one flat mapping of
key to template (nested tables are joined with dots: ``[risk] none = "…"`` is the key ``risk.none``).

In a template ``{name}`` is a value, and ``{name|file|files}`` is one of two wordings, chosen by the number
``name`` (the first for exactly 1); a wording may hold values. Values are escaped here unless they already
are: numbers are formatted, a string whose name ends in ``path`` or ``symbol`` becomes code (``paths`` and
``symbols``: each part between commas does), ``risk_symbol`` the name of that risk (a repository's own risk is
given by its name), any other plain text.
Templates themselves are ours and may hold Markdown.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from bot.markdown.escape import Safe, code, joined, text
from bot.markdown.formats import number

if TYPE_CHECKING:
    from bot.model import Message

Language = Literal["en", "zh-CN"]
Value = str | int | float

PARAMETER_LIMIT = 200
_WORDING = r"((?:[^{}|]|\{[a-z][a-z0-9_]*\})*)"
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|" + _WORDING + r"\|" + _WORDING + r")?\}")
_VALUE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_UNKNOWN = Safe("?")


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one language; a key it lacks is looked up in English."""

    templates: Mapping[str, str]
    fallback: Mapping[str, str]

    def __contains__(self, key: object) -> bool:
        return key in self.templates or key in self.fallback

    def say(self, key: str, /, **values: Value) -> Safe:
        """The sentence of ``key`` with ``values`` in it; empty if no language has the key.

        A value the template names and the caller did not give shows as a question mark: a report
        with a gap is better than none.
        """
        template = self.templates.get(key, self.fallback.get(key, ""))
        return self._filled(template, values)

    def risk_name(self, key: str, own_name: str | None = None) -> Safe:
        """What a risk is called; a repository's own has the name that it was given there."""
        known = Safe() if own_name else self.say(f"risk_name.{key}")
        return known or text(own_name or key, PARAMETER_LIMIT)

    def sentence(self, message: Message) -> Safe:
        """A computed sentence in this language; empty if no language has its key."""
        return self.say(message.key, **message.params)

    def _filled(self, template: str, values: Mapping[str, Value]) -> Safe:
        """A template with its values in it."""
        return Safe(_FIELD.sub(lambda field: self._fill(field, values), template))

    def _fill(self, field: re.Match[str], values: Mapping[str, Value]) -> str:
        """What stands in place of one field."""
        name, one, many = field[1], field[2], field[3]
        value = values.get(name, _UNKNOWN)
        if one is not None:
            return self._filled(one if value == 1 else many, values)
        if name == "risk_symbol" and isinstance(value, str):
            return self.risk_name(value)
        if isinstance(value, str) and name.endswith(("paths", "symbols")):
            return _codes(value, self.say("comma"))
        return _shown(name, value)


@cache
def load(language: Language) -> Catalogue:
    """The catalogue of ``language``, read once per process."""
    return Catalogue(templates=_read(language), fallback=_read("en"))


def placeholders(template: str) -> frozenset[str]:
    """The names of the values that ``template`` shows; those that only choose a word do not count."""
    return frozenset(_VALUE.findall(template))


def _shown(name: str, value: Value) -> Safe:
    """One value, escaped by what its name says it is."""
    if isinstance(value, Safe):
        return value
    if not isinstance(value, str):
        return number(value)
    if name.endswith(("path", "symbol")):
        return code(value, keep_end=True)
    return text(value, PARAMETER_LIMIT)


def _codes(value: str, comma: Safe) -> Safe:
    """Several names in one string, each as code."""
    parts = value[: 8 * PARAMETER_LIMIT].split(", ")
    return joined((Safe(part) if part == "…" else code(part, keep_end=True) for part in parts), comma)


@cache
def _read(language: str) -> Mapping[str, str]:
    """All templates of a language folder."""
    templates: dict[str, str] = {}
    for file in sorted(
        (files("bot.markdown") / "catalogue" / language).iterdir(), key=lambda file: file.name
    ):
        if file.name.endswith(".toml"):
            templates.update(_flat("", tomllib.loads(file.read_text(encoding="utf-8"))))
    return templates


def _flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The entries of a table and the tables in it, their keys joined with dots."""
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(f"{prefix}{key}.", value)
        else:
            yield f"{prefix}{key}", str(value)
