"""What is read of GitHub's lists, and that nothing in them can crash the reader."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliveries import listed_delivery, listed_installation, listed_pull, listed_repository

READERS = (listed_delivery, listed_pull, listed_installation, listed_repository)
GUID = "72D3162E-cc78-11e3-81ab-4c9367dc0958"
DELIVERY: dict[str, Any] = {
    "id": 12345678901234567,
    "guid": GUID,
    "delivered_at": "2026-03-25T08:00:00Z",
    "status": "OK",
    "event": "pull_request",
    "action": "closed",
}
NAMES = (
    "id", "guid", "delivered_at", "status", "event", "action", "number", "updated_at", "merged_at",
    "merge_commit_sha", "account", "suspended_at", "full_name", "private", "archived",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=8),
    max_leaves=12,
)


def test_a_delivery_of_the_list() -> None:
    """The GUID in small letters, as the inbox has it; arrived only if GitHub says ``OK``."""
    found = listed_delivery(DELIVERY)
    assert found is not None
    assert (found.guid, found.name, found.arrived) == (GUID.lower(), "pull_request.closed", True)
    assert found.at == 1774425600.0


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"guid": "../../x"}, id="a GUID that is none"),
        pytest.param({"id": "7"}, id="an id that is text: it would end in an address"),
        pytest.param({"id": 2**70}, id="an id that no column holds"),
        pytest.param({"delivered_at": "2026-03-25T08:00:00"}, id="a time without a zone"),
    ],
)
def test_a_delivery_that_cannot_be_used_is_left_out(changes: dict[str, Any]) -> None:
    """The others of its page count all the same."""
    assert listed_delivery(DELIVERY | changes) is None


@pytest.mark.parametrize("status", ["OK ", "ok", "Invalid HTTP Response: 503", "timed out", None, 200])
def test_only_ok_is_ok(status: object) -> None:
    """GitHub's one word for success."""
    found = listed_delivery(DELIVERY | {"status": status})
    assert found is not None
    assert not found.arrived


@given(JSON)
def test_no_list_crashes_its_reader(item: Any) -> None:
    """Whatever JSON holds, an item is read or left out."""
    for reader in READERS:
        reader(item)
