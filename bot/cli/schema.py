"""``prhub schema``: the JSON Schema of the stored report."""

from __future__ import annotations

import json

import click

from bot.model import PullReport


def schema_text() -> str:
    """Give the JSON Schema as it is published in ``docs/report.schema.json``."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PullReport.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


@click.command()
def command() -> None:
    """Print the JSON Schema of the stored report."""
    click.echo(schema_text(), nl=False)
