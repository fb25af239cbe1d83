"""The fence around foreign text: a boundary that nobody outside can know, and the canary."""

from __future__ import annotations

import hmac
import json
from base64 import b32encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.redaction import clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# A sign and digits: nothing that quotes words of the data takes the boundary for one of them. Forty bits
# are enough for one guess, for it follows from the content, and whoever wrote that cannot see it.
SIZE = 12
CANARY_SIZE = 16
_NAME_LENGTH = 300  # a path's first 256 characters, and quotes around it (R73)
_LONGER_AFTER = 8


@dataclass(frozen=True)
class Block:
    """One piece of the data: its name, what is known of it, and its text (which may be empty)."""

    name: str
    text: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)

    @property
    def head(self) -> str:
        """The name and the attributes as JSON, in one line, but for the boundary."""
        known = {key: _seen(value) for key, value in self.attributes.items()}
        written = json.dumps(known, ensure_ascii=False, separators=(",", ":")) if known else ""
        return f"{clean_line(self.name, _NAME_LENGTH)} {written}".rstrip()


@dataclass(frozen=True)
class Fenced:
    """Data ready to be sent: its boundary, and the blocks as (head, text)."""

    boundary: str
    blocks: tuple[tuple[str, str], ...]


def path_name(path: str) -> str:
    """A path as the name of a block: in quotes, so that no file can be named like another block."""
    return json.dumps(clean_line(path, 256), ensure_ascii=False)


def fenced(secret: bytes, blocks: Iterable[Block]) -> Fenced:
    """Put a fence around ``blocks``: the same for the same blocks, and found in none of them."""
    made = tuple((block.head, visible(block.text)) for block in blocks)
    content = "\n".join(part for pair in made for part in pair)
    return Fenced(boundary(secret, content), made)


def visible(text: str) -> str:
    """A text without what the eye cannot see, as one that cannot hold half of anything.

    Facts are cleaned when they are read; this is for what came another way.
    """
    return clean(text, limit=2 * len(text) + 8).rstrip("\n")


def boundary(secret: bytes, content: str, size: int = SIZE) -> str:
    """A sign and a number, from ``secret`` and ``content``, that ``content`` does not have anywhere."""
    data = content.encode("utf-8", "replace")
    attempt = 0
    while True:
        word = _digits(secret, b"boundary:%d:" % attempt + data, size + attempt // _LONGER_AFTER)
        if word not in content:
            return word
        attempt += 1


def canary(secret: bytes) -> str:
    """The word that stands in the system prompt and must never leave it; the same for one ``secret``."""
    return _word(secret, b"canary", CANARY_SIZE)


def _word(secret: bytes, message: bytes, size: int) -> str:
    digest = hmac.digest(secret, message, "sha256")
    return b32encode(digest).decode("ascii").lower()[:size]


def _digits(secret: bytes, message: bytes, size: int) -> str:
    number = int.from_bytes(hmac.digest(secret, message, "sha512"), "big")
    return f"={number % 10**size:0{size}d}"


def _seen(value: object) -> object:
    if isinstance(value, str):
        return clean_line(value, 256)
    if isinstance(value, tuple | list):
        return [_seen(item) for item in value]
    return value
