"""GitHub for the stages: an API for the app itself, for one repository, or for a person's token."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from bot.errors import Forbidden, Gone, Invalid, NoAccess, Suspended
from bot.github.api import API
from bot.github.tokens import Scope, TokenBroker, app_jwt, read_key
from bot.model import Standing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from pydantic import SecretStr

    from bot.github.gate import Gate
    from bot.github.transport import Transport

READ = {
    "metadata": "read",
    "contents": "read",
    "pull_requests": "read",
    "issues": "read",
    "checks": "read",
    "statuses": "read",
}
# To see which pull requests were merged, and what is installed.
LIST = {"metadata": "read", "pull_requests": "read"}
WRITE = {"metadata": "read", "pull_requests": "write", "issues": "write"}


@dataclass(frozen=True)
class Credentials:
    """How PRHub shows who it is: as the app, or for the command line with a person's token."""

    app_id: int | None = None
    private_key: SecretStr | None = None
    token: SecretStr | None = None


@dataclass(repr=False)
class _ReadKey:
    """The app's key, read when it is first needed: that takes 30 ms, signing with it one."""

    key: RSAPrivateKey | None = None

    def of(self, pem: SecretStr) -> RSAPrivateKey:
        """Give the key of a PEM; there is one for each app."""
        if self.key is None:
            self.key = read_key(pem.get_secret_value())
        return self.key


@dataclass(frozen=True)
class _AppIdentity:
    credentials: Credentials
    transport: Transport
    read: _ReadKey

    async def authorization(self, refused: str | None = None) -> str:  # noqa: ARG002 - always a new one
        key, app_id = self.credentials.private_key, self.credentials.app_id
        if key is None or app_id is None:
            raise Gone("no app credentials are set")
        return f"Bearer {app_jwt(app_id, self.read.of(key), self.transport.skew)}"


@dataclass(frozen=True)
class _InstallationIdentity:
    broker: TokenBroker
    scope: Scope

    async def authorization(self, refused: str | None = None) -> str:
        stale = None if refused is None else refused.removeprefix("Bearer ")
        try:
            return f"Bearer {await self.broker.token(self.scope, refused=stale)}"
        except (Gone, Forbidden, Invalid) as error:
            # Not to be taken for the answer about whatever the token was wanted for.
            raise NoAccess(f"installation {self.scope.installation_id} gives no token: {error}") from error


@dataclass(frozen=True)
class _PersonIdentity:
    token: SecretStr

    async def authorization(self, refused: str | None = None) -> str:  # noqa: ARG002 - there is one
        return f"Bearer {self.token.get_secret_value()}"


@dataclass
class GitHub:
    """The way to GitHub. ``urls`` are the REST base and the GraphQL endpoint."""

    transport: Transport
    gate: Gate
    credentials: Credentials
    urls: tuple[str, str]
    _broker: TokenBroker = field(init=False, repr=False)
    _key: _ReadKey = field(default_factory=_ReadKey, repr=False)
    _mints: WeakValueDictionary[int, asyncio.Lock] = field(default_factory=WeakValueDictionary, repr=False)

    def __post_init__(self) -> None:
        self._broker = TokenBroker(self._mint)

    def as_app(self) -> API:
        """Give the API as the app itself (JWT): installations and deliveries only."""
        identity = _AppIdentity(self.credentials, self.transport, self._key)
        return API(self.transport, self.gate, identity, 0, self.urls)

    def as_installation(
        self, installation_id: int, repository: int | str | None, permissions: Mapping[str, str]
    ) -> API:
        """Give the API with a token for one repository and these permissions only (R46).

        The repository is named by its id, or by ``owner/name`` where only that is known. ``None`` is for
        the list of the installation's repositories, which no narrower token shows.
        """
        scope = Scope(installation_id, repository, tuple(sorted(permissions.items())))
        identity = _InstallationIdentity(self._broker, scope)
        return API(self.transport, self.gate, identity, installation_id, self.urls)

    def as_person(self) -> API:
        """Give the API with the token of the command line's user. ``Gone`` if none is set."""
        if self.credentials.token is None:
            raise Gone("no GITHUB_TOKEN is set")
        identity = _PersonIdentity(self.credentials.token)
        return API(self.transport, self.gate, identity, 0, self.urls)

    async def _mint(self, scope: Scope) -> Mapping[str, Any]:
        lock = self._mints.setdefault(scope.installation_id, asyncio.Lock())
        # One after the other: where the first is refused, the others are not asked for (R56).
        async with lock:
            await self.gate.door.check(scope.installation_id)
            try:
                return await self._minted(scope)
            except Suspended:
                await self.gate.door.shut(scope.installation_id, Standing.SUSPENDED)
                raise
            except Gone:
                await self.gate.door.shut(scope.installation_id, Standing.MISSING)
                raise

    async def _minted(self, scope: Scope) -> Mapping[str, Any]:
        wanted: dict[str, Any] = {"permissions": dict(scope.permissions)}
        if isinstance(scope.repository, int):
            wanted["repository_ids"] = [scope.repository]
        elif scope.repository is not None:
            wanted["repositories"] = [scope.repository.partition("/")[2]]
        answer = await self.as_app().post(
            "/app/installations/{id}/access_tokens", {"id": str(scope.installation_id)}, data=wanted
        )
        return answer if isinstance(answer, dict) else {}
