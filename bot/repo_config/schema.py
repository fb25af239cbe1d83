"""The JSON Schema of the configuration file, for editors that complete and check it."""

from __future__ import annotations

import json
from typing import Any

from bot.model.config_file import RepoConfig

SCHEMA_PATH = "/schemas/prhub.yml.json"


def schema_text() -> str:
    """Give the schema as it is published in ``docs/prhub.yml.schema.json`` and served by the server."""
    schema = _tidy(RepoConfig.model_json_schema(by_alias=True))
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "PRHub"}
    return json.dumps(head, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _tidy(part: Any) -> Any:
    """Take out what says nothing to an editor: names of classes, and that a key may hold nothing."""
    if isinstance(part, list):
        return [_tidy(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _tidy(value) for key, value in part.items() if not _says_nothing(key, value)}
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    some = [one for one in kept.get("anyOf", ()) if one != {"type": "null"}]
    if len(some) == 1:
        del kept["anyOf"]
        kept = some[0] | kept
    return kept


def _says_nothing(key: str, value: Any) -> bool:
    # A property may be called "title" as well; its value is then no text.
    return (key == "title" and isinstance(value, str)) or (key == "default" and value is None)
