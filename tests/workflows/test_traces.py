"""One trace from the delivery to the comment, over the durable hand-over, and nobody's text in it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bot.errors import UserError
from bot.otel import ids_of
from bot.tracing import exporter_of
from sandbox import messages
from sandbox.messages import plausible
from tests.fakes.commanding import say
from tests.fakes.github import REPOSITORY, add_merge
from tests.fakes.process import SECRET, play_over

TEXT = "zzmarkbody"
KEY = "sk-ant-canary-trace-Zq8Wm2Lx7"
HEADER = "collector-secret-Hq7Ym3"


@asynccontextmanager
async def collector():
    """A loopback OTLP collector; gives its address and the spans it got, by trace."""
    spans: dict[str, list[dict[str, object]]] = {}

    async def take(request: web.Request) -> web.Response:
        message = ExportTraceServiceRequest.FromString(await request.read())
        assert request.headers["x-collector"] == HEADER
        for resource in message.resource_spans:
            for scope in resource.scope_spans:
                for span in scope.spans:
                    told = {a.key: a.value.string_value or a.value.int_value for a in span.attributes}
                    found = {"name": span.name, "id": span.span_id.hex(), "parent": span.parent_span_id.hex()}
                    scoped = {"scope": scope.scope.name, "events": len(span.events)}
                    spans.setdefault(span.trace_id.hex(), []).append({**found, **scoped, "told": told})
        return web.Response()

    application = web.Application()
    application.router.add_post("/v1/traces", take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", spans
    finally:
        await runner.cleanup()


@pytest.fixture
async def spans(github, app_key, tmp_path, monkeypatch):
    """The spans of a merge and of a command, with a model and a failure on the way, by trace."""
    async with collector() as (address, found), messages.running(plausible) as model:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"x-collector={HEADER}")
        changes = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        async with play_over(github, app_key.private, tmp_path, **changes) as play:
            github.faults.add("error", path="/graphql", times=2, status=502)
            pull = add_merge(play.state, {"engine/a.py": f"x = '{TEXT}'\n"}, title=TEXT, body=TEXT)
            await play.merge(pull)
            await say(play, pull, f"/prhub feedback {TEXT}")
        yield found


async def test_a_merge_is_one_trace_from_its_delivery_to_its_comment(spans, github):
    """The ids follow from the delivery's; every part hangs below the request that brought it."""
    guid = github.state.deliveries[0].guid
    trace = spans[f"{ids_of(guid)[0]:032x}"]
    (root,) = [span for span in trace if not span["parent"]]
    assert (root["name"], root["id"]) == ("webhook", f"{ids_of(guid)[1]:016x}")
    ids = {span["id"] for span in trace}
    assert [span["name"] for span in trace if span["parent"] and span["parent"] not in ids] == []
    names = [span["name"] for span in trace]
    for name in ("report", "facts", "insights", "text", "publish", "finish", "close", "GET", "POST"):
        assert name in names
    (asked,) = [span["told"] for span in trace if span["name"].startswith("chat ")]
    assert asked["gen_ai.usage.input_tokens"] > 0
    assert asked["gen_ai.usage.output_tokens"] > 0
    work = next(span["told"] for span in trace if span["name"] == "report")
    assert (work["prhub.repository"], work["prhub.pull"], work["prhub.delivery"]) == (REPOSITORY, 1, guid)
    requests = [span["told"] for span in trace if span["name"] in {"GET", "POST"}]
    assert {502, 200} <= {told["http.response.status_code"] for told in requests}


async def test_no_span_has_a_text_or_a_secret_and_all_are_ours(spans, app_key):
    """Neither the engine nor the model's SDK puts spans of its own there, and errors have no words."""
    said = json.dumps(spans)
    secrets = [TEXT, KEY, HEADER, SECRET, "Bearer", *app_key.private.split("\n")[1:-2]]
    assert [secret for secret in secrets if secret in said] == []
    flat = [span for trace in spans.values() for span in trace]
    assert {(span["scope"], span["events"]) for span in flat} == {("prhub", 0)}
    assert len({trace for trace in spans if any(s["name"] == "command" for s in spans[trace])}) == 1


@pytest.mark.parametrize(
    ("environ", "exporter"),
    [
        pytest.param({}, None, id="nobody asked"),
        pytest.param({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, "otlp", id="an address is enough"),
        pytest.param({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, "otlp", id="that of traces alone"),
        pytest.param({"OTEL_TRACES_EXPORTER": "otlp"}, "otlp", id="the usual address is meant"),
        pytest.param({"OTEL_TRACES_EXPORTER": "console"}, "console", id="to look at"),
        pytest.param(
            {"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, None, id="off"
        ),
        pytest.param(
            {"OTEL_SDK_DISABLED": "true", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, None, id="all off"
        ),
    ],
)
def test_whether_traces_are_made_follows_opentelemetrys_variables(environ, exporter):
    """No setting of our own beside them."""
    assert exporter_of(environ) == exporter


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        pytest.param({"OTEL_TRACES_EXPORTER": "zipkin"}, "otlp, console or none", id="an exporter"),
        pytest.param(
            {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"},
            "http/protobuf",
            id="a protocol",
        ),
    ],
)
def test_what_is_not_spoken_is_refused(environ, words):
    """In one line that says what to write."""
    with pytest.raises(UserError, match=words):
        exporter_of(environ)


def test_without_being_asked_nothing_of_the_sdk_is_imported():
    """Starting costs no more than without the extra."""
    code = "import sys, bot.wiring; sys.exit('opentelemetry.sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_without_the_extra_the_error_names_it():
    """And says how to do without."""
    code = (
        "import asyncio, sys\n"
        "sys.modules['opentelemetry.sdk'] = None\n"
        "from bot.errors import UserError\n"
        "from bot.tracing import open_traces\n"
        "async def main():\n"
        "    async with open_traces({'OTEL_TRACES_EXPORTER': 'otlp'}, '1'): pass\n"
        "try: asyncio.run(main())\n"
        "except UserError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "prhub[otel]" in done.stdout
