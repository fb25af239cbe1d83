"""The routes of set-up mode: the pages of ``/setup``, and what webhooks and probes are told meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.setup.choice import offer, read_choice
from bot.setup.conversion import NotRegistered
from bot.setup.manifest import app_manifest, filled_manifest
from bot.setup.pages import Page
from bot.setup.steps import Pending
from bot.setup.visitors import COOKIE, origin_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.setup.steps import SetUp
    from bot.setup.visitors import Visitor

log = structlog.get_logger("prhub.setup")

# The longest form is four short lines.
MAX_FORM = 16 * 1024
MOST_FIELDS = 20
_WAITING = "no GitHub App is registered yet: open /setup"


def make_setup_web(set_up: SetUp) -> web.Application:
    """Give the application of set-up mode; it knows no other routes than these."""
    pages = _Pages(set_up)
    application = web.Application(client_max_size=MAX_FORM)
    router = application.router
    router.add_get("/setup", pages.first, allow_head=False)
    router.add_post("/setup", pages.chosen)
    router.add_get("/setup/done", pages.returned, allow_head=False)
    router.add_post("/setup/again", pages.again)
    router.add_get("/", _to_setup, allow_head=False)
    router.add_post(set_up.settings.webhook_path, _not_yet)
    router.add_get("/healthz", _healthz)
    router.add_get("/readyz", _readyz)
    return application


class _Pages:
    """The pages over one set-up."""

    def __init__(self, set_up: SetUp) -> None:
        self._set_up = set_up

    async def first(self, request: web.Request) -> web.Response:
        """The form; whoever comes for the first time is let in, or told how to come in."""
        visitor = self._visitor(request)
        if visitor is not None:
            # With the token in it, the address would stay in the browser's history.
            return _gone_to("/setup") if "token" in request.query else self._form(request, visitor)
        cookie = self._set_up.visitors.let_in(request)
        if cookie is None:
            log.warning("set-up page refused", remote=request.remote)
            return self._closed(request)
        log.info("set-up page opened", remote=request.remote)
        answer = _gone_to("/setup")
        if "token" not in request.query:
            visitor = self._set_up.visitors.known(cookie)
            answer = self._form(request, visitor) if visitor else answer
        secure = origin_of(request).startswith("https:")
        answer.set_cookie(COOKIE, cookie, path="/setup", httponly=True, samesite="Lax", secure=secure)
        return answer

    async def chosen(self, request: web.Request) -> web.Response:
        """The choice: what is wrong with it, or what will be registered and the way to GitHub."""
        visitor = self._visitor(request)
        form = await _form(request)
        if visitor is None or not visitor.wrote(form.get("word", ""), origin_of(request)):
            return self._closed(request)
        origin = origin_of(request)
        choice, wrong = read_choice(form, offer(self._set_up.settings, origin))
        if choice is None:
            return self._form(request, visitor, form, wrong)
        state = visitor.begin(choice, self._set_up.visitors.clock())
        manifest = filled_manifest(choice.webhook, f"{origin}/setup/done")
        page = Page(request, "confirm", form_targets=("'self'", choice.server_origin))
        return page.answer(choice=choice, state=state, manifest=manifest, app=app_manifest())

    async def returned(self, request: web.Request) -> web.Response:
        """The way back from GitHub, with a code and the state that went there."""
        visitor = self._visitor(request)
        if visitor is None:
            return self._closed(request)
        choice = visitor.take(request.query.get("state", ""), self._set_up.visitors.clock())
        begun = Pending(choice, request.query.get("code", "")) if choice is not None else None
        pending = self._set_up.pending
        if begun is None and (pending is None or pending.app is None):
            return self._trouble(request, visitor, NotRegistered("state_unknown"))
        return await self._went_on(request, visitor, begun)

    async def again(self, request: web.Request) -> web.Response:
        """Another try of what could not be done."""
        visitor = self._visitor(request)
        form = await _form(request)
        if visitor is None or not visitor.wrote(form.get("word", ""), origin_of(request)):
            return self._closed(request)
        return await self._went_on(request, visitor) if self._set_up.pending else _gone_to("/setup")

    async def _went_on(
        self, request: web.Request, visitor: Visitor, begun: Pending | None = None
    ) -> web.Response:
        try:
            trouble = await self._set_up.go_on(begun)
        except NotRegistered as error:
            return self._trouble(request, visitor, error)
        pending = self._set_up.pending
        page = Page(request, "done", status=200 if trouble is None else 500)
        return page.answer(pending=pending, trouble=trouble, folder=str(self._set_up.folder))

    def _visitor(self, request: web.Request) -> Visitor | None:
        return self._set_up.visitors.known(request.cookies.get(COOKIE))

    def _form(
        self,
        request: web.Request,
        visitor: Visitor,
        said: Mapping[str, str] | None = None,
        wrong: Mapping[str, str] | None = None,
    ) -> web.Response:
        pending = self._set_up.pending
        if pending is not None and pending.app is not None:
            return Page(request, "pending").answer(word=visitor.form, pending=pending)
        offered = offer(self._set_up.settings, origin_of(request))
        values = {**offered.values, **{name: said[name] for name in offered.values if said and name in said}}
        page = Page(request, "form", status=422 if wrong else 200)
        return page.answer(word=visitor.form, values=values, fixed=offered.fixed, wrong=wrong or {})

    def _trouble(self, request: web.Request, visitor: Visitor, error: NotRegistered) -> web.Response:
        log.warning("set-up did not go on", reason=error.key)
        page = Page(request, "trouble", status=400)
        return page.answer(key=error.key, again=error.again, word=visitor.form, pending=self._set_up.pending)

    def _closed(self, request: web.Request) -> web.Response:
        return Page(request, "closed", status=403).answer()


async def _form(request: web.Request) -> dict[str, str]:
    """Read a form's fields; a body that is too large is refused with 413 by aiohttp."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    text = (await request.read()).decode("utf-8", "replace")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise web.HTTPBadRequest from None


def _gone_to(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})


async def _to_setup(_request: web.Request) -> web.Response:
    return _gone_to("/setup")


async def _not_yet(_request: web.Request) -> web.Response:
    """GitHub shows a 503 as failed; it is asked for again once the app is there."""
    answer = web.json_response({"error": "PRHub is being set up, send it again later"}, status=503)
    answer.force_close()
    return answer


async def _healthz(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _readyz(_request: web.Request) -> web.Response:
    return web.json_response({"status": "not ready", "troubles": {"setup": _WAITING}}, status=503)
