"""The published JSON Schema is the code's."""

from __future__ import annotations

from pathlib import Path

from bot.cli.schema import schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "report.schema.json"


def test_the_published_schema_is_the_codes():
    """After a change of the report: ``prhub schema > docs/report.schema.json``, and a new version."""
    assert PUBLISHED.read_text("utf-8") == schema_text()
