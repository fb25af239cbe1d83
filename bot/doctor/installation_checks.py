"""The checks of where the app is installed, and of how much of GitHub's limits is left there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from bot.doctor.app_checks import data_of
from bot.doctor.finding import Finding, age, error, not_checked, note, ok, warning
from bot.doctor.wanted import missing
from bot.github.answers import message_of
from bot.redaction import clean_line

if TYPE_CHECKING:
    from bot.doctor.app_checks import Line
    from bot.doctor.case import Case

# More are not looked at one by one.
MOST = 300
_PAGE = 100
_QUERY = "query { rateLimit { limit remaining } }"
_LITTLE = 0.1


async def installations(line: Line) -> list[dict[str, Any]] | None:
    """Give the app's installations, at most 300; ``None`` if GitHub does not list them."""
    found: list[dict[str, Any]] = []
    for page in range(1, MOST // _PAGE + 1):
        answer = await line.get(f"/app/installations?per_page={_PAGE}&page={page}")
        listed = data_of(answer)
        if answer.status != 200 or not isinstance(listed, list):
            return None
        found += [one for one in listed if isinstance(one, dict)]
        if len(listed) < _PAGE:
            break
    return found


def look_at_installations(
    listed: list[dict[str, Any]] | None, app: dict[str, Any], server: str
) -> list[Finding]:
    """Tell of installations that are suspended, or have not accepted what the app asks for."""
    if listed is None:
        return [warning("installations", "GitHub does not list them", "Run prhub doctor again.")]
    if not listed:
        advice = f"Open {server}/apps/{app.get('slug')}/installations/new and choose repositories."
        return [warning("installations", "the app is installed nowhere", advice)]
    asked = app.get("permissions")
    found = [finding for one in listed for finding in _one(one, asked if isinstance(asked, dict) else {})]
    return found or [ok("installations", f"{len(listed)}, none suspended, all permissions accepted")]


def _one(installation: dict[str, Any], asked: dict[str, str]) -> list[Finding]:
    account, page = _name(installation), clean_line(str(installation.get("html_url")), 300)
    if installation.get("suspended_at"):
        who = installation.get("suspended_by")
        by = f" by {clean_line(str(who.get('login')), 50)}" if isinstance(who, dict) else ""
        advice = f"If that is not meant, an owner of {account} ends it on {page}. Its work waits for a week."
        return [error("installations", f"{account} is suspended{by}: nothing is done there", advice, account)]
    granted = installation.get("permissions")
    # What the app itself does not ask for cannot be accepted, and is told once.
    lacking = [
        one for one in missing(granted if isinstance(granted, dict) else {}) if one not in missing(asked)
    ]
    if not lacking:
        return []
    what = f"{account} has not accepted {', '.join(lacking)}: no reports are made there"
    advice = f"The app asks for it: an owner of {account} accepts the new permissions on {page}."
    return [error("permissions", what, advice, account)]


def _name(installation: dict[str, Any]) -> str:
    account = installation.get("account")
    login = account.get("login") if isinstance(account, dict) else None
    return clean_line(str(login or f"installation {installation.get('id')}"), 100)


async def look_at_limits(case: Case, line: Line, listed: list[dict[str, Any]]) -> list[Finding]:
    """Ask for a token that may only read metadata, and with it how much of the limits is left."""
    working = [one for one in listed if not one.get("suspended_at")]
    if not working:
        return [not_checked("limits", "there is no installation that works")]
    path = f"/app/installations/{working[0].get('id')}/access_tokens"
    minted = await line.send("POST", path, {"permissions": {"metadata": "read"}})
    token = (data_of(minted) or {}).get("token") if minted.status == 201 else None
    if not isinstance(token, str):
        what = f"GitHub gives no token for {_name(working[0])} ({message_of(minted.body) or minted.status})"
        advice = "See permissions and installations; if they are well, install the app there anew."
        return [warning("limits", what, advice)]
    answer = await line.get("/rate_limit", token)
    found = _rest(data_of(answer)) if answer.status == 200 else _none(answer.status)
    return found + await _graphql(case, line, token)


def _none(status: int) -> list[Finding]:
    # An Enterprise Server without limits answers so.
    if status == 404:
        return [ok("limits", "this GitHub sets none")]
    return [warning("limits", f"GitHub answers {status} when asked for them", "Run prhub doctor again.")]


def _rest(shown: Any) -> list[Finding]:
    resources = shown.get("resources") if isinstance(shown, dict) else None
    core = resources.get("core") if isinstance(resources, dict) else None
    try:
        left, most, reset = int(core["remaining"]), int(core["limit"]), float(core["reset"])  # type: ignore[index]
    except (KeyError, TypeError, ValueError):
        return [note("limits", "GitHub's answer about them is not understood")]
    what = f"{left} of {most} requests are left this hour"
    if left > most * _LITTLE:
        return [ok("limits", what)]
    again = age(max(reset - time.time(), 0))
    advice = f"PRHub waits by itself; there are more in {again}. prhub_limits_hit_total tells how often."
    return [warning("limits", what, advice)]


async def _graphql(case: Case, line: Line, token: str) -> list[Finding]:
    url = case.settings.github_graphql_url
    answer = await line.send("POST", url, {"query": _QUERY}, token)
    shown = data_of(answer)
    # An Enterprise Server without limits has null there.
    if answer.status == 200 and isinstance(shown, dict) and isinstance(shown.get("data"), dict):
        return [ok("limits", "GraphQL answers", "graphql")]
    what = f"GraphQL does not answer at {url} (status {answer.status})"
    advice = "Check GITHUB_GRAPHQL_URL; without it, it is derived from GITHUB_API_URL."
    return [error("limits", what, advice, "graphql")]
