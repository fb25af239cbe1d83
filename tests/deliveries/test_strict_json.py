"""Strict JSON: what is read, what is refused, and that neither takes long."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deliveries.strict_json import MAX_DEPTH, parse_object
from bot.errors import RejectedDelivery

MIB = 2**20


def test_usual_json_is_read_as_it_is() -> None:
    """Every kind of value, brackets and quotes in strings, escapes."""
    value = {"a": [1, -2.5, True, None, {"b": 'q"[{\\'}], "é": "\U0001f600", "": "\\\\", "n": 2**63}
    assert parse_object(json.dumps(value).encode()) == value
    assert parse_object(json.dumps(value, ensure_ascii=False).encode()) == value


REFUSED = [
    pytest.param(b"", id="nothing"),
    pytest.param(b"[]", id="an array at the top"),
    pytest.param(b"null", id="null at the top"),
    pytest.param(b'"x"', id="a string at the top"),
    pytest.param(b"1", id="a number at the top"),
    pytest.param(b"{", id="half an object"),
    pytest.param(b"{}{}", id="two objects"),
    pytest.param(b"{'a':1}", id="single quotes"),
    pytest.param(b'{"a":1,}', id="a comma too many"),
    pytest.param(b'{"a":[}]', id="brackets that cross"),
    pytest.param(b'{"action":"opened","action":"closed"}', id="a key twice"),
    pytest.param(b'{"a":{"b":[{"c":1,"c":1}]}}', id="a key twice deep inside, with the same value"),
    pytest.param(b'{"a":1,"\\u0061":2}', id="a key twice, once escaped"),
    pytest.param(b'{"\\ud800":1,"\\udfff":2}', id="two keys that become one"),
    pytest.param(b'{"a":NaN}', id="NaN"),
    pytest.param(b'{"a":-Infinity}', id="an infinity by name"),
    pytest.param(b'{"a":1e999}', id="an infinity by size"),
    pytest.param(b'{"a":9223372036854775809}', id="one more than 2**63"),
    pytest.param(b'{"a":-9223372036854775809}', id="one less than -2**63"),
    pytest.param(b'{"a":' + b"9" * 5000 + b"}", id="5,000 digits"),
    pytest.param(b'\xef\xbb\xbf{"a":1}', id="a byte order mark"),
    pytest.param('{"a":1}'.encode("utf-16"), id="UTF-16"),
    pytest.param('{"a":1}'.encode("utf-16-le"), id="UTF-16 without a mark"),
    pytest.param('{"a":1}'.encode("utf-32-be"), id="UTF-32"),
    pytest.param(b'{"a":"\xff"}', id="a byte that is not UTF-8"),
    pytest.param(b'{"a":"\xed\xa0\x80"}', id="a surrogate as bytes"),
    pytest.param(b'{"a":"\n"}', id="a newline in a string"),
    pytest.param(b'{"a":"\\x41"}', id="an escape JSON does not know"),
    pytest.param(b"\\" * 99, id="backslashes"),
    pytest.param(b'"' * 99, id="quotes"),
]


@pytest.mark.parametrize("body", REFUSED)
def test_anything_else_is_refused(body: bytes) -> None:
    """The answer is 400, and its reason quotes nothing of the body."""
    with pytest.raises(RejectedDelivery, match=r"^the body is not ") as caught:
        parse_object(body)
    assert caught.value.status == 400
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_lone_surrogates_are_replaced() -> None:
    """Half a character cannot be stored as UTF-8; a whole one in two escapes stays."""
    body = b'{"\\uD800":["a\\udfffb","\\ud83d\\ude00","\\\\ud800"]}'
    assert parse_object(body) == {"�": ["a�b", "\U0001f600", "\\ud800"]}


def _nested(depth: int, opening: str, closing: str, middle: str) -> bytes:
    return f'{{"a":{opening * (depth - 1)}{middle}{closing * (depth - 1)}}}'.encode()


@pytest.mark.parametrize(
    ("opening", "closing", "middle"),
    [
        pytest.param("[", "]", "1", id="arrays"),
        pytest.param("[", "]", "", id="arrays, the last one empty"),
        pytest.param('{"a":', "}", "1", id="objects"),
        pytest.param('{"]":', "}", '"}]"', id="objects with brackets in strings"),
    ],
)
def test_the_limit_of_depth_is_exact(opening: str, closing: str, middle: str) -> None:
    """64 levels are read, 65 are not."""
    assert parse_object(_nested(MAX_DEPTH, opening, closing, middle))
    with pytest.raises(RejectedDelivery, match="deeper than 64"):
        parse_object(_nested(MAX_DEPTH + 1, opening, closing, middle))


def test_brackets_in_strings_are_not_depth() -> None:
    """A comment full of brackets, quotes and backslashes is a string like any other."""
    text = "[" * 99 + '"{\\"' * 99 + "\\" * 3
    assert parse_object(json.dumps({"a": [text, text]}).encode()) == {"a": [text, text]}


@pytest.mark.parametrize("deep", [b"[" * 200_000, b'{"a":' * 200_000, b'{"a":' + b"[" * 200_000])
def test_200_000_levels_are_refused_at_once(deep: bytes) -> None:
    """It takes less than 50 ms, and the recursion limit is never reached."""
    start = time.process_time()
    with pytest.raises(RejectedDelivery, match="deeper than 64"):
        parse_object(deep)
    assert time.process_time() - start < 0.05


def test_a_million_containers_are_the_limit() -> None:
    """More of them than any payload has are refused before they take memory."""
    with pytest.raises(RejectedDelivery, match="more than 1000000"):
        parse_object(b'{"a":[' + b"[]," * MIB + b"[]]}")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a":"' + b"x" * 25 * MIB + b'"}', id="one string of 25 MiB"),
        pytest.param(b'{"a":"' + b'\\"' * (12 * MIB) + b'"}', id="a string of escaped quotes"),
        pytest.param(
            b'{"a":[' + b'{"b":"c [d]","e":12345678901,"f":null},' * (MIB // 2) + b"1]}", id="objects"
        ),
    ],
)
def test_the_largest_payloads_are_read_in_time(body: bytes) -> None:
    """20 to 25 MiB take less than two seconds."""
    start = time.process_time()
    assert parse_object(body)["a"]
    assert time.process_time() - start < 2


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(), VALUES, max_size=4), st.booleans())
def test_what_was_written_is_read(value: dict[str, Any], ascii_only: bool) -> None:  # noqa: FBT001
    """Any object survives the way through JSON."""
    assert parse_object(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


TOKENS = st.lists(st.sampled_from([*'{}[]",:\\1eu-n', "true", "\\ud800", '"a":', "NaN", " "]), max_size=30)


@settings(max_examples=500, deadline=None)
@given(
    st.binary() | TOKENS.map("".join).map(str.encode) | TOKENS.map(lambda t: f'{{"a":{"".join(t)}}}'.encode())
)
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    """Any bytes are an object or a refusal with status 400."""
    try:
        value = parse_object(body)
    except RejectedDelivery as refusal:
        status = refusal.status
        assert status == 400
    else:
        json.dumps(value).encode()
