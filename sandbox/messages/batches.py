"""The stand-in's Batches API: batches take their time, and entries and answers go wrong as they are told."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.messages import events
from sandbox.messages.asked import Asked, violations

if TYPE_CHECKING:
    from sandbox.messages.server import Messages

_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_COUNTS = ("processing", "succeeded", "errored", "canceled", "expired")
_DAY = 86_400.0

Fate = Callable[[Asked, str], str]


def succeeded(_asked: Asked, _custom_id: str) -> str:
    """The usual fate of an entry."""
    return "succeeded"


@dataclass
class Batch:
    """One batch: what was asked, since when, and whether somebody cancelled it."""

    id: str
    asked: dict[str, Asked]
    made_at: float
    ends_at: float
    cancelled: bool = False
    archived: bool = False
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def ended(self) -> bool:
        """Whether it is through."""
        return time.time() >= self.ends_at


@dataclass
class Batches:
    """All batches. They take ``seconds``; ``fate`` decides how each entry ends.

    ``succeeded``, ``expired``, ``canceled``, ``refused`` (as an invalid request) or ``overloaded``. The next
    creations that ``lose`` counts are carried out, and their answers lost; ``refuse`` holds statuses for the
    next ones that are not carried out; ``gates`` are what the next ones wait for. Without ``listed`` there
    is no list. Of those in ``hidden`` nobody knows: they were made with another key.
    """

    messages: Messages
    seconds: float = 0.0
    fate: Fate = succeeded
    lose: int = 0
    refuse: list[int] = field(default_factory=list)
    gates: list[asyncio.Event] = field(default_factory=list)
    uploads: int = 0
    listed: bool = True
    hidden: set[str] = field(default_factory=set)
    made: list[Batch] = field(default_factory=list)
    fetched: int = 0

    @property
    def paid(self) -> list[Asked]:
        """Every question that was answered in a batch, and so paid for."""
        return [batch.asked[name] for batch in self.made for name in batch.results if _is_paid(batch, name)]

    def routes(self) -> list[web.RouteDef]:
        """The routes of the API."""
        path = "/v1/messages/batches"
        return [
            web.post(path, self.create),
            web.get(path, self.list),
            web.get(path + "/{id}", self.get),
            web.get(path + "/{id}/results", self.results),
            web.post(path + "/{id}/cancel", self.cancel),
        ]

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Make a batch."""
        try:
            rows = json.loads(await request.read())["requests"]
        except ConnectionError:
            return web.Response(status=400)
        self.uploads += 1
        if self.gates:
            await self.gates.pop(0).wait()
        if self.refuse:
            return _error(self.refuse.pop(0), "the stand-in was told to refuse")
        names = [row["custom_id"] for row in rows]
        if len(set(names)) < len(names) or not all(_ID.fullmatch(name) for name in names) or not names:
            return _error(400, "custom_id: must be unique, and of up to 64 letters, digits, _ and -")
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = {row["custom_id"]: self._note(headers, row["params"]) for row in rows}
        now = time.time()
        batch = Batch(f"msgbatch_{len(self.made) + 1:04}", asked, now, now + self.seconds)
        self.made.append(batch)
        for name, one in asked.items():
            batch.results[name] = self._result(one, name)
        if self.lose:
            self.lose -= 1
            if request.transport is not None:
                request.transport.close()
            await asyncio.sleep(0)
        return web.json_response(self._told(batch))

    def _note(self, headers: dict[str, str], body: dict[str, Any]) -> Asked:
        asked = Asked(
            len(self.messages.asked) + 1, headers, body, time.monotonic(), violations(headers, body)
        )
        self.messages.asked.append(asked)
        return asked

    def _result(self, asked: Asked, name: str) -> dict[str, Any]:
        fate = self.fate(asked, name)
        if fate in {"expired", "canceled"}:
            return {"type": fate}
        if fate in {"refused", "overloaded"}:
            kind = "invalid_request_error" if fate == "refused" else "overloaded_error"
            said = {"type": "error", "error": {"type": kind, "message": "No."}, "request_id": None}
            return {"type": "errored", "error": said}
        reply = self.messages.next_reply(asked)
        message = events.message(asked, reply, self.messages.usage(asked, reply))
        return {"type": "succeeded", "message": message}

    async def list(self, request: web.Request) -> web.Response:
        """List the batches, newest first."""
        if not self.listed:
            return _error(404, "there is no list")
        rows = [batch for batch in self.made[::-1] if batch.id not in self.hidden]
        after = request.query.get("after_id")
        ids = [batch.id for batch in rows]
        start = ids.index(after) + 1 if after in ids else 0
        most = int(request.query.get("limit", "20"))
        page = rows[start : start + most]
        ends = (
            {"first_id": page[0].id, "last_id": page[-1].id} if page else {"first_id": None, "last_id": None}
        )
        data = [self._told(batch) for batch in page]
        return web.json_response({"data": data, "has_more": start + most < len(rows), **ends})

    async def get(self, request: web.Request) -> web.Response:
        """Tell of a batch."""
        batch = self._named(request)
        return _error(404, "no such batch") if batch is None else web.json_response(self._told(batch))

    async def results(self, request: web.Request) -> web.Response:
        """Give the results, in another order than they were asked in."""
        batch = self._named(request)
        if batch is None or not batch.ended or batch.archived:
            return _error(404, "no results")
        self.fetched += 1
        rows = [
            {"custom_id": name, "result": {"type": "canceled"} if batch.cancelled else result}
            for name, result in reversed(batch.results.items())
        ]
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return web.Response(text=text, content_type="application/x-jsonl")

    async def cancel(self, request: web.Request) -> web.Response:
        """End a batch at once."""
        batch = self._named(request)
        if batch is None:
            return _error(404, "no such batch")
        batch.cancelled, batch.ends_at = True, time.time()
        return web.json_response(self._told(batch))

    def _named(self, request: web.Request) -> Batch | None:
        shown = [batch for batch in self.made if batch.id not in self.hidden]
        return next((batch for batch in shown if batch.id == request.match_info["id"]), None)

    def _told(self, batch: Batch) -> dict[str, Any]:
        counts = dict.fromkeys(_COUNTS, 0)
        for result in batch.results.values():
            kind = "canceled" if batch.cancelled else result["type"]
            counts[kind if batch.ended else "processing"] += 1
        url = f"{self.messages.url}/v1/messages/batches/{batch.id}/results"
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if batch.ended else "in_progress",
            "request_counts": counts,
            "created_at": _moment(batch.made_at),
            "expires_at": _moment(batch.made_at + _DAY),
            "ended_at": _moment(batch.ends_at) if batch.ended else None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": url if batch.ended and not batch.archived else None,
        }


def _is_paid(batch: Batch, name: str) -> bool:
    return batch.results[name]["type"] == "succeeded" and not batch.cancelled


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def _error(status: int, message: str) -> web.Response:
    kinds = {400: "invalid_request_error", 401: "authentication_error", 404: "not_found_error"}
    headers = {"retry-after": "1"} if status == 429 else {}
    said = {"type": kinds.get(status, "api_error"), "message": message}
    return web.json_response({"type": "error", "error": said}, status=status, headers=headers)
