"""Asking the model for the command line: without a store, while a person waits."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from bot.cli.progress import progress
from bot.errors import ModelAway, ModelParked, UserError
from bot.inference.read import Read, read
from bot.llm import Asker
from bot.llm.opening import open_model
from bot.model import KeptAnswer, WithoutModel
from bot.workflows.reading import terms_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

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


def ask_about(facts: PullFacts, settings: Settings) -> Read:
    """Give what the model says of a pull request, or why it says nothing.

    Raises ``UserError`` if the model's server refuses the key, the model or the account.
    """
    if facts.repository.private and settings.private_repositories == "facts":
        return Read(None, WithoutModel.PRIVATE)
    return asyncio.run(_read(facts, settings))


async def _read(facts: PullFacts, settings: Settings) -> Read:
    async with open_model(settings, _KeptHere(), lambda *_: None) as model:
        if model is None:
            return Read(None, WithoutModel.OFF)
        terms, asker = terms_of(settings), Asker(0, facts.repository.id, facts.number or 0)

        async def ask(question: Question) -> Answer:
            return await model.ask(question, asker)

        with progress("asking the model") as say:
            return await _patiently(lambda repairing: read(facts, None, terms, ask, repairing=repairing), say)


async def _patiently(reading: Callable[[bool], Awaitable[Read]], say: Callable[[str], None]) -> Read:
    """Wait for the model for some minutes; then make do with what it said so far."""
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
                return Read(None, WithoutModel.UNAVAILABLE)
            if time.monotonic() + error.seconds > end:
                repairing = False
                continue
            say(f"waiting {error.seconds:.0f} s: {error.reason}")
            await asyncio.sleep(error.seconds)
