"""What an answer of GitHub means: every status and header ends in one of our few errors."""

from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from bot.errors import Forbidden, Gone, Invalid, Later, Moved, RateLimited, Suspended, TooLarge, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# GitHub has answered with waits of weeks; after an hour we ask again ourselves.
LONGEST_WAIT = 3600.0
TRANSIENT_WAIT = 5.0
_SUCCESSES = frozenset({200, 201, 202, 204})
_SUSPENDED_WORDS = "installation has been suspended"
_LIMIT_WORDS = ("rate limit", "abuse detection", "temporarily blocked")
# The limit on new content also comes as a 422, without a word on when to come back.
_LIMIT_WORD_OF_422 = "submitted too quickly"
# Seen on 1 to 2 % of new comments of others: written, but the copy that answers lags behind.
_PASSING_WORDS_OF_422 = "could not resolve to a node"
_PASSING = frozenset({408, 409, 425, 499})
_PLAIN: dict[int, type[Exception]] = {
    301: Moved,
    302: Moved,
    307: Moved,
    308: Moved,
    401: Unauthorized,
    403: Forbidden,
    404: Gone,
    406: TooLarge,
    410: Gone,
    451: Forbidden,
}


def message_of(body: bytes) -> str:
    """Give what GitHub's JSON error body says, in one short printable line, or an empty string."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return _line(data) if isinstance(data, dict) else ""


def _line(data: dict[str, Any]) -> str:
    text = ": ".join(_words(data))[:2000]
    # Neither a control character nor half a surrogate pair may reach the logs or the store.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


def _words(data: dict[str, Any]) -> Iterator[str]:
    """Give the message and what the first errors beside it say."""
    if isinstance(data.get("message"), str):
        yield data["message"]
    errors = data.get("errors")
    for error in errors[:3] if isinstance(errors, list) else ():
        said = error.get("message") or error.get("code") if isinstance(error, dict) else error
        if isinstance(said, str):
            yield said


def check(status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Return for a success; raise what any other answer means (R44). Header names are lower-case."""
    if status in _SUCCESSES:
        return
    message = message_of(body) or f"GitHub answered {status}"
    if _is_limit(status, headers, message.lower()):
        raise RateLimited(told_wait(headers, time.time()), message, _limit_kind(headers, message.lower()))
    if status == 403 and _SUSPENDED_WORDS in message.lower():
        raise Suspended(message)
    plain = _PLAIN.get(status)
    if plain is not None:
        raise plain(message)
    lagging = status == 422 and _PASSING_WORDS_OF_422 in message.lower()
    if 400 <= status < 500 and status not in _PASSING and not lagging:
        raise Invalid(message)
    raise Later(TRANSIENT_WAIT, message)


def _is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    if status == 403:
        empty = headers.get("x-ratelimit-remaining") == "0"
        return empty or "retry-after" in headers or any(word in message for word in _LIMIT_WORDS)
    return status == 429 or (status == 422 and _LIMIT_WORD_OF_422 in message)


def _limit_kind(headers: Mapping[str, str], message: str) -> str:
    """Name the limit: GitHub tells of a secondary one in words, while the hour's quota is not empty."""
    if headers.get("x-ratelimit-remaining") != "0" or "secondary" in message:
        return "secondary"
    return "graphql" if headers.get("x-ratelimit-resource") == "graphql" else "primary"


def told_wait(headers: Mapping[str, str], now: float) -> float | None:
    """Give the seconds GitHub asked us to wait, between 1 and 3,600, or ``None`` if it did not say.

    ``retry-after`` in seconds or as a date comes first, then ``x-ratelimit-reset`` when nothing
    remains (GitHub's best practices for the REST API).
    """
    wait = _retry_after(headers.get("retry-after"), now)
    if wait is None and headers.get("x-ratelimit-remaining") == "0":
        reset = _number(headers.get("x-ratelimit-reset"))
        wait = None if reset is None else reset - now + 1.0
    return None if wait is None else min(max(wait, 1.0), LONGEST_WAIT)


def _retry_after(value: str | None, now: float) -> float | None:
    if value is None:
        return None
    seconds = _number(value)
    return seconds if seconds is not None else _seconds_until(value, now)


def _seconds_until(date: str, now: float) -> float | None:
    moment = epoch_of(date)
    return None if moment is None else moment - now


def epoch_of(date: str | None) -> float | None:
    """Give the epoch second of an HTTP date, or ``None`` if it is none."""
    try:
        return parsedate_to_datetime(date or "").timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _number(value: str | None) -> float | None:
    text = (value or "").strip()
    # Digits only: float() would also read "nan" and "inf".
    return float(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def quota(headers: Mapping[str, str]) -> tuple[str, int, int, float] | None:
    """Give (resource, limit, remaining, reset in epoch seconds) of a well-formed answer."""
    numbers = [_number(headers.get(f"x-ratelimit-{name}")) for name in ("limit", "remaining", "reset")]
    limit, remaining, reset = numbers
    if limit is None or remaining is None or reset is None:
        return None
    return headers.get("x-ratelimit-resource", "core"), int(limit), int(remaining), reset


def check_graphql(data: Any, headers: Mapping[str, str]) -> dict[str, Any]:
    """Give ``data`` of a GraphQL answer whose top level is there; raise what its errors mean.

    A part the token may not see is ``null`` with an error beside it: that is left to the reader.
    """
    if not isinstance(data, dict):
        raise Later(TRANSIENT_WAIT, "GitHub's GraphQL answer is not an object")
    listed = data.get("errors")
    errors = [error for error in listed if isinstance(error, dict)] if isinstance(listed, list) else []
    kinds = {str(error.get("type")) for error in errors}
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"}:
        raise RateLimited(told_wait(headers, time.time()), "GitHub's GraphQL limit is reached", "graphql")
    top = data.get("data")
    if isinstance(top, dict) and top and all(value is not None for value in top.values()):
        return top
    raise _refusal(errors, kinds)


def _refusal(errors: list[dict[str, Any]], kinds: set[str]) -> Exception:
    said = _line({"errors": errors})
    if "NOT_FOUND" in kinds:
        return Gone(said)
    if kinds & {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
        return Forbidden(said)
    if any(_is_ours(error) for error in errors):
        return Invalid(said)
    return Later(TRANSIENT_WAIT, said or "GitHub's GraphQL answer has no data")


def _is_ours(error: dict[str, Any]) -> bool:
    """Tell whether the query itself is wrong: such errors name no place in the data, or have a code."""
    extensions = error.get("extensions")
    coded = isinstance(extensions, dict) and isinstance(extensions.get("code"), str)
    return coded or ("path" not in error and "type" in error)
