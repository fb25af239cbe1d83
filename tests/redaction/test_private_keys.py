"""Private keys go whole, in a diff and outside, with both ends or one."""

from __future__ import annotations

import json
import random

import pytest

from bot.redaction import redact
from tests.fakes.secret_samples import leaked, private_key

KEY = private_key(random.Random(3))
BODY = "".join(KEY[1:-1])


@pytest.mark.parametrize("prefix", ["", "+", "-", " ", "    ", "+    ", "# ", "+// ", '    "'])
@pytest.mark.parametrize("key", [KEY, KEY[:-1]], ids=["whole", "without its END line"])
def test_a_key_goes_with_every_line(prefix: str, key: list[str]) -> None:
    """However its lines are prefixed, nothing of it is left, what follows stays, and so do the line ends."""
    lines = [prefix + line for line in key]
    source = "\n".join([f"{prefix}before = 1", *lines, f"{prefix}after(2)"])
    text, count = redact(source)
    assert count == 1
    assert not leaked(BODY, text)
    assert text.count("\n") == source.count("\n")
    assert text.split("\n")[0] == f"{prefix}before = 1"
    assert text.split("\n")[-1] == f"{prefix}after(2)"
    assert text.split("\n")[1] == f"{prefix}[REDACTED:private-key]"


def test_a_key_without_its_beginning_goes_too() -> None:
    """A hunk may start inside a key: the full lines before the END belong to it."""
    source = "\n".join(f" {line}" for line in ["x = 1", *KEY[5:], "y = 2"])
    text, count = redact(source)
    assert count == 1
    assert not leaked("".join(KEY[5:-1]), text)
    assert text.startswith(" x = 1\n")
    assert text.endswith("\n y = 2")


def test_a_replaced_key_goes_on_both_sides() -> None:
    """Removed and added lines between the same ends are one key."""
    other = private_key(random.Random(4))
    lines = [
        f" {KEY[0]}",
        *[f"-{line}" for line in KEY[1:-1]],
        *[f"+{line}" for line in other[1:-1]],
        f" {KEY[-1]}",
    ]
    text, count = redact("\n".join(lines))
    assert count == 1
    assert not leaked(BODY + "".join(other[1:-1]), text)
    assert [line[:1] for line in text.split("\n")] == [line[:1] for line in lines]


def test_a_key_in_one_line_of_json_goes() -> None:
    """A service account's key has its line ends escaped."""
    source = json.dumps({"type": "service_account", "private_key": "\n".join(KEY), "client_id": "12"})
    text, count = redact(source)
    assert count == 1
    assert not leaked(BODY, text)
    assert json.loads(text) == {
        "type": "service_account",
        "private_key": "[REDACTED:private-key]",
        "client_id": "12",
    }


MENTIONS = [
    pytest.param(f'if "{KEY[0]}" in text:\n    return parse(text)\n', id="a comparison in code"),
    pytest.param(f"The file starts with {KEY[0]} and ends with {KEY[-1]}.", id="a sentence"),
    pytest.param(f"{KEY[0]}\n...\n{KEY[-1]}\n", id="an example with dots"),
    pytest.param(f"{KEY[0]}\n<your key>\n{KEY[-1]}\n", id="an example with a placeholder"),
    pytest.param(
        "-----BEGIN CERTIFICATE-----\n" + KEY[1] + "\n-----END CERTIFICATE-----", id="a certificate"
    ),
    pytest.param("-----BEGIN PUBLIC KEY-----\n" + KEY[1] + "\n-----END PUBLIC KEY-----", id="a public key"),
]


@pytest.mark.parametrize("text", MENTIONS)
def test_a_mention_is_no_key(text: str) -> None:
    """Without base64 beside it, a BEGIN line is only text."""
    assert redact(text) == (text, 0)
