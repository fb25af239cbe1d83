"""Says what is wrong with a key: where it stands, why it is not taken, and what to write there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.model.repo_config import Problem
from bot.repo_config.keys import REFUSED, is_list, keys, known, nearest, shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from bot.repo_config.tree import Node

Path = tuple[str | int, ...]
# Pydantic's word for "the name of the key, and not its value".
_NAME = "[key]"
_WRONG = {
    "enum": "is not one of the known values",
    "literal_error": "is not one of the known values",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_type": "is not a whole number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "finite_number": "is not a number",
    "greater_than_equal": "is out of range",
    "less_than_equal": "is out of range",
    "string_too_short": "is empty or too short",
    "string_too_long": "is too long",
    "string_type": "is not a single value",
    "tuple_type": "is not a list",
    "dict_type": "has no keys below it",
    "model_type": "has no keys below it",
    "too_long": "has too many items",
    "too_short": "has too few items",
}


@dataclass(frozen=True)
class Mistake:
    """One of pydantic's errors: ``path`` is where in the file, ``is_name`` tells that a name is wrong."""

    path: Path
    is_name: bool
    error: ErrorDetails

    @property
    def is_unknown(self) -> bool:
        """Whether there is no such key; all that can be done is to leave it out."""
        return self.error["type"] == "extra_forbidden" or (self.is_name and self.error["type"] == "enum")

    @property
    def refused(self) -> str | None:
        """Why the key is refused, if it is one of those."""
        return REFUSED.get(str(self.path[-1]).lower()) if self.is_unknown else None

    @property
    def is_error(self) -> bool:
        """Whether the file cannot be taken."""
        return not self.is_unknown or self.refused is not None


def mistakes(errors: list[ErrorDetails]) -> list[Mistake]:
    """Give pydantic's errors, without those below a name that is unknown itself."""
    found = [_mistake(error) for error in errors]
    unknown = {one.path for one in found if one.is_unknown}
    return [one for one in found if one.is_unknown or one.path not in unknown]


def _mistake(error: ErrorDetails) -> Mistake:
    path: Path = ()
    loc = error["loc"]
    # The names that people choose are on the second level, and a key may be called like pydantic's word.
    is_name = len(loc) == 3 and loc[-1] == _NAME and error["type"] != "extra_forbidden"
    parts = iter(loc[:-1] if is_name or error["type"] == "missing" else loc)
    for part in parts:
        path = (*path, part)
        if is_list(tuple(map(str, path))):
            next(parts, None)  # which form of a list pydantic took it for
    return Mistake(path, is_name, error)


@dataclass(frozen=True)
class Teller:
    """Tells of mistakes in one file; ``place`` is its repository."""

    root: Node
    place: str

    def mistake(self, mistake: Mistake) -> Problem:
        """Say what is wrong with a key."""
        error, path = mistake.error, mistake.path
        if mistake.is_unknown:
            return self._unknown(mistake)
        if error["type"] == "value_error":
            wrong = str(error["ctx"]["error"])
        elif error["type"] == "missing":
            wrong = f"has no {error['loc'][-1]}"
        else:
            wrong = _WRONG.get(error["type"], "has a wrong value")
        return self.wrong(path, wrong, path[:-1] if mistake.is_name else path)

    def wrong(self, path: Path, wrong: str, like: Path | None = None) -> Problem:
        """Say that a key is wrong; what to write is that of ``like``, or of the key."""
        names, about = _names(path), _names(path if like is None else like)
        write = keys().get(known(about) or (), "keys of the documentation")
        item = f", item {path[-1] + 1}," if path and isinstance(path[-1], int) else ""
        return self._at(path, "error", f"{shown(names)}{item} {wrong}: write {write}.")

    def _unknown(self, mistake: Mistake) -> Problem:
        names = tuple(map(str, mistake.path))
        if mistake.refused is not None:
            told = f"{shown(names)} is refused: {mistake.refused}. Take it out."
            return self._at(mistake.path, "error", told)
        near = nearest(names)
        hint = f"did you mean {near}?" if near else "it is left out."
        return self._at(mistake.path, "warning", f"{shown(names)} is unknown: {hint}")

    def _at(self, path: Path, severity: Literal["error", "warning"], text: str) -> Problem:
        line, column = self.where(path)
        return Problem(
            severity=severity, place=self.place, line=line, column=column, key=shown(path), text=text
        )

    def where(self, path: Path) -> tuple[int, int]:
        """Give where the last key or item of a path begins."""
        node, place = self.root, (self.root.line, self.root.column)
        for part in path:
            if isinstance(node.value, dict) and part in node.value:
                place, node = node.keys[str(part)], node.value[str(part)]
            elif isinstance(node.value, list) and isinstance(part, int):
                node = node.value[part]
                place = (node.line, node.column)
        return place


def _names(path: Path) -> tuple[str, ...]:
    """Give as much of a path as is a known key: items of lists have no keys of their own."""
    names = tuple(map(str, path))
    while names and known(names) is None:
        names = names[:-1]
    return names
