"""What every request goes through: credentials, faults, limits, permissions, the route, and the log."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, field
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.auth import caller_of, nobody
from sandbox.calls import REPO, Answer, Call, Route
from sandbox.doors import READS, api_base, check_headers, named_repository, used_permission
from sandbox.lifecycle import check_standing
from sandbox.refused import Refused
from sandbox.requestlog import Record, RequestLog
from sandbox.spoiling import Hits, cut, instead, pause, spoilt

if TYPE_CHECKING:
    from sandbox.faults import Faults
    from sandbox.limits import Limits
    from sandbox.state import State


@dataclass
class Pipeline:
    """Serves the routes over one state."""

    state: State
    limits: Limits
    faults: Faults
    log: RequestLog
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, route: Route, request: web.Request) -> web.StreamResponse:
        """Answer one request to a known route."""
        hits = self.faults.hit(request.method, request.path)
        record = Record(request.method, route.path, str(request.rel_url), at=self.state.clock())
        record.faults = tuple(hits)
        self.log.records.append(record)
        try:
            check_headers(request)
            authorization = request.headers.get("Authorization")
            caller = nobody(self.state) if route.anonymous else caller_of(self.state, authorization)
            record.caller = caller.kind
            self.limits.enter(caller.bucket)
        except Refused as refused:
            record.status = refused.status
            return self._response(request, Answer(refused.body, refused.status, refused.headers))
        try:
            return await self._spoilt(
                route, Call(request, self.state, caller, api_base(request)), record, hits
            )
        finally:
            self.limits.leave(caller.bucket)

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        """Answer a request to no route: 404, and a line in the log's list."""
        self.log.unknown.append(f"{request.method} {request.path}")
        record = Record(request.method, "unknown", str(request.rel_url), 404, at=self.state.clock())
        self.log.records.append(record)
        return self._response(request, Answer(Refused(404, "Not Found").body, 404))

    async def finish(self) -> None:
        """Wait for what was still to be done after its answer."""
        await asyncio.gather(*self._tasks)

    async def _spoilt(self, route: Route, call: Call, record: Record, hits: Hits) -> web.StreamResponse:
        """The answer, with whatever faults strike before and after the work."""
        await pause(hits.get("delay_before"))
        if "drop_before" in hits:
            return cut(call.request)
        stale = hits.get("stale")
        call.rates = lambda resource: self.limits.rates(call.caller.bucket, resource)
        call.moment = self.state.clock() - (stale.seconds if stale else 0)
        answer = instead(hits) or await self._worked(route, call)
        record.status = answer.status
        self._note(call, record)
        await pause(hits.get("delay_after"))
        if answer.later:
            self._tasks.add(task := asyncio.ensure_future(answer.later()))
            task.add_done_callback(self._tasks.discard)
        if "drop_after" in hits:
            return cut(call.request)
        return self._response(call.request, spoilt(answer, hits))

    async def _worked(self, route: Route, call: Call) -> Answer:
        """The answer of the route, or of whoever refused before."""
        resource = "graphql" if route.path == "/graphql" else "core"
        bucket = call.caller.bucket
        try:
            self.limits.admit(bucket, route.method, resource, content=route.creates_content)
            call.body = await _body(call.request)
            self._place(route, call)
            self._note_unknown(route, call)
            answer = _tagged(call.request, route.handler(call))
        except Refused as refused:
            answer = Answer(refused.body, refused.status, refused.headers)
        except Exception as error:
            self.log.unknown.append(f"fault of the stand-in: {error!r}")
            raise
        unchanged = answer.status == HTTPStatus.NOT_MODIFIED
        self.limits.charge(bucket, resource, -1 if unchanged else call.cost or 0)
        answer.headers = self.limits.headers(bucket, resource) | answer.headers
        return answer

    def _place(self, route: Route, call: Call) -> None:
        """Find the repository in the path and check that the caller may do this there."""
        if route.app != (call.caller.kind == "app"):
            message = "A JSON web token could not be decoded" if route.app else "Bad credentials"
            raise Refused(401, message)
        if REPO not in route.path:
            return
        repository = call.named_repository = named_repository(call)
        if route.app:
            return
        call.used.add(used_permission(route, call, repository))
        number = call.request.match_info.get("number", "")
        check_standing(repository, route, repository.issues.get(int(number)) if number.isdecimal() else None)

    def _note(self, call: Call, record: Record) -> None:
        """What the log keeps of a call."""
        record.operation, record.cost = call.operation, call.cost
        record.permission = ", ".join(sorted(call.used)) or None
        self.log.unknown.extend(call.unknown)
        if call.named_repository:
            record.repository = call.named_repository.full_name
            token = call.caller.token
            record.narrowed = token is not None and token.repositories == frozenset(
                {call.named_repository.id}
            )

    def _note_unknown(self, route: Route, call: Call) -> None:
        """Note names in query or body that GitHub would ignore in silence."""
        names = [f"?{name}" for name in call.request.query if name not in {*route.query, "page", "per_page"}]
        names += [f"body.{name}" for name in call.body if name not in route.fields]
        self.log.unknown.extend(f"{route.method} {route.path} {name}" for name in names)

    def _response(self, request: web.Request, answer: Answer) -> web.Response:
        """The answer as aiohttp sends it, with the headers GitHub always gives."""
        headers = {
            "Date": format_datetime(self.state.now(), usegmt=True),
            "Server": "github.com",
            "X-GitHub-Request-Id": f"5AB0:{len(self.log.records):08X}",
            "X-GitHub-Api-Version-Selected": request.headers.get("X-GitHub-Api-Version", "2022-11-28"),
            **answer.headers,
        }
        if answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
            headers["Content-Type"] = f"{answer.content_type}; charset=utf-8"
        return web.Response(body=answer.payload, status=answer.status, headers=headers)


async def _body(request: web.Request) -> dict[str, Any]:
    """The JSON object that was sent; a 400 if it is not JSON, a 422 if it is no object."""
    try:
        data = await request.read()
    except ConnectionError as error:
        # Whoever asked was killed in the middle: nobody hears the answer, and nothing is wrong here.
        raise Refused(400, "The request was cut off") from error
    if not data or request.method in READS:
        return {}
    try:
        body = json.loads(data)
    except ValueError as error:
        raise Refused(400, "Problems parsing JSON") from error
    if not isinstance(body, dict):
        raise Refused(422, "Invalid request.\n\nFor 'links/0/schema', this is not an object.")
    return body


def _tagged(request: web.Request, answer: Answer) -> Answer:
    """The answer with its ETag, or 304 if the caller has it already."""
    if request.method not in READS or answer.status != HTTPStatus.OK:
        return answer
    answer.headers["ETag"] = f'W/"{hashlib.sha256(answer.payload).hexdigest()}"'
    if request.headers.get("If-None-Match") == answer.headers["ETag"]:
        return Answer(status=HTTPStatus.NOT_MODIFIED, headers=answer.headers)
    return answer
