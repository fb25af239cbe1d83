"""What the running server itself says of the same faults: in its log, at /readyz, at its start."""

from __future__ import annotations

import time

import aiohttp
import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.errors import UserError
from bot.store import migrate
from bot.store.failures import in_words
from tests.doctor.conftest import of
from tests.doctor.test_planted_faults import rename
from tests.fakes.process import until


def said(lines, event):
    """The lines of one event."""
    return [line for line in lines if line["event"] == event]


async def test_a_wrong_secret_is_named(patient):
    """In the line about the delivery that was refused."""
    async with patient.serving():
        with capture_logs() as lines:
            patient.state.app.webhook_secret = "another" * 6
            assert await patient.merge() == 401
    (line,) = said(lines, "delivery rejected")
    assert "WEBHOOK_SECRET" in line["advice"]


async def test_a_wrong_webhook_address_is_named(patient):
    """A delivery that comes to another path leaves a line with both; anybody else's request does not."""
    async with patient.serving() as running, aiohttp.ClientSession() as session:
        with capture_logs() as lines:
            patient.state.app.webhook_url = f"{running.address}/hooks/%1b[31m"
            assert await patient.merge() == 404
            await session.post(f"{running.address}/wp-login.php")
    (line,) = said(lines, "a delivery came to another path")
    assert line["path"].startswith("/hooks/%1B")
    assert "WEBHOOK_PATH" in line["advice"]


async def test_a_missing_permission_is_named(patient):
    """The work ends with a warning that says who knows more."""
    patient.state.installations[4242].permissions["issues"] = "none"
    with capture_logs() as lines:
        async with patient.serving():
            pass
    (line,) = [line for line in said(lines, "ended") if line.get("advice")]
    assert (line["log_level"], line["state"]) == ("warning", "done")
    assert "prhub doctor" in line["advice"]


async def test_a_refused_key_is_named(patient):
    """Without a traceback, and the work is tried again."""
    async with patient.serving():
        patient.state.app.public_key = None
        patient.state.tokens.clear()
        with capture_logs() as lines:
            await patient.merge()
            await until(lambda: bool(said(lines, "put off")))
    assert said(lines, "step failed") == []
    assert "prhub doctor" in said(lines, "GitHub refuses our credentials")[0]["advice"]
    assert "credentials" in said(lines, "put off")[0]["reason"]


async def test_a_wrong_clock_is_named_once_and_work_goes_on(patient):
    """Requests are signed by GitHub's clock."""
    patient.state.clock = lambda: time.time() + 600
    with capture_logs() as lines:
        async with patient.serving():
            findings = await patient.examined()
    assert len(said(lines, "the clock is wrong")) == 2  # the server's, and the doctor's own
    assert said(lines, "published") != []
    assert of(findings, "reports")[0].severity.value == "ok"


async def test_readiness_says_in_words_what_is_wrong(patient):
    """A class's name would help nobody."""
    async with (
        patient.serving() as running,
        running.services.triggers.store.write(),
        aiohttp.ClientSession() as session,
        session.get(f"{running.address}/readyz") as answer,
    ):
        assert answer.status == 503
        told = await answer.json()
    assert told["troubles"]["store"] == "the database is locked by another process"


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        pytest.param("database or disk is full", "make room", id="a full disk"),
        pytest.param("database is locked", "locked by another process", id="a lock"),
        pytest.param("attempt to write a readonly database", "rights", id="no right to write"),
        pytest.param(
            "FATAL: password authentication failed for s3cr3t", "DATABASE_URL", id="a wrong password"
        ),
        pytest.param("something new with s3cr3t in it", "OperationalError", id="whatever else"),
    ],
)
def test_failures_of_the_store_have_words(cause, words):
    """And nothing of what the database said is passed on."""
    told = in_words(OperationalError("SELECT 1", {}, Exception(cause)))
    assert words in told
    assert "s3cr3t" not in told


def test_a_newer_database_is_refused_in_one_line(patient):
    """The server of an older release does not start on it."""
    url = patient.environ["DATABASE_URL"]
    migrate(url)
    rename(url, "9999")
    with pytest.raises(UserError, match="run the release that made it"):
        migrate(url)
