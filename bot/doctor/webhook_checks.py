"""The checks of the webhook: where GitHub sends deliveries, and what became of the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from bot.doctor.app_checks import data_of
from bot.doctor.delivery_causes import cause_of
from bot.doctor.finding import Finding, age, error, note, ok, warning
from bot.redaction import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.deliveries import ListedDelivery
    from bot.doctor.app_checks import Line
    from bot.doctor.case import Case

_EXAMPLE = "prhub.example"
_AGAIN = "Then send one again on {page}/advanced (Redeliver); PRHub itself asks for missed ones again."
# So many failures in a row are no accident.
_ROW = 3


@dataclass(frozen=True)
class Tried:
    """An attempt at a delivery, with the status GitHub shows for it."""

    one: ListedDelivery
    status: str
    code: int


async def look_at_webhook(case: Case, line: Line, page: str, tried: Sequence[Tried]) -> list[Finding]:
    """Compare where GitHub sends deliveries with where this server takes them."""
    answer = await line.get("/app/hook/config")
    config = data_of(answer)
    if answer.status != 200 or not isinstance(config, dict):
        what = f"the app has no webhook on GitHub (status {answer.status})"
        return [error("webhook", what, f"Tick Active on {page} and write the address of this server there.")]
    url = clean_line(str(config.get("url") or ""), 300)
    found = _address(case, url, page, arrives=bool(tried) and tried[0].one.arrived)
    found += _form(config, page)
    return found or [ok("webhook", f"{url}, with a secret")]


def _address(case: Case, url: str, page: str, *, arrives: bool) -> list[Finding]:
    ours, parts = case.settings.webhook_path, _split(url)
    host = parts.hostname or ""
    if not host or host == _EXAMPLE:
        what = f"the webhook's address is {url or 'empty'}"
        return [error("webhook", what, f"Write https://YOUR-HOST{ours} as Webhook URL on {page}.")]
    relay = case.settings.webhook_proxy_url
    if relay is not None:
        return _relayed(url, relay, page)
    here = urlsplit(case.settings.github_api_url).hostname or ""
    if _is_loopback(host) and not _is_loopback(here):
        advice = f"Write an address that GitHub can reach as Webhook URL on {page}."
        return [error("webhook", f"the webhook's address {url} is this machine's own", advice)]
    if parts.path.rstrip("/") != ours.rstrip("/"):
        return [_elsewhere_on_it(url, f"{parts.scheme}://{parts.netloc}{ours}", page, arrives=arrives)]
    if parts.scheme != "https" and not _is_loopback(host):
        advice = f"Put a proxy with TLS in front, and write its https address on {page}."
        return [warning("webhook", f"{url} is not https: everybody on the way can read it", advice)]
    return []


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.hostname
    except ValueError:
        return urlsplit("")
    return parts


def _elsewhere_on_it(url: str, right: str, page: str, *, arrives: bool) -> Finding:
    what = f"GitHub sends deliveries to {url}, and this server takes them at {right}"
    advice = f"Write {right} as Webhook URL on {page}, or set WEBHOOK_PATH"
    if arrives:
        # A proxy may change the path; or the address was changed after the last delivery.
        told = f"{advice}; if a proxy changes the path on purpose, all is well: the last one arrived."
        return warning("webhook", what, told)
    return error("webhook", what, f"{advice}.")


def _relayed(url: str, relay: str, page: str) -> list[Finding]:
    """Compare with the channel that this server fetches its deliveries from."""
    if url.rstrip("/") == relay.rstrip("/"):
        return []
    what = f"GitHub sends deliveries to {url}, and this server fetches them from WEBHOOK_PROXY_URL"
    return [error("webhook", what, f"Write the relay's address {relay} as Webhook URL on {page}.")]


def _form(config: dict[str, Any], page: str) -> list[Finding]:
    found = []
    if not config.get("secret"):
        advice = f"Write the secret of WEBHOOK_SECRET as Webhook secret on {page}."
        found.append(error("webhook", "the webhook has no secret: every delivery is refused", advice))
    kind = clean_line(str(config.get("content_type") or "json"), 30)
    if kind != "json":
        what = f"deliveries are sent as {kind}: every one is refused"
        found.append(error("webhook", what, f"Choose application/json as Content type on {page}."))
    if str(config.get("insecure_ssl") or "0") != "0":
        advice = f"Choose Enable SSL verification on {page}."
        found.append(warning("webhook", "GitHub does not check this server's certificate", advice))
    return found


def look_at_deliveries(
    tried: Sequence[Tried], page: str, now: float, strange: Sequence[str] = ()
) -> list[Finding]:
    """Tell what became of the last deliveries, the newest first; ``strange`` were accepted elsewhere."""
    ended = [one for one in tried if one.status != "pending"]
    if not ended:
        advice = "Merge a pull request, or send a ping on the app's Advanced page."
        return [note("deliveries", "GitHub has sent none in the last days", advice)]
    arrived = {one.one.guid for one in ended if one.one.arrived}
    lost = [one for one in ended if one.one.guid not in arrived]
    if strange and ended[0].one.arrived:
        return [_elsewhere(strange, page)]
    if not lost:
        return [ok("deliveries", f"the last {len(ended)} arrived")]
    return [_failed(ended, lost, page, now)]


def _failed(ended: Sequence[Tried], lost: Sequence[Tried], page: str, now: float) -> Finding:
    newest = lost[0]
    cause, advice = cause_of(newest.code, newest.status)
    when = f"the newest {age(now - newest.one.at)} ago"
    what = f"{len(lost)} of the last {len(ended)} did not arrive, {when}: {cause}"
    if ended[0].one.arrived:
        return note("deliveries", f"{what}; newer ones arrive", "PRHub asks for them again by itself.")
    told = f"{advice} {_AGAIN.format(page=page)}"
    row = next((place for place, one in enumerate(ended) if one.one.arrived), len(ended))
    return (error if row >= min(_ROW, len(ended)) else warning)("deliveries", what, told)


def _elsewhere(strange: Sequence[str], page: str) -> Finding:
    what = f"{len(strange)} deliveries were accepted, and are not in this database ({strange[0]})"
    advice = (
        "Another server takes them, or this database came after them: compare the Webhook URL on "
        f"{page} with this machine, and DATABASE_URL with that of the running server."
    )
    return error("deliveries", what, advice)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
