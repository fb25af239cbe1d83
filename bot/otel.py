"""Traces by OpenTelemetry, set up by its own environment variables; imported only where they ask for it.

The trace of a delivery has ids that are computed from the delivery's, so that work which another process
takes up days later goes on in the same trace, and nothing has to be stored for it.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
    use_span,
)

from bot.traces import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import SpanProcessor
    from opentelemetry.trace import Span as OtelSpan

    from bot.traces import Span

# What is still to be sent gets this long when the process stops (R36: 20 s for everything).
CLOSING_SECONDS = 3.0
_KINDS = {Side.SERVER: SpanKind.SERVER, Side.CLIENT: SpanKind.CLIENT, Side.INTERNAL: SpanKind.INTERNAL}
_wanted: ContextVar[tuple[int, int] | None] = ContextVar("prhub_wanted_ids", default=None)


def ids_of(origin: str) -> tuple[int, int]:
    """Compute the ids of the trace that an origin begins, and of its first span; neither is 0."""
    digest = hashlib.sha256(b"prhub\0" + origin.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:16]) or 1, int.from_bytes(digest[16:24]) or 1


class _Ids(RandomIdGenerator):
    """Random ids, but for the first span of a trace whose ids are wanted."""

    def generate_trace_id(self) -> int:
        wanted = _wanted.get()
        return super().generate_trace_id() if wanted is None else wanted[0]

    def generate_span_id(self) -> int:
        wanted = _wanted.get()
        return super().generate_span_id() if wanted is None else wanted[1]


class _Told:
    """A span as the stages see it."""

    def __init__(self, span: OtelSpan) -> None:
        self._span = span

    def set(self, **attributes: Any) -> None:
        for name, value in attributes.items():
            if value is not None:
                self._span.set_attribute(name, value)

    def failed(self, kind: str) -> None:
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))


class OtelTraces:
    """Makes spans, and hands them to a processor; other libraries' spans do not come here."""

    def __init__(self, processor: SpanProcessor, version: str) -> None:
        resource = Resource.create({"service.version": version})
        if str(resource.attributes.get("service.name", "")).startswith("unknown_service"):
            resource = resource.merge(Resource({"service.name": "prhub"}))
        # Not the process's global provider: what the engine or the model's SDK would put into spans of
        # their own (inputs, contents) is not ours to judge.
        self._provider = TracerProvider(resource=resource, id_generator=_Ids(), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("prhub", version)

    @contextmanager
    def span(self, name: str, side: Side = Side.INTERNAL, **attributes: Any) -> Iterator[Span]:
        """Give a span inside the one around."""
        with self._while(self._tracer.start_span(name, None, _KINDS[side]), attributes) as span:
            yield span

    @contextmanager
    def begin(self, origin: str, name: str, side: Side = Side.INTERNAL, **attributes: Any) -> Iterator[Span]:
        """Give the first span of the trace of an origin."""
        token = _wanted.set(ids_of(origin))
        try:
            first = self._tracer.start_span(name, Context(), _KINDS[side])
        finally:
            _wanted.reset(token)
        with self._while(first, attributes) as span:
            yield span

    @contextmanager
    def go_on(self, origin: str, name: str, **attributes: Any) -> Iterator[Span]:
        """Give a span of the trace of an origin, under its first span."""
        trace_id, span_id = ids_of(origin)
        flags = TraceFlags(TraceFlags.SAMPLED)
        first = NonRecordingSpan(SpanContext(trace_id, span_id, is_remote=True, trace_flags=flags))
        begun = self._tracer.start_span(name, set_span_in_context(first, Context()))
        with self._while(begun, attributes) as span:
            yield span

    @contextmanager
    def _while(self, span: OtelSpan, attributes: dict[str, Any]) -> Iterator[_Told]:
        # The error's own words may quote anything: only its kind is told.
        with use_span(span, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            told = _Told(span)
            told.set(**attributes)
            try:
                yield told
            except Exception as error:
                told.failed(type(error).__name__)
                raise

    def close(self) -> None:
        """Send what is left, for three seconds at most. Blocks."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(CLOSING_SECONDS)


def otel_traces(exporter: str, version: str) -> OtelTraces:
    """Give traces to ``otlp`` (where OTEL_EXPORTER_OTLP_ENDPOINT says) or ``console``."""
    chosen = ConsoleSpanExporter() if exporter == "console" else OTLPSpanExporter()
    return OtelTraces(BatchSpanProcessor(chosen), version)
