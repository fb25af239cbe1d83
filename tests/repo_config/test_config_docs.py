"""The page about the file, and the published schema, are those of the keys there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import aiohttp
import jsonschema_rs
import pytest
import yaml

from bot.model.config_file import RiskPart
from bot.model.repo_config import Loaded
from bot.repo_config import SCHEMA_PATH, choices, read_config, schema_text
from bot.repo_config.choosing import _SETTINGS
from bot.repo_config.keys import keys
from bot.server import Duties, make_web, serve
from bot.settings import Settings
from bot.workflows.services import Meters

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "repository-configuration.md").read_text("utf-8")
ROW = re.compile(r"^\| `([a-zA-Z_.]+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
# The keys that only hold others.
PARTS = {"ignore", "modules", "risks", "risks.NAME", "labels", "digest", "commands", "model", "budget"}


def default(key: str) -> str:
    """What holds without the key: a setting, another key, or a value."""
    if key in _SETTINGS:
        return f"`{Settings.model_fields[_SETTINGS[key]].validation_alias}`"
    if key in ("digest.time_zone", "digest.paths"):
        return {"digest.time_zone": "`time_zone`", "digest.paths": "`PRHUB_DIGEST_PATHS`"}[key]
    if key.startswith("risks."):
        field = RiskPart.model_fields[key.rpartition(".")[2]]
        return "must be there" if field.is_required() else f"`{field.default}`" if field.default else "none"
    rows = {row.key: row.value for row in choices(Settings(), Loaded(), "o/r").rows()}
    value = rows.get(key, "none")
    return value if value == "none" else f"`{value}`"


def shown(path: tuple[str, ...]) -> str:
    """How the page writes a key; that of all commands is one."""
    named = (path[0], "NAME") if len(path) == 2 and path[0] == "commands" else path
    return ".".join(named).replace("*", "NAME")


def expected() -> list[tuple[str, str, str]]:
    """The rows of the table."""
    names = {shown(path): write for path, write in keys().items()}
    return [(name, default(name), write) for name, write in names.items() if name not in PARTS]


def test_every_key_is_documented():
    """Each stands in the table once, with its default and with what an error says to write."""
    assert ROW.findall(PAGE) == expected()


def test_the_published_schema_is_the_codes():
    """After a change of a key: write ``schema_text()`` to docs/prhub.yml.schema.json."""
    assert (DOCS / "prhub.yml.schema.json").read_text("utf-8") == schema_text()


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_the_page_are_taken(example):
    """By PRHub, and by an editor that has the schema and a YAML reader of its own."""
    read = read_config(example.encode())
    assert (read.problems, read.config is None) == ((), False)
    validator = jsonschema_rs.validator_for(json.loads(schema_text()))
    assert [error.message for error in validator.iter_errors(yaml.safe_load(example))] == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("publsh: none", id="an unknown key"),
        pytest.param("labels: {max: 21}", id="too many labels"),
        pytest.param("labels: {maximum: 2}", id="an unknown key in a part"),
        pytest.param("core_paths: src", id="a value in place of a list"),
        pytest.param("core_paths: {append: [a], also: [b]}", id="an unknown way to add"),
        pytest.param("risks: {Slow: {name: Slow, paths: [a]}}", id="a risk's name in capitals"),
        pytest.param("risks: {slow: {name: Slow}}", id="a risk without paths"),
        pytest.param("commands: {report: owner}", id="a role that there is not"),
    ],
)
def test_an_editor_marks_what_prhub_does_not_take(text):
    """The schema is as closed as the reader."""
    validator = jsonschema_rs.validator_for(json.loads(schema_text()))
    assert not validator.is_valid(yaml.safe_load(text))
    assert read_config(text.encode()).problems


async def test_the_server_gives_the_schema():
    """To any editor, in a web page as well."""
    web = make_web("/hook", None, Duties({}), Meters())
    async with (
        serve(web, "127.0.0.1", 0) as address,
        aiohttp.ClientSession() as session,
        session.get(address + SCHEMA_PATH) as answer,
    ):
        assert (answer.status, answer.content_type) == (200, "application/schema+json")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert await answer.text() == schema_text()
