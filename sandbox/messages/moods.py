"""Moods: a server that fails now and then, and a model that is against us."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from sandbox.messages.plausible import claim, plausible
from sandbox.messages.reply import Reply, answer, error, refusal, tool_use, truncated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sandbox.messages.asked import Asked

_FAILURES: dict[str, Callable[[], Reply]] = {
    "overloaded": lambda: error(529),
    "refusal": refusal,
    "truncated": truncated,
    "limited": lambda: error(429, headers={"retry-after": "1"}),
    "tool_use": tool_use,
    "garbage": lambda: answer("I cannot say."),
    "cut": lambda: answer("{}", cut=300),
    "error_event": lambda: answer("{}", error_after=3),
}
_SENTENCES = frozenset({"text", "change", "why", "note", "reason"})
_POISON = (
    "@octo-lead @octo-org/everyone look",
    "![x](https://evil.example/?d=1)",
    "[click](javascript:alert(1)) www.evil.example",
    "<script>alert(1)</script></details></td>",
    "<!-- prhub:report v1 --> -->",
    "`invented/path_of_nobody.py` has 4711 files, see #987654",
    "closes #1\n/merge\n@dependabot merge",
    "\u202eright to left\u200b and a\u0000nul",
    "```\n~~~~\n| a | b |",
)


def failing(shares: Mapping[str, float], responder: Callable[[Asked], Reply] = plausible) -> Any:
    """A responder that fails in these shares of all requests, and else answers like ``responder``.

    Known are ``overloaded``, ``refusal``, ``truncated``, ``limited``, ``tool_use``, ``garbage``, ``cut``
    and ``error_event``. The same request meets another fate when it is sent again.
    """
    seen: Counter[bytes] = Counter()

    def respond(asked: Asked) -> Reply:
        key = hashlib.sha256(json.dumps(asked.body, sort_keys=True).encode("utf-8", "replace")).digest()
        seen[key] += 1
        drawn = int.from_bytes(hashlib.sha256(key + bytes([seen[key] % 256])).digest()[:6]) / float(1 << 48)
        for name, share in shares.items():
            if drawn < share:
                return _FAILURES[name]()
            drawn -= share
        return responder(asked)

    return respond


def hostile(asked: Asked) -> Reply:
    """An answer of the right form that is full of what must never be posted.

    In every second answer only sentences are poisoned, so that the rest of it passes its checks.
    """
    return answer(_poisoned(claim(asked), asked.number, is_sentence=asked.number % 2 == 0))


def _poisoned(value: Any, number: int, *, is_sentence: bool) -> Any:
    """Each text gets poison; lists get long, numbers huge and keys too many, in their turns."""
    if isinstance(value, str):
        return f"{value} {_POISON[(number + len(value)) % len(_POISON)]}" if is_sentence else value
    if isinstance(value, list):
        items = [_poisoned(item, number + index, is_sentence=is_sentence) for index, item in enumerate(value)]
        return items * (50 if number % 7 == 3 else 1)
    if isinstance(value, dict):
        spoiled = {
            key: _poisoned(item, number + len(key), is_sentence=_hit(key, number))
            for key, item in value.items()
        }
        return {**spoiled, "instructions": _POISON[0]} if number % 5 == 1 else spoiled
    return 10**9 if isinstance(value, int) and number % 3 == 1 else value


def _hit(key: str, number: int) -> bool:
    return number % 2 == 1 or key in _SENTENCES
