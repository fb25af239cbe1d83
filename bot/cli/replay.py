"""``prhub replay``: a stored delivery is taken again, as if GitHub had just sent it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from bot.cli.stored import age, moment, settings_here, with_store
from bot.deliveries import Envelope, Policy, parse_delivery, to_trigger
from bot.errors import RejectedDelivery, UserError
from bot.store.jobs import Jobs
from bot.store.received import Received
from bot.store.triggers import TriggerState

if TYPE_CHECKING:
    from bot.model import Trigger
    from bot.settings import Settings
    from bot.store import Store
    from bot.store.received import ReceivedDelivery

UNDER_WAY = frozenset({TriggerState.NEW, TriggerState.STARTED})


@click.command()
@click.argument("guid")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done; write nothing.")
def command(guid: str, dry_run: bool) -> None:  # noqa: FBT001 - click passes it by name
    """Take the delivery GUID again: its work is done once more by the running server.

    GUID is what GitHub shows under the app's recent deliveries. Bodies are kept for 7 days.
    """
    settings = settings_here()

    async def work(store: Store) -> list[str]:
        received = await found_delivery(store, settings, guid)
        return await _replay(store, received, asked_for(received, settings), dry_run=dry_run)

    for line in with_store(settings, work, read_only=dry_run):
        click.echo(line)


async def found_delivery(store: Store, settings: Settings, guid: str) -> ReceivedDelivery:
    """Give a stored delivery. Raises ``UserError`` if it is not there."""
    received = await Received(store).get(guid, settings.app_id)
    if received is None:
        raise UserError(
            f"There is no delivery {guid[:64]} in the store (they are kept for 30 days): "
            "GitHub can send it again, on the app's page under Advanced, or use prhub report "
            "OWNER/REPO#N --publish."
        )
    return received


def asked_for(received: ReceivedDelivery, settings: Settings) -> Trigger | None:
    """Read a delivery again with the settings of today; ``None``: it asks for nothing.

    Raises ``UserError`` if its body is gone or is none that is accepted.
    """
    if received.body is None:
        raise UserError(
            f"The body of {received.guid} is gone: it is kept for 7 days, and this one came "
            f"{age(received.received_at)} ago. Use prhub report OWNER/REPO#N --publish."
        )
    policy = Policy(
        now=time.time(),
        repositories=settings.repositories,
        refresh_delay=settings.refresh_delay,
        commands=True,
    )
    try:
        envelope = Envelope(event=received.event, guid=received.guid, signature="")
        return to_trigger(parse_delivery(envelope, received.body), policy)
    except RejectedDelivery as error:
        raise UserError(f"The delivery {received.guid} is not accepted: {error.reason}.") from error


async def _replay(
    store: Store, received: ReceivedDelivery, trigger: Trigger | None, *, dry_run: bool
) -> list[str]:
    told = [f"delivery  {received.guid}: {received.name}, received {moment(received.received_at)}"]
    if trigger is None:
        why = "nobody acts on such a delivery, or PRHUB_REPOSITORIES leaves it out"
        return [*told, f"asks for  nothing: {why}", "Nothing is to be done."]
    about = f" for {trigger.repository}#{trigger.number}" if trigger.number else ""
    told.append(f"asks for  {trigger.kind.value}{about}, key {trigger.key}")
    jobs = Jobs(store)
    if dry_run:
        known = (await jobs.named([trigger.key])).get(trigger.key)
        before = None if known is None else known.state
        told.append(f"now       {_state(before, known.reason if known is not None else None)}")
        return [*told, f"Nothing was written. Without --dry-run: {_outcome(before, done=False)}"]
    before = await jobs.ask(trigger, received.guid)
    return [*told, f"before    {_state(before, None)}", _outcome(before, done=True)]


def _state(state: TriggerState | None, reason: str | None) -> str:
    if state is None:
        return "not in the store"
    return state.value if reason is None else f"{state.value}: {reason}"


def _outcome(before: TriggerState | None, *, done: bool) -> str:
    if before in UNDER_WAY:
        return "It is under way already, and stays as it is."
    how = "stored" if before is None else "taken up anew"
    return f"It {'was' if done else 'would be'} {how}; a running server acts on it within seconds."
