"""One question, one request: what is sent, and what of the environment does not get in."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
from pydantic import SecretStr

from bot.errors import ModelParked, ModelUnusable, SettingsError
from bot.llm import Provider, Size, require_provider
from sandbox.messages import answer, error
from tests.fakes.llm import KEY, asker, question

FORBIDDEN = {"tools", "tool_choice", "mcp_servers", "container", "context_management", "metadata", "thinking"}


async def test_a_question_is_answered(desk):
    """The text comes back as it was given, with the name that was configured."""
    answered = await desk.model.ask(question(), asker())
    assert (answered.text, answered.model) == ('{"summary": "It works.", "level": 1}', "claude-large")
    assert not answered.reused
    assert desk.outcomes == ["answered"]


async def test_the_whole_request(desk):
    """The fixed part first, marked for the cache, then the data, then what is asked; no tools (R76, R77)."""
    await desk.model.ask(question(), asker())
    body = dict(desk.server.asked[0].body)
    schema = body.pop("output_config")["format"]["schema"]
    assert body == {
        "model": "claude-large",
        "max_tokens": 2_000,
        "stream": True,
        "system": [
            {"type": "text", "text": question().system, "cache_control": {"type": "ephemeral"}},
        ],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "the data"},
                    {"type": "text", "text": "Write the report."},
                ],
            }
        ],
    }
    assert schema["properties"]["summary"]["type"] == "string"
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("structured", ["schema", "prompt"])
@pytest.mark.parametrize("size", list(Size))
async def test_no_request_has_tools(make_desk, structured, size):
    """In every mode, for every model: nothing to act with is sent, and the stand-in finds no fault."""
    desk = make_desk(structured=structured, effort="high")
    for number in range(5):
        await desk.model.ask(question(f"data {number}", size=size), asker())
    assert all(not FORBIDDEN & set(asked.body) for asked in desk.server.asked)
    assert not desk.server.violations


async def test_the_small_model_has_its_own_name_and_effort(make_desk):
    """Effort is sent where it is set, and left to the model where it is not."""
    desk = make_desk(effort_small="low")
    await desk.model.ask(question(size=Size.SMALL), asker())
    await desk.model.ask(question(), asker())
    small, large = (asked.body for asked in desk.server.asked)
    assert (small["model"], small["output_config"]["effort"]) == ("claude-small", "low")
    assert (large["model"], large["output_config"].get("effort")) == ("claude-large", None)


async def test_a_server_without_schemas_gets_it_in_words(make_desk):
    """Then no option is sent at all, and the last text ends with the schema."""
    desk = make_desk(structured="prompt", effort="low")
    await desk.model.ask(question(), asker())
    asked = desk.server.asked[0]
    assert "output_config" not in asked.body
    assert asked.parts[0] == "the data"
    assert asked.parts[1].startswith("Write the report.\n\nAnswer with one JSON object")
    assert json.loads(asked.parts[1].splitlines()[-1])["properties"]["level"]["type"] == "integer"


async def test_a_server_that_repeats_the_key(desk):
    """Some say which key was wrong; the reason, which is logged, does not."""
    desk.server.queue(error(401, message=f"Incorrect API key provided: {KEY}."))
    with pytest.raises(ModelParked) as caught:
        await desk.model.ask(question(), asker())
    assert str(caught.value) == "401 authentication_error"


async def test_what_a_server_finds_wrong_is_passed_on(desk):
    """An operator needs it, and it has none of the data."""
    desk.server.queue(error(400, message="output_config: Extra inputs are not permitted"))
    with pytest.raises(ModelUnusable, match="Extra inputs are not permitted"):
        await desk.model.ask(question(), asker())


async def test_half_a_surrogate_pair_can_be_sent(desk):
    """It came out of somebody's text; the request must leave all the same."""
    await desk.model.ask(question("half \ud83d of it and a \x00"), asker())
    assert desk.server.asked[0].parts[0] == "half ? of it and a \x00"


async def test_the_key_travels_as_a_bearer(desk):
    """With the version that this SDK speaks, and without asking for compression."""
    await desk.model.ask(question(), asker())
    headers = desk.server.asked[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["anthropic-version"] == "2026-10-21"
    assert headers["accept-encoding"] == "identity"


async def test_headers_of_the_operator_win(make_desk):
    """Older servers want the key under another name, and another version."""
    desk = make_desk(headers={"x-api-key": "old", "anthropic-version": "2023-06-01", "x-team": "docs"})
    await desk.model.ask(question(), asker())
    headers = desk.server.asked[0].headers
    assert (headers["x-api-key"], headers["anthropic-version"], headers["x-team"]) == (
        "old",
        "2023-06-01",
        "docs",
    )
    assert not desk.server.violations


async def test_the_environment_has_no_say(make_desk, monkeypatch, tmp_path):
    """No other key, header, address, profile or proxy than those that were given (R54)."""
    (tmp_path / "configs").mkdir()
    (tmp_path / "configs" / "default.json").write_text("not JSON")
    foreign = {
        "ANTHROPIC_API_KEY": "foreign",
        "ANTHROPIC_AUTH_TOKEN": "foreign",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
        "ANTHROPIC_CONFIG_DIR": str(tmp_path),
        "ANTHROPIC_PROFILE": "default",
        "ANTHROPIC_CUSTOM_HEADERS": "x-foreign: 1\nauthorization: Bearer foreign",
        "ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE": "content",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    desk = make_desk(headers={"x-team": "docs"})
    await desk.model.ask(question(), asker())
    headers = desk.server.asked[0].headers
    assert "x-foreign" not in headers
    assert headers["authorization"] == f"Bearer {KEY}"
    client = desk.model._connection._client
    assert client.open_telemetry["traces"]["content_mode"] == "metadata_only"


async def test_no_log_has_a_text(make_desk, caplog, capsys):
    """Neither ours nor the SDK's, whatever level is asked for: not the question, the answer or the key."""
    caplog.set_level(logging.DEBUG)
    desk = make_desk()
    desk.server.queue(answer("an answer nobody logs"), error(400, message="odd: data nobody logs, at 3"))
    await desk.model.ask(question("data nobody logs"), asker())
    with pytest.raises(Exception, match=r"400 invalid_request_error$"):
        await desk.model.ask(question("once more: data nobody logs"), asker())
    logged = caplog.text + "".join(capsys.readouterr())
    assert "nobody logs" not in logged
    assert KEY not in logged


def test_the_sdk_is_not_imported_before_it_is_needed():
    """It takes more than a second and 80 MB."""
    code = "import sys, bot.llm; print([name for name in ('anthropic', 'httpx2') if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


async def test_without_a_key(make_desk):
    """Nothing is sent, no other key is looked for, and the reason names the setting."""
    desk = make_desk(api_key=None)
    with pytest.raises(ModelParked, match="ANTHROPIC_API_KEY"):
        await desk.model.ask(question(), asker())
    assert desk.server.calls == 0


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        pytest.param(Provider(), "ANTHROPIC_API_KEY", id="no key"),
        pytest.param(
            Provider("bedrock", region="us-east-1"), r"prhub\[bedrock\]", id="Bedrock without its extra"
        ),
        pytest.param(
            Provider("vertex", region="us", project="p"), r"prhub\[vertex\]", id="Vertex without its extra"
        ),
    ],
)
def test_what_is_missing_is_said(provider, message):
    """In words that say what to do; extras that are installed here are looked for in vain."""
    if provider.kind != "anthropic" and _is_complete(provider):
        pytest.skip("the extra is installed")
    with pytest.raises(SettingsError, match=message):
        require_provider(provider)


def _is_complete(provider: Provider) -> bool:
    try:
        require_provider(provider)
    except SettingsError:
        return False
    return True


async def test_a_key_that_cannot_be_sent(make_desk):
    """A line break in a key is no header: an operator must act, and the key is in no message."""
    desk = make_desk(api_key=SecretStr("sk-line\nbreak"))
    with pytest.raises(ModelParked, match="no request could be made") as caught:
        await desk.model.ask(question(), asker())
    assert "sk-line" not in str(caught.value)
