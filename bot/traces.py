"""Traces: what a piece of work spent its time on, told to whoever collects it; nothing unless configured."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager


class Side(StrEnum):
    """What a span is: a request that came in, one that went out, or a part of the work."""

    SERVER = "server"
    CLIENT = "client"
    INTERNAL = "internal"


class Span(Protocol):
    """One span while it lasts."""

    def set(self, **attributes: Any) -> None:
        """Add attributes; ``None`` says nothing."""

    def failed(self, kind: str) -> None:
        """Say that it failed, with the kind of the error and without its words."""


class Traces(Protocol):
    """Makes spans. No attribute may hold text of people's or a secret: names, numbers and kinds only."""

    def span(self, name: str, side: Side = Side.INTERNAL, **attributes: Any) -> AbstractContextManager[Span]:
        """Give a span until the end of the block, inside the one around; an error that leaves it marks it."""

    def begin(
        self, origin: str, name: str, side: Side = Side.INTERNAL, **attributes: Any
    ) -> AbstractContextManager[Span]:
        """Give the first span of the trace of ``origin``: a delivery's id, or a job's key without one."""

    def go_on(self, origin: str, name: str, **attributes: Any) -> AbstractContextManager[Span]:
        """Give a span of the trace that ``origin`` began, in whichever process and however much later."""


class _Silent:
    def set(self, **attributes: Any) -> None:
        """Say nothing."""

    def failed(self, kind: str) -> None:
        """Say nothing."""


_SILENT = _Silent()


class NoTraces:
    """Makes no spans."""

    @contextmanager
    def span(self, name: str, side: Side = Side.INTERNAL, **attributes: Any) -> Iterator[Span]:  # noqa: ARG002
        """Give a span that says nothing."""
        yield _SILENT

    @contextmanager
    def begin(
        self,
        origin: str,  # noqa: ARG002
        name: str,  # noqa: ARG002
        side: Side = Side.INTERNAL,  # noqa: ARG002
        **attributes: Any,  # noqa: ARG002
    ) -> Iterator[Span]:
        """Give a span that says nothing."""
        yield _SILENT

    @contextmanager
    def go_on(self, origin: str, name: str, **attributes: Any) -> Iterator[Span]:  # noqa: ARG002
        """Give a span that says nothing."""
        yield _SILENT


OFF: Traces = NoTraces()
