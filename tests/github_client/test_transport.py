"""One exchange with GitHub: bounded in time and size, and never with anybody else."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
import zlib

import aiohttp
import psutil
import pytest
from aiohttp import web

from bot.errors import Forbidden, Later, PRHubError, TooLarge
from bot.github import transport
from tests.fakes.answering import TOKEN, answering, client_of

MIB = 1024 * 1024


async def test_a_next_link_to_another_host_is_refused_and_gets_no_token():
    """A page may name any address as the next one; the token stays at home (R45)."""
    async with answering(lambda _: _json([2])) as foreign:

        async def answer(_request):
            return web.json_response([1], headers={"Link": f'<{foreign.url}/next>; rel="next"'})

        async with answering(answer) as home, client_of(home.url) as github:
            with pytest.raises(Forbidden, match="refused to call http"):
                [item async for item in github.as_person().getiter("/list")]
        assert foreign.asked == []
        assert home.asked == [("GET", "/list", f"Bearer {TOKEN}")]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://evil.invalid/x", id="another host"),
        pytest.param("http://169.254.169.254/latest/meta-data", id="the cloud's own address (W18)"),
        pytest.param("http://127.0.0.1:1/x", id="another port"),
        pytest.param("https://{host}/x", id="another scheme"),
        pytest.param("http://{host}@evil.invalid/x", id="our host as a user name"),
        pytest.param("http://{host}.evil.invalid/x", id="our host as a subdomain"),
        pytest.param("http://evil.invalid\\@{host}/x", id="a backslash"),
        pytest.param("file:///etc/passwd", id="a file"),
    ],
)
async def test_nobody_but_github_is_called(url):
    """An address from a payload or an answer is called only if it is GitHub's own (R47)."""
    async with answering(lambda _: _json({})) as home, client_of(home.url) as github:
        with pytest.raises(PRHubError):
            await github.as_person().getitem(url.format(host=home.url.removeprefix("http://")))
        assert home.asked == []


async def _json(value):
    return web.json_response(value)


async def test_environment_and_cookies_of_answers_do_not_travel():
    """Only what the client says is sent: version, agent, token."""
    seen = []

    async def answer(request):
        seen.append(request.headers)
        return web.json_response({})

    async with answering(answer) as home, client_of(home.url) as github:
        await github.as_person().getitem("/user")
    assert seen[0]["X-GitHub-Api-Version"] == transport.API_VERSION
    assert seen[0]["User-Agent"] == "prhub"
    assert "Cookie" not in seen[0]


async def test_a_server_that_does_not_answer_is_left(monkeypatch):
    """Silence, headers without a body, and one byte now and then all end in time (R53)."""
    monkeypatch.setattr(transport, "TIMEOUT", aiohttp.ClientTimeout(total=0.3, connect=0.2))

    async def answer(request):
        if request.path == "/silent":
            await asyncio.sleep(1.0)
        response = web.StreamResponse()
        await response.prepare(request)
        while request.path == "/drip":
            await response.write(b" ")
            await asyncio.sleep(0.02)
        await asyncio.sleep(1.0)
        return response

    async with answering(answer) as home, client_of(home.url) as github:
        begun = time.monotonic()
        for path in ("/silent", "/headers", "/drip"):
            with pytest.raises(Later, match="TimeoutError"):
                await github.as_person().post(path, data={})
        assert time.monotonic() - begun < 2.0


def test_the_time_for_an_answer_is_bounded():
    """GitHub itself ends a request after 10 s."""
    assert (transport.TIMEOUT.total, transport.TIMEOUT.connect) == (20, 5)


def _bomb(mebibytes: int) -> bytes:
    """Pack zeros; the end is missing, but nobody should get that far."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + again * (mebibytes - 1)


PACKED = {"a gzip bomb": lambda: _bomb(1024), "gzip members": lambda: gzip.compress(b"") * 50_000}


class Peak:
    """The most memory this process had while the block ran, over what it had before."""

    def __enter__(self):
        self._process = psutil.Process()
        self._before = self.bytes = self._process.memory_info().rss
        self._going = True
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self):
        while self._going:
            self.bytes = max(self.bytes, self._process.memory_info().rss)
            time.sleep(0.002)

    def __exit__(self, *_error):
        self._going = False
        self._thread.join()
        self.grown = self.bytes - self._before


@pytest.mark.parametrize("form", ["a gigabyte", "a gzip bomb", "gzip members", "no length"])
async def test_an_endless_answer_is_aborted_with_little_memory(form):
    """One GB as it is, or packed into one MB, costs neither memory nor time (R53, G7)."""
    packed = PACKED[form]() if form in PACKED else None

    async def answer(request):
        if packed is not None:
            return web.Response(body=packed, headers={"Content-Encoding": "gzip"})
        response = web.StreamResponse()
        if form == "a gigabyte":
            response.content_length = 1024 * MIB
        await response.prepare(request)
        for _ in range(4096):
            await response.write(b" " * (MIB // 4))
        return response

    async with answering(answer) as home, client_of(home.url) as github:
        begun = time.monotonic()
        with Peak() as peak, pytest.raises((TooLarge, Later)):
            await github.as_person().diff("/pulls/1", {})
        assert peak.grown < 96 * MIB
        assert time.monotonic() - begun < 5.0


async def test_an_answer_too_large_is_not_asked_for_again():
    """A diff of over 32 MiB is as good as GitHub's 406: the caller reads it in parts."""

    async def answer(request):
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(9):
            await response.write(b" " * (4 * MIB))
        return response

    async with answering(answer) as home, client_of(home.url) as github:
        with pytest.raises(TooLarge):
            await github.as_person().diff("/pulls/1", {})
        assert len(home.asked) == 1
