"""Who may use the set-up page: whoever sits at this machine, or has the token; and what they have begun."""

from __future__ import annotations

import hmac
import secrets
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import HttpVersion11

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web

    from bot.setup.choice import Choice

COOKIE = "prhub_setup"
# GitHub's codes live for an hour, and so does what leads to one.
STATE_SECONDS = 3600.0
MOST_STATES = 8
MOST_VISITORS = 64
# A proxy on this machine adds one of these: whoever comes through it does not sit here.
_PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass
class Visitor:
    """A browser that was let in, ``here`` if without a token; ``form`` is the word its own forms know."""

    here: bool
    form: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    states: dict[str, tuple[float, Choice]] = field(default_factory=dict, repr=False)
    seen: float = 0.0

    def wrote(self, word: str, origin: str) -> bool:
        """Whether a form came from a page that this visitor was shown.

        A browser that sits here has a page of this machine; with another origin there is a proxy
        between that did not say so.
        """
        if self.here and not is_loopback(urlsplit(origin).hostname or ""):
            return False
        return hmac.compare_digest(word.encode(), self.form.encode())

    def begin(self, choice: Choice, now: float) -> str:
        """Remember a choice under a state, which goes to GitHub and comes back with the code."""
        state = secrets.token_urlsafe(32)
        while len(self.states) >= MOST_STATES:
            del self.states[next(iter(self.states))]
        self.states[state] = (now, choice)
        return state

    def take(self, state: str, now: float) -> Choice | None:
        """Give the choice behind a state, once and within the hour."""
        found = None
        for known in self.states:
            # All are compared, whichever it is.
            if hmac.compare_digest(known.encode(), state.encode()):
                found = known
        if found is None:
            return None
        begun, choice = self.states.pop(found)
        return choice if now - begun <= STATE_SECONDS else None


@dataclass
class Visitors:
    """Lets browsers in: from this machine if the server listens there only, else with the token, once."""

    host: str
    clock: Callable[[], float] = time.monotonic
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    _known: dict[str, Visitor] = field(default_factory=dict, repr=False)

    def let_in(self, request: web.Request) -> str | None:
        """Give a new cookie to whoever may come in, ``None`` to others. A token is used up by it."""
        offered = request.query.get("token")
        if offered is not None:
            if not self.token or not hmac.compare_digest(offered.encode(), self.token.encode()):
                return None
            self.token = ""
        elif not self._is_here(request):
            return None
        cookie = secrets.token_urlsafe(32)
        while len(self._known) >= MOST_VISITORS:
            del self._known[min(self._known, key=lambda known: self._known[known].seen)]
        self._known[cookie] = Visitor(here=offered is None, seen=self.clock())
        return cookie

    def known(self, cookie: str | None) -> Visitor | None:
        """Give the visitor with a cookie. The cookie is too long to be found by timing a look-up."""
        visitor = self._known.get(cookie or "")
        if visitor is not None:
            visitor.seen = self.clock()
        return visitor

    def _is_here(self, request: web.Request) -> bool:
        """Whether a request comes from this machine, by a name of this machine, and through no proxy.

        The name keeps pages of the web out, whose own name may lead here. Some proxies say nothing of
        themselves, but speak HTTP/1.0, which browsers do not.
        """
        proxied = request.version < HttpVersion11 or any(name in request.headers for name in _PROXY_HEADERS)
        if proxied or not is_loopback(self.host):
            return False
        peer = request.transport.get_extra_info("peername") if request.transport else None
        return peer is not None and is_loopback(peer[0]) and is_loopback(host_of(request))


def host_of(request: web.Request) -> str:
    """Give the host that a request names, without its port; empty if that is none."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


def origin_of(request: web.Request) -> str:
    """Give scheme, host and port as the browser has them; behind a proxy only the browser knows."""
    said = request.headers.get("Origin", "")
    try:
        parts = urlsplit(said)
        if (
            parts.scheme in ("http", "https")
            and parts.hostname
            and said == f"{parts.scheme}://{parts.netloc}"
        ):
            return said
    except ValueError:
        pass
    scheme = "https" if request.headers.get("X-Forwarded-Proto") == "https" else request.scheme
    return f"{scheme}://{request.host if host_of(request) else 'localhost'}"
