"""The Batches API over real HTTP: made, found, waited for and read, whatever a server answers."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from pydantic import SecretStr

from bot.errors import ModelAway, ModelParked
from bot.llm import ModelSettings, Provider
from bot.llm.batches import BatchClient, BatchUnknown
from bot.llm.results import parse_results
from sandbox.messages import answer, running
from tests.fakes.llm import KEY, PATIENT, question, raw_server


@pytest.fixture
async def server():
    async with running(lambda _: answer({"summary": "It works.", "level": 1})) as messages:
        yield messages


def settings(address, **provider):
    return ModelSettings(
        replace(Provider(api_key=SecretStr(KEY), base_url=address), **provider),
        "claude-large",
        "claude-small",
        timeouts=PATIENT,
    )


@pytest.fixture
async def client(server):
    made = BatchClient(settings(server.url))
    yield made
    await made.aclose()


async def test_a_batch_is_made_waited_for_and_read(client, server):
    """Its questions are those that are asked directly, without the stream; results come in any order."""
    server.batches.seconds = 0.2
    bodies = [(f"prhub-{number}", await client.body(question(f"data {number}"))) for number in range(3)]
    made = await client.create(bodies)
    assert (made.size, made.ended) == (3, False)
    assert abs(made.made_at - time.time()) < 5
    while not (told := await client.get(made.id)).ended:
        pass
    assert told.has_results
    results = {one.id: one.reply for one in await client.results(made.id)}
    assert sorted(results) == ["prhub-0", "prhub-1", "prhub-2"]
    assert {json.loads(reply.text)["summary"] for reply in results.values()} == {"It works."}
    assert all(reply.usage.tokens_in and reply.usage.tokens_out for reply in results.values())
    assert not server.violations


async def test_batches_are_listed_page_by_page_back_to_a_moment(client, server):
    """Of 130 batches, those since a moment."""
    body = await client.body(question())
    for number in range(130):
        await client.create([(f"a-{number}", body)])
    assert len(await client.since(0.0)) == 130
    for batch in server.batches.made[:50]:
        batch.made_at -= 5_000
    assert len(await client.since(time.time() - 1_000)) == 80


async def test_a_name_that_nobody_knows_is_none(client):
    """A batch that was deleted."""
    assert await client.get("msgbatch_9999") is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        pytest.param(401, ModelParked, id="a wrong key needs an operator"),
        pytest.param(400, ModelParked, id="a batch that is refused as it is, too"),
        pytest.param(429, ModelAway, id="a limit is waited for"),
        pytest.param(500, BatchUnknown, id="after an error of the server nobody knows"),
    ],
)
async def test_what_an_error_means(client, server, status, error):
    """Whether a batch may have come to be."""
    server.batches.refuse = [status]
    with pytest.raises(error) as raised:
        await client.create([("a", await client.body(question()))])
    assert type(raised.value) is error
    assert KEY not in str(raised.value)


async def test_a_lost_answer_is_told_from_a_server_that_is_not_there(client, server):
    """The first may have made a batch, the second has not."""
    server.batches.lose = 1
    body = await client.body(question())
    with pytest.raises(BatchUnknown):
        await client.create([("a", body)])
    nowhere = BatchClient(settings("http://127.0.0.1:9"))
    with pytest.raises(ModelAway) as raised:
        await nowhere.create([("a", body)])
    assert not isinstance(raised.value, BatchUnknown)
    await nowhere.aclose()


@pytest.mark.parametrize("answered", [b"<html>", b"[]", b"{}", b'{"id": 7}', b'{"id": "../../x"}', b""])
async def test_an_answer_that_is_no_batch_leaves_it_unknown(answered):
    """Nothing is believed of it."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(answered)
    async with raw_server(head + answered) as address:
        client = BatchClient(settings(address))
        with pytest.raises(BatchUnknown):
            await client.create([("a", await client.body(question()))])
        await client.aclose()


@pytest.mark.parametrize("kind", ["bedrock", "vertex"])
async def test_other_providers_have_none(kind):
    """The error says what to do."""
    client = BatchClient(settings(None, kind=kind, region="eu-west-1", project="p"))
    with pytest.raises(ModelParked, match="--now"):
        await client.body(question())


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        pytest.param("", None, id="an empty line"),
        pytest.param("no json", None, id="no JSON"),
        pytest.param("[" * 100_000, None, id="very deep JSON"),
        pytest.param('{"custom_id": 7, "result": {}}', None, id="an id that is none"),
        pytest.param('{"custom_id": "a", "result": {"type": "expired"}}', "expired", id="expired"),
        pytest.param('{"custom_id": "a", "result": {"type": "canceled"}}', "canceled", id="cancelled"),
        pytest.param('{"custom_id": "a", "result": {"type": "new"}}', "failed", id="a type of next year"),
        pytest.param('{"custom_id": "a", "result": {"type": "succeeded"}}', "failed", id="without a message"),
        pytest.param(
            '{"custom_id": "a", "result": {"type": "succeeded", "message": {"content": [{"type": "text", '
            '"text": 7}]}}}',
            "failed",
            id="text that is none",
        ),
    ],
)
def test_lines_that_are_no_answers(line, outcome):
    """They are passed over, or end their entry without a cost."""
    results = parse_results(f"{line}\n")
    assert [one.unasked for one in results] == ([] if outcome is None else [outcome])


def test_a_line_separator_inside_an_answer_is_a_part_of_it():
    """Only a line feed ends a line."""
    message = {"content": [{"type": "text", "text": "a\u2028b"}], "stop_reason": "end_turn", "usage": {}}
    row = {"custom_id": "a", "result": {"type": "succeeded", "message": message}}
    (result,) = parse_results(json.dumps(row, ensure_ascii=False))
    assert (result.reply.text, result.reply.stop_reason) == ("a\u2028b", "end_turn")
