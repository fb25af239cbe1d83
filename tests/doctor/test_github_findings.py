"""What GitHub may answer, and what the doctor makes of it, however strange."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from contextlib import asynccontextmanager

import pytest
import yaml

from bot.deliveries import listed_delivery
from bot.doctor import app_checks
from bot.doctor.delivery_causes import cause_of
from bot.doctor.wanted import EVENTS, PERMISSIONS
from bot.doctor.webhook_checks import Tried, look_at_deliveries
from sandbox.state import Attempt
from tests.doctor.conftest import bad, of
from tests.test_project import ROOT


@asynccontextmanager
async def anything(answer: bytes):
    """Answer every request with these bytes, and hang up."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    listener.close()


PAGE = "https://github.example/settings/apps/prhub"


def test_the_manifest_and_the_doctor_want_the_same():
    """Permissions and events are those the app is registered with."""
    manifest = yaml.safe_load((ROOT / "app.yml").read_text("utf-8"))
    assert manifest["default_permissions"] == PERMISSIONS
    assert set(manifest["default_events"]) == set(EVENTS)


def tried(*outcomes: tuple[int, str]) -> list[Tried]:
    """Attempts at different deliveries, the newest first, a minute apart."""
    found = []
    for number, (code, status) in enumerate(outcomes):
        item = {
            "id": number + 1,
            "guid": f"0b989ba4-242f-11e5-81e1-{number:012d}",
            "delivered_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_780_000_000 - 60 * number)),
            "event": "pull_request",
            "action": "closed",
            "status": status,
        }
        one = listed_delivery(item)
        assert one is not None
        found.append(Tried(one, status, code))
    return found


OK, REFUSED = (202, "OK"), (401, "Invalid HTTP Response: 401")


@pytest.mark.parametrize(
    ("outcomes", "severity", "what"),
    [
        pytest.param([], "note", "GitHub has sent none", id="nothing was sent"),
        pytest.param([(0, "pending")], "note", "GitHub has sent none", id="one is under way"),
        pytest.param([OK, OK], "ok", "the last 2 arrived", id="all arrived"),
        pytest.param([OK, REFUSED], "note", "newer ones arrive", id="it was mended"),
        pytest.param([REFUSED, OK], "warning", "1 of the last 2", id="the newest failed"),
        pytest.param([REFUSED], "error", "secrets differ", id="the only one failed"),
        pytest.param([REFUSED, REFUSED, REFUSED, OK], "error", "3 of the last 4", id="three in a row failed"),
    ],
)
def test_deliveries_are_judged_by_the_newest(outcomes, severity, what):
    """What was mended is not blamed any more; one accident is no error."""
    (found,) = look_at_deliveries(tried(*outcomes), PAGE, 1_780_000_060)
    assert (found.severity.value, what in found.what) == (severity, True)


@pytest.mark.parametrize(
    ("code", "status", "advice"),
    [
        pytest.param(400, "Invalid HTTP Response: 400", "APP_ID", id="another app's"),
        pytest.param(401, "Invalid HTTP Response: 401", "WEBHOOK_SECRET", id="another secret"),
        pytest.param(404, "Invalid HTTP Response: 404", "WEBHOOK_PATH", id="another path"),
        pytest.param(302, "Invalid HTTP Response: 302", "redirect", id="a redirect"),
        pytest.param(502, "Invalid HTTP Response: 502", "HOST and PORT", id="a proxy without a server"),
        pytest.param(503, "Invalid HTTP Response: 503", "disk", id="a store that takes nothing"),
        pytest.param(0, "timed out", "load", id="too slow"),
        pytest.param(0, "failed to connect to host", "firewall", id="nobody there"),
        pytest.param(0, "peer certificate cannot be authenticated", "certificate", id="a bad certificate"),
        pytest.param(418, "\x1b[31mteapot", "Look at the log", id="a status of another world"),
    ],
)
def test_each_status_has_its_usual_cause(code, status, advice):
    """With what to do, and no control character of GitHub's."""
    told = cause_of(code, status)
    assert advice in told[1]
    assert all("\x1b" not in text for text in told)


async def test_what_others_accept_is_noticed(patient):
    """Deliveries that GitHub saw accepted and that are not in this database went elsewhere."""
    async with patient.serving():
        now = patient.state.now()
        patient.state.deliveries[:] = [
            Attempt(
                1, f"0b989ba4-242f-11e5-81e1-{1:012d}", "pull_request", "closed", b"", 1, 1, now, status="OK"
            )
        ]
        findings = await patient.examined()
    (found,) = of(findings, "deliveries")
    assert found.severity.value == "error"
    assert "DATABASE_URL" in found.advice


@pytest.mark.parametrize(
    ("change", "check", "what"),
    [
        pytest.param(
            {"webhook_url": "https://prhub.example/api/github/webhooks"},
            "webhook",
            "prhub.example",
            id="the example's",
        ),
        pytest.param({"webhook_secret": None}, "webhook", "no secret", id="no secret"),
        pytest.param({"webhook_form": "form"}, "webhook", "sent as form", id="as a form"),
        pytest.param({"webhook_url": None}, "webhook", "no webhook", id="no webhook"),
        pytest.param({"webhook_url": "http://["}, "webhook", "address is http://[", id="no address"),
        pytest.param(
            {"webhook_url": "http://prhub.test/api/github/webhooks"}, "webhook", "not https", id="http"
        ),
        pytest.param({"events": ("issue_comment",)}, "events", "pull_request, ", id="events that lack"),
        pytest.param({"id": 77}, "app", "refuses the app's key", id="another App ID"),
    ],
)
async def test_what_is_wrong_with_the_app_is_named(patient, change, check, what):
    """Without a server, too."""
    patient.state.app.webhook_url = "https://prhub.test/api/github/webhooks"
    for name, value in change.items():
        setattr(patient.state.app, name, value)
    findings = await patient.examined()
    assert any(what in one.what for one in of(findings, check) if one.severity.rank > 1), findings


async def test_an_installation_that_has_not_accepted_is_named(patient):
    """Only there something is to be done: the app itself asks for it."""
    patient.state.installations[4242].permissions["issues"] = "read"
    found = of(await patient.examined(), "permissions")[-1]
    assert "octo-org has not accepted issues: write" in found.what
    assert "/settings/installations/4242" in found.advice


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"\xff\xfe", b"{" * 100_000, b'{"id": 1, "permissions": [], "events": {}}'],
    ids=["nothing", "a list", "null", "no text", "braces", "an app of another form"],
)
async def test_strange_answers_become_findings(patient, body):
    """Never a traceback, nor a green line about what was not understood."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n"
    async with anything(head + b"content-length: %d\r\n\r\n" % len(body) + body) as url:
        findings = await patient.examined(GITHUB_API_URL=url, GITHUB_GRAPHQL_URL=f"{url}/graphql")
    assert {"github", "permissions", "events"} & bad(findings).keys()
    assert "check itself" not in json.dumps([one.what for one in findings])


async def test_a_github_that_hangs_costs_seconds(patient, monkeypatch):
    """Each check has its own limit; the others are told all the same."""
    monkeypatch.setattr(app_checks, "ANSWER_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        findings = await patient.examined(GITHUB_API_URL=url, GITHUB_GRAPHQL_URL=url)
    assert time.monotonic() - began < 10
    assert "no answer within 1 s" in of(findings, "github")[0].what
    assert of(findings, "model")[-1].severity.value == "ok"


async def test_a_github_that_is_not_there_is_named(patient):
    """With what else could be in the way."""
    findings = await patient.examined(GITHUB_API_URL="http://127.0.0.1:9")
    (found,) = of(findings, "github")
    assert "http://127.0.0.1:9 cannot be reached" in found.what
    assert bad(findings) == {"github": "error"}
