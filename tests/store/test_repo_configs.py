"""What each repository's file said when it was last read, on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from bot.model import KnownRepository
from bot.model.repo_config import Loaded, Problem
from bot.repo_config import read_config
from bot.store import RepoConfigs, installed
from bot.store.config_tables import repo_configs

TEXT = b"""
_extends: rules
core_paths: {append: [b]}
risks: {hot: {name: Hot, paths: [a]}}
labels: {enabled: false}
"""


def loaded(**fields: object) -> Loaded:
    """A file that was read."""
    problem = Problem(severity="warning", place="o/r", line=1, column=2, key="é", text="é\0 is unknown")
    found = Loaded(file=read_config(TEXT).config, places=("o/r",), problems=(problem,), read_at=1.5)
    return found.model_copy(update=fields)


async def test_what_is_kept_comes_back(store):
    """With every form of a list, under GitHub's large ids; a character no database takes is replaced."""
    configs = RepoConfigs(store)
    await configs.put(2**40, loaded())
    found = await configs.get(2**40)
    assert found is not None
    assert (found.file, found.read_at) == (loaded().file, 1.5)
    assert found.problems[0].key == "é"


async def test_the_newest_replaces_the_one_before(store):
    """There is one for each repository."""
    configs = RepoConfigs(store)
    for version in ("a", "b"):
        await configs.put(7, loaded(version=version))
    found = await configs.get(7)
    assert found is not None
    assert found.version == "b"
    assert await configs.get(8) is None


async def test_what_this_release_does_not_understand_counts_as_never_read(store):
    """After a downgrade the file is read anew."""
    async with store.write() as connection:
        row = {"repository_id": 7, "data": '{"from": "a later release"}', "updated_at": 0.0}
        await connection.execute(repo_configs.insert().values(row))
    assert await RepoConfigs(store).get(7) is None
    async with store.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(repo_configs)) == 1


async def test_what_is_private_may_only_show_in_private_repositories(store):
    """A repository that nobody told of is taken for private as a source, and for public as a place."""
    places = installed(store, 1)
    known = [
        KnownRepository(id=1, full_name="o/public", private=False, archived=False),
        KnownRepository(id=2, full_name="o/private", private=True, archived=False),
    ]
    await places.repositories.reconcile(5, known, 1.0)
    may = places.repositories.may_show
    assert [await may(1, name) for name in ("O/Public", "o/private", "o/unknown")] == [True, False, False]
    assert [await may(2, name) for name in ("o/public", "o/private", "o/unknown")] == [True, True, True]
    assert [await may(3, name) for name in ("o/public", "o/private")] == [True, False]
