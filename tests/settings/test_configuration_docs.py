"""The documentation of the settings is that of the settings there are."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)


def _default(value: object) -> str:
    if value is PydanticUndefined:
        return "derived"
    if value is None:
        return "none"
    if value == ():
        return "all"
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return f"`{text.lower() if isinstance(value, bool) else text}`"


def test_every_setting_is_documented() -> None:
    """Each name stands in one table, with its default and with what an error says to write."""
    settings = {
        field.validation_alias: (_default(field.default), field.description)
        for field in Settings.model_fields.values()
    }
    rows = ROW.findall(PAGE.read_text("utf-8"))
    assert {name: (default, write) for name, default, write in rows} == settings
    assert len(rows) == len(settings)
