"""GitHub's documented rate limits, per installation: primary, secondary, and on new content."""

from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.refused import Refused

if TYPE_CHECKING:
    from sandbox.state import State

_MINUTE = 60.0
_HOUR = 3600.0
_READ_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."


@dataclass(frozen=True)
class LimitSettings:
    """The limits; ``scale`` divides every period, ``secondary=False`` leaves only the primary ones.

    Numbers: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """

    secondary: bool = True
    scale: float = 1.0
    content_per_minute: int = 80
    content_per_hour: int = 500
    points_per_minute: int = 900
    graphql_points_per_minute: int = 2000
    concurrent: int = 100
    primary_per_hour: int = 5000


STRICT = LimitSettings()
LENIENT = LimitSettings(secondary=False)


def points_of(method: str) -> int:
    """What a REST request costs against the points a minute."""
    return 1 if method in _READ_METHODS else 5


class _Window:
    """A sliding window: what was spent in the last ``period`` seconds, at most ``limit``."""

    def __init__(self, period: float, limit: int) -> None:
        self._period = period
        self._limit = limit
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0

    def wait(self, now: float, amount: int) -> float:
        """Seconds until ``amount`` fits; 0 if it does now."""
        while self._spent and self._spent[0][0] <= now - self._period:
            self._sum -= self._spent.popleft()[1]
        excess = self._sum + amount - self._limit
        for at, spent in self._spent:
            if excess <= 0:
                break
            excess -= spent
            if excess <= 0:
                return at + self._period - now
        return 0.0

    def spend(self, now: float, amount: int) -> None:
        """Note what was spent."""
        self._spent.append((now, amount))
        self._sum += amount


class Limits:
    """The counters of every bucket (an installation, a user, or the app itself)."""

    def __init__(self, settings: LimitSettings, state: State) -> None:
        self.settings = settings
        self.refused: Counter[str] = Counter()
        self._state = state
        self._windows: dict[tuple[str, str], _Window] = {}
        self._primary: dict[tuple[str, str], tuple[float, int]] = {}
        self._running: Counter[str] = Counter()

    def enter(self, bucket: str) -> None:
        """A request begins; raises ``Refused`` if too many are running."""
        if self.settings.secondary and self._running[bucket] >= self.settings.concurrent:
            raise self._secondary("concurrent", 1.0)
        self._running[bucket] += 1

    def leave(self, bucket: str) -> None:
        """A request that entered has ended."""
        self._running[bucket] -= 1

    def admit(self, bucket: str, method: str, resource: str, *, content: bool) -> None:
        """Count a request against every limit; raises ``Refused`` at the first that is used up."""
        now = self._state.clock()
        start, used = self._hour(bucket, resource, now)
        if used >= self.settings.primary_per_hour:
            raise self._used_up(bucket, resource)
        if self.settings.secondary:
            self._admit_secondary(bucket, method, resource, now, content=content)
        self._primary[bucket, resource] = (start, used + (resource == "core"))

    def charge(self, bucket: str, resource: str, amount: int) -> None:
        """Add to what was used of the primary limit: a query's cost, or -1 for an unchanged answer."""
        start, used = self._hour(bucket, resource, self._state.clock())
        self._primary[bucket, resource] = (start, used + amount)

    def rates(self, bucket: str, resource: str) -> dict[str, Any]:
        """Limit, what was used and is left of it, and when it begins anew (seconds since the epoch)."""
        start, used = self._hour(bucket, resource, self._state.clock())
        limit = self.settings.primary_per_hour
        return {
            "limit": limit,
            "remaining": max(0, limit - used),
            "reset": math.ceil(start + _HOUR / self.settings.scale),
            "used": used,
            "resource": resource,
        }

    def headers(self, bucket: str, resource: str) -> dict[str, str]:
        """The ``x-ratelimit-*`` headers."""
        rates = self.rates(bucket, resource)
        return {f"X-RateLimit-{name.capitalize()}": str(value) for name, value in rates.items()}

    def _hour(self, bucket: str, resource: str, now: float) -> tuple[float, int]:
        """When the present hour of the primary limit began, and what was used in it."""
        start, used = self._primary.get((bucket, resource), (now, 0))
        over = now - start >= _HOUR / self.settings.scale
        self._primary[bucket, resource] = (now, 0) if over else (start, used)
        return self._primary[bucket, resource]

    def _admit_secondary(self, bucket: str, method: str, resource: str, now: float, *, content: bool) -> None:
        """The points a minute and the content limits."""
        graphql = resource == "graphql"
        limit = self.settings.graphql_points_per_minute if graphql else self.settings.points_per_minute
        wanted = [(resource, _MINUTE, limit, 1 if graphql else points_of(method))]
        if content:
            wanted.append(("content a minute", _MINUTE, self.settings.content_per_minute, 1))
            wanted.append(("content an hour", _HOUR, self.settings.content_per_hour, 1))
        windows = []
        for name, period, most, amount in wanted:
            window = self._windows.setdefault((bucket, name), _Window(period / self.settings.scale, most))
            windows.append((window, amount))
            wait = window.wait(now, amount)
            if wait > 0:
                raise self._secondary(name, wait)
        for window, amount in windows:
            window.spend(now, amount)

    def _used_up(self, bucket: str, resource: str) -> Refused:
        """The refusal of the primary limit: 403, but for GraphQL 200 with a typed error."""
        self.refused["primary"] += 1
        message = f"API rate limit exceeded for {bucket.replace('-', ' ID ', 1)}."
        headers = self.headers(bucket, resource)
        if resource == "graphql":
            error = {"type": "RATE_LIMITED", "message": message}
            return Refused(200, message, errors=[error], headers=headers)
        return Refused(403, message, headers=headers)

    def _secondary(self, name: str, wait: float) -> Refused:
        """The refusal, with 403 and 429 in turn, as GitHub uses both."""
        self.refused[name] += 1
        status = 403 if sum(self.refused.values()) % 2 else 429
        return Refused(status, _SECONDARY, headers={"Retry-After": str(max(1, math.ceil(wait)))})
