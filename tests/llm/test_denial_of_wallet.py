"""Hostile pull requests, many at once, from several processes: no budget is exceeded by one token (R97)."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from pydantic import SecretStr

from bot.errors import BudgetSpent, ModelAway
from bot.llm import Asker, Budget, Model, ModelSettings, Provider
from bot.llm.reply import Broken, Reply
from bot.model import Caps, Scope
from bot.store import Ledger, Store
from tests.fakes.databases import opened
from tests.fakes.llm import Memory, question

# The gate is 10,000 of them; a few show the same in the time that the suite has.
PULLS = int(os.environ.get("PRHUB_TEST_HOSTILE_PULLS", "24"))
ROUNDS = 3
AT_ONCE = 50
PROCESSES = 3
# What no text comes to: a token for each byte, and all of the answer's room.
HOSTILE = "\U0001f9ff\u0e33{}[]0123456789" * 40


@dataclass
class Greedy:
    """A server that bills everything it could, also when it hangs up in the middle; ``billed`` by owner."""

    billed: dict[tuple[Scope, int], int] = field(default_factory=dict)
    asked: int = 0

    async def send(self, body) -> Reply:
        """Answer the most expensive way; every seventh answer is cut off, and billed all the same."""
        self.asked += 1
        tokens_in, tokens_out = len(json.dumps(body, ensure_ascii=False).encode()), body["max_tokens"]
        installation, repository, number = json.loads(body["messages"][0]["content"][1]["text"])
        owners = {
            Scope.PULL: repository * 100_000 + number,
            Scope.REPOSITORY: repository,
            Scope.INSTALLATION: installation,
            Scope.SERVER: 0,
        }
        for owner in owners.items():
            self.billed[owner] = self.billed.get(owner, 0) + tokens_in + tokens_out
        await asyncio.sleep(0)
        if self.asked % 7 == 0:
            return Reply(has_begun=True, trouble=Broken("cut"))
        counts = {"input_tokens": tokens_in, "output_tokens": tokens_out}
        return Reply(parts=["{}"], counts=counts, stop_reason="end_turn", has_begun=True)

    async def aclose(self) -> None:
        """Nothing is open."""

    def most(self, scope: Scope) -> int:
        """The most that was billed to one owner."""
        return max((tokens for (one, _), tokens in self.billed.items() if one is scope), default=0)


def models(stores: list[Store], server: Greedy, caps: Caps) -> list[Model]:
    """A process on each of the stores."""
    settings = ModelSettings(Provider(api_key=SecretStr("sk-test-canary")), "large", "small")
    made = []
    for store in stores:
        model = Model(settings, Memory(), budget=Budget(Ledger(store), caps))
        model._connection = cast("Any", server)
        made.append(model)
    return made


async def attack(model: Model, asker: Asker, round_: int) -> bool:
    """Ask until an answer or a refusal; the wait for others is not waited here."""
    place = json.dumps([asker.installation_id, asker.repository_id, asker.number])
    asked = question(f"{round_}{HOSTILE}", ask=place, max_output_tokens=500)
    for _ in range(4000):
        # Else the answers that are cut off open the circuit, and nobody is asked for minutes.
        model._gate.breaker._ends.clear()
        try:
            await model.ask(asked, asker)
        except BudgetSpent:
            return True
        except ModelAway:
            await asyncio.sleep(0.005)
        else:
            return False
    return False


CAPS = [
    pytest.param(Caps(pull=8_000), Scope.PULL, id="of each pull request"),
    pytest.param(Caps(repository=30_000), Scope.REPOSITORY, id="of each repository"),
    pytest.param(Caps(installation=60_000), Scope.INSTALLATION, id="of each installation"),
    pytest.param(Caps(server=100_000), Scope.SERVER, id="of the server"),
]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
@pytest.mark.parametrize(("caps", "scope"), CAPS)
async def test_no_budget_is_exceeded_by_one_token(request, sqlite_files, kind, caps, scope):
    """Every text is a token a byte, every answer as long as may be, and some are billed and never come."""
    databases = sqlite_files if kind == "sqlite" else request.getfixturevalue("postgres")
    server = Greedy()
    url = databases.migrated()
    stores = [opened(url) for _ in range(PROCESSES)]
    crew = models(stores, server, caps)
    askers = [Asker(1 + n % 2, 1 + n % 4, 1 + n) for n in range(PULLS)]
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, round_: int) -> bool:
        async with room:
            return await attack(crew[number % PROCESSES], askers[number], round_)

    refused = await asyncio.gather(*(one(n, round_) for round_ in range(ROUNDS) for n in range(PULLS)))
    assert 0 < server.most(scope) <= caps.of(scope)
    assert any(refused)
    for model, store in zip(crew, stores, strict=True):
        await model.aclose()
        await store.close()
