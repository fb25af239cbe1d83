"""What an operator may say about the model, and what they are told when it is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bot.errors import SettingsError
from bot.settings import load_settings
from bot.settings.load import known_names

if TYPE_CHECKING:
    from pathlib import Path

KEY = {"ANTHROPIC_API_KEY": "sk-ant-0123456789"}
VERTEX = {"CLOUD_ML_REGION": "global", "ANTHROPIC_VERTEX_PROJECT_ID": "octo-project-1"}


def test_defaults_are_those_of_the_documentation(tmp_path: Path) -> None:
    """Without any variable no model is asked, and what would be asked is known."""
    settings = load_settings({}, tmp_path)
    assert not settings.asks_model
    assert (settings.model, settings.model_small) == ("claude-sonnet-5-5", "claude-haiku-5-5")
    assert (settings.model_effort, settings.model_effort_small) == (None, None)
    assert (settings.max_input_tokens, settings.max_output_tokens) == (120_000, 16_000)
    assert (settings.model_patience, settings.model_concurrency) == (900, 8)
    assert (settings.structured_output, settings.private_repositories) == ("schema", "model")
    assert settings.extra_headers == {}


def test_every_name_reaches_its_field(tmp_path: Path) -> None:
    """Each variable sets the field that is named after it."""
    environ = {
        "ANTHROPIC_BASE_URL": "https://Models.example/anthropic/",
        "PRHUB_MODEL": "arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-v1:0",
        "PRHUB_MODEL_SMALL": "octo/small@2026",
        "PRHUB_MODEL_EFFORT": "xhigh",
        "PRHUB_MODEL_EFFORT_SMALL": "low",
        "PRHUB_MAX_INPUT_TOKENS": "4000",
        "PRHUB_MAX_OUTPUT_TOKENS": "64000",
        "PRHUB_MODEL_PATIENCE": "0",
        "PRHUB_MODEL_CONCURRENCY": "1",
        "PRHUB_STRUCTURED_OUTPUT": "prompt",
        "PRHUB_PRIVATE_REPOSITORIES": "facts",
    }
    settings = load_settings(environ, tmp_path)
    assert settings.anthropic_base_url == "https://models.example/anthropic"
    assert (settings.model, settings.model_small) == (environ["PRHUB_MODEL"], "octo/small@2026")
    assert (settings.model_effort, settings.model_effort_small) == ("xhigh", "low")
    assert (settings.max_input_tokens, settings.max_output_tokens) == (4_000, 64_000)
    assert (settings.model_patience, settings.model_concurrency) == (0, 1)
    assert (settings.structured_output, settings.private_repositories) == ("prompt", "facts")


@pytest.mark.parametrize(
    ("environ", "asks"),
    [
        pytest.param({}, False, id="no key, nobody to ask"),
        pytest.param(KEY, True, id="a key is enough"),
        pytest.param({"ANTHROPIC_API_KEY": "  "}, False, id="an empty key is none"),
        pytest.param({**KEY, "PRHUB_MODEL": "off"}, False, id="off in spite of a key"),
        pytest.param({**KEY, "PRHUB_MODEL": "OFF"}, False, id="off in capitals"),
        pytest.param({"PRHUB_MODEL_PROVIDER": "bedrock", "AWS_REGION": "us-east-1"}, True, id="Bedrock"),
        pytest.param({"PRHUB_MODEL_PROVIDER": "vertex", **VERTEX}, True, id="Vertex"),
        pytest.param({"PRHUB_MODEL_PROVIDER": "vertex", **VERTEX, "PRHUB_MODEL": "Off"}, False, id="off too"),
        pytest.param({"AWS_REGION": "us-east-1", **VERTEX}, False, id="regions alone choose no provider"),
    ],
)
def test_a_model_is_asked_only_when_the_operator_said_so(
    environ: dict[str, str],
    asks: bool,  # noqa: FBT001 - one of two facts
    tmp_path: Path,
) -> None:
    """By a key or another provider; ``off`` goes before everything."""
    assert load_settings(environ, tmp_path).asks_model is asks


WRONG = [
    pytest.param("ANTHROPIC_API_KEY", "sk-ant\nx: y", "is not a token", id="a key that would split a header"),
    pytest.param("ANTHROPIC_API_KEY", "sk ant", "is not a token", id="a key with a space"),
    pytest.param("ANTHROPIC_API_KEY", "sk-\u043ant", "is not a token", id="a key with a Cyrillic letter"),
    pytest.param("ANTHROPIC_BASE_URL", "http://models.example", "this machine only", id="http elsewhere"),
    pytest.param("ANTHROPIC_BASE_URL", "https://me:pw@h", "more in it", id="a password in the address"),
    pytest.param("ANTHROPIC_BASE_URL", "https://h/?key=1", "more in it", id="a key in the address"),
    pytest.param("ANTHROPIC_BASE_URL", "https://h/v1/", "by itself", id="the version, once too often"),
    pytest.param("ANTHROPIC_BASE_URL", "https://h/v1/messages", "by itself", id="the whole endpoint"),
    pytest.param("ANTHROPIC_BASE_URL", "api.anthropic.com", "is not a web address", id="no scheme"),
    pytest.param("PRHUB_MODEL", "claude sonnet", "is not the name of a model", id="a name with a space"),
    pytest.param("PRHUB_MODEL", "x" * 201, "is not the name of a model", id="a name of 201 characters"),
    pytest.param("PRHUB_MODEL", "../x", "is not the name of a model", id="a name that is a path"),
    pytest.param("PRHUB_MODEL_SMALL", "Off", "cannot be off", id="only one model can be off"),
    pytest.param("PRHUB_MODEL_PROVIDER", "azure", "is not one of", id="a provider we do not know"),
    pytest.param("PRHUB_MODEL_PROVIDER", "bedrock", "needs AWS_REGION", id="Bedrock without its region"),
    pytest.param("PRHUB_MODEL_PROVIDER", "vertex", "needs CLOUD_ML_REGION", id="Vertex without its region"),
    pytest.param("AWS_REGION", "us-east-1.evil.example/", "is not a region", id="a region that is a host"),
    pytest.param("CLOUD_ML_REGION", "a@b", "is not a region", id="a region that is a login"),
    pytest.param("ANTHROPIC_VERTEX_PROJECT_ID", "a/b", "is not the id", id="a project that is a path"),
    pytest.param("PRHUB_MODEL_EFFORT", "extreme", "is not one of", id="more than max"),
    pytest.param("PRHUB_MODEL_EFFORT_SMALL", "0", "is not one of", id="effort as a number"),
    pytest.param("PRHUB_MAX_INPUT_TOKENS", "3999", "is out of range", id="too little to read anything"),
    pytest.param("PRHUB_MAX_INPUT_TOKENS", "1000001", "is out of range", id="more than any model takes"),
    pytest.param("PRHUB_MAX_INPUT_TOKENS", "120k", "is not a whole number", id="thousands as a letter"),
    pytest.param("PRHUB_MAX_OUTPUT_TOKENS", "999", "is out of range", id="too little to answer"),
    pytest.param("PRHUB_MAX_OUTPUT_TOKENS", "64001", "is out of range", id="more than a call may last"),
    pytest.param("PRHUB_MODEL_PATIENCE", "-1", "is out of range", id="back in time"),
    pytest.param("PRHUB_MODEL_PATIENCE", "nan", "is out of range", id="not a number"),
    pytest.param("PRHUB_MODEL_CONCURRENCY", "0", "is out of range", id="nobody to ask"),
    pytest.param("PRHUB_STRUCTURED_OUTPUT", "json", "is not one of", id="a form we do not know"),
    pytest.param("PRHUB_PRIVATE_REPOSITORIES", "off", "is not one of", id="neither model nor facts"),
]
WRONG_HEADERS = [
    pytest.param("x-team: docs", "is not a JSON object", id="a header as it is on the wire"),
    pytest.param('["a"]', "is not a JSON object", id="a list"),
    pytest.param('"a"', "is not a JSON object", id="a string"),
    pytest.param("{", "is not a JSON object", id="half an object"),
    pytest.param("[" * 60_000, "is not a JSON object", id="nested 60,000 deep"),
    pytest.param('{"a": ' * 9_000, "is not a JSON object", id="objects nested 9,000 deep"),
    pytest.param('{"a": "b"}' + " " * 70_000 + "{}", "is not a JSON object", id="over 64 KiB"),
    pytest.param('{"a": 1}', "a value", id="a number as value"),
    pytest.param('{"a": {"b": "c"}}', "a value", id="an object as value"),
    pytest.param('{"a": {}}', "a value", id="an empty object as value"),
    pytest.param('{"a": ""}', "a value", id="an empty value"),
    pytest.param('{"a": "b\\r\\nx: y"}', "a value", id="a value with a line of its own"),
    pytest.param('{"a": " b"}', "a value", id="a value with a space in front"),
    pytest.param('{"a": "\\u00e9"}', "a value", id="a value beyond ASCII"),
    pytest.param('{"a": "\\ud800"}', "a value", id="half a surrogate pair"),
    pytest.param('{"a b": "c"}', "a name", id="a name with a space"),
    pytest.param('{"a:": "c"}', "a name", id="a name with a colon"),
    pytest.param('{"": "c"}', "a name", id="no name"),
    pytest.param('{"a\\n": "c"}', "a name", id="a name with a newline"),
    pytest.param('{"A": "b", "a": "c"}', "twice", id="one name twice"),
    pytest.param('{"a": "b", "a": "b"}', "twice", id="one name and value twice"),
    pytest.param(json.dumps({f"x-{n}": "y" for n in range(33)}), "too many", id="33 headers"),
    pytest.param('{"Host": "h"}', "itself sends", id="another host"),
    pytest.param('{"content-length": "0"}', "itself sends", id="another length"),
    pytest.param('{"Transfer-Encoding": "chunked"}', "itself sends", id="another framing"),
]


@pytest.mark.parametrize(("name", "value", "wrong"), WRONG)
def test_a_wrong_value_is_told_in_one_line(name: str, value: str, wrong: str, tmp_path: Path) -> None:
    """The line names the variable, says what is wrong and what to write, and shows no value."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value}, tmp_path)
    text = str(caught.value)
    assert text.startswith(f"{name} ")
    assert wrong in text
    assert text.endswith(f": write {known_names()[name]}.")
    assert "\n" not in text


@pytest.mark.parametrize(("value", "wrong"), WRONG_HEADERS)
def test_headers_that_cannot_be_sent_are_refused(value: str, wrong: str, tmp_path: Path) -> None:
    """Before the first request, and without showing what may be a secret."""
    with pytest.raises(
        SettingsError, match=rf"^PRHUB_MODEL_HEADERS .*{wrong}.*: write a JSON object"
    ) as caught:
        load_settings({"PRHUB_MODEL_HEADERS": value}, tmp_path)
    assert "\n" not in str(caught.value)


def test_headers_are_given_as_they_were_written(tmp_path: Path) -> None:
    """A compatible server may want its own key, or the old version of the API."""
    written = {"Authorization": "Bearer a b", "x-api-key": "k", "anthropic-version": "2023-06-01"}
    settings = load_settings({"PRHUB_MODEL_HEADERS": json.dumps(written)}, tmp_path)
    assert settings.extra_headers == written
    assert load_settings({"PRHUB_MODEL_HEADERS": "{}"}, tmp_path).extra_headers == {}


def test_a_provider_is_told_what_it_needs_whatever_else_is_there(tmp_path: Path) -> None:
    """Vertex has a region here and no project; the line names the project."""
    environ = {"PRHUB_MODEL_PROVIDER": "vertex", "CLOUD_ML_REGION": "global", **KEY}
    with pytest.raises(SettingsError, match="needs ANTHROPIC_VERTEX_PROJECT_ID for this provider: write "):
        load_settings(environ, tmp_path)


def test_a_wrong_region_is_told_before_the_provider_misses_it(tmp_path: Path) -> None:
    """Told about a missing region, an operator who wrote one would not understand."""
    with pytest.raises(SettingsError, match=r"^AWS_REGION is not a region"):
        load_settings({"PRHUB_MODEL_PROVIDER": "bedrock", "AWS_REGION": "US"}, tmp_path)


def test_secrets_are_masked_when_shown(tmp_path: Path) -> None:
    """Neither repr nor str nor a dump of the settings holds the key or a header's value (R114)."""
    environ = {"ANTHROPIC_API_KEY": "Canary1", "PRHUB_MODEL_HEADERS": '{"x-api-key": "Canary2"}'}
    settings = load_settings(environ, tmp_path)
    assert settings.asks_model
    assert "Canary" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
