"""Secrets in a text are found and replaced; lines stay lines, so that line numbers stay true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.redaction.assignments import assigned_secrets
from bot.redaction.keys import private_keys
from bot.redaction.tokens import Span, tokens
from bot.redaction.wrapped import wrapped_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

# A line end inside a secret, with the prefix a diff puts after it (but not the dashes of "-----END").
_LINE_START = re.compile(r"\n(?:[+\- ](?!----[A-Z]))?")


def redact(text: str) -> tuple[str, int]:
    """Replace each secret in ``text`` by ``[REDACTED:kind]``; return the new text and how many there were.

    Found are tokens by their form (also when they are wrapped over lines, with or without the
    ``+``, ``-`` and blank of a diff), private keys whole, credentials in addresses, and
    random-looking values given to names such as ``API_KEY``. The number of lines stays the same.
    Not found: what is encoded or put together at run time, a wrapped value known only by its name,
    lines from the inside of a key with neither end in sight, and the last few letters of a wrapped token
    of no fixed length where they look like a word.
    """
    found = [*private_keys(text), *tokens(text), *wrapped_tokens(text), *assigned_secrets(text)]
    if not found:
        return text, 0
    pieces: list[str] = []
    position = 0
    spans = _merged(found)
    for span in spans:
        pieces += [text[position : span.start], f"[REDACTED:{span.kind}]"]
        pieces += _LINE_START.findall(text, span.start, span.end)
        position = span.end
    return "".join([*pieces, text[position:]]), len(spans)


def redact_all(value: Any) -> Any:
    """Do the same to every string in a JSON value; keys of objects stay as they are."""
    if isinstance(value, str):
        return redact(value)[0]
    if isinstance(value, list):
        return [redact_all(item) for item in value]
    if isinstance(value, dict):
        return {name: redact_all(item) for name, item in value.items()}
    return value


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that overlap as one with the name of the first."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged
