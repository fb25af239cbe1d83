"""Signatures: what was signed with one of our secrets gets in, and nothing else."""

from __future__ import annotations

import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deliveries import verify
from bot.errors import RejectedDelivery
from tests.fakes.webhooks import SECRET, signature

BODY = b'{"action":"closed"}'
GOOD = signature(BODY)


def test_githubs_own_example_is_accepted() -> None:
    """The secret, body and digest that GitHub's documentation gives."""
    digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert verify(b"Hello, World!", f"sha256={digest}", [b"It's a Secret to Everybody"]) == 0


@pytest.mark.parametrize("index", [0, 1, 2])
def test_each_secret_of_a_rotation_is_accepted(index: int) -> None:
    """The answer says which secret it was, so that the operator sees when the old one is out of use."""
    secrets = [b"first", b"second", b"third"]
    assert verify(BODY, signature(BODY, secrets[index]), secrets) == index


@pytest.mark.parametrize(
    "given_signature",
    [
        pytest.param(None, id="no signature"),
        pytest.param("", id="an empty one"),
        pytest.param("sha256=", id="the name of the hash alone"),
        pytest.param(GOOD[7:], id="the digest without the name"),
        pytest.param("sha1=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest(), id="a valid SHA-1"),
        pytest.param("sha256=" + hmac.new(SECRET, BODY, hashlib.sha1).hexdigest(), id="SHA-1 under the name"),
        pytest.param("sha1=" + GOOD[7:], id="a valid SHA-256 under the old name"),
        pytest.param(GOOD.upper(), id="all upper case"),
        pytest.param("sha256=" + GOOD[7:].upper(), id="digits in upper case"),
        pytest.param("SHA256=" + GOOD[7:], id="the name in upper case"),
        pytest.param(GOOD + " ", id="a space behind"),
        pytest.param(" " + GOOD, id="a space before"),
        pytest.param(GOOD + "\n", id="a newline behind"),
        pytest.param(GOOD + "," + GOOD, id="two in one header"),
        pytest.param(GOOD[:-1], id="one digit short"),
        pytest.param(GOOD + "0", id="one digit more"),
        pytest.param(GOOD[:-1] + "é", id="a letter that is not ASCII"),
        pytest.param(GOOD[:-1] + "\udcff", id="a byte that is not UTF-8"),
        pytest.param("sha256=" + "٣" * 64, id="digits of another script"),
        pytest.param("sha256=" + "a" * 10_000, id="10 kB"),
        pytest.param(signature(BODY, b""), id="signed with nothing"),
        pytest.param(signature(BODY + b" "), id="of another body"),
        pytest.param(signature(BODY, SECRET + b" "), id="with another secret"),
    ],
)
def test_everything_else_is_refused(given_signature: str | None) -> None:
    """Whatever is wrong with it, the answer is 401."""
    with pytest.raises(RejectedDelivery) as caught:
        verify(BODY, given_signature, [SECRET, b""])
    assert caught.value.status == 401


def test_without_a_secret_nothing_is_accepted() -> None:
    """No secret means no entry, not free entry."""
    with pytest.raises(RejectedDelivery):
        verify(BODY, signature(BODY, b""), [])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.from_regex(r"sha(1|256)=[0-9a-fA-F]{62,66}", fullmatch=True)))
def test_no_text_raises_anything_else(text: str) -> None:
    """Any text is refused in the one way there is."""
    with pytest.raises(RejectedDelivery):
        verify(BODY, text, [SECRET])


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 63), st.sampled_from("0123456789abcdef"))
def test_one_changed_digit_is_refused(place: int, digit: str) -> None:
    """Only the whole digest opens the door."""
    changed = f"{GOOD[: 7 + place]}{digit}{GOOD[8 + place :]}"
    if changed == GOOD:
        assert verify(BODY, changed, [SECRET]) == 0
    else:
        with pytest.raises(RejectedDelivery):
            verify(BODY, changed, [SECRET])
