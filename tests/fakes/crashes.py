"""Crashes between any two steps: a publisher's calls to the outside are counted, and one is the last."""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


class Crash(BaseException):
    """The process was killed here: no handler of errors runs."""


@dataclass
class Plan:
    """Counts the moments before and after each call; at the ``last`` one the process dies."""

    last: int
    moments: int = 0

    def step(self) -> None:
        """Live through a moment, or not."""
        if self.moments == self.last:
            raise Crash
        self.moments += 1


class Mortal:
    """Passes every call on to ``inner`` and dies by plan; pages of a list are not counted one by one."""

    def __init__(self, inner: Any, plan: Plan) -> None:
        self._inner = inner
        self._plan = plan

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        if name == "getiter":
            return self._listing(method)

        @wraps(method)
        async def counted(*arguments: Any, **named: Any) -> Any:
            self._plan.step()
            answer = await method(*arguments, **named)
            self._plan.step()
            return answer

        return counted

    def _listing(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            self._plan.step()
            return method(*arguments, **named)

        return counted


class Standing:
    """A writer that stands still once, before its first POST is sent or after it was answered."""

    def __init__(self, inner: Any, meanwhile: Callable[[], Awaitable[object]], *, sent: bool) -> None:
        self._inner = inner
        self._meanwhile: Callable[[], Awaitable[object]] | None = meanwhile
        self._sent = sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def post(self, *arguments: Any, **named: Any) -> Any:
        """Send a POST, and let others work before or after it."""
        if not self._sent:
            await self._stand()
        answer = await self._inner.post(*arguments, **named)
        if self._sent:
            await self._stand()
        return answer

    async def _stand(self) -> None:
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            await meanwhile()
