"""What a fault makes of an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web

from sandbox.calls import Answer
from sandbox.faults import Fault
from sandbox.refused import Refused

Hits = Mapping[str, Fault]

_HTML = b"<!DOCTYPE html>\n<html><body><p>This page is taking too long to load.</p></body></html>\n"
_LIMITED = (
    "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. "
    "Please retry your request again later."
)


async def pause(fault: Fault | None) -> None:
    """Wait if a delay struck."""
    if fault:
        await asyncio.sleep(fault.seconds)


def cut(request: web.Request) -> web.Response:
    """Close the connection; what is returned is never sent."""
    if request.transport:
        request.transport.close()
    return web.Response()


def instead(hits: Hits) -> Answer | None:
    """The answer of a fault that strikes before the work, if any did."""
    for kind, fault in hits.items():
        if kind in _INSTEAD:
            return _INSTEAD[kind](fault)
    return None


def _redirect(fault: Fault) -> Answer:
    """A redirect to wherever the fault says."""
    body = {"message": "Moved Permanently", "url": fault.location}
    return Answer(body, fault.status, {"Location": fault.location})


def _secondary(fault: Fault) -> Answer:
    """The secondary limit, with the ``Retry-After`` that the fault gives."""
    headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
    return Answer(Refused(fault.status, _LIMITED).body, fault.status, headers)


def _page(fault: Fault) -> Answer:
    """A page for people."""
    return Answer(status=fault.status, raw=_HTML, content_type="text/html")


def _limited(_fault: Fault) -> Answer:
    """GraphQL's limit, which has status 200."""
    return Answer({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]})


_INSTEAD: Mapping[str, Callable[[Fault], Answer]] = {
    "unauthorized": lambda _: Answer(Refused(401, "Bad credentials").body, 401),
    "error": lambda fault: Answer(Refused(fault.status, "Server Error").body, fault.status),
    "html": _page,
    "redirect": _redirect,
    "secondary": _secondary,
    "graphql_limited": _limited,
}


def spoilt(answer: Answer, hits: Hits) -> Answer:
    """The answer as a fault leaves it that strikes after the work."""
    if fault := hits.get("error_after"):
        return _page(fault)
    if "truncated" in hits:
        whole = answer.payload
        return Answer(status=answer.status, raw=whole[: len(whole) // 2], headers=answer.headers)
    return answer
