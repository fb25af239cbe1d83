"""Asked: one request to the stand-in, in full, and what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_KNOWN = {"model", "max_tokens", "system", "messages", "output_config", "stream"}
_VERSIONS = {"2026-10-21", "2023-06-01"}
_EFFORTS = {"low", "medium", "high", "xhigh", "max"}


@dataclass(frozen=True)
class Asked:
    """A request: headers with lower-case names, and the body. ``number`` counts from 1."""

    number: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    at: float = 0.0
    violations: tuple[str, ...] = field(default=())

    @property
    def model(self) -> str:
        """The name of the model that is asked."""
        return str(self.body.get("model", ""))

    @property
    def system(self) -> str:
        """The text of the system prompt."""
        return _texts(self.body.get("system"))[0]

    @property
    def parts(self) -> list[str]:
        """The texts of the user's turn: first the data, last what is asked."""
        turns = self.body.get("messages") or [{}]
        return _texts(turns[0].get("content"))

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of the answer, from the options or from the words of the question; else empty."""
        given = (self.body.get("output_config") or {}).get("format", {}).get("schema")
        if isinstance(given, dict):
            return given
        last = self.parts[-1]
        start = last.find('{"')
        try:
            found, _ = json.JSONDecoder().raw_decode(last[start:]) if start >= 0 else ({}, 0)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


def _texts(content: Any) -> list[str]:
    if isinstance(content, str):
        return [content]
    return [block.get("text", "") for block in content or [{}]]


def violations(headers: Mapping[str, str], body: Mapping[str, Any]) -> tuple[str, ...]:
    """What this bot must not send, or must and did not (R76, R77)."""
    found = [f"unknown key {key}" for key in body if key not in _KNOWN]
    if not headers.get("authorization", "").startswith("Bearer ") and not headers.get("x-api-key"):
        found.append("no key")
    if headers.get("anthropic-version") not in _VERSIONS:
        found.append("no known anthropic-version")
    if not isinstance(body.get("max_tokens"), int) or not 1 <= body["max_tokens"] <= 64_000:
        found.append("max_tokens out of bounds")
    return (*found, *_turns(body), *_options(body))


def _turns(body: Mapping[str, Any]) -> list[str]:
    turns, system = body.get("messages") or [], body.get("system") or [{}]
    found = [] if [turn.get("role") for turn in turns] == ["user"] else ["not a single turn of a user"]
    if any(not text.strip() for turn in turns for text in _texts(turn.get("content"))):
        found.append("an empty text")
    if isinstance(system, str) or system[-1].get("cache_control") != {"type": "ephemeral"}:
        found.append("the system prompt is not marked for the cache")
    return found


def _options(body: Mapping[str, Any]) -> list[str]:
    options = body.get("output_config")
    if options is None:
        return []
    found = [f"unknown option {key}" for key in options if key not in {"format", "effort"}]
    if options.get("effort", "low") not in _EFFORTS:
        found.append("unknown effort")
    if options.get("format", {}).get("type") != "json_schema":
        found.append("no schema")
    return found
