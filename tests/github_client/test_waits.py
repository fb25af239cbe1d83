"""How long GitHub asks us to wait, what is left of its quota, and what it says besides."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest

from bot.github.answers import message_of, quota, told_wait

EMPTY = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0"}


def said(message: str, *errors: object) -> bytes:
    """An error body as GitHub writes it."""
    return json.dumps({"message": message, "errors": list(errors)}).encode()


NOW = 1_800_000_000.0
WAITS = [
    pytest.param({"retry-after": "60"}, 60.0, id="seconds"),
    pytest.param({"retry-after": " 7 "}, 7.0, id="seconds in spaces"),
    pytest.param({"retry-after": "0"}, 1.0, id="at once is a second"),
    pytest.param({"retry-after": "4000000"}, 3600.0, id="46 days are an hour"),
    pytest.param({"retry-after": "9" * 400}, None, id="400 digits are no number"),
    pytest.param({"retry-after": "-5"}, None, id="a negative number says nothing"),
    pytest.param({"retry-after": "1.5"}, None, id="a fraction says nothing"),
    pytest.param({"retry-after": "1e9"}, None, id="an exponent says nothing"),
    pytest.param({"retry-after": "nan"}, None, id="no number at all"),
    pytest.param({"retry-after": "inf"}, None, id="infinity"),
    pytest.param({"retry-after": "\u0663"}, None, id="another script's digit"),
    pytest.param({"retry-after": "soon"}, None, id="text says nothing"),
    pytest.param({"retry-after": ""}, None, id="nothing says nothing"),
    pytest.param({"retry-after": formatdate(NOW + 90, usegmt=True)}, 90.0, id="a date to come"),
    pytest.param({"retry-after": formatdate(NOW - 90, usegmt=True)}, 1.0, id="a date gone by"),
    pytest.param({"retry-after": "Mon, 01 Jan 9999 00:00:00 GMT"}, 3600.0, id="a date in 7,000 years"),
    pytest.param({"retry-after": "Mon, 99 Foo 2026 99:99:99 GMT"}, None, id="a date that is none"),
    pytest.param({**EMPTY, "x-ratelimit-reset": "1800000030"}, 31.0, id="the reset, with a second to spare"),
    pytest.param({**EMPTY, "x-ratelimit-reset": "1799999000"}, 1.0, id="a reset that is over"),
    pytest.param({**EMPTY, "x-ratelimit-reset": "9" * 15}, 3600.0, id="a reset in the far future"),
    pytest.param({**EMPTY, "x-ratelimit-reset": ""}, None, id="an empty reset"),
    pytest.param(dict(EMPTY), None, id="no reset"),
    pytest.param(
        {"x-ratelimit-remaining": "5", "x-ratelimit-reset": "1800000030"},
        None,
        id="a reset while some is left",
    ),
    pytest.param(
        {**EMPTY, "retry-after": "20", "x-ratelimit-reset": "1800000300"},
        20.0,
        id="retry-after comes before the reset",
    ),
    pytest.param({}, None, id="nothing at all"),
]


@pytest.mark.parametrize(("headers", "seconds"), WAITS)
def test_a_wait_is_read_and_bounded(headers, seconds):
    """Between a second and an hour, or ``None`` if GitHub did not say."""
    assert told_wait(headers, NOW) == seconds


@pytest.mark.parametrize(
    ("body", "line"),
    [
        pytest.param(said("Not Found"), "Not Found", id="a message"),
        pytest.param(
            said("Failed", {"code": "already_exists"}, "odd", 7), "Failed: already_exists: odd", id="errors"
        ),
        pytest.param(said("two\nlines\x1b[31m\x00\ud800"), "two lines [31m", id="control characters"),
        pytest.param(said("x" * 5000), "x" * 200, id="a long message"),
        pytest.param(b'{"message": {"a": 1}, "errors": 5}', "", id="a message that is no text"),
        pytest.param(b"\xff\xfe\x00", "", id="not UTF-8"),
        pytest.param(b"[]", "", id="a list"),
        pytest.param(b"1" * 5000, "", id="a number of 5,000 digits"),
    ],
)
def test_a_message_is_one_short_printable_line(body, line):
    """What GitHub says goes into logs and the store."""
    assert message_of(body) == line


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "1"}, id="one is missing"),
        pytest.param({**EMPTY, "x-ratelimit-reset": "-1"}, id="one is negative"),
        pytest.param({**EMPTY, "x-ratelimit-reset": "\u00b2"}, id="one is a digit that is no number"),
    ],
)
def test_bad_quota_headers_are_no_quota(headers):
    """They crash gidgethub; here they say nothing."""
    assert quota(headers) is None
