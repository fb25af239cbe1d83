"""The transport under the SDK: no proxies, no compression, and no answer without an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# 64,000 tokens of answer are under half a megabyte; each comes in an event of its own, of some 150 bytes.
MAX_ANSWER = 16 * 1024 * 1024


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Sends requests over ``inner``; answers are cut off with an error at 16 MiB."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request. Raises ``httpx2.RemoteProtocolError`` for an answer that is compressed.

        None is asked for, and a small one could be unpacked to gigabytes.
        """
        response = await self._inner.handle_async_request(request)
        stream = response.stream
        if not isinstance(stream, httpx2.AsyncByteStream):
            raise httpx2.RemoteProtocolError("the answer cannot be read")
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            await stream.aclose()
            raise httpx2.RemoteProtocolError("the answer is compressed")
        return httpx2.Response(
            response.status_code,
            headers=response.headers,
            stream=_Bounded(stream),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for part in self._inner:
            size += len(part)
            if size > MAX_ANSWER:
                raise httpx2.RemoteProtocolError("the answer is over 16 MiB")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
