"""The checks of what the operator wrote: every setting, and the three without which no server starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.doctor.case import Case
from bot.doctor.finding import Finding, error, not_checked, note, ok, warning
from bot.errors import SettingsError
from bot.settings import credentials
from bot.settings.load import known_names, load_what_is_good, strangers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.settings import Settings
    from bot.settings.load import Mistake

_SET_UP = "Start prhub serve in this folder: it prints the address of a page that registers the app."


def read(environ: Mapping[str, str], folder: Path, *, offline: bool) -> tuple[Case, list[Finding]]:
    """Give the case, with every setting that can be taken, and what is wrong with the others."""
    settings, mistakes = load_what_is_good(environ, folder)
    found = [_finding(one) for one in mistakes]
    found += [_stranger(*pair) for pair in strangers(folder)]
    if not mistakes:
        has_file = (folder / ".env").is_file()
        where = "the environment and .env" if has_file else "the environment; there is no .env here"
        found.append(ok("settings", f"all understood, from {where}"))
    case = Case(settings, frozenset(one.name for one in mistakes), offline)
    return case, found + _credentials(case)


def _finding(mistake: Mistake) -> Finding:
    """Split the one line that the server would end with into what is wrong and what to do."""
    what, _, advice = mistake.says.rstrip(".").partition(": ")
    unknown = mistake.name not in known_names() and mistake.name != ""
    if unknown:
        nearest = advice.removeprefix("did you mean ").rstrip("?")
        advice = f"Write {nearest} if that is meant, or remove it; prhub serve does not start with it"
    told = f"{advice[:1].upper()}{advice[1:]}."
    return error("settings", what, told, about=mistake.name or ".env")


def _stranger(name: str, ours: str) -> Finding:
    return warning("settings", f"{name} in .env is not a setting", f"Write {ours} if that is meant.", name)


def _credentials(case: Case) -> list[Finding]:
    settings = case.settings
    if "" in case.bad:
        return [not_checked("credentials", ".env cannot be read")]
    given = (settings.app_id, settings.private_key or settings.private_key_path, settings.webhook_secret)
    if not any(given) and not case.spoilt("APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET"):
        return [error("credentials", "PRHub is not set up here: it has no app", _SET_UP)]
    found = _app(case) + _secret(case)
    return found or [ok("credentials", f"App ID {settings.app_id}, a private key and a webhook secret")]


def _app(case: Case) -> list[Finding]:
    """Tell what is missing or wrong of the App ID and the key."""
    settings: Settings = case.settings
    if case.spoilt("APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH"):
        return [note("credentials", "not complete: see the finding about the setting above")]
    try:
        settings.require_app()
    except SettingsError as fault:
        return [_told(fault)]
    return []


def _secret(case: Case) -> list[Finding]:
    if case.spoilt("WEBHOOK_SECRET"):
        return []
    secret = case.settings.webhook_secret
    if secret is None:
        advice = "Write the secret from the app's settings page; a process with --worker-only needs none."
        return [error("credentials", "WEBHOOK_SECRET is missing", advice, "WEBHOOK_SECRET")]
    try:
        credentials.webhook_secrets(secret.get_secret_value())
    except SettingsError as fault:
        return [_told(fault)]
    return []


def _told(fault: SettingsError) -> Finding:
    what, _, advice = str(fault).partition(": ")
    return error("credentials", what, f"{advice[:1].upper()}{advice[1:]}", about=what.partition(" ")[0])
