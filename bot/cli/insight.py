"""Asking the model for the command line: without a store, while a person waits."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, TypeVar

from bot.cli.progress import progress
from bot.errors import ModelAway, ModelParked, UserError
from bot.inference.read import Read, read
from bot.llm import Asker
from bot.llm.opening import open_model
from bot.model import KeptAnswer, WithoutModel
from bot.workflows.reading import terms_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.inference.asking import Ask
    from bot.llm import Answer, Question
    from bot.model import ModelCall, PullFacts
    from bot.settings import Settings

# A person waits for this one report; a server would wait for PRHUB_MODEL_PATIENCE.
PATIENCE_SECONDS = 300.0


class _KeptHere:
    """Answers kept for as long as the command runs."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str], KeptAnswer] = {}

    async def get(self, content: str, model: str) -> KeptAnswer | None:
        return self._answers.get((content, model))

    async def put(self, call: ModelCall, text: str) -> None:
        self._answers[call.content, call.model] = KeptAnswer(text=text, model=call.model, usage=call.usage)

    async def charge(self, _call: ModelCall) -> None:
        return


_T = TypeVar("_T")


def ask_about(facts: PullFacts, settings: Settings) -> Read:
    """Give what the model says of a pull request, or why it says nothing.

    Raises ``UserError`` if the model's server refuses the key, the model or the account.
    """
    if facts.repository.private and settings.private_repositories == "facts":
        return Read(None, WithoutModel.PRIVATE)
    terms, asker = terms_of(settings), Asker(0, facts.repository.id, facts.number or 0)

    async def reading(ask: Ask, repairing: bool) -> Read:  # noqa: FBT001 - one of two ways to read
        return await read(facts, None, terms, ask, repairing=repairing)

    return asyncio.run(asked(settings, asker, reading, lambda why: Read(None, why)))


async def asked(
    settings: Settings,
    asker: Asker,
    reading: Callable[[Ask, bool], Awaitable[_T]],
    without: Callable[[WithoutModel], _T],
) -> _T:
    """Give what comes of ``reading`` with the model, or ``without`` it and the reason.

    ``reading`` is told how to ask, and whether to have claims repaired; it is done again after a wait.
    Raises ``UserError`` if the model's server refuses the key, the model or the account.
    """
    async with open_model(settings, _KeptHere(), lambda *_: None) as model:
        if model is None:
            return without(WithoutModel.OFF)

        async def ask(question: Question) -> Answer:
            return await model.ask(question, asker)

        with progress("asking the model") as say:
            try:
                return await _patiently(lambda repairing: reading(ask, repairing), say)
            except ModelAway:
                return without(WithoutModel.UNAVAILABLE)


async def _patiently(reading: Callable[[bool], Awaitable[_T]], say: Callable[[str], None]) -> _T:
    """Wait for the model for some minutes; then make do with what it said so far, or raise ``ModelAway``."""
    end = time.monotonic() + PATIENCE_SECONDS
    repairing = True
    while True:
        try:
            return await reading(repairing)
        except ModelParked as error:
            raise UserError(
                f"The model cannot be asked ({error.reason}): check ANTHROPIC_API_KEY, PRHUB_MODEL"
                " and the account, or use --no-model."
            ) from error
        except ModelAway as error:
            if not repairing:
                raise
            if time.monotonic() + error.seconds > end:
                repairing = False
                continue
            say(f"waiting {error.seconds:.0f} s: {error.reason}")
            await asyncio.sleep(error.seconds)
