"""The request: a question as the body of one call of the Messages API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.llm.access import ModelSettings
    from bot.llm.question import Question

# Bytes of UTF-8 for a token, at least: three for code and prose, and one sign of Chinese is three bytes.
_BYTES_PER_TOKEN = 3
# What the server adds to a request that asks for a form, in tokens: some hundred.
SERVERS_OWN = 1_000

_IN_WORDS = (
    "Answer with one JSON object and nothing else: no words before or after it, no code fence."
    " It must keep to this JSON Schema:"
)


def body(question: Question, settings: ModelSettings, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body for a question; ``schema`` is its shape as the API takes it.

    Never with tools, servers or containers (R77). The system prompt is marked for the cache. In the
    structure ``prompt`` the schema stands in words after what is asked, and no option is sent that an
    old server may not know.
    """
    in_words = settings.structured == "prompt"
    ask = (
        f"{question.ask}\n\n{_IN_WORDS}\n{json.dumps(schema, ensure_ascii=False)}"
        if in_words
        else question.ask
    )
    built: dict[str, Any] = {
        "model": settings.name_of(question.size),
        "max_tokens": question.max_output_tokens,
        "system": [_text(question.system, cache_control={"type": "ephemeral"})],
        "messages": [
            {"role": "user", "content": [_text(part) for part in (question.data, ask) if part.strip()]}
        ],
    }
    if not in_words:
        built["output_config"] = _output(question, settings, schema)
    return built


def _output(question: Question, settings: ModelSettings, schema: Mapping[str, Any]) -> dict[str, Any]:
    output: dict[str, Any] = {"format": {"type": "json_schema", "schema": dict(schema)}}
    effort = settings.effort_of(question.size)
    if effort is not None:
        output["effort"] = effort
    return output


def _text(text: str, **more: object) -> dict[str, Any]:
    # Half a pair of surrogates cannot be sent: the request would fail before it left.
    return {"type": "text", "text": text.encode("utf-8", "replace").decode("utf-8"), **more}


def estimate(question: Question) -> int:
    """Give the input tokens of a question, rather too many than too few; its schema is not counted."""
    texts = (question.system, question.data, question.ask)
    return sum(len(text.encode("utf-8", "replace")) for text in texts) // _BYTES_PER_TOKEN


def most(body: Mapping[str, Any]) -> int:
    """Give the most tokens that a request can come to, in and out; never less than what is charged.

    A token is at least one byte of what is sent, whatever the text and whoever wrote it; ``max_tokens``
    bounds the answer, with what is thought before it.
    """
    return len(json.dumps(body, ensure_ascii=False).encode()) + SERVERS_OWN + int(body["max_tokens"])


def least(question: Question) -> int:
    """Give tokens that ``most`` of a question's request is never below, without making the request."""
    texts = (question.system, question.data, question.ask)
    return sum(len(text.encode("utf-8", "replace")) for text in texts) + question.max_output_tokens
