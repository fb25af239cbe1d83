"""The webhook route over real HTTP: what is answered, and what is on disk by then."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import time
import uuid
import zlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.deliveries import Policy
from bot.server import Duties, make_web, serve
from bot.server.intake import Intake
from bot.store import Inbox, Store, Triggers, migrate, open_store
from bot.workflows.services import Meters
from tests.fakes.process import SECRET

PATH = "/api/github/webhooks"
MERGED: dict[str, Any] = {
    "action": "closed",
    "number": 7,
    "pull_request": {
        "id": 70,
        "number": 7,
        "state": "closed",
        "merged": True,
        "merged_at": "2026-03-24T05:50:46Z",
        "merge_commit_sha": "c0ffee" + "0" * 34,
    },
    "repository": {"id": 5, "full_name": "octo-org/engine"},
    "installation": {"id": 3},
    "sender": {"login": "octo-dev", "type": "User"},
}


@dataclass
class Door:
    """A running intake, and what is behind it."""

    address: str
    store: Store
    triggers: Triggers
    meters: Meters

    async def send(self, body: bytes, **changes: str | None) -> tuple[int, dict[str, str]]:
        """Post a body, signed; changes replace headers, ``None`` leaves one out."""
        headers = signed(body) | {name.replace("_", "-"): value for name, value in changes.items()}
        kept = {name: value for name, value in headers.items() if value is not None}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.post(self.address + PATH, data=io.BytesIO(body), headers=kept) as answer,
        ):
            return answer.status, json.loads(await answer.read() or b"{}")


def signed(body: bytes) -> dict[str, str]:
    """The headers GitHub sends with a body."""
    return {
        "Content-Type": "application/json",
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": str(uuid.uuid4()),
        "X-GitHub-Hook-Installation-Target-ID": "1",
        "X-Hub-Signature-256": "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest(),
    }


@pytest.fixture
async def door(tmp_path):
    async with opened(tmp_path) as running:
        yield running


@asynccontextmanager
async def opened(folder):
    """A door over a store in a folder."""
    await asyncio.to_thread(migrate, f"sqlite:///{folder}/s.sqlite")
    store = open_store(f"sqlite+aiosqlite:///{folder}/s.sqlite")
    meters = Meters()
    inbox = Inbox(store, 1)
    intake = Intake(
        inbox, 1, [SECRET.encode(), b"a second one while they are rotated"], Policy(now=0.0), meters
    )
    async with serve(make_web(PATH, intake, Duties({}), meters), "127.0.0.1", 0) as address:
        yield Door(address, store, Triggers(store), meters)
    await store.close()


async def test_a_merge_is_on_disk_with_its_trigger_when_it_is_accepted(door):
    """202 means: a later process finds the trigger."""
    status, answer = await door.send(json.dumps(MERGED).encode())
    assert (status, answer) == (202, {"status": "accepted"})
    (stored,) = await door.triggers.new(10)
    assert stored.trigger.key == f"report:5:7:{MERGED['pull_request']['merge_commit_sha']}"


async def test_the_same_guid_and_the_same_body_are_acted_on_once(door):
    """A redelivery has the old GUID; a replay has a fresh one."""
    body = json.dumps(MERGED).encode()
    headers = signed(body)
    first = await door.send(body, **headers)
    again = await door.send(body, **headers)
    replay = await door.send(body)
    assert [first[1]["status"], again[1]["status"], replay[1]["status"]] == [
        "accepted",
        "duplicate",
        "duplicate",
    ]
    assert len(await door.triggers.new(10)) == 1


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        pytest.param(
            401,
            {"X-Hub-Signature-256": None, "X-Hub-Signature": "sha1=" + "0" * 40},
            id="SHA-1 only is no signature",
        ),
        pytest.param(401, {"X-Hub-Signature-256": "sha256=" + "0" * 64}, id="a wrong signature is refused"),
        pytest.param(
            400, {"X-GitHub-Event": "issue_comment"}, id="a body under another event's name is refused"
        ),
        pytest.param(400, {"X-GitHub-Delivery": "not-a-guid"}, id="a GUID that is none is refused"),
        pytest.param(
            400, {"X-GitHub-Hook-Installation-Target-ID": "2"}, id="another app's delivery is refused"
        ),
        pytest.param(415, {"Content-Type": "application/x-www-form-urlencoded"}, id="a form is not JSON"),
        pytest.param(415, {"Content-Encoding": "br"}, id="a compressed body is refused unread"),
    ],
)
async def test_what_is_refused(door, status, changes):
    """Each is answered with its status, and leaves nothing behind."""
    got, answer = await door.send(json.dumps(MERGED).encode(), **changes)
    assert got == status
    assert "error" in answer
    assert await door.triggers.new(10) == []


async def test_both_active_secrets_are_accepted(tmp_path):
    """While secrets are rotated, deliveries signed with either are taken."""
    async with opened(tmp_path) as door:
        body = json.dumps(MERGED).encode()
        old = hmac.new(b"a second one while they are rotated", body, hashlib.sha256).hexdigest()
        assert (await door.send(body, **{"X-Hub-Signature-256": f"sha256={old}"}))[0] == 202


async def test_ping_is_answered_and_not_stored(door):
    """GitHub sends a ping when the webhook is set up."""
    body = json.dumps({"zen": "x", "hook_id": 1, "hook": {}}).encode()
    assert await door.send(body, **{"X-GitHub-Event": "ping"}) == (200, {"status": "pong"})


async def test_an_unknown_event_is_taken_and_ignored(door):
    """GitHub adds events; none of them is an error."""
    body = json.dumps({"action": "danced", "repository": {"id": 5, "full_name": "a/b"}}).encode()
    assert await door.send(body, **{"X-GitHub-Event": "parade"}) == (202, {"status": "ignored"})


async def test_large_payloads_pass_and_larger_ones_do_not(door):
    """GitHub's cap is 25 MB; aiohttp's own default of 1 MiB would lose deliveries."""
    large = json.dumps(MERGED | {"padding": "x" * (24 * 1024 * 1024)}).encode()
    assert (await door.send(large))[0] == 202
    assert (await door.send(b" " * (26 * 1024 * 1024)))[0] == 413


async def test_a_gzip_bomb_costs_nothing(door):
    """The header alone is refused; nothing is inflated."""
    bomb = zlib.compress(b"0" * 50_000_000, 9)
    before = time.perf_counter()
    assert (await door.send(bomb, **{"Content-Encoding": "gzip"}))[0] == 415
    assert time.perf_counter() - before < 1.0


async def test_when_nothing_can_be_stored_the_answer_is_503_and_it_mends_itself(door):
    """A 2xx would lose the delivery; GitHub shows a 503 as failed and can send it again."""
    body = json.dumps(MERGED).encode()
    async with door.store.engine.connect() as other:
        await other.exec_driver_sql("BEGIN EXCLUSIVE")
        assert (await door.send(body))[0] == 503
        await other.rollback()
    assert (await door.send(body))[0] == 202


async def test_silent_connections_do_not_keep_an_honest_sender_out(door):
    """Three hundred connections that never finish their headers fill the house; GitHub still gets in."""
    host, _, port = door.address.removeprefix("http://").partition(":")
    silent = [await asyncio.open_connection(host, int(port)) for _ in range(300)]
    for _, writer in silent:
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\n")
    assert (await door.send(json.dumps(MERGED).encode()))[0] == 202
    for _, writer in silent:
        writer.close()


async def test_health_and_numbers_are_there_and_other_methods_are_not(door):
    """Probes and Prometheus read them."""
    await door.send(json.dumps(MERGED).encode())
    async with aiohttp.ClientSession(door.address) as session:
        health = await session.get("/healthz")
        numbers = await (await session.get("/metrics")).text()
        wrong = await session.get(PATH)
    assert (health.status, wrong.status) == (200, 405)
    assert 'prhub_deliveries_total{event="pull_request",outcome="accepted"} 1.0' in numbers
