"""Helpers around the stand-in GitHub: keys, tokens, a repository with a merge, and the loopback guard."""

from __future__ import annotations

import ipaddress
import json
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.build import (
    INSTALLATION_ID,
    add_commit,
    add_installation,
    add_repository,
    add_user,
    new_state,
    signature,
)
from sandbox.rest.apps import new_token_value
from sandbox.state import Token
from sandbox.talk import merge_pull, open_pull

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sandbox.discussion import Pull
    from sandbox.github import GitHub
    from sandbox.objects import Commit, Content
    from sandbox.state import Repository, State

REPOSITORY = "octo-org/engine"
_NAMES = {"localhost", "ip6-localhost"}


@dataclass(frozen=True)
class AppKey:
    """The app's RSA key pair as PEM."""

    private: str
    public: str


def make_key() -> AppKey:
    """A new key pair of 2,048 bits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return AppKey(private.decode(), public.decode())


def app_jwt(key: AppKey, **claims: Any) -> str:
    """A JWT as the app signs it: valid now for nine minutes; claims may be overridden."""
    now = int(time.time())
    return jwt.encode(
        {"iat": now - 60, "exp": now + 540, "iss": "1001"} | claims, key.private, algorithm="RS256"
    )


def engine_state(public_key: str | None = None) -> State:
    """One app, one installation, and one repository with a single commit and nothing to read about yet."""
    state = new_state(public_key)
    installation = add_installation(state, "octo-org", installation_id=INSTALLATION_ID)
    repository = add_repository(state, REPOSITORY, installation)
    files = {"engine/store.py": "def save():\n    return 1\n", "README.md": "# engine\n"}
    add_commit(repository, "main", files, "Import", signature(state, "octo-dev"))
    return state


def the_repository(state: State) -> Repository:
    """The first repository of a state."""
    return next(iter(state.repositories.values()))


def merge_of(repository: Repository, number: int) -> Commit:
    """The commit a pull request landed with."""
    return repository.commits[repository.pulls[number].merge_sha or ""]


def add_merge(state: State, changes: Mapping[str, Content] | None = None, **fields: Any) -> Pull:
    """A pull request of ``octo-dev``, merged by ``octo-lead`` just now, by squash or the given ``method``."""
    repository = the_repository(state)
    method = fields.pop("method", "squash")
    changes = changes or {"engine/store.py": "def save():\n    return 2\n"}
    pull = open_pull(state, repository, changes, **fields)
    return merge_pull(repository, pull, add_user(state, "octo-lead"), state.now(), method)


def installation_token(state: State, permissions: Mapping[str, str] | None = None) -> str:
    """A token for the one repository, with the installation's permissions unless others are given."""
    installation = state.installations[INSTALLATION_ID]
    value = new_token_value(state)
    granted = dict(installation.permissions if permissions is None else permissions)
    state.tokens[value] = Token(
        value, installation.id, None, granted, frozenset({the_repository(state).id}), state.clock() + 3600
    )
    return value


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def own_headers(github: GitHub) -> dict[str, str]:
    """The header of a fresh token for the one repository."""
    return bearer(installation_token(github.state))


@dataclass(frozen=True)
class Reply:
    """What came back; ``json`` is ``None`` unless the answer was JSON."""

    status: int
    headers: Mapping[str, str]
    text: str
    json: Any = None

    @property
    def links(self) -> dict[str, str]:
        """The ``Link`` header: where each relation leads."""
        parts = (part.split(";") for part in self.headers.get("Link", "").split(",") if part)
        return {name.split('"')[1]: url.strip(" <>") for url, name in parts}


async def ask(github: GitHub, method: str, path: str, **options: Any) -> Reply:
    """One request to the stand-in, with a fresh token for the one repository unless another is given.

    ``path`` may be a whole address; redirects are not followed.
    """
    headers = options.pop("headers", {})
    if "Authorization" not in headers:
        headers = own_headers(github) | headers
    url = path if path.startswith("http") else github.url + path
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, headers=headers, allow_redirects=False, **options) as answer,
    ):
        text = await answer.text(errors="replace")
        parsed = json.loads(text) if answer.content_type == "application/json" and text else None
        return Reply(answer.status, answer.headers.copy(), text, parsed)


def forbid_foreign_connections() -> None:
    """From now on every connection and name look-up but loopback raises, in this process, for good."""
    sys.addaudithook(_guard)


def _guard(event: str, args: tuple[Any, ...]) -> None:
    """Refuse what would leave this machine."""
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host and not _is_loopback(host):
        raise ConnectionRefusedError(f"tests reach nothing but loopback, not {host}")


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host in _NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
