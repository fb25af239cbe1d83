"""Tokens are found by their form, wherever they stand and however they are wrapped."""

from __future__ import annotations

import random
import time

import pytest

from bot.redaction import redact
from tests.fakes.secret_samples import FORMS, WRAPPED, leaked, made

PLACES = [
    pytest.param('key = "{}"\n', id="in a string"),
    pytest.param(" context\n-{}\n+x\n", id="in a removed line, right after the minus"),
    pytest.param("+{}", id="in an added line, right after the plus"),
    pytest.param("Please use {}, it works.", id="in prose"),
    pytest.param('{{"a": "line\\n{}\\n"}}', id="after an escaped line end"),
    pytest.param("`{}`", id="in backticks"),
    pytest.param("值：{}。", id="between Chinese signs"),
]
WRAPS = [
    pytest.param(' context\n+key = "{}\n+{}"\n+end = 1\n', id="over two added lines"),
    pytest.param(" context\n-  {}\n-  {}\n other\n", id="over two removed lines, indented"),
    pytest.param('+  a = "{}" \\\n+      "{}"\n+b = 2\n', id="over two string constants"),
    pytest.param('  a = "{}" +\n      "{}"\n  b = 2\n', id="over two constants with a sign between"),
    pytest.param("> {}\r\n{}\r\nand so on", id="over two lines of plain text"),
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", FORMS)
def test_every_kind_is_found_everywhere(form: str, place: str) -> None:
    """Of 20 random secrets of a kind, none is left; each counts once, and the text around it stays."""
    rng = random.Random(form)
    for _ in range(20):
        secret = made(FORMS[form], rng)
        text, count = redact(place.format(secret))
        assert not leaked(secret.partition("_")[2] or secret, text)
        assert count == 1
        before, _, after = place.format("\0").partition("\0")
        assert text.startswith(f"{before}[REDACTED:")
        assert text.endswith(f"]{after}")


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("form", FORMS)
def test_a_token_wrapped_over_two_lines_is_found(form: str, wrap: str) -> None:
    """Split anywhere, at most a last fragment that looks like a word is left, and no line is lost."""
    rng = random.Random(form)
    leaks = 0
    for _ in range(30):
        secret = made(FORMS[form], rng)
        cut = rng.randrange(1, len(secret))
        source = wrap.format(secret[:cut], secret[cut:])
        text, _ = redact(source)
        leaks += leaked(secret, text, 12)
        assert text.count("\n") == source.count("\n")
    assert leaks <= 1


@pytest.mark.parametrize("form", WRAPPED)
def test_a_secret_known_by_its_surroundings_is_found(form: str) -> None:
    """Keys, signatures and credentials go; the names and the address around them stay."""
    rng = random.Random(form)
    before, body, after = WRAPPED[form]
    for _ in range(50):
        secret = made((body,), rng)
        text, count = redact(f"{before}{secret}{after}")
        assert not leaked(secret, text)
        assert count == 1
        assert text.startswith(before.partition("://")[0])


ORDINARY = [
    pytest.param("risk-assessment-for-the-next-quarter-is-done", id="words with sk- in them"),
    pytest.param("task-0123456789abcdef0123456789abcdef", id="a task's id"),
    pytest.param("cache-key-" + "0123456789abcdef" * 4, id="a cache key with a hash"),
    pytest.param("sha256:" + "0123456789abcdef" * 4, id="a hash"),
    pytest.param("integrity sha512-" + "aB3" * 28 + "==", id="an integrity value"),
    pytest.param("https://example.com/a:b@c", id="an address with a colon and an at in its path"),
    pytest.param("git clone git@github.com:octo-org/engine.git", id="a clone address"),
    pytest.param("https://${USER}:${PASSWORD}@host/", id="credentials that are variables"),
    pytest.param("https://{user}:{password}@host/", id="credentials that are placeholders"),
    pytest.param("https://user:***@host/", id="a password that is masked"),
    pytest.param("\n".join(["   dorghr", "   sorghr_lwork", "   dorghr_lwork"] * 20), id="a list of names"),
    pytest.param("ghp_ and gho_ are prefixes", id="prefixes alone"),
    pytest.param("AKIA", id="four letters"),
    pytest.param("uses eyJ.eyJ.x as a mark", id="the outline of a web token"),
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """What only resembles a secret is not touched."""
    assert redact(text) == (text, 0)


def test_what_was_redacted_stays() -> None:
    """A marker is no secret, whatever name it is given to."""
    text = 'API_KEY="[REDACTED:github-token]"\nhttps://[REDACTED:url-credentials]@host/\n'
    assert redact(text) == (text, 0)


def test_a_wrapped_installation_token_goes_whole() -> None:
    """520 characters wrapped at 64, each line with a plus: all lines are emptied, none is lost."""
    secret = made(FORMS["a GitHub installation token of 520"], random.Random(1))
    pieces = [secret[start : start + 64] for start in range(0, len(secret), 64)]
    text, count = redact("\n".join(f"+{piece}" for piece in pieces) + "\n+x = 1\n")
    assert count == 1
    assert text.split("\n") == ["+[REDACTED:github-token]", *["+"] * (len(pieces) - 1), "+x = 1", ""]


HOSTILE = [
    "eyJ",
    "-eyJ",
    "://",
    "://a:b",
    "sk-",
    "ghs_aaaaaaaa\n",
    "SG.aaaa",
    "MNO",
    "token=",
    "1234567890",
    "\n",
    " ",
]
HOSTILE += [
    '"\n',
    "\\\n",
    "-----BEGIN PRIVATE KEY-----\n",
    "\n" + "A" * 64,
    'password="aB3aB3aB3"',
    "xoxb-",
    "中文，",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=repr)
def test_no_text_takes_long(piece: str) -> None:
    """A quarter of a megabyte of the worst that could be thought of takes well under half a second."""
    start = time.process_time()
    redact(piece * (250_000 // len(piece)))
    assert time.process_time() - start < 0.5
