"""The file on GitHub: which one is read, when it is read again, and what holds while it cannot be."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from bot.errors import Later
from bot.github import Page
from bot.repo_config.files import Files
from sandbox.build import INSTALLATION_ID, add_commit, rename, signature, suspend
from sandbox.objects import SUBMODULE, SYMLINK, Blob


@dataclass
class OddHub:
    """GitHub on a bad day: every page holds the same."""

    data: object

    def as_installation(self, *_arguments):
        return self

    async def page(self, *_arguments):
        return Page(self.data, None, None)


CHINESE = "language: zh-CN\n"


def language(loaded) -> str | None:
    """The language that the repository's own file names."""
    return None if loaded.file is None else loaded.file.language


async def test_the_file_of_the_default_branch_is_read(world):
    """With where it is from."""
    world.write(CHINESE)
    loaded = await world.of()
    assert (language(loaded), loaded.places, loaded.current) == ("zh-CN", ("octo-org/engine",), True)


async def test_a_file_on_another_branch_has_no_say(world):
    """Attack row F7, F8: a pull request must not change its own rules."""
    world.write("publish: none", branch="feature")
    assert (await world.of()).file is None


async def test_an_unchanged_file_costs_one_request_that_does_not_count(world):
    """And none at all within four minutes."""
    world.write(CHINESE)
    await world.of()
    assert world.requests() == 1
    for _ in range(20):
        await world.of()
    assert world.requests() == 0
    await world.later()
    assert world.github.log.statuses()[304] == 1
    assert world.requests() == 1
    assert world.kept.puts == 1


async def test_a_change_is_in_force_within_five_minutes(world):
    """R113, in any process."""
    world.write(CHINESE)
    await world.of()
    world.write("language: en")
    other = world.process()
    assert language(await world.of(other)) == "en"
    assert language(await world.later(299)) == "en"


async def test_a_file_that_is_taken_away_has_no_say_any_more(world):
    """The settings hold again."""
    world.write(CHINESE)
    await world.of()
    world.write(None)
    assert (await world.later()).file is None


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(Blob(b"../../secret.yml", SYMLINK), id="a link"),
        pytest.param(Blob(b"c" * 40, SUBMODULE), id="a submodule"),
    ],
)
async def test_what_is_no_file_counts_as_none(world, content):
    """Attack row F7."""
    world.write(content)
    loaded = await world.of()
    assert (loaded.file, loaded.problems) == (None, ())


async def test_a_folder_counts_as_none(world):
    """GitHub then answers with a list."""
    author = signature(world.github.state, "octo-dev")
    add_commit(world.engine, "main", {".github/prhub.yml/x": "a"}, "A folder", author)
    assert (await world.of()).file is None


@pytest.mark.parametrize("status", [403, 404])
async def test_a_file_that_may_not_be_read_counts_as_none(world, status):
    """The permission may not be granted yet."""
    world.write(CHINESE)
    world.github.faults.add("error", path="/repos/octo-org/engine/contents/", times=10, status=status)
    loaded = await world.of()
    assert (loaded.file, loaded.broken) == (None, False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("language: klingon", "write en or zh-CN", id="a wrong value"),
        pytest.param("a: &a [*a]", "an anchor", id="a bomb"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00", "not UTF-8", id="a picture"),
        pytest.param("#" * 16_385, "larger than 16 KiB", id="a byte too large"),
        pytest.param("#" * 1_200_000, "larger than 16 KiB", id="so large that GitHub does not send it"),
        pytest.param("_extends: other-org/rules", "of another owner", id="a file of another owner"),
        pytest.param("_extends: engine", "the repository itself", id="its own file"),
        pytest.param("_extends: nothing", "without a .github/prhub.yml", id="a repository that is not there"),
    ],
)
async def test_while_a_file_is_broken_the_last_good_one_holds(world, content, words):
    """And what is wrong is told, until it is mended."""
    world.write(CHINESE)
    await world.of()
    world.write(content)
    for loaded in (await world.later(), await world.of(world.process())):
        assert (language(loaded), loaded.current, loaded.broken) == ("zh-CN", False, True)
        assert words in loaded.problems[0].text
    world.write("language: en")
    mended = await world.later()
    assert (language(mended), mended.current, mended.problems) == ("en", True, ())


async def test_a_file_that_was_never_good_has_no_say(world):
    """R111: safe defaults."""
    world.write("language: klingon")
    loaded = await world.of()
    assert (loaded.file, loaded.current, loaded.broken) == (None, False, True)


async def test_a_warning_does_not_keep_a_file_from_holding(world):
    """The rest of it is meant as it stands."""
    world.write("publsh: none\nlanguage: zh-CN")
    loaded = await world.of()
    assert (language(loaded), loaded.broken, loaded.problems[0].line) == ("zh-CN", False, 1)
    assert loaded.problems[0].place == "octo-org/engine"


async def test_while_github_is_away_what_was_read_last_holds(world):
    """In a process that was started meanwhile, too."""
    world.write(CHINESE)
    await world.of()
    world.github.faults.add("error", path="/repos/octo-org/engine/contents/", times=1000, status=503)
    assert language(await world.later()) == "zh-CN"
    assert language(await world.of(world.process())) == "zh-CN"


async def test_what_was_never_read_is_not_guessed(world):
    """The file may say that nothing is to be posted: the work comes again later."""
    world.write("publish: none")
    world.github.faults.add("error", path="/repos/octo-org/engine/contents/", times=1000, status=503)
    with pytest.raises(Later):
        await world.of()


async def test_a_suspended_installation_keeps_its_file(world):
    """What is under way ends as it began."""
    world.write(CHINESE)
    await world.of()
    suspend(world.github.state, INSTALLATION_ID)
    assert language(await world.later()) == "zh-CN"


async def test_a_renamed_repository_keeps_its_file(world):
    """Also before the store has heard of the new name."""
    world.write(CHINESE)
    former = world.engine.full_name
    rename(world.engine, "motor")
    loaded = await world.configs.of(INSTALLATION_ID, world.engine.id, former)
    assert language(loaded) == "zh-CN"


async def test_a_hundred_that_ask_at_once_cost_one_request(world):
    """A merge queue lands many pull requests together."""
    world.write(CHINESE)
    found = await asyncio.gather(*(world.of() for _ in range(100)))
    assert {language(loaded) for loaded in found} == {"zh-CN"}
    assert world.requests() == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(None, id="nothing"),
        pytest.param({}, id="an empty object"),
        pytest.param({"sha": 7}, id="a number as SHA"),
        pytest.param({"content": "%%"}, id="no base64"),
        pytest.param({"content": 5}, id="a number"),
        pytest.param({"encoding": "rot13"}, id="an encoding that is unknown"),
        pytest.param({"size": "many"}, id="a word as size"),
    ],
)
async def test_an_odd_answer_breaks_nothing(answer):
    """It counts as no file, or as an empty one."""
    whole = {"type": "file", "sha": "a", "size": 0, "content": "", "encoding": "base64"}
    odd = whole | answer if answer else answer
    found = await Files(OddHub(odd), lambda: 0.0).get(1, 2, "octo-org/engine")
    assert found is None or found.read.config is not None
