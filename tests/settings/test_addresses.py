"""Addresses: how GitHub's follow from one another, and how a database is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("api", "normal", "graphql", "server"),
    [
        pytest.param(
            "https://API.github.com/",
            "https://api.github.com",
            "https://api.github.com/graphql",
            "https://github.com",
            id="github.com, with a slash too many",
        ),
        pytest.param(
            "https://ghe.example:8443/api/v3/",
            "https://ghe.example:8443/api/v3",
            "https://ghe.example:8443/api/graphql",
            "https://ghe.example:8443",
            id="Enterprise Server",
        ),
        pytest.param(
            "https://api.octo.ghe.com",
            "https://api.octo.ghe.com",
            "https://api.octo.ghe.com/graphql",
            "https://octo.ghe.com",
            id="a tenant of ghe.com",
        ),
        pytest.param(
            "http://127.0.0.1:8600",
            "http://127.0.0.1:8600",
            "http://127.0.0.1:8600/graphql",
            "https://github.com",
            id="a stand-in on this machine",
        ),
        pytest.param(
            "http://[::1]:8600/api/v3",
            "http://[::1]:8600/api/v3",
            "http://[::1]:8600/api/graphql",
            "http://[::1]:8600",
            id="a stand-in for Enterprise Server, over IPv6",
        ),
    ],
)
def test_githubs_addresses_follow_from_one(
    api: str, normal: str, graphql: str, server: str, tmp_path: Path
) -> None:
    """GITHUB_API_URL is enough to find the other two."""
    settings = load_settings({"GITHUB_API_URL": api}, tmp_path)
    assert (settings.github_api_url, settings.github_graphql_url, settings.github_server_url) == (
        normal,
        graphql,
        server,
    )


@pytest.mark.parametrize(
    ("url", "for_sync", "for_async"),
    [
        pytest.param(
            "sqlite:///a b.db", "sqlite:///a b.db", "sqlite+aiosqlite:///a b.db", id="a SQLite file"
        ),
        pytest.param(
            "sqlite:////x/postgresql://y",
            "sqlite:////x/postgresql://y",
            "sqlite+aiosqlite:////x/postgresql://y",
            id="a SQLite file with an odd name",
        ),
        pytest.param(
            "postgres://u:p%40w@h:5432/d",
            "postgresql+psycopg://u:p%40w@h:5432/d",
            "postgresql+psycopg://u:p%40w@h:5432/d",
            id="PostgreSQL's short name",
        ),
        pytest.param(
            "postgresql:///d?host=/run/pg",
            "postgresql+psycopg:///d?host=/run/pg",
            "postgresql+psycopg:///d?host=/run/pg",
            id="PostgreSQL over a socket",
        ),
    ],
)
def test_the_database_is_named_for_both_engines(url: str, for_sync: str, for_async: str) -> None:
    """Both addresses carry the driver that is installed."""
    settings = Settings(database_url=SecretStr(url))
    assert (settings.sync_database_url, settings.async_database_url) == (for_sync, for_async)
    assert settings.uses_sqlite is url.startswith("sqlite")
