"""Troubles of a backfill: what goes wrong with one merge, and what with all of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.errors import NoAccess, UserError
from bot.model.backfills import BackfillOptions
from bot.publishing.comment import KIND
from bot.store.forgetting import Forgetting
from bot.workflows.backfill_session import Session, run_for
from bot.workflows.digest_now import place_named
from bot.workflows.keeper import Keeper
from bot.workflows.services import provide
from sandbox.build import INSTALLATION_ID, suspend
from tests.fakes.backfilling import Filler, merged_earlier
from tests.fakes.github import REPOSITORY, add_merge, the_repository
from tests.fakes.process import own_comments

POSTED = BackfillOptions(limit=50, comment=True)


class _Stumbling:
    """Passes everything on to the publish rows; so many wishes fail before."""

    def __init__(self, inner, failures):
        self._inner, self._failures = inner, failures

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def want(self, *arguments):
        if self._failures:
            self._failures -= 1
            raise RuntimeError("a fault of ours")
        await self._inner.want(*arguments)


class _Ignoring:
    """Passes everything on to the reports; a person ignores the pull request when it is to be posted."""

    def __init__(self, inner, choices):
        self._inner, self._choices = inner, choices

    def __getattr__(self, name):
        return getattr(self._inner, name)

    async def keep_facts(self, facts, read_at):
        await self._choices.set(facts.repository.id, facts.number, ignored=True)
        await self._inner.keep_facts(facts, read_at)


class Troubled(Filler):
    """Runs backfills with other ``parts`` among its services, made of these."""

    def __init__(self, github, key, folder, parts):
        super().__init__(github, key, folder)
        self.parts = parts

    @asynccontextmanager
    async def services(self, plan=None):
        async with super().services(plan) as services:
            provide(replace(services, **self.parts(services)))
            yield services


@pytest.fixture
def pull(github):
    pull = add_merge(github.state, {"engine/part.py": "def load(text):\n    return eval(text)\n"})
    merged_earlier(pull, 1)
    return pull


async def registered(filler, repository_id):
    """How many risks the register has."""
    async with filler.services() as services:
        return len(await services.register.all(repository_id))


async def test_a_report_that_could_not_be_posted_is_posted_at_the_next_try(github, app_key, tmp_path, pull):
    """A fault of ours happens once: the run does not end before its comment is there."""
    filler = Troubled(
        github,
        app_key,
        tmp_path,
        lambda services: {"publications": _Stumbling(services.publications, 1)},
    )
    done = await filler.run(POSTED)
    assert ([one.tries for one in done.pulls], len(own_comments(github, pull))) == ([1], 1)


async def test_what_a_person_ignores_meanwhile_is_not_posted(github, app_key, tmp_path, pull):
    """That is no failure: it says why, and its risks are registered all the same."""
    filler = Troubled(
        github,
        app_key,
        tmp_path,
        lambda services: {"reports": _Ignoring(services.reports, services.pull_choices)},
    )
    done = await filler.run(POSTED)
    assert [(one.state.value, one.tries, one.reason) for one in done.pulls] == [
        ("done", 0, "ignored by a person")
    ]
    assert own_comments(github, pull) == []
    assert await registered(filler, the_repository(github.state).id)


async def test_what_was_only_about_to_be_posted_is_posted_by_the_next_run(github, app_key, tmp_path, pull):
    """An outage, or a kill, came in between: there is a publish row, and no comment."""
    filler = Filler(github, app_key, tmp_path)
    await filler.run()
    async with filler.services() as services:
        await services.publications.want(the_repository(github.state).id, pull.number, KIND, "a text")
    await filler.run(POSTED)
    assert len(own_comments(github, pull)) == 1


async def test_a_suspended_installation_stops_the_run_and_fails_no_merge(github, app_key, tmp_path, pull):
    """Once it may work there again, the same run goes on."""
    filler = Filler(github, app_key, tmp_path)

    def said(text):
        if text.startswith("reading"):
            suspend(github.state, INSTALLATION_ID)

    with pytest.raises(NoAccess):
        await filler.run(said=said)
    suspend(github.state, INSTALLATION_ID, suspended=False)
    await filler.let_go()
    async with filler.services() as services:
        await Keeper(services.github, services.installed, lists=True).reconcile()
    assert (await filler.run()).states == {"done": 1}


async def test_a_run_that_was_forgotten_is_not_gone_on_with(github, app_key, tmp_path, pull):
    """Else its reports would be stored again."""
    async with Filler(github, app_key, tmp_path).services() as services:
        place = await place_named(services, REPOSITORY)
        session = Session((await run_for(place, POSTED))[0])
        await Forgetting(services.backfills.store).forget([place.repository_id])
        with pytest.raises(UserError, match="forgotten"):
            await session.hold()
