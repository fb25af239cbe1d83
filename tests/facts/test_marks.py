"""What a repository's file says of paths: globs, renames, and what they cost."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.facts.marks import Marks
from bot.facts.modules import Modules
from bot.model.repo_config import Choices, Loaded
from bot.repo_config import choices, read_config
from bot.settings import load_settings

FILE = """
ignore: {paths: [docs/, "*.snap", /vendor]}
core_paths: [src/engine/]
risks:
  slow-path: {name: Hot loop, paths: [src/engine/loop/, "*.hot.py"]}
  billed: {name: Costs money, paths: [src/engine/]}
"""


def chosen(text: str) -> Choices:
    """What a file chooses."""
    read = read_config(text.encode())
    assert read.config is not None
    return choices(load_settings({}, Path("/nonexistent")), Loaded(file=read.config), "octo-org/engine")


@pytest.mark.parametrize(
    ("path", "ignored", "core", "risks"),
    [
        pytest.param("docs/a/b.md", True, False, (), id="all below a folder"),
        pytest.param("src/docs/a.md", True, False, (), id="a folder of one name, anywhere"),
        pytest.param("src/x.snap", True, False, (), id="an ending at any depth"),
        pytest.param("vendor/x.py", True, False, (), id="a name at the top"),
        pytest.param("src/vendor/x.py", False, False, (), id="and not below"),
        pytest.param("src/engine/a.py", False, True, ("billed",), id="the core, and a risk"),
        pytest.param("src/engine/loop/a.py", False, True, ("slow-path", "billed"), id="two risks, in order"),
        pytest.param("lib/a.hot.py", False, False, ("slow-path",), id="a risk by its ending"),
        pytest.param("SRC/ENGINE/a.py", False, False, (), id="letter case counts, as in git"),
        pytest.param("", False, False, (), id="no path at all"),
    ],
)
def test_paths(path, ignored, core, risks):
    """As in ``CODEOWNERS``."""
    marks = Marks(chosen(FILE))
    assert (marks.is_ignored(path), marks.is_core(path), marks.own_risks(path)) == (ignored, core, risks)


def test_a_file_that_was_moved_away_has_what_its_old_path_had():
    """Else a core file could be moved out of sight."""
    marks = Marks(chosen(FILE))
    assert marks.is_core("lib/a.py", "src/engine/a.py")
    assert marks.own_risks("lib/a.py", "src/engine/loop/a.py") == ("slow-path", "billed")


def test_the_last_module_that_matches_gives_its_name():
    """What none matches is named after its folder."""
    modules = Modules("/src/ @octo-org/all\n", "", {"engine": ["src/"], "loop": ["src/engine/loop/"]})
    names = [modules.module(path) for path in ("src/a.py", "src/engine/loop/b.py", "tools/c.py", "d.py")]
    assert names == ["engine", "loop", "tools", "root"]


def test_the_worst_file_costs_seconds_at_most():
    """A thousand globs, each with wildcards, over a thousand long paths."""
    globs = ", ".join(f"'**/{'*a' * 3}{number}/**/x*'" for number in range(200))
    marks = Marks(chosen(f"core_paths: [{globs}]\n"))
    paths = ["a/" * 30 + "a" * 100 + str(number) for number in range(1000)]
    start = time.process_time()
    assert not any(map(marks.is_core, paths))
    assert time.process_time() - start < 10
