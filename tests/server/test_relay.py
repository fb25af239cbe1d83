"""Webhooks by way of a relay, over real HTTP: checked like any others, and fetched again after each loss."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import random
import time
import tracemalloc
from contextlib import asynccontextmanager

import aiohttp
import pytest
import structlog

from bot.server.relay import Patience, Relay, unpacked
from sandbox.relay import relay_running
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import SECRET, own_comments, prhub_over, send_merge, settings_for, until

QUICK = Patience(silence=0.4, shortest=0.02, longest=0.2, redo=(0.01, 0.01))
BODY = '{"b":1,"a":[1.0,2e3,10000000000000000000000,-0],"text":"改 \\u003c <é> \\\\ \\"","n":null}'


class Taken:
    """What the relay's client has handed on; ``statuses`` are the next answers, then 202."""

    def __init__(self, *statuses: int) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.statuses = list(statuses)

    async def __call__(self, headers, body) -> int:
        self.requests.append((dict(headers), body))
        return self.statuses.pop(0) if self.statuses else 202


@asynccontextmanager
async def listening_to(relay, taken, patience=QUICK):
    """Run the client until the end of the block."""
    task = asyncio.create_task(Relay(relay.url, taken, patience).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
async def relay():
    async with relay_running() as running:
        yield running


async def post(relay, body: dict[str, object], **headers: str) -> None:
    """Send a webhook to the channel, as GitHub does."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(relay.url, json=body, headers=headers) as answer,
    ):
        assert answer.status == 200


def test_the_body_is_what_the_relay_has_written():
    """Order of keys, numbers, escapes and characters stay as they are: GitHub has signed these bytes."""
    data = f'{{"x-github-event":"push", "query":{{"body":7}},"timestamp":5,"body":{BODY}}}'
    assert unpacked(data) == ({"x-github-event": "push"}, BODY.encode())


def test_a_body_that_is_a_string_is_the_text_itself():
    """Some relays do not read it at all."""
    assert unpacked(json.dumps({"body": BODY, "a": "b", "n": 1})) == ({"a": "b"}, BODY.encode())


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("", id="nothing"),
        pytest.param("hello", id="no JSON"),
        pytest.param("{}", id="no body"),
        pytest.param("[]", id="a list"),
        pytest.param("null", id="null"),
        pytest.param('{"body":{}', id="no end"),
        pytest.param('{"body":]}', id="no value"),
        pytest.param("{" + "".join(f'"a{n}":1,' for n in range(600)) + '"body":{}}', id="600 headers"),
        pytest.param('{"body":{} "a":1}', id="no comma"),
        pytest.param('{"body" {}}', id="no colon"),
        pytest.param('{1:2,"body"', id="a key that is no string, and no value"),
        pytest.param('{"body":"\\ud800"}', id="a lone surrogate"),
        pytest.param('{"body":' + "[" * 100_000, id="deeply nested"),
        pytest.param('{"body":{"a":1},', id="cut off after a member"),
    ],
)
def test_what_is_no_webhook_is_left_out(data):
    """A relay may send anything."""
    assert unpacked(data) is None


@pytest.mark.parametrize("value", ["{},", "[],", '"a":1,'])
def test_a_body_is_not_built_before_anybody_has_checked_it(value):
    """Small values by the million would fill the memory; it is passed on as it stands, for its signature."""
    body = f"[{value * 100_000}0]"
    tracemalloc.start()
    found = unpacked(f'{{"a":"b" , "body" : {body} }}')
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == ({"a": "b"}, body.encode())
    assert peak < 8 * len(body)


def test_random_rubbish_is_left_out_and_raises_nothing():
    """Some thousand messages with pieces missing, doubled or swapped."""
    chance = random.Random(7)
    message = f'{{"x-github-event":"push","body":{BODY}}}'
    for _ in range(3000):
        place, length = chance.randrange(len(message)), chance.randrange(9)
        unpacked(message[:place] + message[place + length :] * chance.randrange(3))


async def test_a_merge_by_way_of_a_relay_gets_its_report(github, app_key, relay, tmp_path):
    """The server fetches it, checks its signature, and works."""
    settings = settings_for(github, app_key.private, tmp_path, WEBHOOK_PROXY_URL=relay.url)
    async with prhub_over(github, settings):
        await until(lambda: relay.listeners == 1)
        github.state.app.webhook_url = relay.url
        pull = add_merge(github.state, title="改 <é>")
        assert await send_merge(github, REPOSITORY, pull) == 200
        await until(lambda: bool(own_comments(github, pull)))


async def test_a_body_that_was_changed_on_the_way_is_refused(github, app_key, relay, tmp_path):
    """Whoever knows the channel can send what they like; nothing comes of it."""
    settings = settings_for(github, app_key.private, tmp_path, WEBHOOK_PROXY_URL=relay.url)
    async with prhub_over(github, settings) as running:
        await until(lambda: relay.listeners == 1)
        github.state.app.webhook_url = relay.url
        relay.spoil = lambda message: message | {"body": message["body"] | {"number": 999}}
        await send_merge(github, REPOSITORY, add_merge(github.state))
        rejected = running.services.meters.deliveries.labels("unknown", "rejected_401")
        await until(lambda: rejected._value.get() == 1)
        assert await running.services.triggers.new(10) == []


async def test_a_lost_connection_is_made_again_and_told_once(relay):
    """With the id of the last event; what came before and after is handed on once each."""
    taken = Taken()
    with structlog.testing.capture_logs() as logs:
        async with listening_to(relay, taken):
            await until(lambda: relay.listeners == 1)
            await post(relay, {"n": 1}, **{"X-GitHub-Event": "push"})
            await until(lambda: len(taken.requests) == 1)
            relay.drop()
            await until(lambda: relay.listeners == 1)
            await post(relay, {"n": 2})
            await until(lambda: len(taken.requests) == 2)
    assert [body for _, body in taken.requests] == [b'{"n":1}', b'{"n":2}']
    assert taken.requests[0][0]["x-github-event"] == "push"
    assert relay.last_ids == [None, "1"]
    assert [line["event"] for line in logs] == [
        "relay connected",
        "relay lost, trying again",
        "relay connected",
    ]
    assert all("/channel" not in str(line) for line in logs)


async def test_a_relay_that_is_silent_is_left_and_tried_again(relay):
    """A connection that is dead and not closed is noticed; comments keep one alive."""
    async with listening_to(relay, Taken()):
        await until(lambda: relay.listeners == 1)
        for _ in range(4):
            await asyncio.sleep(0.2)
            await relay.write(b": still here\n\n")
        assert len(relay.last_ids) == 1
        await until(lambda: len(relay.last_ids) > 1)


@pytest.mark.parametrize("status", [204, 301, 404, 500])
async def test_a_relay_that_answers_anything_else_is_asked_more_and_more_seldom(relay, status):
    """Waits grow to the longest one; the loss is told once."""
    relay.status = status
    with structlog.testing.capture_logs() as logs:
        async with listening_to(relay, Taken()):
            await until(lambda: len(relay.last_ids) >= 4)
    assert [line["event"] for line in logs] == ["relay lost, trying again"]


async def test_what_the_relay_asks_to_wait_is_waited(relay):
    """``retry:`` is in milliseconds; it is bounded by our own longest wait."""
    relay.preamble = "retry: 150\n\n"
    async with listening_to(relay, Taken()):
        await until(lambda: relay.listeners == 1)
        before = time.monotonic()
        relay.drop()
        await until(lambda: relay.listeners == 1)
        assert time.monotonic() - before >= 0.15


async def test_rubbish_between_webhooks_does_no_harm(relay):
    """Other events, comments, unknown fields and broken messages are passed over."""
    taken = Taken()
    async with listening_to(relay, taken):
        await until(lambda: relay.listeners == 1)
        await relay.write(b"event: ping\ndata: {}\n\ndata: {\n\ndata: 7\n\nfoo: bar\n\n:\n\n")
        await post(relay, {"n": 1})
        await until(lambda: len(taken.requests) == 1)


async def test_a_store_that_is_away_is_waited_for(relay):
    """The relay has answered GitHub already, and will not send it again."""
    taken = Taken(503, 503)
    async with listening_to(relay, taken):
        await until(lambda: relay.listeners == 1)
        await post(relay, {"n": 1})
        await until(lambda: len(taken.requests) == 3)
        await post(relay, {"n": 2})
        await until(lambda: len(taken.requests) == 4)


async def test_the_end_waits_for_the_webhook_in_hand(relay):
    """Nobody has it besides: the relay keeps nothing."""
    begun, finished = asyncio.Event(), asyncio.Event()

    async def slow(_headers, _body) -> int:
        begun.set()
        await asyncio.sleep(0.2)
        finished.set()
        return 202

    async with listening_to(relay, slow):
        await until(lambda: relay.listeners == 1)
        await post(relay, {"n": 1})
        await begun.wait()
    assert finished.is_set()


async def test_a_large_webhook_comes_whole_with_a_signature_that_holds(relay):
    """Of some megabytes, with characters beyond ASCII."""
    taken = Taken()
    body = {"text": "改é<>&\u2028" * 400_000}
    sent = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    async with listening_to(relay, taken), aiohttp.ClientSession() as session:
        await until(lambda: relay.listeners == 1)
        await session.post(relay.url, data=io.BytesIO(sent), headers={"Content-Type": "application/json"})
        await until(lambda: len(taken.requests) == 1)
    key = SECRET.encode()
    assert hmac.digest(key, taken.requests[0][1], "sha256") == hmac.new(key, sent, hashlib.sha256).digest()
