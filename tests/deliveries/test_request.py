"""Headers: what is refused before the body is read, and with which status."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deliveries import Envelope, check_headers
from bot.errors import RejectedDelivery
from tests.fakes.webhooks import APP_ID, GUID, headers, signature

BODY = b"{}"


def test_githubs_headers_are_accepted() -> None:
    """The envelope holds the event, the GUID and the signature, and ignores the SHA-1 beside it."""
    envelope = check_headers(headers("pull_request", BODY), APP_ID)
    assert envelope == Envelope(event="pull_request", guid=GUID, signature=signature(BODY))


def test_names_are_compared_without_case() -> None:
    """A proxy may change the case of names, and the GUID's case makes no other delivery."""
    shouted = [(name.upper(), value) for name, value in headers("ping", BODY, x_github_delivery=GUID.upper())]
    assert check_headers(shouted, APP_ID).guid == GUID


@pytest.mark.parametrize(
    "value",
    [
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'Application/JSON ; charset="utf-8"',
    ],
)
def test_utf_8_may_be_named(value: str) -> None:
    """JSON is UTF-8, and it may say so."""
    assert check_headers(headers("ping", BODY, content_type=value), APP_ID).event == "ping"


def test_the_targets_type_may_be_missing() -> None:
    """Only its id is demanded."""
    sent = headers("ping", BODY, x_github_hook_installation_target_type=None)
    assert check_headers(sent, APP_ID).event == "ping"


REFUSED = [
    pytest.param({"content_type": None}, 415, id="no content type"),
    pytest.param({"content_type": ""}, 415, id="an empty one"),
    pytest.param({"content_type": "text/plain"}, 415, id="plain text"),
    pytest.param({"content_type": "application/x-www-form-urlencoded"}, 415, id="a form"),
    pytest.param({"content_type": "application/json; charset=utf-7"}, 415, id="UTF-7"),
    pytest.param({"content_type": "application/json; charset=utf-777"}, 415, id="a charset nobody knows"),
    pytest.param({"content_type": "application/json; charset=utf-16"}, 415, id="UTF-16"),
    pytest.param({"content_type": "application/json; x=y"}, 415, id="another parameter"),
    pytest.param({"content_type": "application/json, text/html"}, 415, id="two types in one"),
    pytest.param({"content_type": "application/jsonp"}, 415, id="almost JSON"),
    pytest.param({"content_type": "application/json" + " " * 9999 + ";"}, 415, id="10 kB of spaces"),
    pytest.param({"content_encoding": "gzip"}, 415, id="gzip"),
    pytest.param({"content_encoding": "br"}, 415, id="brotli"),
    pytest.param({"content_encoding": "zstd"}, 415, id="zstd"),
    pytest.param({"content_encoding": "identity"}, 415, id="no encoding, but said so"),
    pytest.param({"content_encoding": ""}, 415, id="an empty encoding"),
    pytest.param({"x_hub_signature_256": None}, 401, id="only the SHA-1 signature"),
    pytest.param({"x_github_event": None}, 400, id="no event"),
    pytest.param({"x_github_event": ""}, 400, id="an empty event"),
    pytest.param({"x_github_event": "Pull_Request"}, 400, id="an event in upper case"),
    pytest.param({"x_github_event": "pull request"}, 400, id="an event with a space"),
    pytest.param({"x_github_event": "ping\n"}, 400, id="an event with a newline"),
    pytest.param({"x_github_event": "a" * 65}, 400, id="an event too long"),
    pytest.param({"x_github_event": "événement"}, 400, id="an event that is not ASCII"),
    pytest.param({"x_github_delivery": None}, 400, id="no GUID"),
    pytest.param({"x_github_delivery": ""}, 400, id="an empty GUID"),
    pytest.param({"x_github_delivery": "1"}, 400, id="a GUID that is none"),
    pytest.param({"x_github_delivery": GUID.replace("-", "")}, 400, id="a GUID without hyphens"),
    pytest.param({"x_github_delivery": GUID + "\n"}, 400, id="a GUID with a newline"),
    pytest.param({"x_github_delivery": f"{{{GUID}}}"}, 400, id="a GUID in braces"),
    pytest.param({"x_github_delivery": "'; DROP TABLE deliveries; --".ljust(36)}, 400, id="SQL for a GUID"),
    pytest.param({"x_github_delivery": "٣" + GUID[1:]}, 400, id="a digit of another script"),
    pytest.param({"x_github_delivery": "a" * 2**20}, 400, id="a GUID of 1 MB"),
    pytest.param({"x_github_hook_installation_target_id": None}, 400, id="no target"),
    pytest.param({"x_github_hook_installation_target_id": "8"}, 400, id="another app"),
    pytest.param({"x_github_hook_installation_target_id": "07"}, 400, id="our id with a zero before"),
    pytest.param({"x_github_hook_installation_target_id": "٧"}, 400, id="our id in another script"),
    pytest.param({"x_github_hook_installation_target_type": "repository"}, 400, id="a repository's webhook"),
    pytest.param({"x_github_hook_installation_target_type": ""}, 400, id="an empty target type"),
]


@pytest.mark.parametrize(("changes", "status"), REFUSED)
def test_wrong_headers_are_refused(changes: dict[str, str | None], status: int) -> None:
    """Each fault has its status."""
    with pytest.raises(RejectedDelivery) as caught:
        check_headers(headers("pull_request", BODY, **changes), APP_ID)
    assert caught.value.status == status


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("content-type", 415),
        ("x-github-event", 400),
        ("x-github-delivery", 400),
        ("x-github-hook-installation-target-id", 400),
        ("x-github-hook-installation-target-type", 400),
        ("x-hub-signature-256", 401),
    ],
)
def test_a_header_sent_twice_is_refused(name: str, status: int) -> None:
    """Of two values nobody can say which one counts, even when both are the same."""
    sent = headers("pull_request", BODY)
    with pytest.raises(RejectedDelivery) as caught:
        check_headers([*sent, (name.title(), dict(sent)[name])], APP_ID)
    assert caught.value.status == status


NAMES = st.sampled_from([name for name, _ in headers("ping", BODY)] + ["content-encoding"]) | st.text(
    max_size=9
)
VALUES = st.sampled_from([value for _, value in headers("ping", BODY)]) | st.text()


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(NAMES, VALUES), max_size=14))
def test_no_headers_raise_anything_else(pairs: list[tuple[str, str]]) -> None:
    """Any headers make an envelope or a refusal with one of three statuses."""
    try:
        envelope = check_headers(pairs, APP_ID)
    except RejectedDelivery as refusal:
        status = refusal.status
        assert status in (400, 401, 415)
    else:
        assert len(envelope.guid) == 36
