"""A model's answer read as claims: what can be mended is mended, what cannot is left out alone."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from bot.errors import ModelUnusable
from bot.inference.verify import bounds, wording
from bot.inference.verify.failures import Parsed
from bot.inference.verify.json_object import first_object
from bot.model import Attention, Verdict
from bot.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

T = TypeVar("T", bound=BaseModel)
_MOST_LOSSES = 50
_MOST_LOOKED_AT = 1_000
_SHOWN = 160


class _Unreadable(ValueError):
    """A part of an answer that cannot be mended; the message says why."""


def parse(text: str, shape: type[T]) -> Parsed[T]:
    """Read ``text`` as the claims ``shape``, whatever the model did to the form.

    Prose and fences around the object and unknown keys are passed over, strings are cleaned, redacted and
    cut, levels clamped, lists cut; an item with a wrong value is left out alone and told among the losses.
    Raises ``ModelUnusable`` when there is no JSON object or nothing of it can be used, and nothing else.
    """
    found = first_object(text, _hints(shape))
    reader = _Reader()
    claims = reader.whole(found, shape)
    if not reader.read_any:
        raise ModelUnusable("nothing in the answer has the shape that was asked for")
    return Parsed(_redacted(claims), tuple(reader.losses))


@cache
def _hints(shape: type[BaseModel]) -> Mapping[str, Any]:
    return get_type_hints(shape)


class _Reader:
    """One walk through an answer; notes what was left out."""

    def __init__(self) -> None:
        self.losses: list[Verdict] = []
        self.read_any = False

    def whole(self, found: Mapping[str, Any], shape: type[T]) -> T:
        """The answer itself: every field is there, empty where nothing could be read."""
        values = {}
        for field, kind in _hints(shape).items():
            value = found.get(field)
            if get_origin(kind) is tuple:
                values[field] = self._items(field, value, get_args(kind)[0], shape.__name__)
                self.read_any |= isinstance(value, list) and (not value or bool(values[field]))
            else:
                values[field] = self._one(field, value, kind)
        return shape(**values)

    def _one(self, field: str, value: Any, kind: type) -> Any:
        try:
            read = _item(value, kind)
        except _Unreadable as why:
            self._lose(field, value, str(why))
            return _absent(kind)
        self.read_any |= isinstance(read, BaseModel)
        return read

    def _items(self, field: str, value: Any, kind: type, owner: str) -> tuple[Any, ...]:
        room = bounds.COUNTS.get((owner, field), bounds.MOST)
        given = _listed(value)
        kept: dict[str, Any] = {}
        for position, item in enumerate(given[:_MOST_LOOKED_AT], 1):
            if len(kept) == room:
                break
            try:
                read = _item(item, kind)
            except _Unreadable as why:
                self._lose(f"{field} {position}", item, str(why))
            else:
                kept.setdefault(repr(read), read)
        if len(given) > room and len(kept) == room:
            self._lose(field, None, f"there is room for {room} of the {len(given)}")
        return tuple(kept.values())

    def _lose(self, claim: str, value: Any, why: str) -> None:
        if len(self.losses) < _MOST_LOSSES:
            said = value.get("text", value.get("change", "")) if isinstance(value, dict) else value
            shown = redact(wording.name(said, _SHOWN))[0] if isinstance(said, str) else ""
            self.losses.append(Verdict(claim=claim, outcome="dropped", text=shown, reasons=(why,)))


def _item(value: Any, kind: type) -> Any:
    """One claim, word or number of the given ``kind``; raises ``_Unreadable``."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(value, kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _claim(value, kind)
    return _text("", "", value)


def _claim(value: Any, kind: type[BaseModel]) -> BaseModel:
    hints = _hints(kind)
    if isinstance(value, str):
        # A bare sentence or place instead of an object with one.
        value = {next(iter(hints)): value}
    if not isinstance(value, dict):
        raise _Unreadable("it is not an object")
    owner = kind.__name__
    values = {field: _field(owner, field, value.get(field), part) for field, part in hints.items()}
    for field in bounds.NEEDED.get(owner, frozenset()):
        if not values[field]:
            raise _Unreadable(f"{field} is missing")
    return kind(**values)


def _field(owner: str, field: str, value: Any, kind: Any) -> Any:
    if get_origin(kind) is tuple:
        return _parts(owner, field, value, get_args(kind)[0])
    if kind is int:
        return _number(field, value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(value, kind)
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return _text(owner, field, str(value))
    if value is None and field in bounds.OPTIONAL:
        return ""
    raise _Unreadable(f"{field} is missing" if value is None else f"{field} is no text")


def _parts(owner: str, field: str, value: Any, kind: type) -> tuple[Any, ...]:
    """The small lists inside a claim, without what is unreadable in them."""
    room = bounds.PLACES if field in bounds.EVIDENCE else bounds.COUNTS.get((owner, field), bounds.MOST)
    kept: dict[str, Any] = {}
    for item in _listed(value)[:_MOST_LOOKED_AT]:
        if len(kept) == room:
            break
        try:
            read = _text(owner, field, item) if kind is str else _claim(item, kind)
        except _Unreadable:
            continue
        if read:
            kept.setdefault(repr(read), read)
    return tuple(kept.values())


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [] if value is None or value == "" else [value]


def _text(owner: str, field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _Unreadable("it is no text")
    limit = bounds.LENGTHS.get((owner, field), bounds.LONGEST)
    if field in bounds.VERBATIM:
        return wording.verbatim(value, limit)
    if (owner, field) in _NAMES or not owner:
        return wording.name(value, limit)
    return wording.sentence(value, limit)


def _number(field: str, value: Any) -> int:
    """A whole number; a text may hold one (``#12``), a level is clamped."""
    if isinstance(value, str):
        digits = value.strip().lstrip("#")[:18]
        value = int(digits) if digits.isascii() and digits.isdigit() else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Unreadable(f"{field} is no number")
    if field == "level":
        return int(min(max(value, bounds.LEVELS[0]), bounds.LEVELS[-1]))
    if value != int(value) or not 0 < value < 2**63:
        raise _Unreadable(f"{field} is no number of a pull request or issue")
    return int(value)


def _member(value: Any, kind: type[Enum]) -> Enum:
    if isinstance(value, str):
        wanted = _folded(value[:100])
        for member in kind:
            if _folded(str(member.value)) == wanted:
                return member
    raise _Unreadable(f"{str(value)[:40]!r} is not one of {', '.join(str(member.value) for member in kind)}")


def _folded(value: str) -> str:
    return "-".join(value.strip().lower().replace("_", " ").replace("-", " ").split())


def _absent(kind: Any) -> Any:
    """What stands for a single claim or choice that could not be read."""
    if kind is Attention:
        return Attention.NORMAL
    return kind(**{field: "" if part is str else () for field, part in _hints(kind).items()})


_NAMES = {
    key
    for key, _ in bounds.LENGTHS.items()
    if key[1] in {"where", "path", "name", "threads", "thread", "id", "pulls", "pull"}
}


def _redacted(claims: T) -> T:
    """``claims`` without secrets; looked at once as a whole, for there are hardly ever any (R91)."""
    dumped = claims.model_dump()
    if not redact("\n\n".join(_strings(dumped)))[1]:
        return claims
    return type(claims).model_validate(_cleansed(dumped))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in cast("Iterable[Any]", value):
            yield from _strings(item)


def _cleansed(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)[0]
    if isinstance(value, dict):
        return {key: _cleansed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_cleansed(item) for item in value)
    return value
