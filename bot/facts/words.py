"""GitHub's JSON at the edge: people, times and texts become our words, whatever is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.model import Person
from bot.redaction import clean, clean_line, redact

# A secret across the cut is found whole, and only then the text is cut.
MARGIN = 1_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Washer:
    """Cleans and redacts every text on its way in; ``redactions`` counts the secrets found."""

    redactions: int = 0

    def text(self, value: object, limit: int) -> str:
        """Give a text of several lines without secrets and control characters, cut at ``limit``."""
        return self._redacted(clean(value, limit + MARGIN))[:limit] if isinstance(value, str) else ""

    def line(self, value: object, limit: int = 300) -> str:
        """Give a text of one line, likewise."""
        return self._redacted(clean_line(value, limit + MARGIN))[:limit] if isinstance(value, str) else ""

    def _redacted(self, text: str) -> str:
        redacted, count = redact(text)
        self.redactions += count
        return redacted


def nodes(connection: object) -> list[dict[str, Any]]:
    """Give the nodes of a GraphQL connection that are there; GitHub gives ``null`` for hidden ones."""
    listed = connection.get("nodes") if isinstance(connection, dict) else None
    return [node for node in listed if isinstance(node, dict)] if isinstance(listed, list) else []


def at(data: object, *path: str) -> Any:
    """Give the value at a path of nested objects, or ``None`` if any part is missing."""
    for name in path:
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data


def person(actor: object) -> Person:
    """Give who an actor is; a deleted account (``null``) is GitHub's ``ghost``.

    GraphQL leaves out the ``[bot]`` that REST and people write; it is put back here.
    """
    login = at(actor, "login")
    if not isinstance(login, str) or not login:
        return Person()
    login = clean_line(login, 100)
    is_bot = at(actor, "__typename") == "Bot" or at(actor, "type") == "Bot" or login.endswith("[bot]")
    if is_bot and not login.endswith("[bot]"):
        login += "[bot]"
    return Person(login=login, is_bot=is_bot)


def moment(value: object) -> datetime | None:
    """Give a time of GitHub's (ISO 8601), aware and in UTC, or ``None``."""
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def count(value: object) -> int:
    """Give a number GitHub reports; negative ones and other types are 0 (D7)."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def big_id(value: object) -> int:
    """Give a database id, which GraphQL writes as a string since ids passed 2^31."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
