"""Events: a reply as the stream of server-sent events, or as one message, of the real API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sandbox.messages.asked import Asked
    from sandbox.messages.reply import Reply

_PIECE = 60


def message(asked: Asked, reply: Reply, usage: Mapping[str, Any]) -> dict[str, Any]:
    """The reply as one message."""
    text = [{"type": "text", "text": reply.text}] if reply.text else []
    return {
        "id": f"msg_{asked.number}",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [*reply.blocks, *text],
        "stop_reason": reply.stop_reason,
        "stop_sequence": None,
        "usage": dict(usage),
    }


def stream(asked: Asked, reply: Reply, usage: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The reply as events: each with the place a stall may have (before it), and its bytes."""
    whole = message(asked, reply, usage)
    begun = {**usage, "output_tokens": 1}
    first = {**whole, "content": [], "stop_reason": None, "usage": begun}
    yield "head", event("message_start", message=first)
    yield "start", event("ping")
    for index, block in enumerate(whole["content"]):
        yield from _block(index, block)
    ended = {"stop_reason": reply.stop_reason, "stop_sequence": None}
    yield "delta", event("message_delta", delta=ended, usage={"output_tokens": usage["output_tokens"]})
    yield "stop", event("message_stop")


def _block(index: int, block: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    if block["type"] != "text":
        yield "", event("content_block_start", index=index, content_block=dict(block))
    else:
        yield "", event("content_block_start", index=index, content_block={"type": "text", "text": ""})
        pieces = [block["text"][at : at + _PIECE] for at in range(0, len(block["text"]), _PIECE)]
        for number, piece in enumerate(pieces):
            place = "text" if number == len(pieces) // 2 else ""
            yield (
                place,
                event("content_block_delta", index=index, delta={"type": "text_delta", "text": piece}),
            )
    yield "", event("content_block_stop", index=index)


def event(kind: str, **fields: Any) -> bytes:
    """One server-sent event."""
    data = json.dumps({"type": kind, **fields}, ensure_ascii=False)
    return f"event: {kind}\ndata: {data}\n\n".encode()
