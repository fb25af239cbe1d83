"""Which mistakes a repository is told of: those in its own file."""

from __future__ import annotations

import pytest

from bot.repo_config import own_mistakes
from sandbox.build import INSTALLATION_ID

BROKEN = "language: no\n"


async def test_mistakes_in_its_own_file_are_its_own(world):
    """Errors only: what has a warning is taken."""
    world.write(BROKEN + "langauge: en\n")
    loaded = await world.of()
    assert [one.key for one in own_mistakes(loaded, "octo-org/engine")] == ["language"]
    world.write("langauge: en\n")
    assert own_mistakes(await world.later(), "octo-org/engine") == ()


@pytest.mark.parametrize("name", ["octo-org/motor", "octo-labs/engine", "Octo-Org/Engine"])
async def test_a_rename_does_not_mend_a_file(world, name):
    """While GitHub cannot be asked, what was read under the old name holds."""
    world.write(BROKEN)
    assert len(own_mistakes(await world.of(), name)) == 1


async def test_mistakes_in_what_is_extended_are_not(world):
    """They stand in the other repository."""
    world.write("_extends: rules\n")
    world.write(BROKEN, world.other("octo-org/rules"))
    loaded = await world.of()
    assert (loaded.broken, own_mistakes(loaded, "octo-org/engine")) == (True, ())


async def test_an_extends_that_leads_nowhere_is_its_own(world):
    """It is mended here."""
    world.write("_extends: rules\n")
    assert [one.key for one in own_mistakes(await world.of(), "octo-org/engine")] == ["_extends"]


async def test_mistakes_in_the_owners_file_are_that_repositorys_own(world):
    """Told in ``.github``, and in no repository that goes by its file."""
    other = world.other("octo-org/.github")
    world.write(BROKEN, other)
    assert own_mistakes(await world.of(), "octo-org/engine") == ()
    loaded = await world.configs.of(INSTALLATION_ID, other.id, other.full_name)
    assert len(own_mistakes(loaded, other.full_name)) == 1


async def test_without_a_file_there_are_none(world):
    """Nor in a repository that was never read."""
    assert own_mistakes(await world.of(), "octo-org/engine") == ()
