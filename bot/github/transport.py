"""One HTTP exchange with GitHub: bounded in time and size, never redirected, never elsewhere."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.errors import Forbidden, Later, TooLarge
from bot.github.answers import TRANSIENT_WAIT, epoch_of
from bot.traces import OFF, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.traces import Traces

log = structlog.get_logger("prhub.github")
_ADVICE = "switch on time synchronisation on this machine"

# GitHub ends API requests itself after 10 s; answers above 32 MiB are no answers (R53).
TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
MAX_ANSWER = 32 * 1024 * 1024
_PORTS = {"https": 443, "http": 80}
API_VERSION = "2022-11-28"
# Below this a clock is as good as GitHub's (R42).
TOLERATED_SKEW = 30.0


# The words of GitHub's paths that PRHub uses; whatever else stands in one names somebody's things.
_WORDS = re.compile(
    r"access_tokens|api|app|attempts|check-runs|collaborators|comments|compare|config|contents|conversions"
    r"|deliveries|files|git|graphql|hook|installations?|issues|labels|permission|pulls|rate_limit|reactions"
    r"|repos|repositories|reviews|tags|v3|"
)


@dataclass(frozen=True)
class Answer:
    """Status, headers with lower-case names, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Transport:
    """Sends requests to the hosts of ``urls`` only.

    ``skew`` is how many seconds GitHub's clock is ahead of ours, 0 within 30 s. ``observe`` is told
    the method, URL and status of every exchange.
    """

    session: aiohttp.ClientSession
    urls: tuple[str, ...]
    observe: Callable[[str, str, int], None] = lambda _method, _url, _status: None
    traces: Traces = OFF
    skew: float = field(default=0.0, init=False)

    async def exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request.

        Raises ``Later`` if no whole answer came and ``TooLarge`` for one over 32 MiB: what was done
        is then unknown. Raises ``Forbidden``, and sends nothing, for a host that is not GitHub's.
        """
        self._refuse_foreign(url)
        target = urlsplit(url)
        told = {
            "http.request.method": method,
            "url.template": _template(target.path),
            "server.address": target.hostname,
            "server.port": target.port or _PORTS[target.scheme],
        }
        with self.traces.span(method, Side.CLIENT, **told) as span:
            answer = await self._exchange(method, url, headers, body)
            span.set(**{"http.response.status_code": answer.status})
            if answer.status >= 400:
                span.failed(str(answer.status))
        return answer

    async def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            async with self.session.request(
                method, url, headers=headers, data=body, allow_redirects=False, timeout=TIMEOUT
            ) as response:
                content = await _read(response)
                names = {name.lower(): value for name, value in response.headers.items()}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            self.observe(method, url, 0)
            # Not chained: the library's errors carry the request's headers, and with them the token.
            raise Later(TRANSIENT_WAIT, f"no answer from GitHub: {type(error).__name__}") from None
        self.observe(method, url, response.status)
        self._learn_clock(names.get("date"))
        return Answer(response.status, names, content)

    def _refuse_foreign(self, url: str) -> None:
        """Keep tokens at home: a next-link or a payload may name any host (R45, R47)."""
        try:
            target = urlsplit(url)
        except ValueError:
            raise Forbidden("refused to call a malformed address") from None
        for known in self.urls:
            home = urlsplit(known)
            if (target.scheme, target.netloc) == (home.scheme, home.netloc):
                return
        raise Forbidden(f"refused to call {target.scheme[:20]}://{target.netloc[:100]}")

    def _learn_clock(self, date: str | None) -> None:
        moment = epoch_of(date)
        if moment is not None:
            ahead, before = moment - time.time(), self.skew
            self.skew = ahead if abs(ahead) > TOLERATED_SKEW else 0.0
            if self.skew and not before:
                log.warning("the clock is wrong", seconds_behind_github=round(ahead), advice=_ADVICE)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    parts = bytearray()
    async for part in response.content.iter_chunked(65536):
        parts += part
        if len(parts) > MAX_ANSWER:
            raise TooLarge("GitHub's answer is over 32 MiB")
    return bytes(parts)


def _template(path: str) -> str:
    """Give a path with its names and numbers left out: labels, files and logins are text of people's."""
    return "/".join(part if _WORDS.fullmatch(part) else "{}" for part in path.split("/"))
