"""The guard: strings that must never appear in an answer, however they are written."""

from __future__ import annotations

import json


def leaks(text: str, guarded: tuple[str, ...]) -> bool:
    r"""Whether ``text`` has one of the ``guarded`` strings, in any case, or spelled with JSON's ``\\u``."""
    wanted = [word.casefold() for word in guarded if word]
    return any(word in seen for seen in _readings(text) for word in wanted)


def _readings(text: str) -> list[str]:
    readings = [text.casefold()]
    if "\\" in text:
        try:
            readings.append(json.dumps(json.loads(text), ensure_ascii=False).casefold())
        except (ValueError, RecursionError):
            # Not JSON as a whole: nobody will read escapes out of it in another way than this.
            readings.append(text.encode("utf-8", "replace").decode("unicode_escape", "replace").casefold())
    return readings
