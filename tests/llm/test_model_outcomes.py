"""Every way in which a call can end, over real HTTP: what the asker is told, and what the meter counts."""

from __future__ import annotations

import pytest

from bot.errors import ModelAway, ModelParked, ModelRefused, ModelTooLong, ModelUnusable
from bot.llm import Size
from sandbox.messages import Reply, answer, error, refusal, tool_use, truncated
from tests.fakes.llm import KEY, asker, question

DAY, HOUR = 86_400.0, 3_600.0
BACKOFF = 5.0
TOLD = {"retry-after": "60"}
LONG = "prompt is too long: 210000 tokens > 200000 maximum"
WINDOW = "input length and `max_tokens` exceed context limit: 190000 + 16000 > 200000"
HTML = Reply(status=502, raw=b"<html>Bad Gateway</html>", headers={"content-type": "text/html"})

NOT_NOW = [
    pytest.param(error(429, headers=TOLD), "limited", 60, id="429 waits as long as it is told"),
    pytest.param(error(429), "limited", BACKOFF, id="429 that says nothing backs off"),
    pytest.param(
        error(429, code="ramp_limit_exceeded", headers=TOLD), "limited", 60, id="growing too fast is a wait"
    ),
    pytest.param(
        error(429, message="This exceeds the usage limits a minute", headers=TOLD),
        "limited",
        60,
        id="429 with retry-after is no spend limit, whatever its words",
    ),
    pytest.param(error(500), "failed", BACKOFF, id="500 backs off"),
    pytest.param(HTML, "failed", BACKOFF, id="502 with a page of a proxy backs off"),
    pytest.param(error(503), "failed", BACKOFF, id="503 backs off"),
    pytest.param(error(503, headers=TOLD), "failed", 60, id="503 that says when is believed"),
    pytest.param(error(504), "failed", BACKOFF, id="504 backs off"),
    pytest.param(error(529), "overloaded", BACKOFF, id="529 backs off"),
    pytest.param(error(501), "failed", BACKOFF, id="501 backs off"),
    pytest.param(error(408), "failed", BACKOFF, id="408 backs off"),
    pytest.param(error(409), "failed", BACKOFF, id="409 backs off"),
    pytest.param(Reply(status=500, raw=b""), "failed", BACKOFF, id="500 without a body backs off"),
    pytest.param(Reply(status=500, raw=b"[1, 2"), "failed", BACKOFF, id="500 with half a JSON backs off"),
    pytest.param(
        Reply(status=500, raw=b'{"error": ["x"]}'), "failed", BACKOFF, id="500 with another shape backs off"
    ),
    pytest.param(answer("{}", error_after=0), "overloaded", BACKOFF, id="an error is the first event"),
    pytest.param(answer("{}", error_after=3), "overloaded", BACKOFF, id="an error event comes after 200"),
    pytest.param(
        answer("{}", error_after=3, error_type="rate_limit_error"),
        "limited",
        BACKOFF,
        id="429 inside a stream",
    ),
    pytest.param(
        answer("{}", error_after=3, error_type="api_error"), "failed", BACKOFF, id="500 inside a stream"
    ),
    pytest.param(
        answer("{}", error_after=3, error_type="new_error"),
        "failed",
        BACKOFF,
        id="an unknown error in a stream",
    ),
    pytest.param(answer("{}", cut=0), "cut", BACKOFF, id="the stream is cut off before it begins"),
    pytest.param(answer("{}", cut=200), "cut", BACKOFF, id="the stream is cut off"),
    pytest.param(
        answer("{}", cut=200, cut_cleanly=True), "cut", BACKOFF, id="the stream ends early, in order"
    ),
    pytest.param(answer("{}", stop_reason=None), "cut", BACKOFF, id="the stream says no reason to stop"),
    pytest.param(Reply(raw=b"<html>Sign in</html>"), "cut", BACKOFF, id="200 is the page of a proxy"),
    pytest.param(Reply(raw=b""), "cut", BACKOFF, id="200 is empty"),
    pytest.param(
        Reply(raw=b"event: message_start\ndata: {nonsense\n\n"), "cut", BACKOFF, id="an event is not JSON"
    ),
    pytest.param(
        Reply(raw=b"event: message_start\ndata: \xff\xfe\n\n"), "cut", BACKOFF, id="an event is not UTF-8"
    ),
    pytest.param(
        Reply(raw=b"event: message_start\ndata: " + b"[" * 100_000 + b"\n\n"),
        "cut",
        BACKOFF,
        id="an event is nested a hundred thousand deep",
    ),
    pytest.param(
        Reply(
            raw=b'event: content_block_delta\ndata: {"type": "content_block_delta", "delta": {"type": '
            b'"text_delta", "text": [1]}}\n\n'
        ),
        "cut",
        BACKOFF,
        id="a text is a list",
    ),
    pytest.param(
        Reply(raw=b"\x1f\x8b", headers={"content-encoding": "gzip"}),
        "unreachable",
        BACKOFF,
        id="200 is compressed",
    ),
]


@pytest.mark.parametrize(("reply", "outcome", "seconds"), NOT_NOW)
async def test_the_model_is_away(desk, reply, outcome, seconds):
    """The asker comes back later, and the circuit is the only thing that remembers."""
    desk.server.queue(reply)
    with pytest.raises(ModelAway) as caught:
        await desk.model.ask(question(), asker())
    assert not isinstance(caught.value, ModelParked)
    assert caught.value.seconds == pytest.approx(seconds, abs=0.01)
    assert desk.outcomes == [outcome]


PARKED = [
    pytest.param(error(401), HOUR, id="401: the key is wrong"),
    pytest.param(error(403), HOUR, id="403: the key has no right"),
    pytest.param(error(404), HOUR, id="404: no such model"),
    pytest.param(error(402), DAY, id="402: the account is not paid for"),
    pytest.param(error(402, "api_error"), DAY, id="402 by another name"),
    pytest.param(error(400, "billing_error"), DAY, id="400 that is about billing"),
    pytest.param(error(400, code="enforced_spend_limit_reached"), DAY, id="400 at the spend limit"),
    pytest.param(error(429, code="enforced_spend_limit_reached"), DAY, id="429 at the spend limit"),
    pytest.param(
        error(429, code="contract_spend_limit_reached", headers=TOLD),
        DAY,
        id="the contract's limit, even with a wait",
    ),
    pytest.param(
        error(402, code="linked_organization_spend_limit_reached"), DAY, id="a linked organisation's limit"
    ),
    pytest.param(error(400, code="organization_on_hold"), DAY, id="the organisation is on hold"),
    pytest.param(
        error(400, message="Your credit balance is too low to access the API."), DAY, id="no credit, in words"
    ),
    pytest.param(
        error(400, message="You have reached your specified API usage limits."),
        DAY,
        id="usage limits, in words",
    ),
    pytest.param(
        error(429, message="You have reached your spend limit."), DAY, id="429 without a wait about spending"
    ),
    pytest.param(answer("{}", error_after=2, error_type="billing_error"), DAY, id="billing inside a stream"),
    pytest.param(
        answer("{}", error_after=2, error_type="authentication_error"),
        HOUR,
        id="the key expires inside a stream",
    ),
    pytest.param(
        Reply(status=302, raw=b"", headers={"location": "http://127.0.0.1:9/"}),
        HOUR,
        id="a redirect is not followed",
    ),
]


@pytest.mark.parametrize(("reply", "seconds"), PARKED)
async def test_an_operator_must_act(desk, reply, seconds):
    """The model is not asked again until then; nobody pays for finding out once more."""
    desk.server.queue(reply)
    for _ in range(3):
        with pytest.raises(ModelParked) as caught:
            await desk.model.ask(question(), asker())
        assert caught.value.seconds == pytest.approx(seconds)
    assert desk.server.calls == 1
    assert desk.outcomes == ["parked"]
    assert desk.model.away_for() == pytest.approx(seconds)


FOR_GOOD = [
    pytest.param(refusal(), ModelRefused, "refused", id="a refusal"),
    pytest.param(truncated(), ModelTooLong, "truncated", id="cut off at max_tokens"),
    pytest.param(
        answer("{}", stop_reason="model_context_window_exceeded"), ModelTooLong, "too_long", id="the window"
    ),
    pytest.param(error(413), ModelTooLong, "too_long", id="413: the request is too large"),
    pytest.param(error(400, message=LONG), ModelTooLong, "too_long", id="400: the prompt is too long"),
    pytest.param(error(400, message=WINDOW), ModelTooLong, "too_long", id="400: input and output together"),
    pytest.param(
        error(400, message="Input is too long for requested model."),
        ModelTooLong,
        "too_long",
        id="400 of Bedrock",
    ),
    pytest.param(
        Reply(status=400, raw=b'{"message": "Input is too long for requested model."}'),
        ModelTooLong,
        "too_long",
        id="400 of Bedrock in its own form",
    ),
    pytest.param(error(400), ModelUnusable, "rejected", id="400: the request is not understood"),
    pytest.param(error(405), ModelUnusable, "rejected", id="405 is as good as 400"),
    pytest.param(error(422), ModelUnusable, "rejected", id="422 is as good as 400"),
    pytest.param(tool_use(), ModelUnusable, "unusable", id="a tool is used that nobody gave"),
    pytest.param(tool_use(stop_reason="end_turn"), ModelUnusable, "unusable", id="a tool, and then the end"),
    pytest.param(
        answer("{}", stop_reason="pause_turn"), ModelUnusable, "unusable", id="a pause nobody asked for"
    ),
    pytest.param(
        answer("{}", stop_reason="compaction"), ModelUnusable, "unusable", id="a reason nobody knows"
    ),
    pytest.param(answer(""), ModelUnusable, "unusable", id="an empty answer"),
    pytest.param(answer(" \n "), ModelUnusable, "unusable", id="an answer of blanks"),
    pytest.param(answer("{'canarycanary': 1}"), ModelUnusable, "leaked", id="the canary is repeated"),
    pytest.param(answer("{'CanaryCANARY': 1}"), ModelUnusable, "leaked", id="the canary in capitals"),
    pytest.param(answer('{"a": "boundary\\u00377"}'), ModelUnusable, "leaked", id="the boundary in escapes"),
    pytest.param(answer("not JSON: boundary\\u00377"), ModelUnusable, "leaked", id="escapes outside of JSON"),
    pytest.param(answer(f'{{"a": "{KEY}"}}'), ModelUnusable, "leaked", id="our key is repeated"),
]


@pytest.mark.parametrize(("reply", "kind", "outcome"), FOR_GOOD)
async def test_asking_again_would_not_help(desk, reply, kind, outcome):
    """The server is well, and the question is at an end: no wait, and nothing is kept."""
    desk.server.queue(reply)
    with pytest.raises(kind):
        await desk.model.ask(question(), asker())
    assert desk.outcomes == [outcome]
    assert desk.model.away_for() == 0
    assert not desk.kept.answers


FINE = [
    pytest.param(answer("{}", stop_reason="stop_sequence"), "{}", id="stopped at a sequence"),
    pytest.param(answer("I will not."), "I will not.", id="not JSON: the reader of answers decides"),
    pytest.param(
        answer("{}", blocks=({"type": "thinking", "thinking": "hm"},)), "{}", id="thoughts are no answer"
    ),
    pytest.param(
        answer("{}", usage={"input_tokens": -5, "output_tokens": "x"}), "{}", id="counts that are none"
    ),
    pytest.param(
        answer('{"summary": "é 好 \U0001f600"}'), '{"summary": "é 好 \U0001f600"}', id="all letters"
    ),
    pytest.param(answer("x" * 1_000_000), "x" * 1_000_000, id="a megabyte"),
]


@pytest.mark.parametrize(("reply", "text"), FINE)
async def test_an_answer_is_an_answer(desk, reply, text):
    """Letter by letter, whatever stands around it."""
    desk.server.queue(reply)
    answered = await desk.model.ask(question(), asker())
    assert answered.text == text
    assert desk.outcomes == ["answered"]


async def test_how_much_would_fit_is_passed_on(desk):
    """So that the question is made as small as need be, at once."""
    desk.server.queue(error(400, message=LONG))
    with pytest.raises(ModelTooLong) as caught:
        await desk.model.ask(question(), asker())
    assert caught.value.tokens == 200_000


async def test_one_unknown_model_does_not_stop_the_other(desk):
    """404 and 403 are about the model that was asked; the other one may be asked still."""
    desk.server.queue(error(404))
    with pytest.raises(ModelParked):
        await desk.model.ask(question(size=Size.SMALL), asker())
    assert (await desk.model.ask(question(), asker())).text
    assert desk.model.away_for() == 0


async def test_an_endless_answer_is_cut_off(desk):
    """Sixteen megabytes are no report."""
    desk.server.queue(Reply(raw=(b":" + b"x" * 100_000 + b"\n\n") * 170))
    with pytest.raises(ModelAway):
        await desk.model.ask(question(), asker())
    assert desk.outcomes == ["cut"]


async def test_nobody_listens(make_desk):
    """A refused connection is an outage like any other."""
    desk = make_desk(base_url="http://127.0.0.1:9")
    with pytest.raises(ModelAway, match="cannot be reached"):
        await desk.model.ask(question(), asker())
    assert desk.outcomes == ["unreachable"]
