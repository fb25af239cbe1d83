"""The manifest flow: the page that registers an app, the way back with a code, and the app for that code."""

from __future__ import annotations

import html
import json
import re
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.calls import Answer, Call, Route
from sandbox.refused import Refused
from sandbox.rest.apps import get_hook_config
from sandbox.shapes.people import app_json
from sandbox.state import Waiting

if TYPE_CHECKING:
    from sandbox.state import State

# https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
CODE_SECONDS = 3600.0
_LONGEST_NAME = 34
_WORD = re.compile(r"[^a-z0-9]+")
_PAGE = """<!doctype html><meta charset="utf-8"><title>Create GitHub App</title>
<h1>Create GitHub App for {owner}</h1><p>Webhooks: {hook}</p>
<form method="post" action="/_manifest"><input type="hidden" name="manifest" value="{manifest}">
<input type="hidden" name="state" value="{state}">
<label>GitHub App name <input name="name" value="{name}"></label>
<button>Create GitHub App</button></form>
"""


def add_routes(app: web.Application, state: State) -> None:
    """The pages that a browser sees; codes are kept in the state."""

    async def new(request: web.Request) -> web.Response:
        """Show what would be registered; a manifest that GitHub would not take is told so."""
        form = await request.post()
        manifest, wrong = _manifest(str(form.get("manifest", "")))
        if wrong:
            return web.Response(text=f"Invalid GitHub App configuration: {wrong}", status=422)
        values = {
            "owner": request.match_info.get("organization", "you"),
            "hook": manifest["hook_attributes"]["url"],
            "manifest": json.dumps(manifest),
            "state": request.query.get("state", ""),
            "name": manifest.get("name", ""),
        }
        shown = {name: html.escape(value) for name, value in values.items()}
        return web.Response(text=_PAGE.format(**shown), content_type="text/html")

    async def create(request: web.Request) -> web.Response:
        """Register it and send the browser back."""
        form = await request.post()
        manifest, wrong = _manifest(str(form["manifest"]))
        if wrong:
            return web.Response(text=wrong, status=422)
        code = secrets.token_hex(20)
        manifest["name"] = str(form.get("name") or manifest["name"])
        state.manifests[code] = Waiting(manifest, state.clock() + CODE_SECONDS)
        raise web.HTTPFound(_back(manifest["redirect_url"], code, str(form["state"])))

    app.router.add_post("/settings/apps/new", new)
    app.router.add_post("/organizations/{organization}/settings/apps/new", new)
    app.router.add_post("/_manifest", create)


def _back(url: str, code: str, state: str) -> str:
    return f"{url}?code={code}&state={state}"


def _manifest(text: str) -> tuple[dict[str, Any], str]:
    """Read a manifest; the second is what is wrong with it."""
    try:
        manifest = json.loads(text)
    except ValueError:
        return {}, "it is not JSON"
    for name in ("name", "url", "redirect_url"):
        if not isinstance(manifest.get(name), str) or not manifest[name]:
            return {}, f"{name} is missing"
    if len(manifest["name"]) > _LONGEST_NAME:
        return {}, "the name is too long"
    if urlsplit(manifest.get("hook_attributes", {}).get("url", "")).scheme not in ("http", "https"):
        return {}, "hook_attributes.url is missing"
    return manifest, ""


def convert(call: Call) -> Answer:
    """The app for its code, once and within the hour; the state's app becomes that app."""
    waiting = call.state.manifests.pop(call.request.match_info["code"], None)
    if waiting is None or call.state.clock() > waiting.until:
        raise Refused(404, "Not Found")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    secret = call.state.next_webhook_secret or secrets.token_hex(20)
    _register(call.state, waiting.manifest, key, secret)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    base = replace(call.base, html=f"{call.request.scheme}://{call.request.host}")
    shown = app_json(call.state, base)
    answer = {**shown, "client_secret": secrets.token_hex(20), "webhook_secret": secret, "pem": pem.decode()}
    return Answer(answer, 201)


def _register(state: State, manifest: dict[str, Any], key: rsa.RSAPrivateKey, secret: str) -> None:
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    app = state.app
    app.id = next(state.small_ids)
    app.slug = _WORD.sub("-", manifest["name"].lower()).strip("-")
    app.public_key = public.decode()
    app.events = tuple(manifest["default_events"])
    app.permissions = dict(manifest["default_permissions"])
    app.webhook_url, app.webhook_secret = manifest["hook_attributes"]["url"], secret


def change_hook(call: Call) -> Answer:
    """Change where webhooks go and how they are signed, and show that."""
    app = call.state.app
    if "secret" in call.body:
        app.webhook_secret = call.text("secret")
    if "url" in call.body:
        app.webhook_url = call.text("url")
    return get_hook_config(call)


_FIELDS = ("url", "content_type", "secret", "insecure_ssl")
ROUTES = (
    Route("POST", "/app-manifests/{code}/conversions", convert, anonymous=True),
    Route("PATCH", "/app/hook/config", change_hook, fields=_FIELDS, app=True),
)
