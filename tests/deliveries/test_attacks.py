"""The hostile requests W1 to W20 of the attack list, all the way from headers to trigger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.deliveries import Policy, check_headers, parse_delivery, to_trigger, verify
from bot.errors import RejectedDelivery
from tests.fakes.webhooks import APP_ID, GUID, SECRET, SHA, encoded, headers, payload, pull, signature

if TYPE_CHECKING:
    from bot.model import Trigger

MERGE = encoded(payload("pull_request", "closed"))
POLICY = Policy(now=1000.0)


def receive(sent: list[tuple[str, str]], body: bytes) -> Trigger | None:
    """The order in which a server asks: headers, signature, body, trigger."""
    envelope = check_headers(sent, APP_ID)
    verify(body, envelope.signature, [SECRET])
    return to_trigger(parse_delivery(envelope, body), POLICY)


def status(event: str, body: bytes, **changes: str | None) -> int:
    """The answer that a request gets: 202, or the status it was refused with."""
    try:
        receive(headers(event, body, **changes), body)
    except RejectedDelivery as refusal:
        return refusal.status
    return 202


BY_HEADERS = [
    pytest.param({"x_hub_signature_256": None}, 401, id="W1: only a SHA-1 signature"),
    pytest.param(
        {"x_hub_signature_256": dict(headers("ping", MERGE))["x-hub-signature"]},
        401,
        id="W2: the SHA-1 signature in the other header",
    ),
    pytest.param({"x_hub_signature_256": "sha256=é"}, 401, id="W3: a signature that is not ASCII"),
    pytest.param({"x_hub_signature_256": "sha256=\udcff"}, 401, id="W3: a byte that is not UTF-8"),
    pytest.param({"x_hub_signature_256": ""}, 401, id="W3: an empty signature"),
    pytest.param({"x_hub_signature_256": "sha256=" + "0" * 10_000}, 401, id="W3: a signature of 10 kB"),
    pytest.param({"x_hub_signature_256": signature(MERGE).upper()}, 401, id="W3: upper case"),
    pytest.param({"x_hub_signature_256": signature(MERGE) + " "}, 401, id="W3: a space behind"),
    pytest.param({"x_github_event": "issue_comment"}, 400, id="W6: the body of another event"),
    pytest.param({"x_github_event": "never_heard_of"}, 202, id="W6: an event we do not know"),
    pytest.param({"x_github_delivery": "x" * 2**20}, 400, id="W7: a GUID of 1 MB"),
    pytest.param({"x_github_delivery": f"{GUID}\n"}, 400, id="W7: a GUID with a newline"),
    pytest.param({"x_github_delivery": "' OR 1=1 --"}, 400, id="W7: a GUID with SQL"),
    pytest.param({"content_type": "application/json; charset=utf-7"}, 415, id="W10: UTF-7"),
    pytest.param({"content_type": "application/json; charset=utf-777"}, 415, id="W10: no charset at all"),
    pytest.param({"content_type": "application/x-www-form-urlencoded"}, 415, id="W10: a form"),
    pytest.param({"content_encoding": "gzip"}, 415, id="W11: gzip"),
    pytest.param({"content_encoding": "br"}, 415, id="W11: brotli"),
    pytest.param({"content_encoding": "zstd"}, 415, id="W11: zstd"),
    pytest.param({"x_github_hook_installation_target_id": "8"}, 400, id="W16: another app's delivery"),
]


@pytest.mark.parametrize(("changes", "expected"), BY_HEADERS)
def test_hostile_headers(changes: dict[str, str | None], expected: int) -> None:
    """A merge's body under headers that GitHub did not send."""
    assert status("pull_request", MERGE, **changes) == expected


BY_BODY = [
    pytest.param(b"[" * 200_000, 400, id="W8: 200,000 levels"),
    pytest.param(b'{"action":"opened","action":"closed"}', 400, id="W9: a key twice"),
    pytest.param(b'{"a":NaN}', 400, id="W9: NaN"),
    pytest.param(b'{"a":' + b"9" * 5_000 + b"}", 400, id="W9: 5,000 digits"),
    pytest.param(MERGE.replace(b"Read", b"\\ud800"), 202, id="W9: a lone surrogate in the title"),
    pytest.param(b"\xef\xbb\xbf" + MERGE, 400, id="W9: a byte order mark"),
    pytest.param(MERGE.decode().encode("utf-16"), 400, id="W9: UTF-16"),
    pytest.param(
        encoded(payload("pull_request", "closed", pull_request=pull(body="x" * 25_000_000))),
        202,
        id="W14: 25 MB of one string",
    ),
    pytest.param(b"[]", 400, id="W15: a list"),
    pytest.param(b"null", 400, id="W15: null"),
    pytest.param(b'"x"', 400, id="W15: a string"),
    pytest.param(b"", 400, id="W15: nothing"),
    pytest.param(
        encoded(payload("pull_request", "closed", repository={"id": 500, "full_name": "../../etc"})),
        400,
        id="W18: a repository that is a path",
    ),
]


@pytest.mark.parametrize(("body", "expected"), BY_BODY)
def test_hostile_bodies(body: bytes, expected: int) -> None:
    """Signed with our secret, and still judged."""
    assert status("pull_request", body) == expected


def test_two_signatures_are_one_too_many() -> None:
    """W4: one of them is valid, and both orders are refused."""
    good = headers("pull_request", MERGE)
    bad = ("X-Hub-Signature-256", "sha256=" + "0" * 64)
    for sent in ([*good, bad], [bad, *good]):
        with pytest.raises(RejectedDelivery) as caught:
            receive(sent, MERGE)
        assert caught.value.status == 401


def test_a_replay_under_fresh_guids_is_the_same_work() -> None:
    """W5: a thousand GUIDs make one business key."""
    guids = [f"{number:08x}{GUID[8:]}" for number in range(1000)]
    asked = {receive(headers("pull_request", MERGE, x_github_delivery=guid), MERGE) for guid in guids}
    assert [one.key for one in asked if one is not None] == [f"report:500:12:{SHA}"]
    assert len(asked) == 1


BY_FIELDS = [
    pytest.param({"installation": None}, None, id="W16: no installation"),
    pytest.param({"installation": {"id": "4242"}}, None, id="W16: an installation whose id is a string"),
    pytest.param(
        {"pull_request": pull(user=None, head={"repo": None}, title="\u202e" * 256)},
        f"report:500:12:{SHA}",
        id="W17: no author, no fork, a title of direction marks",
    ),
    pytest.param(
        {"pull_request": pull(comments_url="http://169.254.169.254/")},
        f"report:500:12:{SHA}",
        id="W18: an address that is not GitHub's",
    ),
    pytest.param(
        {"pull_request": pull(state="open", merged=False, merged_at=None)},
        "report:500:12:-",
        id="W19: closed, and yet open",
    ),
]


@pytest.mark.parametrize(("changes", "key"), BY_FIELDS)
def test_odd_but_genuine_payloads(changes: dict[str, Any], key: str | None) -> None:
    """They are accepted, and ask for what can be known by ids, or for nothing."""
    body = encoded(payload("pull_request", "closed", **changes))
    asked = receive(headers("pull_request", body), body)
    assert (asked and asked.key) == key


def test_a_late_redelivery_asks_for_the_same_work() -> None:
    """W20: the report's key does not depend on when a delivery comes, nor on what came before."""
    delivery = parse_delivery(check_headers(headers("pull_request", MERGE), APP_ID), MERGE)
    six_days_later = Policy(now=POLICY.now + 6 * 86_400)
    assert to_trigger(delivery, six_days_later) == to_trigger(delivery, POLICY)


def test_a_trigger_can_be_stored() -> None:
    """W9: what is derived from a replaced surrogate is valid UTF-8."""
    body = MERGE.replace(b"Read", b"\\ud800")
    delivery = parse_delivery(check_headers(headers("pull_request", body), APP_ID), body)
    stored = json.dumps(delivery.payload, ensure_ascii=False).encode()
    assert "� less".encode() in stored
