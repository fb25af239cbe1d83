"""Ten faults that operators meet, each planted into a running system: found, named, with the right advice."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.doctor import Severity, worst
from bot.store import migrate
from sandbox.build import INSTALLATION_ID, suspend
from sandbox.messages.reply import error
from tests.doctor.conftest import bad, of
from tests.fakes.disks import small_disk

if TYPE_CHECKING:
    from bot.doctor import Finding


async def test_all_is_well(patient):
    """Of a system that runs nothing is said but that it is well, and the model is asked twice at most."""
    async with patient.serving():
        asked = patient.model.calls
        findings = await patient.examined()
    assert [one for one in findings if one.severity.rank > 1] == []
    assert worst(findings) in {Severity.OK, Severity.NOTE}
    assert [one.what for one in of(findings, "deliveries")] == ["the last 1 arrived"]
    assert patient.model.calls - asked == 2
    assert patient.model.violations == {}
    assert patient.github.log.unknown == []


async def wrong_secret(patient):
    """The secret was changed on GitHub only."""
    patient.state.app.webhook_secret = "f" * 20 + "0123456789" * 3
    assert await patient.merge() == 401
    return {}


async def missing_permission(patient):
    """The app on GitHub may not write issues, and so may nobody who installed it."""
    patient.state.app.permissions["issues"] = "read"
    patient.state.installations[INSTALLATION_ID].permissions["issues"] = "read"
    return {}


async def slow_clock(patient):
    """GitHub's clock is ten minutes ahead of ours."""
    patient.state.clock = lambda: time.time() + 600
    return {}


async def dead_model(patient):
    """The key of the model was revoked."""
    patient.model.queue(*[error(401), error(401)])
    return {}


async def wrong_address(patient):
    """The webhook's path on GitHub is not the server's."""
    patient.state.app.webhook_url = patient.state.app.webhook_url.replace("/api/github/webhooks", "/webhook")
    assert await patient.merge() == 404
    return {}


async def suspended(patient):
    """The owner of the installation has suspended it."""
    suspend(patient.state, INSTALLATION_ID)
    return {}


async def revoked_key(patient):
    """The private key was deleted on GitHub."""
    patient.state.app.public_key = None
    return {}


async def unknown_setting(patient):
    """A setting is misspelt."""
    return {"PRHUB_LANGAUGE": "zh-CN"}


@dataclass(frozen=True)
class Told:
    """What the doctor has to say: which check, how bad, and words of the finding and of its advice."""

    check: str
    severity: str
    what: str
    advice: str

    def by(self, one: Finding) -> bool:
        """Whether this finding says so."""
        same = (one.check, one.severity.value) == (self.check, self.severity)
        return same and self.what in one.what and self.advice in one.advice


FAULTS = {
    "wrong secret": (wrong_secret, Told("deliveries", "warning", "answered 401", "WEBHOOK_SECRET")),
    "missing permission": (missing_permission, Told("permissions", "error", "issues: write", "accept")),
    "clock off by ten minutes": (slow_clock, Told("clock", "error", "behind GitHub's", "synchronisation")),
    "dead model": (dead_model, Told("model", "error", "401", "ANTHROPIC_API_KEY")),
    "webhook URL wrong": (wrong_address, Told("webhook", "error", "/webhook, and", "as Webhook URL on")),
    "suspended": (suspended, Told("installations", "error", "octo-org is suspended", "owner of octo-org")),
    "revoked key": (revoked_key, Told("app", "error", "refuses the app's key", "new private key")),
    "unknown setting": (unknown_setting, Told("settings", "error", "LANGAUGE is unknown", "PRHUB_LANGUAGE")),
}


@pytest.mark.parametrize(("plant", "told"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_is_found_with_its_advice(patient, plant, told):
    """While the server runs; and nothing is blamed that is well."""
    async with patient.serving():
        changes = await plant(patient)
        findings = await patient.examined(**changes)
    assert any(told.by(one) for one in findings), findings
    assert bad(findings).keys() - {told.check} <= {"deliveries"}


async def test_a_full_disk_is_found_with_its_advice(patient, tmp_path):
    """With the space that is left, and what happens to deliveries meanwhile."""
    with small_disk(tmp_path, 8) as place:
        patient.environ["DATABASE_URL"] = f"sqlite:///{place / 'prhub.sqlite'}"
        async with patient.serving():
            findings = await patient.examined()
    (found,) = of(findings, "disk")
    assert found.severity is Severity.ERROR
    assert "MB are free" in found.what
    assert "Make room" in found.advice
    assert bad(findings).keys() == {"disk"}


@pytest.mark.parametrize(
    ("database", "what", "advice"),
    [
        pytest.param("0007", "migrations are pending", "restart prhub serve", id="not migrated yet"),
        pytest.param(
            "9999", "newer than this release", "Run the release that made it", id="of a newer release"
        ),
    ],
)
async def test_a_pending_migration_is_found_and_left_to_the_server(patient, database, what, advice):
    """Nothing is migrated by looking."""
    url = patient.environ["DATABASE_URL"]
    migrate(url, "head" if database == "9999" else database)
    rename(url, database)
    findings = await patient.examined()
    (found,) = of(findings, "migrations")
    assert what in found.what
    assert advice in found.advice
    assert _schema(url) == database


def _file(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"))


def rename(url: str, schema: str) -> None:
    with closing(_file(url)) as database:
        database.execute("UPDATE prhub_schema_version SET version_num = ?", [schema])
        database.commit()


def _schema(url: str) -> str:
    with closing(_file(url)) as database:
        return str(database.execute("SELECT version_num FROM prhub_schema_version").fetchone()[0])
