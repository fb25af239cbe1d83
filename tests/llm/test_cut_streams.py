"""A stream that is cut off anywhere is an outage or the whole answer, and never a part of it (R85)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anthropic
import httpx2
import pytest

from bot.errors import ModelAway
from bot.llm import sdk
from bot.llm.bounded import BoundedTransport
from bot.llm.reply import Broken
from sandbox.messages import Asked, Reply, answer, events
from tests.fakes.llm import PATIENT, asker, question

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.llm.reply import Reply as Given

ANSWER = Reply('{"summary": "' + "Ein Satz mit é, 好 und \U0001f600. " * 42 + '", "level": 1}')
ASKED = Asked(1, {}, {"model": "claude-large", "messages": [{"content": "?"}]})
EVENTS = [part for _, part in events.stream(ASKED, ANSWER, {"input_tokens": 900, "output_tokens": 300})]
STREAM = b"".join(EVENTS)
WHOLE_FROM = len(b"".join(EVENTS[:-1]))


class Cut(httpx2.AsyncByteStream):
    """The first bytes of the stream, and then its end or an error."""

    def __init__(self, length: int, *, cleanly: bool) -> None:
        self.length, self.cleanly = length, cleanly

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield STREAM[: self.length]
        if not self.cleanly:
            raise httpx2.ReadError("reset by peer")


class CutOff(httpx2.AsyncBaseTransport):
    """Cuts the stream off at each byte in turn."""

    def __init__(self) -> None:
        self.length = 0

    async def handle_async_request(self, _request: httpx2.Request) -> httpx2.Response:
        stream = Cut(self.length, cleanly=self.length % 2 == 0)
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, stream=stream)


async def sent_at_every_offset() -> list[Given]:
    """What the connection gives for each length of the stream."""
    transport, found = CutOff(), []
    http = httpx2.AsyncClient(transport=BoundedTransport(transport))
    client = anthropic.AsyncAnthropic(api_key="k", base_url="http://model", http_client=http, max_retries=0)
    connection = sdk.Connection(client, PATIENT)
    body = {"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "?"}]}
    for length in range(len(STREAM) + 1):
        transport.length = length
        found.append(await connection.send(body))
    await connection.aclose()
    return found


async def test_a_cut_at_any_byte():
    """Four thousand cuts, cleanly and not: before the reason to stop all is lost, after it nothing."""
    assert 3_500 < len(STREAM) < 6_000
    for length, reply in enumerate(await sent_at_every_offset()):
        if length < WHOLE_FROM:
            assert isinstance(reply.trouble, Broken), length
            assert not reply.stop_reason
        else:
            assert reply.trouble is None
            assert reply.text == ANSWER.text


@pytest.mark.parametrize("cleanly", [True, False], ids=["in order", "by hanging up"])
async def test_a_cut_over_http(make_desk, cleanly):
    """Around the end of each event, on a real connection."""
    ends = [len(b"".join(EVENTS[:number])) for number in range(1, len(EVENTS), 3)]
    for number, cut in enumerate(cut for end in ends for cut in (end - 1, end)):
        desk = make_desk()
        desk.server.queue(answer(ANSWER.text, cut=cut, cut_cleanly=cleanly))
        with pytest.raises(ModelAway, match="cut off"):
            await desk.model.ask(question(str(number)), asker())


async def test_what_a_cut_stream_said_that_it_costs_is_charged(desk):
    """The input was read and is billed, though nothing came of it."""
    desk.server.queue(answer("{}", cut=700))
    with pytest.raises(ModelAway):
        await desk.model.ask(question(), asker())
    assert [(call.outcome, call.usage.tokens_in > 0) for call in desk.kept.calls] == [("cut", True)]
