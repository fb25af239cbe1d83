"""The check of the model: a tiny question in the form of the real ones, to each model that is configured."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from bot.doctor.finding import Finding, error, note, ok, warning
from bot.errors import SettingsError
from bot.llm import Question, Size, Timeouts
from bot.llm.opening import model_settings
from bot.llm.outcomes import judge
from bot.llm.reply import Broken, Fault, Reply
from bot.llm.request import body

if TYPE_CHECKING:
    from bot.doctor.case import Case
    from bot.llm import ModelSettings
    from bot.llm.sdk import Connection

_PATIENCE = Timeouts(connect=5.0, first_byte=8.0, idle=8.0, total=12.0)
MODEL_SECONDS = 18.0
_TOKENS = 64
_NAMES = {Size.LARGE: "PRHUB_MODEL", Size.SMALL: "PRHUB_MODEL_SMALL"}
_STOP = "To work without it for now, set PRHUB_MODEL=off: reports are then made by rules alone."


_ADVICE = {
    401: "The key is wrong or revoked: set a new one as ANTHROPIC_API_KEY and restart.",
    403: "The key may not use this model: allow it in the provider's console, or change {name}.",
    404: "There is no such model there: correct {name}, or ANTHROPIC_BASE_URL if it is a gateway's.",
}


class Health(BaseModel):
    """The shape of the answer: one word, for the check is about the way to the model."""

    word: str = Field(description="the word ready")


async def look_at_model(case: Case) -> list[Finding]:
    """Ask both models one tiny question. It costs some hundred tokens and is entered nowhere."""
    settings = case.settings
    if settings.model == "off":
        return [ok("model", "off: reports are made by rules alone")]
    if not settings.asks_model:
        advice = "Set ANTHROPIC_API_KEY for the model's part, or PRHUB_MODEL=off if that is meant."
        return [note("model", "none is asked: there is no key, and reports are made by rules alone", advice)]
    try:
        ways = replace(model_settings(settings), timeouts=_PATIENCE)
        connection = await asyncio.to_thread(_connect, ways)
    except (SettingsError, ImportError) as fault:
        what, _, advice = str(fault).partition(": ")
        return [error("model", what, f"{advice[:1].upper()}{advice[1:]}")]
    try:
        names = {ways.name_of(size): size for size in (Size.SMALL, Size.LARGE)}
        found = await asyncio.gather(*(_ask(connection, ways, size) for size in names.values()))
    finally:
        await connection.aclose()
    return found[::-1]


async def _ask(connection: Connection, ways: ModelSettings, size: Size) -> Finding:
    from bot.llm import sdk  # noqa: PLC0415 - imported when connected

    question = Question(
        task="doctor",
        version="v1",
        size=size,
        system="You check that a connection works.",
        data="",
        ask='Answer with the word "ready".',
        shape=Health,
        max_output_tokens=_TOKENS,
    )
    reply = await connection.send(body(question, ways, sdk.schema_of(Health)))
    return _judged(reply, ways, size)


def _connect(ways: ModelSettings) -> Connection:
    from bot.llm import sdk  # noqa: PLC0415 - a second and 80 MB, which only those pay who ask

    return sdk.connect(ways)


def _judged(reply: Reply, ways: ModelSettings, size: Size) -> Finding:
    name, trouble = ways.name_of(size), reply.trouble
    if trouble is None and reply.stop_reason == "end_turn" and '"word"' not in reply.text:
        what = f"{name} answers, and not in the form that it was asked for"
        return warning("model", what, f"Try PRHUB_STRUCTURED_OUTPUT=prompt. {_STOP}", _NAMES[size])
    if trouble is None:
        return ok("model", f"{name} answers", about=_NAMES[size])
    ruling = judge(reply, ways.provider.secrets)
    said = ruling.reason or str(ruling.error)
    if isinstance(trouble, Broken):
        return _broken(trouble, said, ways, size)
    what, advice = f"{name}: {said}", _advice(trouble, size)
    passing = ruling.outcome in {"limited", "overloaded", "failed"}
    return (warning if passing else error)("model", what, f"{advice} {_STOP}", _NAMES[size])


def _broken(trouble: Broken, said: str, ways: ModelSettings, size: Size) -> Finding:
    where = ways.provider.base_url or ways.provider.kind
    if trouble.how == "unsent":
        advice = "Check the key and the provider's credentials (docs/configuration.md, The model)."
    else:
        advice = (
            "Check ANTHROPIC_BASE_URL, the name server and the firewall; PRHub uses no proxy from the "
            "environment. Reports wait for PRHUB_MODEL_PATIENCE and are completed when it is back."
        )
    return error("model", f"{ways.name_of(size)} at {where}: {said}", f"{advice} {_STOP}", _NAMES[size])


def _advice(fault: Fault, size: Size) -> str:
    """Give what to do about a refusal, by its status and its words."""
    words = f"{fault.type} {fault.code} {fault.message}".lower()
    if fault.status == 402 or any(word in words for word in ("credit", "billing", "spend")):
        return "The account has no money left, or a limit of it is reached: see the provider's console."
    if fault.status in _ADVICE:
        return _ADVICE[fault.status].format(name=_NAMES[size])
    if fault.status < 400 and fault.status != 200:
        return "Requests are sent elsewhere: correct ANTHROPIC_BASE_URL."
    if fault.status in {200, 408, 429} or fault.status >= 500:
        return "The provider is busy or limits you: reports wait, and are completed later by themselves."
    return "The server does not take the form of the question: try PRHUB_STRUCTURED_OUTPUT=prompt."
