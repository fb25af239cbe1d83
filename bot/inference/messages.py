"""How a rule says something: a catalogue key and the values that go into its sentence."""

from __future__ import annotations

from bot.model import Message

Value = str | int | float


def say(key: str, **params: Value) -> Message:
    """The sentence ``key`` with its values."""
    return Message(key=key, params=dict(params))


def counted(key: str, count: int, **params: Value) -> Message:
    """The sentence ``key`` with its values, of which ``count`` is one."""
    return Message(key=key, params={"count": count, **params})


def names(values: list[str], limit: int = 4) -> str:
    """The first ``limit`` of ``values``, each once, in one string; ``…`` stands for the rest."""
    unique = list(dict.fromkeys(values))
    shown = ", ".join(unique[:limit])
    return f"{shown}, …" if len(unique) > limit else shown
