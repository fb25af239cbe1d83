"""Tokens: the app's JWT, and installation tokens narrowed to one repository and one step's rights."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt
from cachetools import TTLCache
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.errors import Later

# An installation token lives an hour; ten minutes before its end is early enough for any step (R43).
TOKEN_SECONDS = 50 * 60.0
# GitHub allows ten minutes for a JWT and advises to date it back by one (R42).
JWT_SECONDS = 9 * 60
BACKDATED = 60


@dataclass(frozen=True)
class Scope:
    """What a token is for: one installation, one repository (by id or name), a step's permissions.

    Without a repository it is for all of the installation's.
    """

    installation_id: int
    repository: int | str | None
    permissions: tuple[tuple[str, str], ...]


Mint = Callable[[Scope], Awaitable[Mapping[str, Any]]]


@dataclass(repr=False)
class TokenBroker:
    """Mints and remembers tokens in memory only, and never shows them.

    Concurrent callers for one scope share one mint, and its failure: an outage of GitHub is asked
    about once, not once for each of them.
    """

    mint: Mint
    _tokens: TTLCache[Scope, tuple[str, float]] = field(
        default_factory=lambda: TTLCache(10_000, TOKEN_SECONDS)
    )
    _minting: dict[Scope, asyncio.Task[str]] = field(default_factory=dict)

    async def token(self, scope: Scope, *, refused: str | None = None) -> str:
        """Give a token for the scope, never the one that was ``refused``."""
        known = self._tokens.get(scope)
        if known is not None and known[0] != refused and known[1] > time.time():
            return known[0]
        task = self._minting.get(scope)
        if task is None:
            task = self._minting[scope] = asyncio.create_task(self._mint(scope))
            task.add_done_callback(lambda _: self._minting.pop(scope, None))
        # One caller that gives up must not take the others' token with it.
        return await asyncio.shield(task)

    async def _mint(self, scope: Scope) -> str:
        answer = await self.mint(scope)
        token = answer.get("token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Later(5.0, "GitHub's answer to a token request holds no token")
        self._tokens[scope] = (token, _usable_until(answer.get("expires_at")))
        return token


def _usable_until(expires_at: object) -> float:
    """Give the epoch second until which to use a token: a sixth of its life before its end."""
    now = time.time()
    try:
        life = datetime.fromisoformat(str(expires_at)).timestamp() - now
    except (ValueError, OverflowError, OSError):
        life = 0.0
    # A token that is dead on arrival means that our clock is wrong, not that each request needs one.
    return now + min((life if life > 0 else 3600.0) * 5 / 6, TOKEN_SECONDS)


def read_key(pem: str) -> RSAPrivateKey:
    """Read the app's private key. Raises ``ValueError`` or ``TypeError`` if it is none."""
    # The settings have read it once before; checking its primes again takes longer than a signature.
    key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the app's key is not an RSA key")
    return key


def app_jwt(app_id: int, private_key: str | RSAPrivateKey, skew: float) -> str:
    """Sign the app's JWT for GitHub's clock, which is ``skew`` seconds ahead of ours."""
    issued = int(time.time() + skew) - BACKDATED
    claims = {"iat": issued, "exp": issued + JWT_SECONDS, "iss": str(app_id)}
    return jwt.encode(claims, private_key, algorithm="RS256")
