"""What the user chooses in the form: where to register the app, for whom, and how its webhooks come here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.settings.addresses import api_address, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.settings import Settings

# Where smee.io makes a channel, which is the address that the form links to.
_NO_CHANNELS = ("", "/", "/new")
FIELDS = ("server", "organization", "webhook", "relay")
_LONGEST = 300
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}")
_PUBLIC_SERVERS = ("github.com", ".ghe.com")


@dataclass(frozen=True)
class Choice:
    """A form without mistakes.

    ``server`` and ``api`` are GitHub's addresses of pages and of its API; ``organization`` is empty for
    the user's own account, ``relay`` unless webhooks come by way of one.
    """

    server: str
    api: str
    organization: str
    webhook: str
    relay: str

    @property
    def server_origin(self) -> str:
        """Scheme, host and port of GitHub's pages."""
        parts = urlsplit(self.server)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def target(self) -> str:
        """The page of GitHub that takes the manifest."""
        owner = f"/organizations/{self.organization}" if self.organization else ""
        return f"{self.server}{owner}/settings/apps/new"


@dataclass(frozen=True)
class Offer:
    """What the form shows at first, by field, and which fields the settings have decided."""

    values: Mapping[str, str]
    fixed: frozenset[str]
    api: str | None
    webhook_path: str


def offer(settings: Settings, origin: str) -> Offer:
    """Give what the settings and the address in the browser (``https://host:port``) suggest."""
    given = settings.model_fields_set
    github = bool({"github_api_url", "github_server_url"} & given)
    api = settings.github_api_url if "github_api_url" in given else None
    relay = settings.webhook_proxy_url or ""
    public = "" if relay or _is_own_network(origin) else f"{origin}{settings.webhook_path}"
    values = {"server": settings.github_server_url, "organization": "", "webhook": public, "relay": relay}
    fixed = frozenset({"server"} if github else ()) | frozenset({"relay", "webhook"} if relay else ())
    return Offer(values, fixed, api, settings.webhook_path)


def read_choice(form: Mapping[str, str], offered: Offer) -> tuple[Choice | None, dict[str, str]]:
    """Give the choice, or for each wrong field the key of the sentence that says what is wrong."""
    said = {
        name: offered.values[name] if name in offered.fixed else form.get(name, "").strip() for name in FIELDS
    }
    wrong: dict[str, str] = {}
    server = _address("server", said["server"], wrong).removesuffix("/api/v3")
    relay = _address("relay", said["relay"], wrong) if said["relay"] else ""
    webhook = _address("webhook", said["webhook"], wrong) if said["webhook"] and not relay else ""
    organization = said["organization"].removeprefix("@")
    if organization and _OWNER.fullmatch(organization) is None:
        wrong["organization"] = "no_organization"
    if relay and urlsplit(relay).path in _NO_CHANNELS:
        wrong.setdefault("relay", "no_channel")
    if webhook and not urlsplit(webhook).path:
        webhook += offered.webhook_path
    if not webhook and not relay:
        wrong.setdefault("webhook", "no_webhook")
    elif webhook and server and not _can_reach(server, webhook):
        wrong.setdefault("webhook", "not_reachable")
    if wrong:
        return None, wrong
    return Choice(server, offered.api or api_address(server), organization, relay or webhook, relay), {}


def _address(name: str, value: str, wrong: dict[str, str]) -> str:
    full = value if "://" in value else f"https://{value}"
    try:
        return web_address(full[:_LONGEST])
    except ValueError:
        wrong[name] = "no_https" if full.startswith("http://") else "no_address"
        return ""


def _can_reach(server: str, webhook: str) -> bool:
    """Whether GitHub at ``server`` can be expected to reach an address: none of a network it is not in."""
    host = urlsplit(server).hostname or ""
    if host.endswith(_PUBLIC_SERVERS):
        return not _is_own_network(webhook)
    return not _is_loopback(webhook) or _is_loopback(server)


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_own_network(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".localdomain"))
