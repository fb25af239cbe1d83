"""Shapes: a body must be of the event its unsigned header names."""

from __future__ import annotations

from typing import Any

import pytest

from bot.deliveries import Envelope, parse_delivery
from bot.errors import RejectedDelivery
from tests.fakes.webhooks import GUID, encoded, issue, payload, pull

ACTIONS = {
    "pull_request": "closed",
    "pull_request_review": "submitted",
    "pull_request_review_comment": "created",
    "pull_request_review_thread": "resolved",
    "issue_comment": "created",
    "repository": "renamed",
    "installation": "created",
    "installation_repositories": "added",
}


def parse(event: str, body: dict[str, Any]) -> str | None:
    return parse_delivery(Envelope(event, GUID, ""), encoded(body)).action


@pytest.mark.parametrize("event", ACTIONS)
@pytest.mark.parametrize("other", ACTIONS)
def test_a_body_fits_its_own_event_only(event: str, other: str) -> None:
    """Of all pairs of header and body, those of one event are accepted and the others are 400."""
    body = payload(event, ACTIONS[event])
    if event == other:
        assert parse(other, body) == ACTIONS[event]
    else:
        with pytest.raises(RejectedDelivery) as caught:
            parse(other, body)
        assert caught.value.status == 400


@pytest.mark.parametrize("event", ["ping", "push", "issues", "check_run", "never_heard_of"])
@pytest.mark.parametrize("body", [{}, {"action": 5}, {"issue": {}}, {"repository": {"full_name": "../.."}}])
def test_of_an_unknown_event_anything_fits(event: str, body: dict[str, Any]) -> None:
    """It is accepted, and asks for nothing."""
    assert parse(event, body) is None


REFUSED = [
    pytest.param("pull_request", {"pull_request": None}, id="no pull request"),
    pytest.param("pull_request", {"pull_request": [1]}, id="a list of them"),
    pytest.param("pull_request", {"pull_request": pull(id=None)}, id="a pull request without its id"),
    pytest.param("pull_request", {"pull_request": pull(number="12")}, id="a number that is a string"),
    pytest.param("pull_request", {"pull_request": pull(number=True)}, id="a number that is true"),
    pytest.param("pull_request", {"pull_request": pull(number=0)}, id="number 0"),
    pytest.param("pull_request", {"pull_request": pull(number=-1)}, id="a number below 0"),
    pytest.param("pull_request", {"pull_request": pull(number=2**63)}, id="a number too large to store"),
    pytest.param("pull_request", {"pull_request": pull(number=1.0)}, id="a number with a fraction"),
    pytest.param("pull_request", {"number": None}, id="no number at the top"),
    pytest.param("pull_request", {"action": None}, id="no action"),
    pytest.param("pull_request", {"action": {"a": 1}}, id="an action that is an object"),
    pytest.param("pull_request", {"comment": None}, id="another event's object, even if null"),
    pytest.param("pull_request_review", {"number": 12}, id="a review with the other event's number"),
    pytest.param("pull_request_review", {"review": {}}, id="a review without its id"),
    pytest.param("pull_request_review_comment", {"comment": "hi"}, id="a remark that is text"),
    pytest.param("pull_request_review_thread", {"thread": None}, id="no thread"),
    pytest.param("issue_comment", {"issue": issue(number=None)}, id="a comment on no number"),
    pytest.param("issue_comment", {"comment": {"id": "4001"}}, id="a comment whose id is a string"),
    pytest.param("issue_comment", {"repository": None}, id="no repository"),
    pytest.param("issue_comment", {"repository": {"full_name": "o/t"}}, id="a repository without its id"),
    pytest.param("installation", {"installation": {"id": "1"}}, id="an installation whose id is a string"),
    pytest.param(
        "installation_repositories", {"repositories_added": {}}, id="added repositories as an object"
    ),
]


@pytest.mark.parametrize(("event", "changes"), REFUSED)
def test_a_body_with_wrong_parts_is_refused(event: str, changes: dict[str, Any]) -> None:
    """What a handler would read has the right type, or the delivery is 400."""
    with pytest.raises(RejectedDelivery) as caught:
        parse(event, payload(event, ACTIONS[event], **changes))
    assert caught.value.status == 400


NAMES = [
    pytest.param("octo-org/tool", True, id="a usual name"),
    pytest.param("o/.github", True, id="a name with a dot first"),
    pytest.param("octo_acme/a..b", True, id="a managed user, and dots inside"),
    pytest.param("o/" + "r" * 100, True, id="the longest name"),
    pytest.param("../../etc", False, id="a path"),
    pytest.param("o/..", False, id="the folder above"),
    pytest.param("o/.", False, id="the folder itself"),
    pytest.param("o/..\n", False, id="the folder above and a newline"),
    pytest.param("o/t/u", False, id="three parts"),
    pytest.param("tool", False, id="no owner"),
    pytest.param("/tool", False, id="an empty owner"),
    pytest.param("-o/tool", False, id="an owner that looks like an option"),
    pytest.param("o/t?x=1", False, id="a query"),
    pytest.param("o/t#1", False, id="a fragment"),
    pytest.param("o/t%2e", False, id="an escape"),
    pytest.param("o/tööl", False, id="letters that are not ASCII"),
    pytest.param("o/t\n", False, id="a newline"),
    pytest.param("o" * 40 + "/t", False, id="an owner too long"),
    pytest.param("o/" + "r" * 101, False, id="a name too long"),
    pytest.param(None, False, id="no name"),
    pytest.param(["o/t"], False, id="a list"),
]


@pytest.mark.parametrize(("name", "fits"), NAMES)
def test_repositories_have_githubs_names(name: object, fits: bool) -> None:  # noqa: FBT001
    """A name outside GitHub's grammar is refused aloud, before it gets into any address."""
    body = payload("pull_request", "closed", repository={"id": 500, "full_name": name})
    if fits:
        assert parse("pull_request", body) == "closed"
    else:
        with pytest.raises(RejectedDelivery, match="names no repository"):
            parse("pull_request", body)
