"""Outcomes: each way a call can end, told apart, with what it means for this question and the next one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.errors import ModelError, ModelRefused, ModelTooLong, ModelUnusable
from bot.llm.reply import Broken, Fault
from bot.llm.waits import ACCESS_SECONDS, LONGEST, SPEND_SECONDS, told_wait
from bot.redaction import clean_line, redact

if TYPE_CHECKING:
    from bot.llm.reply import Reply


class Effect(StrEnum):
    """What a call says of the server: it answers, it fails, it wants a pause, or an operator must act."""

    ALIVE = "alive"
    FAILED = "failed"
    LIMITED = "limited"
    PARKED = "parked"
    PARKED_MODEL = "parked_model"


@dataclass(frozen=True)
class Ruling:
    """How a call ended. ``outcome`` is the word for ledger, log and meter.

    ``error`` is what the asker gets, unless the effect is a wait: that one is made of ``seconds`` (as
    the server said, or ``None``) and ``reason``.
    """

    outcome: str
    effect: Effect = Effect.ALIVE
    error: ModelError | None = None
    seconds: float | None = None
    reason: str = ""


ANSWERED = Ruling("answered")

# What an error inside a stream, which has no status of its own, would have had as one; the names with
# "exception" are those of Bedrock.
_STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "timeout_error": 504,
    "overloaded_error": 529,
    "validationexception": 400,
    "accessdeniedexception": 403,
    "throttlingexception": 429,
    "modeltimeoutexception": 504,
}
_BROKEN = {
    "unsent": "no request could be made: check the key and the provider's credentials",
    "unreachable": "the model's server cannot be reached",
    "stalled": "the model's server does not answer in time",
    "cut": "the answer of the model's server was cut off",
}
_PASSING = frozenset({408, 409, 425, 499})
_NEEDS_OPERATOR = frozenset({401, 403, 404})
_OF_ONE_MODEL = frozenset({403, 404})
_MESSAGE_LENGTH = 200
_WINDOW = 12

# Codes are stable, wordings are not: the wordings are those that servers without codes use.
_SPEND_CODE = re.compile(r"spend_limit|billing|billable|on_hold|credit")
_SPEND_WORDS = re.compile(r"credit balance|usage limits|spend(?:ing)? limit|out of credits", re.IGNORECASE)
_LONG_WORDS = re.compile(
    r"prompt is too long|input is too long|context (?:window|limit|length)|maximum context|too many tokens",
    re.IGNORECASE,
)
_MOST_TOKENS = re.compile(r"> ?([0-9]{3,9}) maximum|maximum context length is ([0-9]{3,9})", re.IGNORECASE)


def judge(reply: Reply, private: tuple[str, ...]) -> Ruling:
    """Tell how a call ended; ``private`` are texts of which no part may get into a reason."""
    if isinstance(reply.trouble, Broken):
        return _judge_broken(reply.trouble)
    if isinstance(reply.trouble, Fault):
        return _judge_fault(reply.trouble, reply, private)
    return _judge_stop(reply)


def _judge_broken(trouble: Broken) -> Ruling:
    reason = f"{_BROKEN[trouble.how]} ({trouble.cause})"
    if trouble.how == "unsent":
        # A cloud's own service for credentials may be away, too: sooner than after a refusal.
        return Ruling("parked", Effect.PARKED, seconds=LONGEST, reason=reason)
    return Ruling(trouble.how, Effect.FAILED, reason=reason)


def _judge_stop(reply: Reply) -> Ruling:
    reason = reply.stop_reason
    if reason == "max_tokens":
        return Ruling("truncated", error=ModelTooLong("the answer was cut off at max_tokens"))
    if reason == "model_context_window_exceeded":
        return Ruling("too_long", error=ModelTooLong("the answer did not fit the context window"))
    if reason == "refusal":
        return Ruling("refused", error=ModelRefused("the model refused to answer"))
    if reason not in {"end_turn", "stop_sequence"}:
        return _unusable(f"the model stopped for {clean_line(reason, 40)!r}")
    if reply.used_tools:
        return _unusable("the model used a tool that nobody gave it")
    return ANSWERED if reply.text.strip() else _unusable("the answer is empty")


def _unusable(why: str) -> Ruling:
    return Ruling("unusable", error=ModelUnusable(why))


def _judge_fault(fault: Fault, reply: Reply, private: tuple[str, ...]) -> Ruling:
    status = fault.status if fault.status >= 300 else _STATUSES.get(fault.type.lower(), 500)
    reason = _reason(fault, status, private)
    told = told_wait(reply.headers)
    if _is_spend(fault, status, told):
        return Ruling("parked", Effect.PARKED, seconds=SPEND_SECONDS, reason=reason)
    if status in _NEEDS_OPERATOR or status < 400:
        effect = Effect.PARKED_MODEL if status in _OF_ONE_MODEL else Effect.PARKED
        return Ruling("parked", effect, seconds=ACCESS_SECONDS, reason=reason)
    if status == 413 or (status == 400 and _LONG_WORDS.search(fault.message)):
        return Ruling("too_long", error=ModelTooLong(reason, _most_tokens(fault.message)))
    if status == 429:
        return Ruling("limited", Effect.LIMITED, seconds=told, reason=reason)
    if status >= 500 or status in _PASSING:
        outcome = "overloaded" if status == 529 else "failed"
        return Ruling(outcome, Effect.FAILED, seconds=told, reason=reason)
    return Ruling("rejected", error=ModelUnusable(reason))


def _is_spend(fault: Fault, status: int, told: float | None) -> bool:
    """Whether money is at an end: then neither minutes nor hours help (R98)."""
    if status == 402 or fault.type == "billing_error":
        return True
    if status not in {400, 403, 429}:
        return False
    in_words = bool(_SPEND_WORDS.search(fault.message))
    return bool(_SPEND_CODE.search(fault.code)) or (in_words and (status != 429 or told is None))


def _most_tokens(message: str) -> int | None:
    found = _MOST_TOKENS.search(message)
    return None if found is None else int(found[1] or found[2])


def _reason(fault: Fault, status: int, private: tuple[str, ...]) -> str:
    words = [str(status), clean_line(fault.type, 40), clean_line(fault.code, 60)]
    said = redact(clean_line(fault.message, _MESSAGE_LENGTH))[0]
    if said and not _shares(said, private):
        words.append(f"({said})")
    if status < 400:
        words.append("(the server sends requests elsewhere: check ANTHROPIC_BASE_URL)")
    return " ".join(word for word in words if word)


def _shares(said: str, private: tuple[str, ...]) -> bool:
    """Whether a message quotes what was asked, or a key: then it says nothing in a log."""
    pieces = (said[start : start + _WINDOW] for start in range(max(1, len(said) - _WINDOW + 1)))
    return any(piece in text for piece in pieces for text in private)
