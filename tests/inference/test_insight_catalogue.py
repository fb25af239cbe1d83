"""Every sentence that a rule can say is in both catalogues, with the values it needs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "bot" / "markdown" / "catalogue"
SOURCE = "\n".join(path.read_text("utf-8") for path in (ROOT / "bot" / "inference").rglob("*.py"))
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|[^{}|]*\|[^{}|]*)?\}")


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    entries: dict[str, str] = {}
    for key, value in table.items():
        entries |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return entries


def catalogue(language: str) -> dict[str, str]:
    return flat(tomllib.loads((CATALOGUES / language / "insights.toml").read_text("utf-8")))


def said() -> set[str]:
    """The keys in the source; a part that is computed stands for any word."""
    keys = re.findall(r'f?"(insight\.[\w.{}\[\]-]+)"', SOURCE)
    return {re.sub(r"\\\{.*?\\\}", r"[\\w-]+", re.escape(key)) + "$" for key in keys}


def test_both_languages_have_the_same_keys() -> None:
    """Nothing is translated in one direction only."""
    assert set(catalogue("en")) == set(catalogue("zh-CN"))


@pytest.mark.parametrize("pattern", sorted(said()))
def test_every_key_in_the_source_is_in_the_catalogue(pattern: str) -> None:
    """A rule never says an empty sentence."""
    assert any(re.match(pattern, key) for key in catalogue("en"))


def test_every_sentence_in_the_catalogue_can_be_said() -> None:
    """No sentence is left over from a rule that is gone."""
    keys = [key for key in catalogue("en") if key.startswith("insight.")]
    assert [key for key in keys if not any(re.match(pattern, key) for pattern in said())] == []


def test_translations_need_no_value_that_the_original_does_not() -> None:
    """Chinese may leave a number out, never ask for another one."""
    english = catalogue("en")
    for key, sentence in catalogue("zh-CN").items():
        assert set(_FIELD.findall(sentence)) <= set(_FIELD.findall(english[key])), key
