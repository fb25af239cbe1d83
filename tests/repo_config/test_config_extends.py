"""What is taken over from other repositories: of the same owner, and never what must not be seen."""

from __future__ import annotations

from bot.model.repo_config import Source
from bot.repo_config import choices
from bot.settings import Settings
from sandbox.build import INSTALLATION_ID


def chosen(world, loaded):
    """What holds."""
    return choices(Settings(), loaded, world.engine.full_name)


async def test_the_owners_file_holds_where_there_is_no_own(world):
    """It counts as the repository's file."""
    world.write("language: zh-CN", world.other("octo-org/.github"))
    loaded = await world.of()
    assert (loaded.places, chosen(world, loaded).source("language")) == (("octo-org/.github",), Source.FILE)
    world.write("publish: none")
    assert (await world.later()).places == ("octo-org/engine",)


async def test_a_file_extends_another(world):
    """By the short name or by the full one, in any case of letters."""
    world.write("language: zh-CN\ncore_paths: [a/]", world.other("octo-org/rules"))
    for name in ("rules", "octo-org/rules", "Octo-Org/rules"):
        world.write(f"_extends: {name}\ncore_paths: {{append: [b/]}}")
        loaded = await world.later()
        assert loaded.problems == ()
        found = chosen(world, loaded)
        assert (found.language, found.core_paths) == ("zh-CN", ("a/", "b/"))
        assert found.source("language") is Source.EXTENDS


async def test_a_change_of_what_is_extended_is_in_force_within_five_minutes(world):
    """Both unchanged cost one request each."""
    rules = world.other("octo-org/rules")
    world.write("language: zh-CN", rules)
    world.write("_extends: rules")
    await world.of()
    world.requests()
    await world.later()
    assert world.github.log.statuses()[304] == 2
    world.write("language: en", rules)
    assert chosen(world, await world.later(299)).language == "en"


async def test_only_one_level_is_extended(world):
    """The second has no effect, and a warning says so."""
    world.write("language: zh-CN", world.other("octo-org/deep"))
    world.write("_extends: deep", world.other("octo-org/rules"))
    world.write("_extends: rules")
    loaded = await world.of()
    (problem,) = loaded.problems
    assert (problem.severity, problem.place) == ("warning", "octo-org/rules")
    assert chosen(world, loaded).language == "en"


async def test_while_what_is_extended_is_broken_the_last_good_state_holds(world):
    """Of both files together: half of it might mean something else."""
    rules = world.other("octo-org/rules")
    world.write("language: zh-CN", rules)
    world.write("_extends: rules\ncore_paths: [a/]")
    await world.of()
    world.write("language: klingon", rules)
    loaded = await world.later()
    assert (loaded.problems[0].place, loaded.current) == ("octo-org/rules", False)
    assert chosen(world, loaded).language == "zh-CN"


async def test_a_public_repository_never_takes_over_from_a_private_one(world):
    """What stands there would show in its reports."""
    world.write("language: zh-CN", world.other("octo-org/secret", private=True))
    world.write("_extends: secret")
    loaded = await world.of()
    assert "without a .github/prhub.yml that PRHub can read" in loaded.problems[0].text
    assert chosen(world, loaded).language == "en"


async def test_the_private_file_of_an_owner_is_none_for_public_repositories(world):
    """Without a problem: the public repository never asked for it."""
    world.write("language: zh-CN", world.other("octo-org/.github", private=True))
    loaded = await world.of()
    assert (loaded.file, loaded.problems) == (None, ())


async def test_a_private_repository_takes_over_from_a_private_one(world):
    """In which the app is installed."""
    world.engine.private = True
    world.write("language: zh-CN", world.other("octo-org/.github", private=True))
    assert (await world.of()).places == ("octo-org/.github",)


async def test_a_private_repository_without_the_app_is_not_read(world):
    """No token of the app shows it."""
    world.engine.private = True
    world.write("language: zh-CN", world.other("octo-org/rules", private=True, installed=False))
    world.write("_extends: rules")
    assert (await world.of()).broken


async def test_fifty_repositories_share_the_requests_for_the_owners_file(world):
    """One of each, and one for the file that they share."""
    world.write("language: zh-CN", world.other("octo-org/.github"))
    others = [world.other(f"octo-org/part-{number}") for number in range(50)]
    for other in others:
        loaded = await world.configs.of(INSTALLATION_ID, other.id, other.full_name)
        assert loaded.places == ("octo-org/.github",)
    assert world.requests() == 51
