"""Many askers: how many calls run at the same time, for all and for one installation (R102)."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.messages import answer
from tests.fakes.llm import asker, question


async def crowd(desk, installations: int, each: int) -> None:
    """Ask different questions for several installations at once."""
    desk.server.responder = lambda _: answer("{}", stall="text", seconds=0.03)
    askers = [(tenant, number) for tenant in range(installations) for number in range(each)]
    asked = (desk.model.ask(question(f"data {tenant} {n}"), asker(tenant)) for tenant, n in askers)
    assert len(await asyncio.gather(*asked)) == len(askers)


async def test_eight_calls_at_the_same_time(make_desk):
    """Never more, however many ask, and no fewer."""
    desk = make_desk()
    await crowd(desk, installations=10, each=4)
    assert desk.server.most == 8


@pytest.mark.parametrize(("concurrency", "share"), [(8, 2), (1, 1), (4, 2), (32, 8)])
async def test_one_installation_does_not_take_all(make_desk, concurrency, share):
    """A quarter is for one, at least two; the rest stays free for others."""
    desk = make_desk(concurrency=concurrency)
    await crowd(desk, installations=1, each=12)
    assert desk.server.most == share


async def test_a_crowd_of_one_does_not_hold_up_another(make_desk):
    """With forty questions of one installation waiting, another is asked at once."""
    desk = make_desk()
    desk.server.responder = lambda _: answer("{}", stall="text", seconds=0.03)
    many = [asyncio.ensure_future(desk.model.ask(question(f"many {n}"), asker(1))) for n in range(40)]
    await asyncio.sleep(0.05)
    await desk.model.ask(question("one"), asker(2))
    assert sum(not each.done() for each in many) > 20
    await asyncio.gather(*many)


async def test_askers_that_give_up_leave_no_trace(make_desk):
    """Cancelled while they wait or while they are answered, they take nobody's room."""
    desk = make_desk(concurrency=1)
    desk.server.responder = lambda _: answer("{}", stall="text", seconds=0.02)
    asking = [asyncio.ensure_future(desk.model.ask(question(f"gone {n}"), asker(n))) for n in range(6)]
    await asyncio.sleep(0.03)
    for each in asking:
        each.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    assert (await desk.model.ask(question("after"), asker())).text == "{}"
