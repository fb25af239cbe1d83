"""Plausible answers: to whatever schema is asked for, with true quotes from the data of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.messages import claims
from sandbox.messages.material import material
from sandbox.messages.reply import Reply, answer

if TYPE_CHECKING:
    from sandbox.messages.asked import Asked
    from sandbox.messages.material import Material

_DEPTH = 8


def plausible(asked: Asked) -> Reply:
    """An honest answer: what it says of the change, the quoted lines bear out."""
    return answer(claim(asked))


def claim(asked: Asked) -> Any:
    """The value of that answer."""
    schema = asked.schema
    return _value(schema, schema.get("$defs", {}), material(asked.parts), 0)


def _value(schema: dict[str, Any], defs: dict[str, Any], known: Material, depth: int) -> Any:
    schema = _resolved(schema, defs)
    made = claims.one(schema.get("title", ""), known)
    if made is not None:
        return made
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _value(schema["anyOf"][0], defs, known, depth + 1)
    return _of_type(schema, defs, known, depth)


def _of_type(schema: dict[str, Any], defs: dict[str, Any], known: Material, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object" and depth < _DEPTH:
        properties = schema.get("properties", {})
        return {key: _field(key, inner, defs, known, depth) for key, inner in properties.items()}
    if kind == "array":
        return []
    return {"string": "", "integer": 0, "number": 0, "boolean": False, "object": {}}.get(str(kind))


def _field(key: str, schema: dict[str, Any], defs: dict[str, Any], known: Material, depth: int) -> Any:
    items = schema.get("items")
    if schema.get("type") != "array" or not isinstance(items, dict):
        return _value(schema, defs, known, depth + 1)
    inner = _resolved(items, defs)
    options = {
        name: _resolved(each, defs).get("enum", []) for name, each in inner.get("properties", {}).items()
    }
    return claims.several(key, inner.get("title", ""), options, known)


def _resolved(schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found = defs.get(name, {}) if name else schema
    return found if isinstance(found, dict) else {}
