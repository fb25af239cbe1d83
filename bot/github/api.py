"""GitHub's REST and GraphQL as one identity: gidgethub's protocol over our transport and gate."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urljoin, urlsplit

import gidgethub.abc
from gidgethub import sansio

from bot.errors import Later, Moved, NotSent, RateLimited, Suspended, Unauthorized
from bot.github.answers import TRANSIENT_WAIT, check, check_graphql
from bot.github.transport import API_VERSION, Answer
from bot.model import Standing

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from bot.github.gate import Gate
    from bot.github.transport import Transport

USER_AGENT = "prhub"
DIFF = "application/vnd.github.diff"
JSON = "application/vnd.github+json"
# Passing faults are tried again here twice; a longer outage is the workflow's to wait out.
RETRY_AFTER = (0.5, 2.0)
_REPEATABLE = {"GET", "PATCH", "DELETE", "PUT"}
# A pull request takes 2,500 comments and 3,000 files; a list that does not end is a fault (R55).
MAX_PAGES = 100
MAX_REDIRECTS = 2
_REDIRECTS = frozenset({301, 302, 307, 308})
_MAY_BE_EMPTY = frozenset({202, 204})


_NEXT = re.compile(r'<([^<>]{1,4096})>; *rel="?next"?')
_UNCHANGED = 304


@dataclass(frozen=True)
class Page:
    """A page of a list: ``data`` is ``None`` if it is what ``etag`` stood for; ``following`` is the next."""

    data: Any
    etag: str | None
    following: str | None


class Identity(Protocol):
    """Who is asking: gives the Authorization header, and another one if that was refused."""

    async def authorization(self, refused: str | None = None) -> str:
        """Give the header's value."""


class API(gidgethub.abc.GitHubAPI):
    """The API as one identity. Every method raises the errors of ``bot.github.answers``."""

    def __init__(
        self,
        transport: Transport,
        gate: Gate,
        identity: Identity,
        installation_id: int,
        urls: tuple[str, str],
    ) -> None:
        super().__init__(USER_AGENT, base_url=urls[0])
        self._transport = transport
        self._gate = gate
        self._identity = identity
        self._installation_id = installation_id
        self._graphql_url = urls[1]
        self._admitted: str | None = None

    async def manage_rate_limit(self, *, method: str, url: str) -> None:
        """Pass the gate before each request of gidgethub's methods."""
        admitted, self._admitted = self._admitted == method, None
        if not admitted:
            await self._gate.enter(self._installation_id, method, urlsplit(url).path)

    async def admit(self, method: str, path: str) -> None:
        """Pass the gate and get a token now, so that the next request is sent at once when it comes.

        Who notes the moment of a write needs this: both together may take over a minute.
        """
        await self._gate.enter(self._installation_id, method, path)
        await self._identity.authorization()
        self._admitted = method

    async def sleep(self, seconds: float) -> None:
        """Wait, as gidgethub asks."""
        await self._gate.sleep(seconds)

    async def getiter(  # type: ignore[override] # of gidgethub's ways to ask for a list we have one
        self, url: str, url_vars: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Any, None]:
        """Give the items of every page of a list, up to 100 pages.

        Raises ``Later`` for a page that is no list, and after the last page if there is yet another:
        a part must not be taken for the whole.
        """
        address = sansio.format_url(url, url_vars or {}, base_url=self.base_url)
        for _ in range(MAX_PAGES):
            data, following, _ = await self._make_request("GET", address, None, b"", JSON)
            page: Any = data  # gidgethub says bytes, and gives what the JSON holds
            if not isinstance(page, list):
                raise Later(TRANSIENT_WAIT, "GitHub's list is not a list")
            for item in page:
                yield item
            if following is None:
                return
            address = _joined(self.base_url, following)
        raise Later(TRANSIENT_WAIT, "GitHub's list does not end")

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        answer = await self._retried(method, url, headers, body)
        if answer.body or answer.status not in _MAY_BE_EMPTY:
            _parsed(answer.body)  # a proxy's HTML under a 200 is no answer
        await self._gate.succeeded(self._installation_id)
        return answer.status, _tame(answer.headers), answer.body

    async def graphql_data(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Run a query (never a mutation: it may be sent again) and give its ``data``."""
        await self._gate.check_open(self._installation_id)
        body = json.dumps({"query": query, "variables": dict(variables)}).encode()
        headers = sansio.create_headers(self.requester) | {"content-type": "application/json; charset=utf-8"}
        answer = await self._retried("POST", self._graphql_url, headers, body, repeatable=True)
        try:
            data = check_graphql(_parsed(answer.body), answer.headers)
        except RateLimited as error:
            await self._gate.limited(self._installation_id, error)
            raise
        await self._gate.succeeded(self._installation_id)
        return data

    async def page(
        self, url: str, url_vars: Mapping[str, Any] | None = None, etag: str | None = None
    ) -> Page:
        """Give one page of a list, or say that it has not changed since ``etag``: that costs no quota.

        A tag is good for one installation and address only (R52): the caller keeps it with them.
        """
        await self._gate.check_open(self._installation_id)
        address = sansio.format_url(url, url_vars or {}, base_url=self.base_url)
        headers = sansio.create_headers(self.requester, accept=JSON)
        answer = await self._retried("GET", address, headers | _unless(etag), b"")
        await self._gate.succeeded(self._installation_id)
        if answer.status == _UNCHANGED:
            return Page(None, etag, None)
        following = _NEXT.search(answer.headers.get("link", ""))
        tag = answer.headers.get("etag")
        return Page(_parsed(answer.body), tag, following[1] if following else None)

    async def diff(self, url: str, url_vars: Mapping[str, Any]) -> bytes:
        """Give a resource in GitHub's diff media type, as raw bytes (a diff need not be UTF-8)."""
        await self._gate.check_open(self._installation_id)
        address = sansio.format_url(url, url_vars, base_url=self.base_url)
        headers = sansio.create_headers(self.requester, accept=DIFF)
        answer = await self._retried("GET", address, headers, b"")
        await self._gate.succeeded(self._installation_id)
        return answer.body

    async def _retried(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, *, repeatable: bool = False
    ) -> Answer:
        waits = RETRY_AFTER if repeatable or method in _REPEATABLE else ()
        for wait in waits:
            try:
                return await self._authorized(method, url, headers, body)
            except (RateLimited, NotSent):
                raise
            except Later:
                await self.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, not a secret
        return await self._authorized(method, url, headers, body)

    async def _authorized(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        authorization = await self._identity.authorization()
        try:
            return await self._sent(method, url, {**headers, "authorization": authorization}, body)
        except Unauthorized:
            # Revoked or expired meanwhile: GitHub did nothing, so even a POST may be sent again.
            renewed = await self._identity.authorization(refused=authorization)
            return await self._sent(method, url, {**headers, "authorization": renewed}, body)

    async def _sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        async with self._gate.turn(self._installation_id, method):
            versioned = {**headers, "x-github-api-version": API_VERSION}
            answer = await self._followed(method, url, versioned, body)
        self._gate.learn(self._installation_id, answer.headers)
        if answer.status == _UNCHANGED and "if-none-match" in headers:
            return answer
        try:
            check(answer.status, answer.headers, answer.body)
        except RateLimited as error:
            await self._gate.limited(self._installation_id, error)
            raise
        except Suspended:
            await self._gate.door.shut(self._installation_id, Standing.SUSPENDED)
            raise
        return answer

    async def _followed(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send, and follow a renamed repository with the same method and body (R45).

        A redirect says that nothing was done; the transport refuses one to another host.
        """
        answer = await self._transport.exchange(method, url, headers, body)
        for _ in range(MAX_REDIRECTS):
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                break
            url = _joined(url, location)
            answer = await self._transport.exchange(method, url, headers, body)
        return answer


def _unless(etag: str | None) -> dict[str, str]:
    return {} if etag is None else {"if-none-match": etag}


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        raise Moved("GitHub names a malformed address") from None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise Later(TRANSIENT_WAIT, "GitHub's answer is not JSON") from error


def _tame(headers: Mapping[str, str]) -> dict[str, str]:
    """Leave gidgethub what it reads, and nothing that could crash it: the body is known to be JSON."""
    kept = {"content-type": "application/json"}
    if "link" in headers:
        kept["link"] = headers["link"]
    return kept
