"""The checks of the work: a server runs, is ready and keeps up, nothing is dead, reports and digests come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp

from bot.doctor.finding import Finding, age, error, not_checked, note, ok, warning
from bot.redaction import clean_line
from bot.store import Ledger, Triggers, TriggerState
from bot.store.jobs import JobQuery, Jobs
from bot.store.processes import Processes
from bot.workflows.heartbeat import LONG_AGO, PULSE
from bot.workflows.neighbours import here, is_gone

if TYPE_CHECKING:
    from bot.doctor.case import Case
    from bot.store import Store
    from bot.store.processes import Seen

# New triggers are handed to the engine within seconds; what is under way may wait for the model.
LATE_NEW = 600.0
VERY_LATE_NEW = 3600.0
LATE_STARTED = 3600.0
_READY_SECONDS = aiohttp.ClientTimeout(total=6)
_NEARLY = 0.8


async def present(store: Store) -> list[Seen]:
    """Give the servers that run on this database; one that is silent only if it is seen to run here."""
    place = here()
    seen = [one for one in await Processes(store).seen() if not is_gone(one.process, place)]
    return [one for one in seen if not is_silent(one) or _is_seen_here(one, place)]


def _is_seen_here(one: Seen, place: str) -> bool:
    return bool(place) and one.process.place == place and one.process.pid > 0 and one.age < LONG_AGO


def is_silent(one: Seen) -> bool:
    """Whether a server has not been able to say for too long that it lives."""
    return one.age > PULSE.silence


def look_at_servers(found: list[Seen]) -> list[Finding]:
    """Tell whether somebody takes deliveries and somebody works."""
    alive = [one for one in found if not is_silent(one)]
    if found and not alive:
        one = found[0]
        what = f"process {one.process.pid} seems to run here, and its heartbeat is {age(one.age)} old"
        advice = "It cannot write to the database, or hangs: see database, disk and ready, and its log."
        return [error("server", what, advice)]
    takes = [one for one in alive if one.process.mode.takes_deliveries]
    works = [one for one in alive if one.process.mode.works]
    if not alive:
        advice = "Start prhub serve; what GitHub sends meanwhile fails, and is asked for again afterwards."
        return [warning("server", "no server runs on this database", advice)]
    if not works:
        what = "deliveries are taken, and nobody works on them"
        return [error("server", what, "Start prhub serve --worker-only beside the others.")]
    if not takes:
        what = "no process takes deliveries"
        return [
            error("server", what, "Start prhub serve, or prhub serve --web-only, behind the Webhook URL.")
        ]
    return [ok("server", f"{len(alive)} {'runs' if len(alive) == 1 else 'run'} on this database")]


async def look_at_readiness(case: Case, alive: list[Seen]) -> list[Finding]:
    """Ask the server of this machine itself, where its port is known."""
    settings, place = case.settings, here()
    mine = [one for one in alive if place and one.process.place == place]
    if not mine or not settings.port or case.spoilt("HOST", "PORT"):
        why = "its port is not set" if mine else "no server runs on this machine"
        return [not_checked("ready", why)]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 - not listened on
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    url = f"http://{host}:{settings.port}/readyz"
    try:
        async with (
            aiohttp.ClientSession(trust_env=False, timeout=_READY_SECONDS) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            status, said = (
                answer.status,
                clean_line((await answer.content.read(2000)).decode("utf-8", "replace"), 400),
            )
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        what = f"a server runs here, and {url} does not answer ({type(fault).__name__})"
        return [
            warning(
                "ready", what, "Run prhub doctor with the server's own HOST and PORT; else look at its log."
            )
        ]
    if status == 200:
        return [ok("ready", f"{url} says so")]
    advice = "Look at the findings about database and disk, and at the server's log; restart it if it stays."
    return [error("ready", f"{url} answers {status}: {said}", advice)]


async def look_at_queue(case: Case, store: Store, alive: list[Seen]) -> list[Finding]:
    """Tell how long work has been waiting."""
    ages = await Triggers(store).ages(case.clock())
    new, started = ages.get("new", 0.0), ages.get("started", 0.0)
    if new > LATE_NEW and not alive:
        return [note("queue", f"work has been waiting for {age(new)}", "It is taken up when a server runs.")]
    if new > LATE_NEW:
        what = f"work has been waiting for {age(new)} and is not taken up"
        advice = "Look at the log of the workers for `draining failed`, and restart them."
        return [(error if new > VERY_LATE_NEW else warning)("queue", what, advice)]
    if started > LATE_STARTED:
        what = f"work has been under way for {age(started)}"
        return [warning("queue", what, "prhub jobs shows why: GitHub or the model may be away.")]
    return [ok("queue", "nothing waits" if not new and not started else "work is under way")]


async def look_at_jobs(store: Store) -> list[Finding]:
    """Tell of work that was given up, and of work that is parked."""
    counts = await Triggers(store).counts()
    dead, parked = counts.get("dead", 0), counts.get("parked", 0)
    found = []
    if dead:
        newest = (await Jobs(store).find(JobQuery((TriggerState.DEAD,), None, 1)))[-1]
        why = clean_line(newest.reason or "", 160)
        what = f"{dead} given up, the newest {clean_line(newest.key, 120)}: {why}"
        advice = "prhub jobs why KEY tells more; mend the reason, then prhub jobs retry KEY, or drop KEY."
        found.append(warning("jobs", what, advice))
    if parked:
        what = f"{parked} parked until the app may work there again"
        found.append(
            note(
                "jobs",
                what,
                "It goes on within an hour after that; prhub jobs retry KEY takes it up at once.",
            )
        )
    return found or [ok("jobs", "none is dead or parked")]


async def look_at_budgets(case: Case, store: Store) -> list[Finding]:
    """Tell of budgets that are spent, or nearly."""
    caps, found, limited = case.settings.caps, [], 0
    for scope, tokens in (await Ledger(store).fullest()).items():
        cap = caps.of(scope)
        limited += bool(cap)
        if cap and tokens >= cap * _NEARLY:
            full = tokens >= cap
            what = f"the fullest budget of a {scope.value} is at {tokens:,} of {cap:,} tokens"
            advice = "Reports there are made by rules alone until it is renewed; prhub usage tells more."
            found.append((warning if full else note)("budgets", what, advice, scope.value))
    return found or [ok("budgets", "none is nearly spent")]
