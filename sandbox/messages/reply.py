"""Replies: what the stand-in answers to one request, and how the answer may go wrong on its way."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Reply:
    """One reply, streamed if the request wants it.

    ``text`` stands in one block of text, after the ``blocks`` that are given. ``usage`` overrides single
    counts. With a ``status`` other than 200, or a ``raw`` body, that body is sent and nothing else.

    ``stall`` says where the server falls silent, for ``seconds``: ``connect`` (before the head),
    ``head`` (after it), ``start``, ``text`` (in the middle of it), ``delta`` (before the stop reason) or
    ``stop`` (before the last event). ``pings`` are sent while it is silent. ``error_after`` sends an
    error event after so many events. ``cut`` ends the connection after so many bytes of the stream,
    in order if ``cut_cleanly``.
    """

    text: str = ""
    stop_reason: str | None = "end_turn"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[Mapping[str, Any], ...] = ()
    usage: Mapping[str, Any] = field(default_factory=dict)
    raw: bytes | None = None
    stall: str = ""
    seconds: float = 0.0
    pings: bool = False
    error_after: int | None = None
    error_type: str = "overloaded_error"
    cut: int | None = None
    cut_cleanly: bool = False


def answer(value: object, **fields: Any) -> Reply:
    """A finished answer: a text as it is, anything else as JSON."""
    return Reply(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False), **fields)


def refusal(**fields: Any) -> Reply:
    """The model refuses, after a few words."""
    return Reply("I can", stop_reason="refusal", **fields)


def truncated(text: str = '{"summary": {"text": "The chan', **fields: Any) -> Reply:
    """The answer is cut off at the most tokens that were allowed."""
    return Reply(text, stop_reason="max_tokens", **fields)


def tool_use(**fields: Any) -> Reply:
    """The model calls a tool that nobody gave it."""
    block = {"type": "tool_use", "id": "toolu_1", "name": "bash", "input": {}}
    return Reply(**{"stop_reason": "tool_use", "blocks": (block,), **fields})


def error(status: int, kind: str = "", message: str = "No.", **fields: Any) -> Reply:
    """An error with the body of the real API; ``code`` is its ``error_code``, ``headers`` as given."""
    code = fields.pop("code", None)
    said: dict[str, Any] = {"type": kind or _KINDS.get(status, "api_error"), "message": message}
    if code is not None:
        said["details"] = {"error_code": code}
    body = {"type": "error", "error": said, "request_id": "req_stand_in"}
    return Reply(status=status, raw=json.dumps(body).encode(), **fields)


_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
