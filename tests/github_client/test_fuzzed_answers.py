"""Whatever GitHub, or something in between, answers: nothing but our own errors comes out of the client."""

from __future__ import annotations

import asyncio
import json
import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import PRHubError
from bot.github import Credentials, GitHub
from bot.github.transport import Answer, Transport
from tests.fakes.answering import client_of, sending_bytes
from tests.fakes.gates import quick_gate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.github import API

URL = "https://api.github.invalid"
CALLS: dict[str, Callable[[API], Awaitable[object]]] = {}


def call(function):
    """Enter one way to ask into the table."""
    CALLS[function.__name__] = function
    return function


@call
async def getitem(api):
    await api.getitem("/repos/{owner}/{repo}", {"owner": "o", "repo": "r"})


@call
async def getiter(api):
    async for _ in api.getiter("/repos/o/r/issues/1/comments"):
        pass


@call
async def post(api):
    await api.post("/repos/o/r/issues/1/comments", {}, data={"body": "x"})


@call
async def patch(api):
    await api.patch("/repos/o/r/issues/comments/1", {}, data={"body": "x"})


@call
async def delete(api):
    await api.delete("/repos/o/r/issues/comments/1", {})


@call
async def graphql(api):
    await api.graphql_data("query { viewer { login } }", {})


@call
async def diff(api):
    await api.diff("/repos/o/r/pulls/1", {})


async def outcome(asking: Awaitable[object]) -> str:
    """What one of our errors says, or an empty string; any other exception passes."""
    try:
        await asking
    except PRHubError as error:
        return str(error)
    return ""


class Canned(Transport):
    """A transport that always has the same answer."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def exchange(self, *_request: object) -> Answer:
        return self.answer


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
graphql_values = st.fixed_dictionaries(
    {},
    optional={
        "data": json_values,
        "errors": json_values | st.lists(st.fixed_dictionaries({"type": json_values})),
    },
)
bodies = st.one_of(
    st.binary(max_size=60),
    json_values.map(lambda value: json.dumps(value).encode()),
    graphql_values.map(lambda value: json.dumps(value).encode()),
    json_values.map(lambda value: json.dumps(value).encode("utf-16")),
    st.sampled_from([b"", b"[" * 100_000, b"9" * 5000, b"\xef\xbb\xbf[]", b"NaN", b'"\\ud800"', b"<html>"]),
)
numbers = st.one_of(
    st.text(max_size=12),
    st.integers().map(str),
    st.sampled_from(
        ["0", "-1", "9" * 15, "9" * 30, "1e400", "nan", "\u00b2", "Mon, 99 Jan 0000 99:99:99 +9999"]
    ),
)
links = st.sampled_from(
    [
        '<https://api.github.invalid/x>; rel="next"',
        '<https://evil.invalid/x>; rel="next"',
        '<http://[/x>; rel="next"',
        '</x{+y}>; rel="next"',
        '<https://api.github.invalid\u2100/x>; rel="next"',
        "<" * 8000,
    ]
)
names = [
    "retry-after",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-ratelimit-resource",
    "date",
    "content-type",
    "etag",
]
headers = st.fixed_dictionaries(
    {},
    optional={"link": links, "location": links.map(lambda link: link[1:40])} | dict.fromkeys(names, numbers),
)
statuses = st.sampled_from(
    [200, 200, 200, 201, 202, 204, 301, 307, 401, 403, 404, 422, 429, 500]
) | st.integers(100, 999)


@pytest.fixture(scope="module")
def runner():
    """One event loop for all examples."""
    with asyncio.Runner() as running:
        yield running


@pytest.mark.parametrize("name", list(CALLS))
def test_no_answer_gets_past_our_errors(runner, name):
    """Any status, headers and body: a value, or one of our errors."""

    @settings(max_examples=150, deadline=None, database=None)
    @given(statuses, headers, bodies)
    def holds(status, fields, body):
        transport = Canned(Answer(status, fields, body))
        person = Credentials(token=SecretStr("t"))
        github = GitHub(transport, quick_gate(), person, (URL, f"{URL}/graphql"))
        said = runner.run(outcome(CALLS[name](github.as_person())))
        assert said.isprintable()

    holds()


PIECES = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200\r\n",
    b"HTTP/2 200 OK\r\n",
    b"HTTP/1.1 999 \xff\r\n",
    b"HTTP/1.1 204 No\r\n",
    b"HTTP/1.1 301 Moved\r\n",
    b"content-length: 5\r\n",
    b"content-length: 99999999999999999999\r\n",
    b"content-length: -1\r\n",
    b"content-length: 5\r\ncontent-length: 7\r\n",
    b"transfer-encoding: chunked\r\n",
    b"content-encoding: gzip\r\n",
    b"content-encoding: br\r\n",
    b"content-type: application/json; charset=utf-777\r\n",
    b"location: http://[\r\n",
    b"set-cookie: a=\x00b; domain=evil\r\n",
    b"x" * 9000 + b": y\r\n",
    b": no name\r\n",
    b" folded\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"[1]",
    b"5\r\nhello\r\n0\r\n\r\n",
    b"ffffffffffffffffff\r\nx",
    b"-5\r\nx",
    b"\x1f\x8b\x08\x00\x00",
    b"\x00\xff" * 20,
]


async def test_no_bytes_on_the_wire_get_past_our_errors():
    """Whatever a socket can deliver: spoilt status lines, headers, lengths, chunks and compression."""
    draw = random.Random(20260321)

    def some_bytes() -> bytes:
        return b"".join(draw.choices(PIECES, k=draw.randint(0, 7)))

    async with sending_bytes(some_bytes) as url, client_of(url) as github:
        for number in range(150):
            asking = list(CALLS.values())[number % len(CALLS)]
            assert (await outcome(asking(github.as_person()))).isprintable()
