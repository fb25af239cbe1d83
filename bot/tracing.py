"""Whether traces are wanted, by OpenTelemetry's own environment variables, and the opening of them."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.errors import UserError
from bot.traces import OFF

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.traces import Traces

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_HTTP = "http/protobuf"


def exporter_of(environ: Mapping[str, str]) -> str | None:
    """Give where traces go, ``otlp`` or ``console``; ``None`` if nobody asked for any.

    Raises ``UserError`` for an exporter or a protocol that PRHub does not speak.
    """
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    chosen = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    if not chosen:
        chosen = "otlp" if any(environ.get(name, "").strip() for name in _ENDPOINTS) else "none"
    if chosen not in {"otlp", "console", "none"}:
        raise UserError("OTEL_TRACES_EXPORTER is not one that PRHub has: write otlp, console or none.")
    spoken = next((found for name in _PROTOCOLS if (found := environ.get(name, "").strip())), _HTTP)
    if chosen == "otlp" and spoken != _HTTP:
        raise UserError(f"{_PROTOCOLS[1]} is not one that PRHub speaks: write {_HTTP}, or leave it out.")
    return None if chosen == "none" else chosen


@asynccontextmanager
async def open_traces(environ: Mapping[str, str], version: str) -> AsyncIterator[Traces]:
    """Give what makes spans until the end of the block; what is left then is sent within three seconds.

    Raises ``UserError`` if traces are wanted and cannot be had.
    """
    exporter = exporter_of(environ)
    if exporter is None:
        yield OFF
        return
    try:
        from bot.otel import otel_traces  # noqa: PLC0415 - an extra, which only those have who ask for it
    except ModuleNotFoundError as error:
        raise UserError(
            'The environment (OTEL_…) asks for traces, which need an extra: pip install "prhub[otel]", or '
            "set OTEL_TRACES_EXPORTER=none."
        ) from error
    traces = otel_traces(exporter, version)
    try:
        yield traces
    finally:
        await asyncio.to_thread(traces.close)
