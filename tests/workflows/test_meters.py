"""What an operator watches: each number is there, and one event moves it (R116)."""

from __future__ import annotations

import aiohttp
import pytest

from bot.errors import RateLimited
from bot.github.answers import check, check_graphql
from bot.model import Usage
from bot.workflows import edge
from bot.workflows.services import Meters
from sandbox.payloads import pull_request_payload
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import send_merge, until
from tests.fakes.sweeping import merged


async def numbers(play) -> dict[str, float]:
    """What Prometheus reads."""
    async with aiohttp.ClientSession() as session:
        text = await (await session.get(f"{play.running.address}/metrics")).text()
    lines = (line.rpartition(" ") for line in text.splitlines() if line.startswith("prhub_"))
    return {name: float(value) for name, _, value in lines}


async def test_a_delivery_its_copy_and_its_end_are_counted(play):
    """Received, deduplicated, done."""
    pull = add_merge(play.state)
    await play.merge(pull, pull)
    found = await numbers(play)
    assert found['prhub_deliveries_total{event="pull_request",outcome="accepted"}'] == 1
    assert found['prhub_deliveries_total{event="pull_request",outcome="duplicate"}'] == 1
    assert found['prhub_work_total{end="done",kind="report"}'] == 1
    assert (found['prhub_triggers{state="done"}'], found['prhub_triggers{state="dead"}']) == (1, 0)
    assert found['prhub_queue_age_seconds{state="started"}'] == 0


async def test_a_dead_job_is_seen(play, monkeypatch):
    """The alert that every operator should have."""

    async def broken(*_arguments):
        raise KeyError("poison")

    monkeypatch.setattr("bot.workflows.stages.read_pull", broken)
    monkeypatch.setattr(edge, "BACKOFF", (0.05,))
    await play.merge(add_merge(play.state))
    assert (await numbers(play))['prhub_triggers{state="dead"}'] == 1


async def test_the_age_of_what_waits_grows(play):
    """GitHub is slow: the work has been due for as long."""
    fault = play.github.faults.add("delay_before", path="/graphql", times=1, seconds=1.5)
    assert await send_merge(play.github, REPOSITORY, add_merge(play.state)) == 202
    await until(lambda: fault.fired == 1)
    first = (await numbers(play))['prhub_queue_age_seconds{state="started"}']
    second = (await numbers(play))['prhub_queue_age_seconds{state="started"}']
    assert 0 < first < second < 10


async def test_a_limit_of_github_that_was_hit_is_counted_by_its_kind(play):
    """GraphQL answers 200 and an error; REST answers 403."""
    play.github.faults.add("graphql_limited", path="/graphql", times=1)
    assert await send_merge(play.github, REPOSITORY, add_merge(play.state)) == 202
    hit = play.running.services.meters.limits_hit.labels("graphql")
    await until(lambda: hit._value.get() == 1)
    assert (await numbers(play))['prhub_limits_hit_total{kind="graphql"}'] == 1


@pytest.mark.parametrize(
    ("status", "headers", "message", "kind"),
    [
        pytest.param(
            403,
            {"x-ratelimit-remaining": "0", "x-ratelimit-resource": "core"},
            "API rate limit exceeded for installation ID 3.",
            "primary",
            id="the hour's quota is used up",
        ),
        pytest.param(
            403,
            {"x-ratelimit-remaining": "0", "x-ratelimit-resource": "graphql"},
            "API rate limit exceeded",
            "graphql",
            id="GraphQL's own quota is used up",
        ),
        pytest.param(
            403,
            {"x-ratelimit-remaining": "4000", "retry-after": "60"},
            "You have exceeded a secondary rate limit.",
            "secondary",
            id="too much at once, with quota left",
        ),
        pytest.param(
            429,
            {"x-ratelimit-remaining": "0"},
            "You have exceeded a secondary rate limit.",
            "secondary",
            id="GitHub's own words count more than the quota",
        ),
        pytest.param(429, {}, "", "secondary", id="a refusal without a word"),
        pytest.param(422, {}, "was submitted too quickly", "secondary", id="content, too quickly"),
    ],
)
def test_each_limit_has_its_kind(status, headers, message, kind):
    """What to do is another thing for each: wait an hour, or write less at once."""
    with pytest.raises(RateLimited) as found:
        check(status, headers, b'{"message": "%s"}' % message.encode())
    assert found.value.kind == kind


def test_graphqls_limit_inside_an_answer_has_its_kind():
    """Its status is 200."""
    with pytest.raises(RateLimited) as found:
        check_graphql({"errors": [{"type": "RATE_LIMITED"}]}, {})
    assert found.value.kind == "graphql"


def test_a_limit_of_the_model_is_counted_with_githubs():
    """``limited`` is the outcome of a 429 that is about the pace."""
    meters = Meters()
    meters.asked("report", "m", "limited", Usage(), 0.1)
    meters.asked("report", "m", "answered", Usage(), 0.1)
    assert meters.limits_hit.labels("model")._value.get() == 1


async def test_a_missed_delivery_is_counted_when_it_is_asked_for_and_when_it_came(rig):
    """Redelivered; and recovered, once nothing of the gap is left to come."""
    first = rig.sweep()
    await first.beat()
    async with rig.up():
        await first.poll_deliveries()
    rig.clock.now += 600
    repository = the_repository(rig.github.state)
    pull = merged(rig, repository, 1)
    payload = pull_request_payload(rig.github.state, repository, pull, "closed")
    await rig.send([("pull_request", payload)])
    rig.clock.now += 600
    second = rig.sweep()
    await second.beat()
    async with rig.up():
        await second.poll_deliveries()
        await rig.arrive()
        rig.clock.now += 30
        await second.poll_deliveries()
    assert rig.meters.redelivered.labels("asked")._value.get() == 1
    assert rig.meters.recovered.labels("redelivery")._value.get() == 1


async def test_a_merge_that_a_scan_found_is_counted(scanned):
    """GitHub never sent it."""
    merged(scanned, the_repository(scanned.github.state), 1)
    scanned.clock.now += 1000
    await scanned.scan_all()
    assert scanned.meters.recovered.labels("scan")._value.get() == 1
