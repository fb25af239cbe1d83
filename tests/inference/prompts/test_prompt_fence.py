"""The fence: stable for the same content, unknown to everybody else, and in nothing that it encloses."""

from __future__ import annotations

import hmac
import random

import pytest

from bot.inference.prompts.fence import Block, boundary, canary, fenced, path_name
from tests.fakes.hostile import ROWS
from tests.fakes.prompts import SECRET

DIGITS = "0123456789"
PAIRS = [f"{number:02d}" for number in range(100)]
PAIRS = [a + b for a in DIGITS for b in DIGITS]


def first_draw(content: str) -> str:
    """The two digits that are tried first."""
    digest = hmac.digest(SECRET, b"boundary:0:" + content.encode(), "sha512")
    return f"={int.from_bytes(digest) % 100:02d}"


def test_the_same_content_gives_the_same_boundary():
    """Or an answer could not be kept by its content."""
    assert {boundary(SECRET, "a diff") for _ in range(1_000)} == {boundary(SECRET, "a diff")}


def test_another_content_or_secret_gives_another_boundary():
    """Whoever writes the content cannot know it, and cannot try."""
    found = {boundary(SECRET, "a"), boundary(SECRET, "b"), boundary(b"another secret", "a"), canary(SECRET)}
    assert len(found) == 4


def test_a_boundary_is_never_in_what_it_encloses():
    """100,000 contents in which every boundary of two digits is likely to stand: it is drawn again (R76)."""
    source = random.Random(7)
    drawn_again = 0
    for number in range(100_000):
        content = f"{number} {'='.join(source.choices(PAIRS, k=20))}"
        word = boundary(SECRET, content, size=2)
        assert word not in content
        drawn_again += number % 100 == 0 and first_draw(content) in content
    assert drawn_again > 20
    assert len(boundary(SECRET, "plain")) == 13


def test_drawing_ends_even_if_every_short_number_is_taken():
    """It grows until one is free."""
    content = " ".join(f"={a}" for a in DIGITS) + DIGITS
    assert len(boundary(SECRET, content, size=1)) > len(boundary(SECRET, "", size=1))


def test_a_boundary_is_no_word():
    """What quotes words of the data, whoever does, does not take it for one of them."""
    assert not any(character.isalpha() for character in boundary(SECRET, "a diff"))
    assert canary(SECRET).isalnum()


@pytest.mark.parametrize("text", ROWS.values(), ids=ROWS.keys())
def test_no_text_ends_its_block(text):
    """Whatever stands in a block, no line of it begins with the boundary."""
    made = fenced(SECRET, [Block("description", text), Block(path_name(text), text, {"path": text})])
    for head, body in made.blocks:
        assert "\n" not in head
        assert made.boundary not in f"{head}\n{body}".lower()


def test_a_file_cannot_be_named_like_another_block():
    """A file called ``title`` stands in quotes, one with a line break on one line."""
    assert [path_name(path) for path in ("title", 'a"b', "a\nthread 1")] == [
        '"title"',
        '"a\\"b"',
        '"a thread 1"',
    ]


def test_what_nobody_sees_is_taken_out():
    """Zero-width, bidirectional and tag characters, of text, heads and attributes (R73)."""
    hidden = "a\u200bb\u202ec\U000e0041d\x00e"
    ((head, text),) = fenced(SECRET, [Block(f"thread {hidden}", hidden, {"path": hidden})]).blocks
    assert (head, text) == ('thread abcde {"path":"abcde"}', "abcde")
