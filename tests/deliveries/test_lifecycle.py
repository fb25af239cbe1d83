"""What deliveries about installations and repositories ask to be noted."""

from __future__ import annotations

from typing import Any

import pytest

from bot.deliveries import Envelope, Policy, parse_delivery, to_trigger
from bot.errors import RejectedDelivery
from bot.model import ChangeKind, KnownRepository, LifecycleChange, Trigger, TriggerKind
from tests.fakes.webhooks import GUID, encoded, payload

POLICY = Policy(now=1000.0)
MOMENT, EPOCH = "2026-03-25T08:00:00Z", 1774425600.0
TOOL = {"id": 500, "full_name": "octo-org/tool", "private": True}
INSTALLATION = {"id": 4242, "account": {"login": "octo-org"}, "updated_at": MOMENT, "created_at": MOMENT}


def trigger(event: str, action: str, policy: Policy = POLICY, **changes: Any) -> Trigger | None:
    body = encoded(payload(event, action, **changes))
    return to_trigger(parse_delivery(Envelope(event, GUID, ""), body), policy)


def change(event: str, action: str, **changes: Any) -> LifecycleChange | None:
    asked = trigger(event, action, **changes)
    return None if asked is None else asked.change


def test_a_lifecycle_trigger_is_the_apps_own_work() -> None:
    """All its ids are 0, so that it waits behind no installation; the key names whose it is."""
    assert trigger("installation", "deleted", installation=INSTALLATION) == Trigger(
        kind=TriggerKind.LIFECYCLE,
        key=f"lifecycle:4242:{GUID}",
        installation_id=0,
        repository_id=0,
        repository="",
        number=0,
        change=LifecycleChange(
            kind=ChangeKind.UNINSTALLED, installation_id=4242, account="octo-org", repositories=()
        ),
    )


@pytest.mark.parametrize(
    ("action", "kind", "at"),
    [
        pytest.param("created", ChangeKind.INSTALLED, EPOCH, id="installed, when the payload says"),
        pytest.param("suspend", ChangeKind.SUSPENDED, EPOCH, id="suspended, when the payload says"),
        pytest.param("unsuspend", ChangeKind.RESUMED, None, id="the end of it has no time of its own"),
        pytest.param("deleted", ChangeKind.UNINSTALLED, None, id="nor has the end of all"),
    ],
)
def test_what_happens_to_an_installation(action: str, kind: ChangeKind, at: float | None) -> None:
    """Four actions; the others say nothing about whether PRHub may work."""
    told = change(
        "installation",
        action,
        installation={**INSTALLATION, "suspended_at": MOMENT},
        repositories=[TOOL],
    )
    named = (KnownRepository(id=500, full_name="octo-org/tool", private=True),)
    repositories = named if kind is ChangeKind.INSTALLED else ()
    assert told == LifecycleChange(
        kind=kind, installation_id=4242, account="octo-org", at=at, repositories=repositories
    )


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("renamed", ChangeKind.UPDATED),
        ("archived", ChangeKind.UPDATED),
        ("unarchived", ChangeKind.UPDATED),
        ("transferred", ChangeKind.TRANSFERRED),
        ("privatized", ChangeKind.PRIVATIZED),
        ("publicized", ChangeKind.PUBLICIZED),
        ("deleted", ChangeKind.REMOVED),
    ],
)
def test_what_happens_to_a_repository(action: str, kind: ChangeKind) -> None:
    """Seven actions, each with the repository as it is afterwards."""
    told = change("repository", action, repository={**TOOL, "archived": True, "updated_at": MOMENT})
    assert told is not None
    assert (told.kind, told.at) == (kind, None if kind is ChangeKind.REMOVED else EPOCH)
    named = KnownRepository(id=500, full_name="octo-org/tool", private=True, archived=True)
    assert told.repositories == (named,)


@pytest.mark.parametrize(
    ("action", "kind"), [("added", ChangeKind.ADDED), ("removed", ChangeKind.REMOVED)], ids=["in", "out"]
)
def test_repositories_put_into_an_installation_and_taken_out(action: str, kind: ChangeKind) -> None:
    """Only the list of that name is read, and only what has an id and a name."""
    listed: dict[str, Any] = {"repositories_added": [], "repositories_removed": []}
    listed[f"repositories_{action}"] = [TOOL, None, {"id": "7"}, {"id": 7, "full_name": "../../etc"}]
    told = change("installation_repositories", action, installation=INSTALLATION, **listed)
    assert told is not None
    assert (told.kind, [one.id for one in told.repositories]) == (kind, [500])


@pytest.mark.parametrize(
    ("event", "action"),
    [("installation", "suspend"), ("installation_repositories", "added"), ("repository", "renamed")],
)
def test_a_pilot_knows_of_all_it_is_installed_on(event: str, action: str) -> None:
    """``PRHUB_REPOSITORIES`` decides about reports, not about what is true."""
    policy = Policy(now=1000.0, repositories=("octo-org/other",))
    fields: dict[str, Any] = {"installation": INSTALLATION}
    if event == "installation_repositories":
        fields |= {"repositories_added": [TOOL], "repositories_removed": []}
    assert trigger(event, action, policy, **fields) is not None


@pytest.mark.parametrize("installation", [None, {}, {"id": "4242"}, {"id": True}, {"id": -1}])
def test_a_repository_event_without_an_installation_is_ignored(installation: object) -> None:
    """W16: nobody to note it for."""
    assert trigger("repository", "renamed", installation=installation) is None


def test_an_installation_event_without_an_installation_is_refused() -> None:
    """Its body is not that of the event."""
    with pytest.raises(RejectedDelivery):
        trigger("installation", "deleted", installation={})


@pytest.mark.parametrize("moment", [None, 5, "yesterday", "2026-03-25", "9" * 400, [], {}, True])
def test_a_strange_time_is_no_time(moment: object) -> None:
    """The event is then taken as it comes."""
    told = change("installation", "suspend", installation={**INSTALLATION, "suspended_at": moment})
    assert told is not None
    assert told.at in {None, 5.0}
