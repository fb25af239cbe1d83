"""Logs: one line for each event, as JSON for machines or coloured for a terminal."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from bot.settings import Settings

# SQLAlchemy's parameters, pydantic's input, PostgreSQL's row: each to the end of its line.
_QUOTED = re.compile(r"(\[parameters:|\binput_value=|\bDETAIL:)[^\n]*")


def set_up_logs(settings: Settings) -> None:
    """Send structlog's and the libraries' logs to standard error, in the settings' form and level."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    as_json = settings.log_format == "json" or (settings.log_format is None and not sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _without_values,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    # JSON escapes line breaks and control characters, so that no title can forge a line (R115).
    # Plain tracebacks: pretty ones show local variables, and with them tokens (R114).
    console = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    renderer: Any = structlog.processors.JSONRenderer() if as_json else console
    if not as_json:
        shared.append(_on_one_line)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("prhub").setLevel(level)


def _on_one_line(_logger: Any, _name: str, event: Any) -> Any:
    """Escape what would move a terminal's cursor; a traceback keeps its lines."""
    for name, value in event.items():
        if isinstance(value, str):
            kept = "\n" if name == "exception" else ""
            event[name] = "".join(c if c.isprintable() or c in kept else ascii(c)[1:-1] for c in value)
    return event


def _without_values(_logger: Any, _name: str, event: Any) -> Any:
    """Take out what databases and validators quote in their errors: it may be anybody's text."""
    for name in ("event", "exception"):
        said = event.get(name)
        if isinstance(said, str):
            event[name] = _QUOTED.sub(r"\1 not shown", said)
    return event
