"""Faults that can be switched on while it runs: lost answers, errors, delays, stale reads and so on."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {
    "drop_before": "the connection is closed before the work",
    "drop_after": "the connection is closed after the work",
    "error": "status (500, 502, 503) instead of the work",
    "error_after": "the work is done, then status (502) is answered",
    "delay_before": "seconds before the work",
    "delay_after": "seconds after the work",
    "html": "an HTML page with status (200, 502) instead of the work",
    "truncated": "the work is done, half of the JSON is answered",
    "secondary": "status (403, 429) of the secondary limit, with retry_after or without",
    "graphql_limited": "a GraphQL answer of status 200 whose error is RATE_LIMITED",
    "unauthorized": "401, as if the token had been revoked",
    "redirect": "status (301, 302, 307) to location",
    "stale": "lists and GraphQL show the state of seconds ago",
}
_DRAW_BYTES = 8


@dataclass
class Fault:
    """A fault: for the next ``times`` matching requests, or each with ``probability``.

    ``methods`` and ``path`` (a regular expression searched in the path) narrow it; the first ``skip``
    matching requests go through. Raises ``ValueError`` for a kind it does not know.
    """

    kind: str
    times: int = 0
    probability: float = 0.0
    methods: tuple[str, ...] = ()
    path: str = ""
    skip: int = 0
    status: int = 502
    seconds: float = 0.0
    retry_after: str | None = None
    location: str = ""
    fired: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known are {', '.join(KINDS)}")
        self._pattern = re.compile(self.path)

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is of the kind this fault is narrowed to."""
        return (not self.methods or method in self.methods) and bool(self._pattern.search(path))


@dataclass
class Faults:
    """The faults that are on. Draws depend on seed, method, path and count, never on timing."""

    seed: int = 0
    active: list[Fault] = field(default_factory=list)
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, kind: str, **fields: Any) -> Fault:
        """Switch a fault on; see ``Fault`` for the fields."""
        fault = Fault(kind, **fields)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Switch every fault off."""
        self.active.clear()

    def forget(self) -> None:
        """Count requests from nothing again, so that a seed gives the same draws once more."""
        self._seen.clear()

    def hit(self, method: str, path: str) -> dict[str, Fault]:
        """The faults that strike this request, by kind, in the order they were switched on."""
        self._seen[method, path] += 1
        hits: dict[str, Fault] = {}
        for fault in self._striking(method, path):
            hits.setdefault(fault.kind, fault)
        return hits

    def _striking(self, method: str, path: str) -> Iterator[Fault]:
        """Every fault that strikes, counted as fired."""
        for index, fault in enumerate(self.active):
            if not fault.matches(method, path):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.times > 0:
                fault.times -= 1
            elif not self._draw(index, method, path) < fault.probability:
                continue
            fault.fired += 1
            yield fault

    def _draw(self, index: int, method: str, path: str) -> float:
        """A number from 0 to 1 that only depends on seed, fault, request and how often it came."""
        text = f"{self.seed} {index} {method} {path} {self._seen[method, path]}"
        head = hashlib.sha256(text.encode()).digest()[:_DRAW_BYTES]
        return int.from_bytes(head) / float(1 << 8 * _DRAW_BYTES)

    def dump(self) -> list[dict[str, Any]]:
        """The active faults as JSON-able values."""
        return [asdict(replace(fault)) for fault in self.active]
