"""Reads the environment and ``.env`` into Settings; whatever is wrong becomes one line."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from io import StringIO
from typing import TYPE_CHECKING

from dotenv.parser import parse_stream
from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from bot.errors import SettingsError
from bot.settings.model import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pydantic_core import ErrorDetails

_PREFIX = "PRHUB_"
_LARGEST_FILE = 256 * 1024
_WRONG = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "bool_parsing": "is neither true nor false",
    "literal_error": "is not one of the known values",
    "greater_than": "is out of range",
    "greater_than_equal": "is out of range",
    "less_than_equal": "is out of range",
}


class _Given(EnvSettingsSource):
    """The library's way from names to fields, over given names in place of the process's own."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(Settings)
        self.env_vars = given


def load_settings(environ: Mapping[str, str], folder: Path) -> Settings:
    """Return the settings in ``environ`` and, where it is silent, in ``folder``'s ``.env``.

    An empty value counts as not set. Spaces around values are cut off; names without ``PRHUB_``
    that we do not know are not ours. ``PRIVATE_KEY_PATH`` is relative to ``folder``.

    Raises ``SettingsError`` with one line that names the variable and says what to write. It
    never shows a value: a secret may stand in the wrong place.
    """
    names = known_names()
    given = {**_ours(_dotenv(folder / ".env"), names), **_ours(environ, names)}
    if "PRIVATE_KEY_PATH" in given:
        given["PRIVATE_KEY_PATH"] = str(folder / given["PRIVATE_KEY_PATH"])
    try:
        return Settings(**_Given(given)())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SettingsError(_sentence(first)) from None


@dataclass(frozen=True)
class Mistake:
    """One setting that cannot be taken: its name (empty: all of ``.env``), and one line that says why."""

    name: str
    says: str


def load_what_is_good(environ: Mapping[str, str], folder: Path) -> tuple[Settings, list[Mistake]]:
    """Give the settings as far as they can be taken, and every mistake; wrong ones have their defaults."""
    names, mistakes, given = known_names(), list[Mistake](), dict[str, str]()
    try:
        lines = _dotenv(folder / ".env")
    except SettingsError as error:
        lines = {}
        mistakes.append(Mistake("", str(error)))
    for name, value in {**lines, **environ}.items():
        try:
            given |= _ours({name: value}, names)
        except SettingsError as error:
            mistakes.append(Mistake(_shown(name), str(error)))
    if "PRIVATE_KEY_PATH" in given:
        given["PRIVATE_KEY_PATH"] = str(folder / given["PRIVATE_KEY_PATH"])
    return _without_wrong(given, mistakes), mistakes


def _without_wrong(given: dict[str, str], mistakes: list[Mistake]) -> Settings:
    """Build the settings, leaving out what is wrong; some mistakes show only after others are gone."""
    while True:
        try:
            return Settings(**_Given(given)())
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
        # A default that is derived from others is not made while one of these is wrong.
        found = [one for one in found if one["type"] != "default_factory_not_called"]
        mistakes += [Mistake(str(one["loc"][0]), _sentence(one)) for one in found]
        wrong = {str(one["loc"][0]) for one in found} & given.keys()
        # What is wrong without being given hangs on another setting: then the defaults must do.
        given = {name: value for name, value in given.items() if name not in wrong} if wrong else {}


def strangers(folder: Path) -> list[tuple[str, str]]:
    """Give the names in ``.env`` that are nobody's and look like one of ours, each with that one."""
    names = known_names()
    try:
        lines = _dotenv(folder / ".env")
    except SettingsError:
        return []
    unknown = [name for name in lines if name not in names and not name.upper().startswith(_PREFIX)]
    close = [(name, get_close_matches(name.upper(), names, 1, 0.8)) for name in unknown]
    return [(_shown(name), found[0]) for name, found in close if found]


def known_names() -> dict[str, str]:
    """Map every environment name to what is to be written there."""
    fields = Settings.model_fields.values()
    return {str(field.validation_alias): field.description or "" for field in fields}


def _ours(variables: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    ours = {}
    for name, value in variables.items():
        if name.upper().startswith(_PREFIX) and name not in names:
            raise SettingsError(f"{_shown(name)} is unknown: did you mean {_nearest(name, names)}?")
        if name in names and value.strip():
            ours[name] = value.strip()
            if not _is_text(value):
                raise SettingsError(f"{name} is not UTF-8 text: write {names[name]}.")
    return ours


def _is_text(value: str) -> bool:
    # Bytes that are not UTF-8 arrive from the environment as lone surrogates.
    return not any("\ud800" <= character <= "\udfff" or character == "\0" for character in value)


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name[:64])


def _nearest(name: str, names: Mapping[str, str]) -> str:
    def nearness(known: str) -> tuple[bool, float]:
        # A short form is a slip more likely than any other.
        return known.startswith(name.upper()), SequenceMatcher(None, known, name[:64].upper()).ratio()

    return max((known for known in names if known.startswith(_PREFIX)), key=nearness)


def _sentence(error: ErrorDetails) -> str:
    name = str(error["loc"][0])
    if error["type"] == "value_error":
        wrong = str(error["ctx"]["error"])
    else:
        wrong = _WRONG.get(error["type"], "has a wrong value")
    return f"{name} {wrong}: write {known_names()[name]}."


def _dotenv(path: Path) -> dict[str, str]:
    """Read ``.env``; a later line wins. Nothing is interpolated, and nothing is put into os.environ."""
    try:
        text = path.read_bytes().decode("utf-8-sig")  # Windows editors put a mark in front
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f".env cannot be read ({error.strerror}): mend or remove it.") from None
    except UnicodeDecodeError:
        raise SettingsError(".env is not UTF-8 text: save it as UTF-8.") from None
    values = {}
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            raise SettingsError(
                f".env cannot be understood at line {binding.original.line}: write NAME=value."
            )
        if binding.key is not None and binding.value is not None:
            values[binding.key] = binding.value
    return values
