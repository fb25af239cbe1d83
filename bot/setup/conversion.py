"""Takes the app that GitHub has registered: its id, its key and its webhook secret, for a code used once."""

from __future__ import annotations

import json
import re
import secrets
from typing import TYPE_CHECKING

import aiohttp
from pydantic import ConfigDict, Field, SecretStr, ValidationError

from bot.errors import Later, PRHubError, SettingsError, TooLarge
from bot.github.tokens import app_jwt
from bot.github.transport import API_VERSION, Transport
from bot.model import Frozen
from bot.settings import credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.github.transport import Answer

_CODE = re.compile(r"[A-Za-z0-9_-]{1,255}")
# What needs no quotes in .env, and is not cut at a comma.
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_HEADERS = {
    "Accept": "application/vnd.github+json",
    "User-Agent": "prhub",
    "X-GitHub-Api-Version": API_VERSION,
}


class NotRegistered(PRHubError):
    """The app could not be taken; ``key`` is that of the sentence that says why.

    ``again`` says whether the same code may still do.
    """

    def __init__(self, key: str, *, again: bool = False) -> None:
        super().__init__(key)
        self.key = key
        self.again = again


class Registered(Frozen):
    """An app as GitHub hands it over; what else its answer holds is not kept."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: int = Field(gt=0)
    slug: str = Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")
    html_url: str = ""
    pem: SecretStr
    webhook_secret: SecretStr | None = None


async def convert(api: str, code: str) -> Registered:
    """Exchange the code for the app. Raises ``NotRegistered``; nothing of the answer is in that."""
    if _CODE.fullmatch(code) is None:
        raise NotRegistered("code_unusable")
    answer = await _ask(api, "POST", f"/app-manifests/{code}/conversions", {}, None)
    if answer.status in (404, 422):
        raise NotRegistered("code_spent")
    if answer.status != 201:
        raise NotRegistered("github_refused", again=True)
    try:
        app = Registered.model_validate_json(answer.body)
        pem = credentials.private_key(app.pem.get_secret_value())
    except (ValidationError, SettingsError):
        # Not chained: the error shows the answer.
        raise NotRegistered("answer_unusable") from None
    return app.model_copy(update={"pem": SecretStr(pem)})


def usable_secret(app: Registered) -> bool:
    """Whether the secret that GitHub gave is one that the server accepts."""
    secret = app.webhook_secret.get_secret_value() if app.webhook_secret else ""
    try:
        credentials.webhook_secrets(secret)
    except SettingsError:
        return False
    return _PLAIN.fullmatch(secret) is not None


async def with_new_secret(api: str, app: Registered) -> Registered:
    """Give the app another webhook secret, at GitHub as well. Raises ``NotRegistered``."""
    secret = secrets.token_hex(32)
    token = app_jwt(app.id, app.pem.get_secret_value(), 0.0)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await _ask(api, "PATCH", "/app/hook/config", headers, {"secret": secret, "content_type": "json"})
    if answer.status != 200:
        raise NotRegistered("secret_refused", again=True)
    return app.model_copy(update={"webhook_secret": SecretStr(secret)})


async def _ask(
    api: str, method: str, path: str, headers: Mapping[str, str], body: dict[str, str] | None
) -> Answer:
    data = b"" if body is None else json.dumps(body).encode()
    try:
        # No proxy from the environment: requests go where the settings say (R54).
        async with aiohttp.ClientSession(trust_env=False) as session:
            transport = Transport(session, (api,))
            return await transport.exchange(method, f"{api}{path}", {**_HEADERS, **headers}, data)
    except (Later, TooLarge):
        raise NotRegistered("github_away", again=True) from None
