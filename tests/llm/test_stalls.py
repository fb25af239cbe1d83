"""A server that falls silent holds nobody for longer than it is allowed to, wherever it does so (R99)."""

from __future__ import annotations

import time

import pytest

from bot.errors import ModelAway
from bot.llm import Timeouts
from sandbox.messages import answer
from tests.fakes.llm import SHORT, asker, question

STALLS = [
    pytest.param("connect", id="before the head of the answer"),
    pytest.param("head", id="after the head"),
    pytest.param("start", id="after the first event"),
    pytest.param("text", id="in the middle of the text"),
    pytest.param("delta", id="after the text, before the reason to stop"),
]


@pytest.mark.parametrize("place", STALLS)
async def test_silence_is_an_outage(make_desk, place):
    """Of whatever there was before it, nothing is taken for an answer."""
    desk = make_desk(timeouts=SHORT)
    desk.server.queue(answer({"summary": "x" * 400}, stall=place, seconds=5.0))
    began = time.monotonic()
    with pytest.raises(ModelAway, match="does not answer in time"):
        await desk.model.ask(question(), asker())
    assert desk.outcomes == ["stalled"]
    assert place == "connect" or time.monotonic() - began < 4.5


async def test_silence_after_the_end_is_no_outage(make_desk):
    """With the reason to stop the answer is whole; it is paid for, and used."""
    desk = make_desk(timeouts=SHORT)
    desk.server.queue(answer("{}", stall="stop", seconds=5.0))
    assert (await desk.model.ask(question(), asker())).text == "{}"


async def test_a_server_that_thinks_and_says_so_is_waited_for(make_desk):
    """Pings count as an answer for as long as the total allows."""
    timeouts = Timeouts(connect=1, first_byte=2, idle=0.5, total=20)
    desk = make_desk(timeouts=timeouts)
    desk.server.queue(answer("{}", stall="text", seconds=1.2, pings=True))
    assert (await desk.model.ask(question(), asker())).text == "{}"


async def test_pings_do_not_hold_for_ever(make_desk):
    """The total ends a stream that only says that it is there."""
    desk = make_desk(timeouts=Timeouts(connect=1, first_byte=2, idle=2, total=0.6))
    desk.server.queue(answer("{}", stall="text", seconds=5.0, pings=True))
    with pytest.raises(ModelAway):
        await desk.model.ask(question(), asker())


def test_more_output_gets_more_time():
    """180 seconds are for 16,000 tokens; who allows four times as many waits four times as long."""
    assert Timeouts().whole(2_000) == 180
    assert Timeouts().whole(16_000) == 180
    assert Timeouts().whole(64_000) == 720
