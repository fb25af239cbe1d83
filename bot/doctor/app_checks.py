"""The checks of the app on GitHub: it answers, our clocks agree, it takes our key, and it may do enough."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.doctor.finding import Finding, age, error, note, ok, warning
from bot.doctor.wanted import EVENTS, missing, surplus
from bot.errors import PRHubError
from bot.github.answers import epoch_of, message_of
from bot.github.tokens import app_jwt, read_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from bot.doctor.case import Case
    from bot.github.transport import Answer, Transport
    from bot.settings import AppCredentials

ANSWER_SECONDS = 8.0
# For rounding to whole minutes.
_HALF = 30.0
# An HTTP date has no fractions, and an answer takes its time.
TOLERATED = 60.0
# GitHub takes a JWT for ten minutes; beyond half of that other clocks (of tokens, of schedules) disagree too.
SERIOUS = 300.0


@dataclass
class Line:
    """The way to GitHub as the app, without retries: every answer is a fact. ``skew`` as in Transport."""

    transport: Transport
    base: str
    app_id: int
    key: RSAPrivateKey
    ahead: float | None = field(default=None, init=False)

    async def get(self, path: str, token: str | None = None) -> Answer:
        """Ask once, as the app or with a token, and learn from the answer how GitHub's clock goes."""
        return await self.send("GET", path, token=token)

    async def send(
        self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None
    ) -> Answer:
        """Send one request. Raises ``Later`` if no answer came."""
        bearer = token or app_jwt(self.app_id, self.key, self.transport.skew)
        headers = {
            "authorization": f"Bearer {bearer}",
            "accept": "application/vnd.github+json",
            "user-agent": "prhub",
            "x-github-api-version": "2022-11-28",
        }
        url = path if path.startswith("http") else self.base + path
        data = b"" if body is None else json.dumps(body).encode()
        answer = await self.transport.exchange(method, url, headers, data)
        moment = epoch_of(answer.headers.get("date"))
        self.ahead = self.ahead if moment is None else moment - time.time()
        return answer


def data_of(answer: Answer) -> Any:
    """Give the JSON of an answer, ``None`` if it is none."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None


def line_of(transport: Transport, base: str, app: AppCredentials) -> Line:
    """Give the line. Raises ``ValueError`` or ``TypeError`` if the key is none."""
    return Line(transport, base, app.app_id, read_key(app.private_key.get_secret_value()))


async def look_at_app(line: Line) -> tuple[list[Finding], dict[str, Any] | None]:
    """Ask GitHub who we are. Gives the app as GitHub shows it, ``None`` if it does not."""
    host = line.base
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await line.get("/app")
            if answer.status == 401 and line.transport.skew:
                # The same that the server does: sign again for GitHub's clock.
                answer = await line.get("/app")
    except (PRHubError, TimeoutError) as fault:
        said = str(fault) or f"no answer within {ANSWER_SECONDS:.0f} s"
        advice = (
            "Check GITHUB_API_URL, the network, and whether a proxy is in the way: PRHub uses none from the "
            "environment. https://www.githubstatus.com tells whether GitHub itself is well."
        )
        return [error("github", f"{host} cannot be reached ({said})", advice)], None
    found = [_clock(line.ahead)]
    shown = data_of(answer)
    if answer.status == 200 and isinstance(shown, dict) and isinstance(shown.get("id"), int):
        slug = str(shown.get("slug") or line.app_id)
        return [ok("github", f"{host} answers"), *found, ok("app", f"GitHub takes the key of {slug}")], shown
    return found + _refused(line, answer), None


def _clock(ahead: float | None) -> Finding:
    if ahead is None:
        return note("clock", "GitHub's answer has no date to compare with")
    if abs(ahead) <= TOLERATED:
        return ok("clock", "agrees with GitHub's")
    what = (
        f"this machine's clock is {age(abs(ahead) + _HALF)} {'behind' if ahead > 0 else 'ahead of'} GitHub's"
    )
    advice = (
        "Switch on time synchronisation (timedatectl set-ntp true, or chrony) on this machine. PRHub signs "
        "its requests by GitHub's clock, but schedules, deadlines and missed deliveries go by this one."
    )
    return (error if abs(ahead) > SERIOUS else warning)("clock", what, advice)


def _refused(line: Line, answer: Answer) -> list[Finding]:
    """Tell why ``GET /app`` was not answered with the app."""
    said = message_of(answer.body)
    reached = ok("github", f"{line.base} answers")
    if answer.status == 404 and "integration" in said.lower():
        what = f"GitHub knows no app with the App ID {line.app_id} ({said})"
        return [reached, error("app", what, "Write the App ID of the app's settings page as APP_ID.")]
    if answer.status == 401:
        return [reached, error("app", f"GitHub refuses the app's key ({said})", _key_advice(line, said))]
    if answer.status == 403 or answer.status >= 500:
        advice = "Wait and run prhub doctor again; https://www.githubstatus.com tells of outages."
        return [reached, error("app", f"GitHub answers {answer.status} ({said or 'no reason'})", advice)]
    what = f"{line.base} does not answer as GitHub's API does (status {answer.status})"
    advice = "Check GITHUB_API_URL: https://api.github.com, or https://HOST/api/v3 of an Enterprise Server."
    return [error("github", what, advice)]


def _key_advice(line: Line, said: str) -> str:
    if "('iat')" in said or "('exp')" in said:
        return "Set this machine's clock: GitHub judges the time of the signature."
    if "('iss')" in said:
        return "Write the App ID of the app's settings page as APP_ID."
    return (
        f"The key was revoked, or is another app's than {line.app_id}. On the app's settings page compare "
        "the App ID with APP_ID and generate a new private key; set it as PRIVATE_KEY or PRIVATE_KEY_PATH "
        "and restart the server."
    )


def look_at_rights(case: Case, app: dict[str, Any]) -> list[Finding]:
    """Compare what the app asks for on GitHub with what PRHub needs."""
    page = app_page(case, app)
    granted = app.get("permissions")
    found = _permissions(granted if isinstance(granted, dict) else {}, page)
    events = app.get("events")
    lacking = [name for name in EVENTS if not isinstance(events, list) or name not in events]
    if not lacking:
        return [*found, ok("events", "all subscribed")]
    level = error if "pull_request" in lacking else warning
    what = f"the app does not get {', '.join(lacking)}: {'; '.join(EVENTS[name] for name in lacking)}"
    advice = f"Subscribe to {'it' if len(lacking) == 1 else 'them'} on {page}/permissions."
    return [*found, level("events", what, advice)]


def _permissions(granted: dict[str, str], page: str) -> list[Finding]:
    lacking, more = missing(granted), surplus(granted)
    found = []
    if lacking:
        advice = (
            f"Set {', '.join(lacking)} on {page}/permissions; GitHub then asks the owner of each "
            "installation to accept it, and until then there are no reports there."
        )
        found.append(error("permissions", f"the app lacks {', '.join(lacking)}", advice))
    if more:
        what = f"the app has more than PRHub needs: {', '.join(more)}"
        found.append(note("permissions", what, f"Take it away on {page}/permissions."))
    return found or [ok("permissions", "those of app.yml, no others")]


def app_page(case: Case, app: dict[str, Any]) -> str:
    """Give the address of the app's settings page."""
    owner = app.get("owner") if isinstance(app.get("owner"), dict) else {}
    is_ours = isinstance(owner, dict) and owner.get("type") == "Organization"
    folder = f"organizations/{owner.get('login')}/settings" if is_ours and owner else "settings"
    return f"{case.settings.github_server_url}/{folder}/apps/{app.get('slug')}"
