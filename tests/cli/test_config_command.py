"""``prhub config``, as a maintainer and as an operator type it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from bot.model import KnownRepository
from bot.model.repo_config import Loaded, Problem
from bot.repo_config import read_config
from bot.store import RepoConfigs, installed, migrate
from tests.cli.test_command_line import prhub
from tests.fakes.databases import opened

BROKEN = "language: klingon\npublsh: none\n"


async def test_a_good_file_is_taken_without_any_settings(tmp_path):
    """A warning does not keep it from that, and says where it is."""
    (tmp_path / "prhub.yml").write_text("language: en\npublsh: none\n")
    done = await prhub(tmp_path, "config", "check", "prhub.yml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "prhub.yml:2:1: warning: publsh is unknown: did you mean publish?",
        "prhub.yml can be taken.",
    ]


async def test_a_broken_file_ends_with_two(tmp_path):
    """With the place of each mistake, errors first."""
    (tmp_path / "prhub.yml").write_text(BROKEN)
    done = await prhub(tmp_path, "config", "check", "prhub.yml")
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.splitlines() == [
        "prhub.yml:1:1: error: language is not one of the known values: write en or zh-CN.",
        "prhub.yml:2:1: warning: publsh is unknown: did you mean publish?",
    ]


async def test_programs_get_json(tmp_path):
    """An editor can show it."""
    (tmp_path / "prhub.yml").write_text(BROKEN)
    done = await prhub(tmp_path, "config", "check", "--json", "prhub.yml")
    told = json.loads(done.stdout)
    assert (done.returncode, told["valid"]) == (2, False)
    assert [(one["severity"], one["line"], one["column"], one["key"]) for one in told["problems"]] == [
        ("error", 1, 1, "language"),
        ("warning", 2, 1, "publsh"),
    ]


def test_standard_input_is_checked_too(tmp_path):
    """For a hook before a commit."""
    command = [sys.executable, "-m", "app", "config", "check", "-"]
    done = subprocess.run(command, input=b"a: &a [*a]", cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert b"-:1:4: error: The file has an anchor or an alias" in done.stdout


@pytest.mark.parametrize("name", ["missing.yml", "."])
async def test_a_file_that_cannot_be_read_is_one_line(tmp_path, name):
    """It says what to do."""
    done = await prhub(tmp_path, "config", "check", name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "name the file to check" in done.stderr


def _stored(url: str, loaded: Loaded | None) -> None:
    """A store that knows one repository, with what its file says."""

    async def fill() -> None:
        store = opened(url)
        known = KnownRepository(id=7, full_name="octo-org/engine", private=False, archived=False)
        await installed(store, 1).repositories.reconcile(5, [known], 1.0)
        if loaded is not None:
            await RepoConfigs(store).put(7, loaded)
        await store.close()

    migrate(url)
    asyncio.run(fill())


async def shown(folder, loaded: Loaded | None, *options: str) -> str:
    """What ``prhub config show`` prints."""
    url = f"sqlite:///{folder / 'prhub.sqlite'}"
    await asyncio.to_thread(_stored, url, loaded)
    settings = {"DATABASE_URL": url, "PRHUB_MAX_LABELS": "2"}
    done = await prhub(folder, "config", "show", "octo-org/engine", *options, **settings)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


async def test_every_value_is_shown_with_its_source(tmp_path):
    """And where the operator allows less than the file asks for."""
    file = read_config(b"language: zh-CN\nlabels: {max: 9}\nmodules: {api: [services/api/]}").config
    out = await shown(tmp_path, Loaded(file=file, places=("octo-org/engine",), read_at=0.0))
    rows = {line.split()[0]: line.split(maxsplit=1)[1] for line in out.splitlines() if line.endswith(")")}
    assert rows["language"] == "zh-CN  (file)"
    assert rows["labels.max"] == "2  (operator, as a limit)"
    assert rows["modules.api"] == "services/api/  (file)"
    assert rows["publish"] == "comment  (default)"
    assert out.splitlines()[-1].startswith("Read from octo-org/engine")


async def test_what_is_wrong_with_the_file_is_shown(tmp_path):
    """With what holds meanwhile."""
    wrong = Problem(
        severity="error", place="octo-org/engine", line=3, column=1, key="publish", text="publish is wrong."
    )
    good = read_config(b"language: zh-CN").config
    broken = Loaded(file=good, places=("octo-org/engine",), problems=(wrong,), current=False, read_at=0.0)
    last = (await shown(tmp_path, broken)).splitlines()[-2:]
    assert last[0].endswith("is broken; what octo-org/engine said before holds.")
    assert last[1] == "octo-org/engine:3:1: error: publish is wrong."


async def test_programs_get_the_choices(tmp_path):
    """As they are stored, with a source for each."""
    told = json.loads(await shown(tmp_path, None, "--json"))
    assert (told["choices"]["labels"]["max"], told["sources"]["labels.max"]) == (2, "operator")
    assert told["sources"]["language"] == "default"
    assert told["file"]["read_at"] is None


async def test_a_repository_that_nobody_knows_is_one_line(tmp_path):
    """The file is as the server read it."""
    url = f"sqlite:///{tmp_path / 'prhub.sqlite'}"
    await asyncio.to_thread(migrate, url)
    done = await prhub(tmp_path, "config", "show", "octo-org/nothing", DATABASE_URL=url)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "octo-org/nothing" in done.stderr
