"""Reply: what came back of one request, gathered event by event from whatever a server sends."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bot.model import Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

# Counts come from a server; more than this nobody was ever sent.
_MOST = 2**40
_ID_LENGTH = 64
_COUNTS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


@dataclass(frozen=True)
class Fault:
    """The server said no: an HTTP status (200 for an error inside a stream), and its words for it."""

    status: int
    type: str = ""
    code: str = ""
    message: str = ""


@dataclass(frozen=True)
class Broken:
    """No whole answer came: nothing was sent, nobody reached, it stalled, or it was cut off or garbled."""

    how: Literal["unsent", "unreachable", "stalled", "cut"]
    cause: str = ""


@dataclass
class Reply:
    """One answer, whole or not. ``trouble`` says why it is none; ``stop_reason`` is empty until it ended.

    ``has_begun`` says whether a head came that promises an answer.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    stop_reason: str = ""
    used_tools: bool = False
    has_begun: bool = False
    trouble: Fault | Broken | None = None

    @property
    def text(self) -> str:
        """All text of the answer; what the model thought is not part of it."""
        return "".join(self.parts)

    @property
    def usage(self) -> Usage:
        """What the server said that it costs; input from and to the cache counts as input."""
        read, written = self._count("cache_read_input_tokens"), self._count("cache_creation_input_tokens")
        return Usage(
            calls=1,
            tokens_in=self._count("input_tokens") + read + written,
            tokens_out=self._count("output_tokens"),
            cache_read=read,
            cache_written=written,
        )

    @property
    def request_id(self) -> str:
        """The server's name for the request, for a question to its support."""
        given = self.headers.get("request-id") or self.headers.get("x-amzn-requestid") or ""
        return "".join(letter for letter in given[:_ID_LENGTH] if letter.isascii() and letter.isprintable())

    def take(self, event: object) -> None:
        """Add one event of a stream; one of an unknown type is passed over.

        Raises ``ValueError`` if it says what no server of this kind says.
        """
        kind = getattr(event, "type", None)
        if kind == "message_start":
            self._measure(getattr(getattr(event, "message", None), "usage", None))
        elif kind == "content_block_start":
            self._begin(getattr(event, "content_block", None))
        elif kind == "content_block_delta":
            self._extend(getattr(event, "delta", None))
        elif kind == "message_delta":
            self._measure(getattr(event, "usage", None))
            self._stop(getattr(getattr(event, "delta", None), "stop_reason", None))

    def _begin(self, block: object) -> None:
        kind = getattr(block, "type", None)
        if kind == "text":
            self._append(getattr(block, "text", None))
        elif kind not in {"thinking", "redacted_thinking"}:
            self.used_tools = True

    def _extend(self, delta: object) -> None:
        if getattr(delta, "type", None) == "text_delta":
            self._append(getattr(delta, "text", None))

    def _append(self, text: object) -> None:
        if not isinstance(text, str):
            raise ValueError("a part of the answer is no text")  # noqa: TRY004 - the server's fault, not a type of ours
        self.parts.append(text)

    def _stop(self, reason: object) -> None:
        if isinstance(reason, str) and reason:
            self.stop_reason = reason[:_ID_LENGTH]

    def _measure(self, usage: object) -> None:
        """Take the counts that are given: those at the end stand for the whole, and win."""
        for name in _COUNTS:
            count = getattr(usage, name, None)
            if isinstance(count, int) and not isinstance(count, bool):
                self.counts[name] = min(max(count, 0), _MOST)

    def _count(self, name: str) -> int:
        return self.counts.get(name, 0)
