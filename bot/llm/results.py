"""Results: what came of each question of a batch, read line by line from whatever a server sends."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from bot.llm.reply import Fault, Reply

_TRANSIENT = frozenset({"expired", "canceled"})


@dataclass(frozen=True)
class Result:
    """One line: the id that we gave, and the answer. ``unasked`` says why there is none: it costs nothing."""

    id: str
    reply: Reply
    unasked: str = ""


def parse_results(text: str) -> list[Result]:
    """Read the lines of a file of results; a line that is none is passed over."""
    return [result for line in text.split("\n") if (result := _result(line)) is not None]


def _result(line: str) -> Result | None:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    given = data if isinstance(data, dict) else {}
    name, result = given.get("custom_id"), given.get("result")
    if not isinstance(name, str) or not isinstance(result, dict):
        return None
    kind = result.get("type")
    if kind == "succeeded":
        reply = _reply(result.get("message"))
        return Result(name, reply) if reply is not None else Result(name, Reply(), "failed")
    if kind == "errored":
        return Result(name, Reply(trouble=_fault(result.get("error"))))
    return Result(name, Reply(), kind if kind in _TRANSIENT else "failed")


def _reply(message: Any) -> Reply | None:
    """Make a reply of a message as JSON; ``None`` if it is none."""
    if not isinstance(message, dict):
        return None
    reply = Reply(has_begun=True)
    blocks = message.get("content")
    usage = SimpleNamespace(**_named(message.get("usage")))
    stop = SimpleNamespace(stop_reason=message.get("stop_reason"))
    try:
        for block in blocks if isinstance(blocks, list) else []:
            part = SimpleNamespace(**_named(block))
            reply.take(SimpleNamespace(type="content_block_start", content_block=part))
        reply.take(SimpleNamespace(type="message_delta", usage=usage, delta=stop))
    except ValueError:
        return None
    return reply


def _named(value: Any) -> dict[str, Any]:
    return {str(name): part for name, part in value.items()} if isinstance(value, dict) else {}


def _fault(error: Any) -> Fault:
    """Take over what an error says; a batch has no status, and the type's is taken."""
    outer = _named(error)
    inner = _named(outer.get("error")) or outer
    kind, said = inner.get("type"), inner.get("message")
    return Fault(
        200, kind[:200] if isinstance(kind, str) else "", "", said[:2000] if isinstance(said, str) else ""
    )
