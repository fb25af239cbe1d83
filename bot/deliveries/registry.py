"""How handlers are marked with the events they are for, and collected into a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from bot.deliveries.policy import Policy
from bot.model import Delivery, Trigger

Handler = Callable[[Delivery, Policy], Trigger | None]


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and the names, ``event.action``, that lead to it."""

    names: tuple[str, ...]
    handler: Handler


def on(*names: str) -> Callable[[Handler], Route]:
    """Mark a handler with its names. Nothing is registered: the mark is the returned value."""
    return lambda handler: Route(names, handler)


def routes(*modules: ModuleType) -> Mapping[str, Handler]:
    """Collect the routes of ``modules`` into one table; a name used twice is a ``ValueError``."""
    table: dict[str, Handler] = {}
    for route in (value for module in modules for value in vars(module).values() if isinstance(value, Route)):
        for name in route.names:
            if name in table:
                raise ValueError(f"two handlers for {name}")
            table[name] = route.handler
    return MappingProxyType(table)
