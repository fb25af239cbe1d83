"""The checks of GitHub, in their order: who we are there, then side by side where we are and what arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp

from bot.deliveries import listed_delivery
from bot.doctor.app_checks import Line, app_page, data_of, line_of, look_at_app, look_at_rights
from bot.doctor.case import guarded, together
from bot.doctor.finding import CHECKS, Finding, Severity, error, not_checked
from bot.doctor.installation_checks import installations, look_at_installations, look_at_limits
from bot.doctor.webhook_checks import Tried, look_at_deliveries, look_at_webhook
from bot.errors import PRHubError, SettingsError
from bot.github.transport import Transport
from bot.redaction import clean_line
from bot.store.sweeps import Sweeps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.doctor.case import Case

OF_GITHUB = CHECKS[2:11]


async def look_at_github(case: Case) -> list[Finding]:
    """Do all checks of GitHub; what cannot be checked says why."""
    wrong = case.spoilt("GITHUB_API_URL", "GITHUB_GRAPHQL_URL", "APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH")
    if case.offline or wrong:
        return [not_checked(name, "--offline" if case.offline else f"{wrong} is wrong") for name in OF_GITHUB]
    try:
        app = case.settings.require_app()
    except SettingsError:
        return [not_checked(name, "the app's credentials are not complete") for name in OF_GITHUB]
    urls = (case.settings.github_api_url, case.settings.github_graphql_url)
    async with aiohttp.ClientSession(trust_env=False) as session:
        try:
            line = line_of(Transport(session, urls), urls[0], app)
        except (ValueError, TypeError):
            what = "the private key cannot be read as an RSA key"
            advice = "Generate a new private key on the app's settings page and set it as PRIVATE_KEY."
            return [error("app", what, advice), *_left(OF_GITHUB, {"app"}, "the key cannot be read")]
        return await _as_app(case, line)


async def _as_app(case: Case, line: Line) -> list[Finding]:
    shown: list[dict[str, Any]] = []

    async def who() -> list[Finding]:
        found, app = await look_at_app(line)
        shown.extend([app] if app is not None else [])
        return found

    found = await guarded("app", who)
    told = {one.check for one in found}
    if not shown:
        return [*found, *_left(OF_GITHUB, told, "GitHub does not take us for the app")]
    app = shown[0]
    return (
        found + look_at_rights(case, app) + await together(_where(case, line, app), _webhook(case, line, app))
    )


def _left(checks: Sequence[str], told: set[str], why: str) -> list[Finding]:
    return [not_checked(name, why) for name in checks if name not in told]


async def _where(case: Case, line: Line, app: dict[str, Any]) -> list[Finding]:
    """Look at the installations, and at the limits of one of them."""
    listed: list[dict[str, Any]] = []

    async def look() -> list[Finding]:
        found = await installations(line)
        listed.extend(found or [])
        return look_at_installations(found, app, case.settings.github_server_url)

    async def limits() -> list[Finding]:
        return await look_at_limits(case, line, listed)

    return await _sent("installations", look) + await _sent("limits", limits)


async def _webhook(case: Case, line: Line, app: dict[str, Any]) -> list[Finding]:
    """Look at the last deliveries, and at where they go."""
    page, tried = app_page(case, app), list[Tried]()

    async def deliveries() -> list[Finding]:
        tried.extend(await _deliveries(line))
        strange = await _accepted_elsewhere(case, line, tried)
        return look_at_deliveries(tried, page, case.clock(), strange)

    async def webhook() -> list[Finding]:
        return await look_at_webhook(case, line, page, tried)

    found = await _sent("deliveries", deliveries)
    return found + await _sent("webhook", webhook)


async def _sent(check: str, work: Any) -> list[Finding]:
    async def told() -> list[Finding]:
        try:
            found: list[Finding] = await work()
        except PRHubError as fault:
            what = f"GitHub did not answer ({clean_line(str(fault), 100)})"
            return [Finding(check, Severity.WARNING, what, "Run prhub doctor again.")]
        return found

    return await guarded(check, told)


async def _deliveries(line: Line) -> list[Tried]:
    answer = await line.get("/app/hook/deliveries?per_page=100")
    listed = data_of(answer)
    items = listed if isinstance(listed, list) else []
    pairs = [(listed_delivery(item), item) for item in items]
    return [
        Tried(one, clean_line(str(item.get("status")), 100), _code(item.get("status_code")))
        for one, item in pairs
        if one is not None
    ]


def _code(value: object) -> int:
    return value if isinstance(value, int) else 0


async def _accepted_elsewhere(case: Case, line: Line, tried: Sequence[Tried]) -> list[str]:
    """Give the newest deliveries that somebody accepted, if none of them is in this database."""
    if case.store is None:
        return []
    guids = [one.one.guid for one in tried if one.one.arrived and not one.one.name.startswith("ping.")][:20]
    here = await Sweeps(case.store, line.app_id).arrived(guids)
    return [] if here or not guids else guids
