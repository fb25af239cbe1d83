"""The circuit breaker: a server that fails repeatedly is left alone, then asked once, then more and more."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# R100.
FAILURES = 5
WITHIN = 60.0
OPEN_SECONDS = 120.0
# How long others are sent away for while a probe is under way.
PROBE_SECONDS = 10.0


@dataclass
class Breaker:
    """Whether a server may be asked; ``clock`` gives seconds, ``most`` is the most calls at the same time.

    ``room`` is how many calls may run at the same time: all of ``most`` as a rule, one after the
    circuit was open, and one more after each success from then on (R102).
    """

    most: int
    clock: Callable[[], float]
    room: int = field(init=False)
    _ends: deque[tuple[float, bool]] = field(default_factory=lambda: deque(maxlen=1_000), init=False)
    _open_until: float | None = field(default=None, init=False)
    _is_probing: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.room = self.most

    def away_for(self) -> float:
        """Give the seconds until the server may be asked; 0 when it may be now."""
        if self._open_until is None:
            return 0.0
        left = self._open_until - self.clock()
        if left > 0:
            return left
        return PROBE_SECONDS if self._is_probing else 0.0

    def begin(self) -> bool:
        """Note that a call begins; tell whether it is the one that probes a server that was away."""
        if self._open_until is None:
            return False
        self._is_probing = True
        return True

    def succeeded(self, *, is_probe: bool) -> None:
        """Note an answer, of whatever kind; one to an earlier call does not close an open circuit."""
        if is_probe:
            self._open_until, self._is_probing = None, False
            self._ends.clear()
            self.room = 1
        elif self._open_until is None:
            self._ends.append((self.clock(), True))
            self.room = min(self.room + 1, self.most)

    def failed(self, *, is_probe: bool) -> bool:
        """Note a failure; tell whether the circuit opened by it.

        It opens at five failures within a minute, if they are at least half of the calls: a server that
        sometimes fails is worth asking.
        """
        now = self.clock()
        if is_probe:
            self._open_until, self._is_probing = now + OPEN_SECONDS, False
            return True
        if self._open_until is not None:
            return False
        self._ends.append((now, False))
        recent = [went_well for at, went_well in self._ends if at > now - WITHIN]
        failures = recent.count(False)
        if failures < FAILURES or failures * 2 < len(recent):
            return False
        self._open_until = now + OPEN_SECONDS
        return True

    def gave_up(self, *, is_probe: bool) -> None:
        """Note a call that ended without telling anything of the server; the next one probes instead."""
        if is_probe:
            self._is_probing = False

    def slow_down(self) -> None:
        """Begin with one call at a time again: the server asked for less."""
        self.room = 1
