"""What the user may choose in the form of set-up, and what is told of mistakes."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.settings import load_settings
from bot.settings.addresses import api_address, server_address
from bot.setup.choice import offer, read_choice
from bot.setup.conversion import Registered
from bot.setup.pages import texts_of
from bot.setup.steps import lines_of

HOOK = "https://prhub.example.com"
FULL = f"{HOOK}/api/github/webhooks"


def choose(tmp_path, origin: str = "http://127.0.0.1:3000", settings=None, **form: str):
    """Fill in the form; without more it is right."""
    offered = offer(load_settings(settings or {}, tmp_path), origin)
    return read_choice({"server": "https://github.com", "webhook": HOOK, **form}, offered)


@pytest.mark.parametrize(
    ("server", "target", "api"),
    [
        pytest.param("https://github.com", "https://github.com", "https://api.github.com", id="github.com"),
        pytest.param("github.com/", "https://github.com", "https://api.github.com", id="without its scheme"),
        pytest.param(
            "https://git.example", "https://git.example", "https://git.example/api/v3", id="Enterprise Server"
        ),
        pytest.param(
            "git.example/api/v3",
            "https://git.example",
            "https://git.example/api/v3",
            id="by its API's address",
        ),
        pytest.param(
            "https://git.example/github",
            "https://git.example/github",
            "https://git.example/github/api/v3",
            id="behind a path",
        ),
        pytest.param(
            "https://octo.ghe.com",
            "https://octo.ghe.com",
            "https://api.octo.ghe.com",
            id="a tenant of ghe.com",
        ),
    ],
)
def test_a_server_is_enough_to_find_its_api(tmp_path, server, target, api):
    """The settings find the pages again from that."""
    choice, wrong = choose(tmp_path, server=server)
    assert (choice.target, choice.api, wrong) == (f"{target}/settings/apps/new", api, {})
    assert api_address(server_address(choice.api)) == choice.api


def test_an_organization_has_a_page_of_its_own(tmp_path):
    """Its apps are registered there."""
    choice, _ = choose(tmp_path, organization=" @octo-org ")
    assert choice.target == "https://github.com/organizations/octo-org/settings/apps/new"


@pytest.mark.parametrize(
    ("form", "webhook"),
    [
        pytest.param({"webhook": HOOK}, FULL, id="the path is added"),
        pytest.param({"webhook": "prhub.example.com/"}, FULL, id="to an address without its scheme, too"),
        pytest.param({"webhook": f"{HOOK}/hooks/7"}, f"{HOOK}/hooks/7", id="a path that is there stays"),
        pytest.param(
            {"webhook": "", "relay": "smee.io/abc"},
            "https://smee.io/abc",
            id="a relay's channel is the address",
        ),
        pytest.param({"relay": "https://smee.io/abc"}, "https://smee.io/abc", id="a relay goes first"),
        pytest.param(
            {"server": "https://git.corp", "webhook": "https://10.0.0.7"},
            "https://10.0.0.7/api/github/webhooks",
            id="a private address, for a server in the same network",
        ),
    ],
)
def test_where_webhooks_go(tmp_path, form, webhook):
    """As GitHub gets it."""
    choice, wrong = choose(tmp_path, **form)
    assert (choice.webhook, wrong) == (webhook, {})


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        pytest.param({"server": ""}, {"server": "no_address"}, id="no server"),
        pytest.param({"server": "http://git.example"}, {"server": "no_https"}, id="a server without https"),
        pytest.param({"server": "https://u:p@git.example"}, {"server": "no_address"}, id="a password in it"),
        pytest.param({"server": "javascript:alert(1)"}, {"server": "no_address"}, id="a script"),
        pytest.param({"server": "https://git.example/?x"}, {"server": "no_address"}, id="a query"),
        pytest.param(
            {"server": "https://git.example;x"}, {"server": "no_address"}, id="a word of the policy"
        ),
        pytest.param({"organization": "a b"}, {"organization": "no_organization"}, id="two words"),
        pytest.param({"organization": "../x"}, {"organization": "no_organization"}, id="a way up"),
        pytest.param({"webhook": ""}, {"webhook": "no_webhook"}, id="no way for webhooks"),
        pytest.param(
            {"webhook": "http://prhub.example.com"}, {"webhook": "no_https"}, id="webhooks without https"
        ),
        pytest.param({"webhook": "http://localhost:3000"}, {"webhook": "not_reachable"}, id="this machine"),
        pytest.param(
            {"webhook": "https://192.168.1.7"}, {"webhook": "not_reachable"}, id="a private address"
        ),
        pytest.param({"webhook": "https://server"}, {"webhook": "not_reachable"}, id="a name without a dot"),
        pytest.param(
            {"webhook": "https://nas.local"}, {"webhook": "not_reachable"}, id="a name of the house"
        ),
        pytest.param(
            {"server": "https://git.corp", "webhook": "http://127.0.0.1:3000"},
            {"webhook": "not_reachable"},
            id="this machine, for a server elsewhere",
        ),
        pytest.param({"webhook": "", "relay": "https://smee.io"}, {"relay": "no_channel"}, id="no channel"),
        pytest.param(
            {"webhook": "", "relay": "https://smee.io/new"},
            {"relay": "no_channel"},
            id="where channels are made",
        ),
        pytest.param(
            {"server": "x y", "organization": "-", "webhook": "?"},
            {"server": "no_address", "organization": "no_organization", "webhook": "no_address"},
            id="everything at once",
        ),
        pytest.param({"server": "https://" + "a" * 5000}, {"server": "no_address"}, id="far too long"),
    ],
)
def test_each_mistake_is_told_beside_its_field(tmp_path, form, wrong):
    """In every language."""
    choice, found = choose(tmp_path, **form)
    assert (choice, found) == (None, wrong)
    assert all(key in texts_of(language) for key in found.values() for language in ("en", "zh-CN"))


@pytest.mark.parametrize(
    ("settings", "origin", "values", "fixed"),
    [
        pytest.param({}, "http://127.0.0.1:3000", {"webhook": "", "relay": ""}, set(), id="on this machine"),
        pytest.param({}, HOOK, {"webhook": FULL}, set(), id="at a public address"),
        pytest.param({}, "http://10.1.2.3:3000", {"webhook": ""}, set(), id="at a private one"),
        pytest.param(
            {"GITHUB_API_URL": "https://git.example/api/v3"},
            HOOK,
            {"server": "https://git.example"},
            {"server"},
            id="with an Enterprise Server set",
        ),
        pytest.param(
            {"WEBHOOK_PROXY_URL": "https://smee.io/abc"},
            HOOK,
            {"relay": "https://smee.io/abc", "webhook": ""},
            {"relay", "webhook"},
            id="with a relay set",
        ),
    ],
)
def test_what_is_known_is_filled_in(tmp_path, settings, origin, values, fixed):
    """And what the settings say cannot be changed in the form: they would win."""
    offered = offer(load_settings(settings, tmp_path), origin)
    assert values.items() <= offered.values.items()
    assert offered.fixed == fixed
    if fixed:
        choice, _ = choose(tmp_path, origin, settings, **dict.fromkeys(fixed, "https://evil.example/x"))
        assert "evil" not in repr(choice)


@pytest.mark.parametrize(
    ("settings", "api", "lines"),
    [
        pytest.param(
            {"GITHUB_SERVER_URL": "https://git.example"},
            "https://git.example/api/v3",
            {"GITHUB_API_URL": "https://git.example/api/v3"},
            id="the pages alone: the API follows, and is written",
        ),
        pytest.param(
            {"GITHUB_API_URL": "https://git.example/api/v3"},
            "https://git.example/api/v3",
            {},
            id="the API: nothing is left to write",
        ),
        pytest.param(
            {"GITHUB_API_URL": "https://api.git.example", "GITHUB_SERVER_URL": "https://git.example"},
            "https://api.git.example",
            {},
            id="both, and neither follows from the other",
        ),
    ],
)
def test_a_server_that_is_set_is_kept(tmp_path, settings, api, lines):
    """Whichever of its addresses is set."""
    loaded = load_settings(settings, tmp_path)
    choice, _ = choose(tmp_path, settings=settings, webhook=HOOK)
    assert (choice.server, choice.api) == ("https://git.example", api)
    app = Registered(id=7, slug="prhub", pem=SecretStr("key"), webhook_secret=SecretStr("secret"))
    written = lines_of(app, choice, loaded)
    assert {name: value for name, value in written.items() if name.startswith("GITHUB")} == lines


def test_both_languages_say_the_same_things():
    """And with the same names in braces."""
    english, chinese = texts_of("en"), texts_of("zh-CN")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert text.count("{") == chinese[key].count("{"), key
