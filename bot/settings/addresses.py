"""Checks addresses, and derives GitHub's from one another."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

_HOST_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_NETLOC = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::\d{1,5})?")
_PATH = re.compile(r"/[A-Za-z0-9._~/-]{0,200}")
_VISIBLE = re.compile(r"[!-~]+")
_OWN_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql://", "postgres://")


def web_address(value: str) -> str:
    """Return an http(s) address without its trailing slash, scheme and host in lower case.

    Raises ``ValueError`` unless it is https, or http on this machine, with nothing but host, port
    and path: a name and password in it would end up in logs.
    """
    parts = _split(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is not a web address")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("has more in it than a host, a port and a path")
    host(parts.hostname)
    if _NETLOC.fullmatch(parts.netloc) is None:
        raise ValueError("is not a web address")
    if parts.path and _PATH.fullmatch(parts.path) is None:
        raise ValueError("has a path with characters that are not expected there")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("uses http, which is accepted for this machine only")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def graphql_address(api: str) -> str:
    """GitHub's GraphQL address for a REST one: Enterprise Server has both under ``/api``."""
    return f"{api.removesuffix('/v3')}/graphql" if api.endswith("/api/v3") else f"{api}/graphql"


def server_address(api: str) -> str:
    """The address of GitHub's pages for a REST one: github.com unless it is an Enterprise one."""
    if api.endswith("/api/v3"):
        return api.removesuffix("/api/v3")
    if api.startswith("https://api.") and api.endswith(".ghe.com"):
        return api.replace("//api.", "//", 1)
    return "https://github.com"


def api_address(server: str) -> str:
    """The REST address for that of GitHub's pages: what ``server_address`` undoes."""
    if server == "https://github.com":
        return "https://api.github.com"
    if server.startswith("https://") and server.endswith(".ghe.com"):
        return server.replace("//", "//api.", 1)
    return f"{server}/api/v3"


def host(value: str) -> str:
    """Return a host name or IP address to listen on; raises ``ValueError`` for anything else."""
    if _HOST_NAME.fullmatch(value) is None and _ip(value) is None:
        raise ValueError("is not a host")
    return value


def webhook_path(value: str) -> str:
    """Return a path that the server has no other use for; raises ``ValueError``."""
    if _PATH.fullmatch(value) is None:
        raise ValueError("is not a path")
    if value.rstrip("/") in _OWN_PATHS:
        raise ValueError("is a path the server itself uses")
    return value


def database(value: str) -> str:
    """Return ``sqlite:///FILE`` as it is, or a PostgreSQL address beginning with ``postgresql://``.

    Raises ``ValueError``. A database in memory is refused: what was accepted must survive the process.
    """
    if value.startswith(_SQLITE):
        file = value.removeprefix(_SQLITE).partition("?")[0]
        if file in ("", ":memory:") or file.startswith("file:") or not file.isprintable():
            raise ValueError("names no file")
        return value
    if not value.startswith(_POSTGRESQL):
        raise ValueError("is neither SQLite nor PostgreSQL")
    parts = _split(value)
    if parts.path in ("", "/") or parts.fragment:
        raise ValueError("names no database")
    return f"postgresql://{value.partition('://')[2]}"


def _split(value: str) -> SplitResult:
    if _VISIBLE.fullmatch(value) is None:
        raise ValueError("has spaces or other characters that an address cannot have")
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        raise ValueError("is not an address") from None
    return parts


def _is_loopback(name: str) -> bool:
    ip = _ip(name)
    return name == "localhost" or (ip is not None and ip.is_loopback)


def _ip(value: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(value)
    except ValueError:
        return None
