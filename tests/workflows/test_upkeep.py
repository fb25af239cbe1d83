"""What is forgotten, and what is kept."""

from __future__ import annotations

import time

import pytest

from bot.store import Inbox, TriggerState
from bot.workflows.upkeep import TRIGGER_SECONDS, clean_up
from sandbox.payloads import pull_request_payload
from tests.fakes.github import add_merge, the_repository


@pytest.mark.parametrize(
    ("days", "kept"),
    [pytest.param(29, True, id="within 30 days"), pytest.param(31, False, id="after 30 days")],
)
async def test_ended_refreshes_are_forgotten_and_reports_are_not(play, days, kept):
    """A report's trigger keeps a late redelivery from starting over."""
    pull = add_merge(play.state)
    await play.merge(pull)
    await play.send(
        "pull_request", pull_request_payload(play.state, the_repository(play.state), pull, "edited")
    )
    services = play.running.services
    inbox = Inbox(services.triggers.store, services.app_id)
    await clean_up(inbox, services, time.time() + days * 86400)
    counts = await services.triggers.counts()
    assert counts == {TriggerState.DONE.value: 2 if kept else 1}
    assert TRIGGER_SECONDS == 30 * 86400
    assert (await play.outcome(pull))[0] == "done"


async def test_ended_workflows_are_forgotten_and_a_redelivery_still_does_nothing(play):
    """The trigger's key outlives the workflow it started."""
    pull = add_merge(play.state)
    await play.merge(pull)
    services = play.running.services
    await clean_up(Inbox(services.triggers.store, services.app_id), services, time.time() + 40 * 86400)
    play.github.log.clear()
    await play.merge(pull)
    assert play.github.log.records == []
    assert len(play.comments(pull)) == 1
