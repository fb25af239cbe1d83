"""What an operator may write, and what they are told when it is wrong."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from bot.errors import SettingsError
from bot.settings import load_settings
from bot.settings.load import known_names

if TYPE_CHECKING:
    from pathlib import Path


def test_defaults_need_nothing(tmp_path: Path) -> None:
    """Without any variable the settings are those of the documentation."""
    settings = load_settings({}, tmp_path)
    assert (settings.host, settings.port, settings.webhook_path) == (
        "127.0.0.1",
        3000,
        "/api/github/webhooks",
    )
    assert (settings.language, settings.time_zone, settings.repositories) == ("en", "UTC", ())
    assert (settings.refresh_delay, settings.posting_quarantine, settings.max_labels) == (300, 15, 4)
    assert settings.log_format is None


def test_every_name_reaches_its_field(tmp_path: Path) -> None:
    """Each variable sets the field that is named after it."""
    environ = {
        "PRHUB_LANGUAGE": "zh-CN",
        "PRHUB_TIME_ZONE": "Asia/Shanghai",
        "PRHUB_REPOSITORIES": "octo-org/*, octo-dev/Tool",
        "PRHUB_REPORT_BOTS": "true",
        "PRHUB_MIN_IMPORTANCE": "2.5",
        "PRHUB_REFRESH_DELAY": "0.5",
        "PRHUB_REDIRECT_LINKS": "false",
        "PRHUB_CONCURRENCY": "2",
        "PRHUB_LOG_FORMAT": "json",
        "LOG_LEVEL": "WARN",
        "APP_ID": "7",
        "PORT": "0",
    }
    settings = load_settings(environ, tmp_path)
    assert settings.language == "zh-CN"
    assert settings.zone.key == "Asia/Shanghai"
    assert settings.repositories == ("octo-org/*", "octo-dev/Tool")
    assert (settings.report_bots, settings.redirect_links) == (True, False)
    assert (settings.min_importance, settings.refresh_delay, settings.concurrency) == (2.5, 0.5, 2)
    assert (settings.log_format, settings.log_level) == ("json", "warning")
    assert (settings.app_id, settings.port) == (7, 0)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A name in both has the environment's value, unless that is empty."""
    (tmp_path / ".env").write_text("PORT=1\nexport HOST='::1'\nPRHUB_MAX_LABELS=2 # few\n", "utf-8")
    settings = load_settings({"PORT": "2", "HOST": "  "}, tmp_path)
    assert (settings.port, settings.host, settings.max_labels) == (2, "::1", 2)


def test_reading_leaves_the_process_environment_alone(tmp_path: Path) -> None:
    """Nothing of the file gets into os.environ, and nothing of os.environ into a value."""
    before = dict(os.environ)
    (tmp_path / ".env").write_text("GITHUB_TOKEN=${HOME}\nNODE_ENV=x\n", "utf-8")
    token = load_settings({}, tmp_path).github_token
    assert token is not None
    assert token.get_secret_value() == "${HOME}"
    assert dict(os.environ) == before


def test_settings_do_not_change(tmp_path: Path) -> None:
    """A setting cannot be assigned to."""
    with pytest.raises(ValidationError):
        load_settings({}, tmp_path).port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        pytest.param("PRHUB_LANGAUGE", "PRHUB_LANGUAGE", id="a slip of the pen"),
        pytest.param("prhub_language", "PRHUB_LANGUAGE", id="lower case, which would be ignored silently"),
        pytest.param("PRHUB_REPOS", "PRHUB_REPOSITORIES", id="a short form"),
        pytest.param("PRHUB_", "PRHUB_", id="nothing after the prefix"),
    ],
)
@pytest.mark.parametrize("source", ["environment", ".env"])
def test_an_unknown_name_of_ours_stops_the_start(
    source: str, name: str, nearest: str, tmp_path: Path
) -> None:
    """The line names the unknown name and the known one that is nearest."""
    if source == ".env":
        (tmp_path / ".env").write_text(f"{name}=x\n", "utf-8")
    with pytest.raises(SettingsError, match=rf"^{name} is unknown: did you mean {nearest}\w*\?$"):
        load_settings({name: "x"} if source == "environment" else {}, tmp_path)


WRONG = [
    pytest.param("APP_ID", "seven", "is not a whole number", id="an app id in words"),
    pytest.param("APP_ID", "0", "is out of range", id="no app has id 0"),
    pytest.param("PORT", "65536", "is out of range", id="a port too high"),
    pytest.param("PORT", "9" * 5000, "has a wrong value", id="5,000 digits"),
    pytest.param("HOST", "a b", "is not a host", id="a host with a space"),
    pytest.param("WEBHOOK_PATH", "webhooks", "is not a path", id="a path without its slash"),
    pytest.param("WEBHOOK_PATH", "/{x}", "is not a path", id="a path that would be a pattern"),
    pytest.param("WEBHOOK_PATH", "/healthz/", "the server itself uses", id="a path that is taken"),
    pytest.param("LOG_LEVEL", "loud", "is not one of", id="a level nobody knows"),
    pytest.param("GITHUB_TOKEN", "ghp_a\nb", "is not a token", id="a token that would split a header"),
    pytest.param("GITHUB_API_URL", "http://github.example", "this machine only", id="http elsewhere"),
    pytest.param("GITHUB_API_URL", "https://me:pw@h/api/v3", "more in it", id="a password in an address"),
    pytest.param("GITHUB_API_URL", "https://h/?a=1", "more in it", id="a query in an address"),
    pytest.param("GITHUB_API_URL", "ftp://h", "is not a web address", id="another scheme"),
    pytest.param("GITHUB_API_URL", "https://h:99999", "is not an address", id="a port that is none"),
    pytest.param("GITHUB_API_URL", "https://[::1", "is not an address", id="half a bracket"),
    pytest.param("GITHUB_API_URL", "https://[::1];x", "is not a web address", id="more behind a bracket"),
    pytest.param("GITHUB_API_URL", "https://[::1%;x]", "is not a web address", id="a zone in a bracket"),
    pytest.param("GITHUB_GRAPHQL_URL", "https://h\\@x", "more in it", id="a backslash before an at sign"),
    pytest.param("GITHUB_SERVER_URL", "https://a\tb", "cannot have", id="a tab in an address"),
    pytest.param("DATABASE_URL", "mysql://u:pw@h/d", "neither", id="a database we do not know"),
    pytest.param("DATABASE_URL", "sqlite://", "neither", id="SQLite without a file"),
    pytest.param("DATABASE_URL", "sqlite:///:memory:", "names no file", id="SQLite in memory"),
    pytest.param(
        "DATABASE_URL", "postgresql://u:pw@h", "names no database", id="PostgreSQL without a database"
    ),
    pytest.param("DATABASE_URL", "postgresql://u:p#w@h/d", "is not an address", id="an unescaped password"),
    pytest.param("PRHUB_LANGUAGE", "fr", "is not one of", id="a language we do not speak"),
    pytest.param("PRHUB_TIME_ZONE", "Mars/Base", "is not a known time zone", id="a zone nobody knows"),
    pytest.param("PRHUB_TIME_ZONE", "../UTC", "is not a known time zone", id="a zone that is a path"),
    pytest.param("PRHUB_TIME_ZONE", "America", "is not a known time zone", id="a zone that is a folder"),
    pytest.param("PRHUB_REPOSITORIES", "octo-org", "owner/name", id="an owner without a repository"),
    pytest.param("PRHUB_REPOSITORIES", "a/b,a/b/c", "owner/name", id="one part too many"),
    pytest.param("PRHUB_REPORT_BOTS", "maybe", "neither true nor false", id="neither yes nor no"),
    pytest.param("PRHUB_MIN_IMPORTANCE", "11", "is out of range", id="more than 10"),
    pytest.param("PRHUB_MIN_IMPORTANCE", "nan", "is out of range", id="not a number at all"),
    pytest.param("PRHUB_REFRESH_DELAY", "-1", "is out of range", id="back in time"),
    pytest.param("PRHUB_POSTING_QUARANTINE", "inf", "is out of range", id="for ever"),
    pytest.param("PRHUB_MAX_LABELS", "4.5", "is not a whole number", id="half a label"),
    pytest.param("PRHUB_CONCURRENCY", "0", "is out of range", id="nobody to work"),
    pytest.param("PRHUB_LOG_FORMAT", "xml", "is not one of", id="a format we do not write"),
    pytest.param("PRHUB_LANGUAGE", "\udcff", "is not UTF-8", id="a byte that is not UTF-8"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), WRONG)
def test_a_wrong_value_is_told_in_one_line(name: str, value: str, wrong: str, tmp_path: Path) -> None:
    """The line names the variable, says what is wrong and what to write."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value}, tmp_path)
    text = str(caught.value)
    assert text.startswith(f"{name} ")
    assert wrong in text
    assert text.endswith(f": write {known_names()[name]}.")
    assert "\n" not in text


@pytest.mark.parametrize("name", sorted(known_names()))
def test_no_error_shows_a_value(name: str, tmp_path: Path) -> None:
    """A secret that stands in the wrong place is in no message and in no cause of it."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: "Canary5ecret\x07 value"}, tmp_path).require_server()
    assert "Canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_secrets_are_masked_when_shown(tmp_path: Path) -> None:
    """Neither repr nor str nor a dump of the settings holds a secret."""
    environ = {
        "PRIVATE_KEY": "Canary1",
        "WEBHOOK_SECRET": "Canary2",
        "GITHUB_TOKEN": "Canary3",
        "DATABASE_URL": "postgresql://u:Canary4@h/d",
    }
    settings = load_settings(environ, tmp_path)
    assert "Canary" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        pytest.param(b"PORT=1\n'HOST\n", r"^\.env cannot be understood at line 2:", id="an open quote"),
        pytest.param(b"PORT=\xff\n", r"^\.env is not UTF-8", id="bytes that are not UTF-8"),
        pytest.param(b"GITHUB_TOKEN=a\0b\n", r"^GITHUB_TOKEN is not UTF-8 text", id="a NUL in a value"),
    ],
)
def test_a_broken_file_is_told_in_one_line(content: bytes, wrong: str, tmp_path: Path) -> None:
    """What is wrong with .env is said without quoting it."""
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=wrong):
        load_settings({}, tmp_path)


def test_a_folder_named_dot_env_is_told(tmp_path: Path) -> None:
    """A .env that is no file stops the start."""
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match=r"^\.env cannot be read"):
        load_settings({}, tmp_path)


def test_a_byte_order_mark_hides_no_setting(tmp_path: Path) -> None:
    """Editors on Windows put one in front, and the first name must still be seen."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfPRHUB_LANGUAGE=zh-CN\n")
    assert load_settings({}, tmp_path).language == "zh-CN"
