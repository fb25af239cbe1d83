"""Who makes a request: the app by its JWT, an installation by its token, or a user by theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt

from sandbox.refused import Refused

if TYPE_CHECKING:
    from sandbox.discussion import User
    from sandbox.state import Installation, Repository, State, Token

# https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
_MAX_JWT_SECONDS = 600
# GitHub forgives a clock that is a little ahead.
_CLOCK_LEEWAY = 60
_LEVELS = ("none", "read", "write", "admin")
_ROLE_LEVELS = {"read": 1, "triage": 1, "write": 2, "maintain": 2, "admin": 3}


@dataclass(frozen=True)
class Caller:
    """Who asks. ``kind`` is ``app``, ``installation`` or ``user``; ``bucket`` is whose limits count."""

    kind: str
    bucket: str
    user: User
    token: Token | None = None
    installation: Installation | None = None
    app_id: int | None = None

    def sees(self, repository: Repository) -> bool:
        """Whether this repository exists for the caller."""
        if self.installation and self.token:
            narrowed = self.token.repositories
            covered = repository.id in self.installation.repositories
            return covered and (narrowed is None or repository.id in narrowed)
        return self.kind == "user" and (not repository.private or self.user.login in repository.roles)

    def may(self, need: str, repository: Repository) -> bool:
        """Whether the caller has a permission such as ``issues:write``."""
        name, _, level = need.partition(":")
        wanted = _LEVELS.index(level)
        if self.installation and self.token:
            granted = "read" if name == "metadata" else self.token.permissions.get(name, "none")
            current = self.installation.permissions.get(name, "none") if name != "metadata" else "read"
            return min(_LEVELS.index(granted), _LEVELS.index(current)) >= wanted
        role = _ROLE_LEVELS.get(repository.roles.get(self.user.login, "read"), 1)
        # Everybody who can read may write comments and issues; routes check the rest.
        return role >= wanted or name in {"issues", "pull_requests"}


def nobody(state: State) -> Caller:
    """Who asks where no credentials are asked for."""
    return Caller("anonymous", "anonymous", state.app.user)


def caller_of(state: State, authorization: str | None) -> Caller:
    """The caller an ``Authorization`` header names (``Bearer`` or ``token``).

    Raises ``Refused`` with 401 if there is none or it is not valid; unlike GitHub the stand-in
    answers nobody anonymously, so that a forgotten token is noticed.
    """
    scheme, _, credential = (authorization or "").partition(" ")
    if not credential:
        raise Refused(401, "Requires authentication")
    if scheme.lower() not in {"bearer", "token"}:
        raise Refused(401, "Bad credentials")
    if credential.startswith("ey") and scheme.lower() == "bearer":
        _check_jwt(state, credential)
        return Caller("app", "app", state.app.user, app_id=state.app.id)
    token = state.tokens.get(credential)
    if token is None or token.expires_at <= state.clock():
        raise Refused(401, "Bad credentials")
    if token.user:
        return Caller("user", f"user-{token.user.login}", token.user, token)
    installation = state.installations.get(token.installation_id or 0)
    if installation is None:
        raise Refused(401, "Bad credentials")
    if installation.suspended_at:
        raise Refused(403, "This installation has been suspended")
    bucket = f"installation-{installation.id}"
    return Caller("installation", bucket, state.app.user, token, installation, state.app.id)


def _check_jwt(state: State, credential: str) -> None:
    """Check signature and claims of the app's JWT as GitHub does."""
    if not state.app.public_key:
        raise Refused(401, "A JSON web token could not be decoded")
    try:
        claims = jwt.decode(
            credential,
            state.app.public_key,
            algorithms=["RS256"],
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False, "verify_aud": False},
        )
    except jwt.PyJWTError as error:
        raise Refused(401, "A JSON web token could not be decoded") from error
    if str(claims.get("iss")) not in {str(state.app.id), state.app.client_id}:
        raise Refused(401, "'Issuer' claim ('iss') must be an Integer")
    _check_times(claims, state.clock())


def _check_times(claims: dict[str, Any], now: float) -> None:
    """``iat`` must lie in the past, ``exp`` in the future and at most ten minutes away."""
    issued, expires = claims.get("iat"), claims.get("exp")
    if not isinstance(issued, int) or issued > now + _CLOCK_LEEWAY:
        raise Refused(
            401,
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was "
            "issued",
        )
    if not isinstance(expires, int) or expires <= now:
        raise Refused(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which "
            "the assertion expires",
        )
    if expires > now + _MAX_JWT_SECONDS:
        raise Refused(401, "'Expiration time' claim ('exp') is too far in the future")
