"""Streams that were spoiled at random: each is an outage or an answer, and nothing else ever comes of one."""

from __future__ import annotations

import random

import anthropic
import httpx2

from bot.llm import sdk
from bot.llm.bounded import BoundedTransport
from bot.llm.outcomes import judge
from sandbox.messages import Asked, Reply, events
from tests.fakes.llm import PATIENT

ASKED = Asked(1, {}, {"model": "claude-large", "messages": [{"content": "?"}]})
ANSWER = Reply('{"summary": "es hält, 好"}', blocks=({"type": "thinking", "thinking": "hm"},))
STREAM = b"".join(
    part for _, part in events.stream(ASKED, ANSWER, {"input_tokens": 900, "output_tokens": 30})
)
SPOILERS = (
    b'"',
    b"{",
    b"}",
    b"[1]",
    b"null",
    b"NaN",
    b"\n",
    b"\n\n",
    b"\xff",
    b"\x00",
    b"event: error\n",
    b"-1e999",
    b"data:",
)
TURNS = 1_500


class Spoiled(httpx2.AsyncBaseTransport):
    """Spoils the stream in up to six places, by number."""

    number = 0

    async def handle_async_request(self, _request: httpx2.Request) -> httpx2.Response:
        draw = random.Random(self.number)
        stream = bytearray(STREAM)
        for _ in range(draw.randint(1, 6)):
            at = draw.randrange(len(stream))
            stream[at : at + draw.randint(0, 12)] = draw.choice(SPOILERS)
        status = draw.choice((200, 200, 200, 200, 400, 429, 529, 302))
        headers = {"content-type": "text/event-stream", "retry-after": draw.choice(("1", "x", "-1"))}

        async def parts():
            yield bytes(stream)

        return httpx2.Response(status, headers=headers, content=parts())


async def test_no_stream_surprises():
    """A word of our own comes of each; counts stay numbers, and text stays text."""
    transport = Spoiled()
    http = httpx2.AsyncClient(transport=BoundedTransport(transport))
    client = anthropic.AsyncAnthropic(api_key="k", base_url="http://model", http_client=http, max_retries=0)
    connection = sdk.Connection(client, PATIENT)
    body = {"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "?"}]}
    outcomes = set()
    for transport.number in range(TURNS):
        reply = await connection.send(body)
        outcomes.add(judge(reply, ("private",)).outcome)
        assert isinstance(reply.text, str)
        assert min(reply.usage.model_dump().values()) >= 0
    await connection.aclose()
    assert {"answered", "cut", "limited", "overloaded", "rejected", "parked"} <= outcomes
    assert "unsent" not in outcomes
