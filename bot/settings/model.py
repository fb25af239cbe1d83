"""Every setting: its name, type, default, and what to write when it is wrong."""

from __future__ import annotations

import re
from pathlib import Path  # noqa: TC003 - pydantic reads the annotation
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretBytes, SecretStr
from pydantic_settings import NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError
from bot.model import Frozen
from bot.model.config_file import known_time_zone
from bot.settings import addresses, credentials
from bot.settings.budgets import BudgetSettings
from bot.settings.digesting import DigestingSettings
from bot.settings.dying import DyingSettings
from bot.settings.sweeping import SweepingSettings

# Probot's names of levels beside Python's.
_LEVELS = {"trace": "debug", "warn": "warning", "fatal": "critical"}
_GLOB = re.compile(r"[A-Za-z0-9._*?\[\]!-]{1,140}/[A-Za-z0-9._*?\[\]!-]{1,140}")


def _level(value: object) -> object:
    return _LEVELS.get(value.lower(), value.lower()) if isinstance(value, str) else value


def _globs(value: object) -> object:
    if not isinstance(value, str):
        return value
    globs = tuple(part.strip() for part in value.split(",") if part.strip())
    if not all(_GLOB.fullmatch(glob) for glob in globs):
        raise ValueError("has a part that is not of the form owner/name")
    return globs


def _database(value: SecretStr) -> SecretStr:
    return SecretStr(addresses.database(value.get_secret_value()))


WebAddress = Annotated[str, AfterValidator(addresses.web_address)]


class AppCredentials(Frozen):
    """What it takes to act as the app: its id, and its private key as PEM text."""

    app_id: int
    private_key: SecretStr


class ServerSettings(Frozen):
    """What ``prhub serve`` cannot start without; the first secret is the one in use."""

    app: AppCredentials
    webhook_secrets: tuple[SecretBytes, ...]


class Settings(BudgetSettings, DigestingSettings, SweepingSettings, DyingSettings):
    """All settings. A description completes the sentence "… is wrong: write …".

    Nothing is read from the process's environment here; ``load_settings`` does that, once.
    Delays are in seconds.
    """

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", case_sensitive=True, populate_by_name=True, hide_input_in_errors=True
    )

    app_id: int | None = Field(
        None,
        validation_alias="APP_ID",
        gt=0,
        description="the number shown as App ID on the app's settings page",
    )
    private_key: SecretStr | None = Field(
        None,
        validation_alias="PRIVATE_KEY",
        description="the app's RSA private key as PEM, or that in base64",
    )
    private_key_path: Path | None = Field(
        None, validation_alias="PRIVATE_KEY_PATH", description="the path of the app's .pem file"
    )
    webhook_secret: SecretStr | None = Field(
        None, validation_alias="WEBHOOK_SECRET", description="one to three random secrets of 32 bytes or more"
    )
    github_token: Annotated[SecretStr, AfterValidator(credentials.token)] | None = Field(
        None, validation_alias="GITHUB_TOKEN", description="a GitHub token that can read the repository"
    )
    host: Annotated[str, AfterValidator(addresses.host)] = Field(
        "127.0.0.1", validation_alias="HOST", description="an IP address or a host name to listen on"
    )
    port: int = Field(
        3000,
        validation_alias="PORT",
        ge=0,
        le=65535,
        description="a whole number from 0 (any free port) to 65535",
    )
    webhook_path: Annotated[str, AfterValidator(addresses.webhook_path)] = Field(
        "/api/github/webhooks",
        validation_alias="WEBHOOK_PATH",
        description="a path such as /api/github/webhooks",
    )
    webhook_proxy_url: WebAddress | None = Field(
        None,
        validation_alias="WEBHOOK_PROXY_URL",
        description="the https address of a relay's channel such as https://smee.io/CHANNEL",
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error", "critical"], BeforeValidator(_level)
    ] = Field("info", validation_alias="LOG_LEVEL", description="debug, info, warning, error or critical")
    github_api_url: WebAddress = Field(
        "https://api.github.com",
        validation_alias="GITHUB_API_URL",
        description="an https address such as https://api.github.com or https://HOST/api/v3",
    )
    github_graphql_url: WebAddress = Field(
        default_factory=lambda data: addresses.graphql_address(data["github_api_url"]),
        validation_alias="GITHUB_GRAPHQL_URL",
        description="an https address such as https://api.github.com/graphql",
    )
    github_server_url: WebAddress = Field(
        default_factory=lambda data: addresses.server_address(data["github_api_url"]),
        validation_alias="GITHUB_SERVER_URL",
        description="an https address such as https://github.com",
    )
    database_url: Annotated[SecretStr, AfterValidator(_database)] = Field(
        SecretStr("sqlite:///prhub.sqlite"),
        validation_alias="DATABASE_URL",
        description="sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE, special characters as %XX",
    )
    language: Literal["en", "zh-CN"] = Field(
        "en", validation_alias="PRHUB_LANGUAGE", description="en or zh-CN"
    )
    time_zone: Annotated[str, AfterValidator(known_time_zone)] = Field(
        "UTC", validation_alias="PRHUB_TIME_ZONE", description="an IANA name such as UTC or Asia/Shanghai"
    )
    repositories: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_globs)] = Field(
        (),
        validation_alias="PRHUB_REPOSITORIES",
        description="names or globs such as octo-org/*, with commas between",
    )
    report_bots: bool = Field(
        default=False, validation_alias="PRHUB_REPORT_BOTS", description="true or false"
    )
    config_issues: bool = Field(
        default=True, validation_alias="PRHUB_CONFIG_ISSUES", description="true or false"
    )
    min_importance: float = Field(
        0, validation_alias="PRHUB_MIN_IMPORTANCE", ge=0, le=10, description="a number from 0 to 10"
    )
    refresh_delay: float = Field(
        300, validation_alias="PRHUB_REFRESH_DELAY", ge=0, le=86400, description="seconds, from 0 to 86400"
    )
    posting_quarantine: float = Field(
        15, validation_alias="PRHUB_POSTING_QUARANTINE", ge=0, le=3600, description="seconds, from 0 to 3600"
    )
    max_labels: int = Field(
        4, validation_alias="PRHUB_MAX_LABELS", ge=0, le=20, description="a whole number from 0 to 20"
    )
    redirect_links: bool = Field(
        default=True, validation_alias="PRHUB_REDIRECT_LINKS", description="true or false"
    )
    concurrency: int = Field(
        4, validation_alias="PRHUB_CONCURRENCY", ge=1, le=64, description="a whole number from 1 to 64"
    )
    log_format: Literal["json", "console"] | None = Field(
        None, validation_alias="PRHUB_LOG_FORMAT", description="json or console"
    )

    @classmethod
    def settings_customise_sources(cls, *_: Any, **sources: Any) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from the constructor only, so that building settings has no hidden input."""
        return (sources["init_settings"],)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that reports show times in."""
        return ZoneInfo(self.time_zone)

    @property
    def uses_sqlite(self) -> bool:
        """Whether the database is a SQLite file."""
        return self.database_url.get_secret_value().startswith("sqlite")

    @property
    def sync_database_url(self) -> str:
        """The database for SQLAlchemy's synchronous engine, password included."""
        url = self.database_url.get_secret_value()
        return url if self.uses_sqlite else f"postgresql+psycopg{url.removeprefix('postgresql')}"

    @property
    def async_database_url(self) -> str:
        """The database for SQLAlchemy's asyncio engine, password included."""
        url = self.sync_database_url
        return f"sqlite+aiosqlite{url.removeprefix('sqlite')}" if self.uses_sqlite else url

    @property
    def no_credentials(self) -> bool:
        """Whether nothing at all is set of what ``require_server`` gives: no app was registered yet."""
        given = (self.app_id, self.private_key, self.private_key_path, self.webhook_secret)
        return given == (None, None, None, None)

    def require_app(self) -> AppCredentials:
        """Return the app's credentials; raises ``SettingsError`` that names what is missing or wrong.

        ``PRIVATE_KEY`` goes before ``PRIVATE_KEY_PATH``, as in Probot; the file is read here.
        """
        if self.app_id is None:
            raise SettingsError(
                "APP_ID is missing: write the number on the app's settings page, or start in .env's folder."
            )
        if self.private_key is not None:
            pem = credentials.private_key(self.private_key.get_secret_value())
        elif self.private_key_path is not None:
            pem = credentials.private_key_file(self.private_key_path)
        else:
            raise SettingsError(
                "PRIVATE_KEY is missing: write the app's key, or its path as PRIVATE_KEY_PATH."
            )
        return AppCredentials(app_id=self.app_id, private_key=SecretStr(pem))

    def require_server(self) -> ServerSettings:
        """Return what the server needs; raises ``SettingsError`` that names what is missing or weak."""
        app = self.require_app()
        if self.webhook_secret is None:
            raise SettingsError("WEBHOOK_SECRET is missing: write the secret from the app's settings page.")
        secrets = credentials.webhook_secrets(self.webhook_secret.get_secret_value())
        return ServerSettings(app=app, webhook_secrets=tuple(SecretBytes(secret) for secret in secrets))

    def require_reader(self) -> SecretStr | AppCredentials:
        """Return what may read GitHub: the token if there is one, else the app; raises ``SettingsError``."""
        if self.github_token is not None:
            return self.github_token
        if self.app_id is None and self.private_key is None and self.private_key_path is None:
            raise SettingsError("GITHUB_TOKEN is missing: write a token, or set APP_ID and PRIVATE_KEY.")
        return self.require_app()
