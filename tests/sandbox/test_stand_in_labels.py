"""Labels on the stand-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.github import Reply, add_merge, ask, the_repository

if TYPE_CHECKING:
    from sandbox.github import GitHub

LABELS = "/repos/octo-org/engine/labels"
OWN = "/repos/octo-org/engine/issues/1/labels"
RISK = {"name": "risk: revert", "color": "D93F0B", "description": "Reverts an earlier change"}


def names(reply: Reply) -> list[str]:
    """The names in an answer."""
    return [label["name"] for label in reply.json]


async def test_a_label_is_made_read_and_changed(github: GitHub) -> None:
    """Its name is part of its address, spaces and all."""
    assert (await ask(github, "POST", LABELS, json=RISK)).status == 201
    assert (await ask(github, "GET", f"{LABELS}/risk:%20revert")).json["color"] == "d93f0b"
    changed = await ask(github, "PATCH", f"{LABELS}/risk:%20revert", json={"color": "000000"})
    assert (changed.json["color"], changed.json["description"]) == ("000000", RISK["description"])
    assert names(await ask(github, "GET", LABELS)) == ["risk: revert"]


async def test_the_same_name_in_another_case_already_exists(github: GitHub) -> None:
    """GitHub's code for it is ``already_exists``."""
    await ask(github, "POST", LABELS, json=RISK)
    reply = await ask(github, "POST", LABELS, json=RISK | {"name": "RISK: Revert"})
    assert (reply.status, reply.json["errors"][0]["code"]) == (422, "already_exists")


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"name": "x" * 51}, id="51 characters of name"),
        pytest.param({"description": "x" * 101}, id="101 characters of description"),
        pytest.param({"color": "#d93f0b"}, id="a colour with a hash sign"),
        pytest.param({"name": ""}, id="no name"),
    ],
)
async def test_a_label_can_be_refused(github: GitHub, wrong: dict[str, Any]) -> None:
    """What GitHub does not take is a 422."""
    assert (await ask(github, "POST", LABELS, json=RISK | wrong)).status == 422


async def test_adding_labels_keeps_those_there_and_makes_those_missing(github: GitHub) -> None:
    """POST is additive; a label that the repository lacks is made in grey."""
    add_merge(github.state, labels=["bug"])
    added = await ask(github, "POST", OWN, json={"labels": ["risk: revert", "bug"]})
    assert names(added) == ["bug", "risk: revert"]
    assert {label.name: label.color for label in the_repository(github.state).labels.value} == {
        "bug": "ededed",
        "risk: revert": "ededed",
    }


async def test_setting_labels_replaces_them(github: GitHub) -> None:
    """PUT is the one that loses what people set."""
    add_merge(github.state, labels=["bug"])
    assert names(await ask(github, "PUT", OWN, json={"labels": ["other"]})) == ["other"]


async def test_a_label_is_taken_off_once(github: GitHub) -> None:
    """The second time it is a 404."""
    pull = add_merge(github.state, labels=["bug", "risk: revert"])
    path = f"{OWN}/risk:%20revert"
    assert names(await ask(github, "DELETE", path)) == ["bug"]
    assert (await ask(github, "DELETE", path)).status == 404
    assert pull.labels.value == ("bug",)


async def test_a_renamed_label_stays_on_its_issues(github: GitHub) -> None:
    """Issues follow the new name."""
    pull = add_merge(github.state)
    await ask(github, "POST", OWN, json={"labels": ["old"]})
    await ask(github, "PATCH", f"{LABELS}/old", json={"new_name": "new"})
    assert pull.labels.value == ("new",)


async def test_a_hundred_labels_are_the_most(github: GitHub) -> None:
    """The hundred and first is a 422."""
    add_merge(github.state)
    wanted = [f"label {number}" for number in range(101)]
    assert (await ask(github, "POST", OWN, json={"labels": wanted})).status == 422
    assert (await ask(github, "POST", OWN, json={"labels": wanted[:100]})).status == 200
