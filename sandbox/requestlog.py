"""A log of every request, for tests to count: what was asked, by whom, and how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Record:
    """One request. ``path`` is the template; ``permission`` names those that let the caller in.

    ``status`` is what the stand-in decided, even if a fault (named in ``faults``) lost the answer.
    ``narrowed`` says whether the token was for this one repository only.
    """

    method: str
    path: str
    url: str
    status: int = 0
    caller: str | None = None
    permission: str | None = None
    repository: str | None = None
    operation: str | None = None
    cost: int | None = None
    faults: tuple[str, ...] = ()
    narrowed: bool | None = None
    at: float = 0.0

    @property
    def line(self) -> str:
        """Method and template, as tests compare it."""
        return f"{self.method} {self.path}"


@dataclass
class RequestLog:
    """All requests in order; ``unknown`` lists what the stand-in did not know and must stay empty."""

    records: list[Record] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def count(self, line: str, wanted: Callable[[Record], bool] = lambda _: True) -> int:
        """How many requests had this method and template, such as ``GET /repos/{owner}/{repo}``."""
        return sum(record.line == line and wanted(record) for record in self.records)

    def lines(self) -> Counter[str]:
        """How many requests each method and template had."""
        return Counter(record.line for record in self.records)

    def statuses(self) -> Counter[int]:
        """How many requests ended with each status."""
        return Counter(record.status for record in self.records)

    def clear(self) -> None:
        """Forget everything."""
        self.records.clear()
        self.unknown.clear()
