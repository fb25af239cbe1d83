"""The stand-in Messages API: it notes what must not be sent, and its own answers can be verified."""

from __future__ import annotations

import json

import aiohttp
import pytest

from sandbox.messages import answer, failing, hostile, plausible, running
from sandbox.messages.material import material

DATA = """zq7 title
Write the table whole
zq7 "app/store.py"
@@ def save
 kept = 1
+    with atomic(path) as file:
-    with open(path) as file:
zq7 "docs/new file.md" {"status":"added"}
A whole line that is new
zq7 thread 1 {"on":"app/store.py"}
octo-lead: does this hold?
zq7 end"""
SCHEMA = {
    "$defs": {
        "Cited": {"type": "object", "title": "Cited", "properties": {}},
        "Claim": {"type": "object", "title": "Claim", "properties": {}},
        "FileClaim": {"type": "object", "title": "FileClaim", "properties": {}},
        "CheckClaim": {"type": "object", "title": "CheckClaim", "properties": {}},
    },
    "type": "object",
    "properties": {
        "summary": {"$ref": "#/$defs/Claim"},
        "files": {"type": "array", "items": {"$ref": "#/$defs/FileClaim"}},
        "checks": {"type": "array", "items": {"$ref": "#/$defs/CheckClaim"}},
        "level": {"type": "integer"},
        "unknown": {"type": "array", "items": {"type": "string"}},
    },
}
BODY = {
    "model": "claude-large",
    "max_tokens": 100,
    "system": [{"type": "text", "text": "x" * 400, "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": [{"type": "text", "text": DATA}, {"type": "text", "text": "Write it."}]}
    ],
    "output_config": {"format": {"type": "json_schema", "schema": SCHEMA}},
}
HEADERS = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}


async def asked(messages, body=None, headers=None):
    """Send one request; give status, and the answer as JSON."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{messages.url}/v1/messages", json=body or BODY, headers=headers or HEADERS
        ) as response,
    ):
        return response.status, json.loads(await response.text())


async def test_an_answer_keeps_to_the_schema_and_quotes_the_data():
    """Its quotes are lines that came with the change, under the paths they came in."""
    async with running() as messages:
        _, message = await asked(messages)
    found = json.loads(message["content"][0]["text"])
    assert found["summary"]["evidence"] == [{"where": "app/store.py", "quote": "with atomic(path) as file:"}]
    assert [each["path"] for each in found["files"]] == ["app/store.py", "docs/new file.md"]
    assert [(each["thread"], each["state"]) for each in found["checks"]] == [("thread 1", "unknown")]
    assert (found["level"], found["unknown"]) == (0, [])
    assert not messages.violations


def test_the_data_is_taken_apart_by_its_boundary():
    """Heads are where the boundary says; lines of an added file have no mark."""
    known = material([DATA, "Write it, in Simplified Chinese."])
    assert [name for name, _, _ in known.blocks] == ["title", "app/store.py", "docs/new file.md", "thread 1"]
    assert known.quotes[1] == ("docs/new file.md", "A whole line that is new")
    assert known.is_chinese


async def test_the_cache_is_counted():
    """A fixed part that was seen before is read, not written."""
    async with running() as messages:
        usages = [(await asked(messages))[1]["usage"] for _ in range(2)]
    counts = [(each["cache_creation_input_tokens"], each["cache_read_input_tokens"]) for each in usages]
    assert counts == [(100, 0), (0, 100)]


@pytest.mark.parametrize(
    ("change", "headers", "found"),
    [
        pytest.param({"tools": []}, HEADERS, "unknown key tools", id="tools"),
        pytest.param({"mcp_servers": []}, HEADERS, "unknown key mcp_servers", id="servers"),
        pytest.param({"max_tokens": 0}, HEADERS, "max_tokens out of bounds", id="no room for an answer"),
        pytest.param({"system": "x"}, HEADERS, "the system prompt is not marked for the cache", id="no mark"),
        pytest.param({}, {"authorization": "Bearer key"}, "no known anthropic-version", id="no version"),
        pytest.param({}, {"anthropic-version": "2026-10-21"}, "no key", id="no key"),
        pytest.param({"output_config": {"effort": "huge"}}, HEADERS, "unknown effort", id="an effort"),
        pytest.param({"messages": []}, HEADERS, "not a single turn of a user", id="no turn"),
    ],
)
async def test_what_must_not_be_sent_is_noted(change, headers, found):
    """Each fault has its name."""
    async with running(lambda _: answer("{}")) as messages:
        await asked(messages, {**BODY, **change}, headers)
    assert found in messages.violations


async def test_failures_come_in_their_shares():
    """And the same request meets another fate when it is sent again."""
    async with running(failing({"overloaded": 0.2, "refusal": 0.2})) as messages:
        answers = [await asked(messages) for _ in range(100)]
    assert 8 <= sum(status == 529 for status, _ in answers) <= 32
    assert 8 <= sum(message.get("stop_reason") == "refusal" for _, message in answers) <= 32


async def test_a_hostile_model_keeps_to_the_form():
    """What it says is poison; that it is JSON with the right keys lets it get far."""
    async with running(hostile) as messages:
        answers = [(await asked(messages))[1] for _ in range(12)]
    texts = [message["content"][0]["text"] for message in answers]
    assert all({"summary", "files", "checks"} <= set(json.loads(text)) for text in texts)
    assert all(
        any(word in text for text in texts) for word in ("@octo-lead", "<script>", "evil.example", "4711")
    )


async def test_what_is_queued_comes_first():
    """Then the responder answers again."""
    async with running(plausible) as messages:
        messages.queue(answer("first"))
        found = [(await asked(messages))[1]["content"][0]["text"] for _ in range(2)]
    assert found[0] == "first"
    assert found[1] != "first"
