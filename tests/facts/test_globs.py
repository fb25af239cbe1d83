"""Patterns match as git matches them, and none can be written that takes long."""

from __future__ import annotations

import os
import random
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from bot.facts.globs import Globs

if TYPE_CHECKING:
    from pathlib import Path

PIECES = [
    "a",
    "b",
    "ab",
    "a.b",
    "x.py",
    "*",
    "*.py",
    "a*",
    "*b",
    "a*b*",
    "?",
    "[ab]",
    "[!a]b",
    "**",
    "a?",
    "*.*",
]
NAMES = ["a", "b", "ab", "a.b", "x.py", "aab", "c", "ba.py", ".a"]


def some(rng: random.Random, pieces: list[str], most: int) -> str:
    return "/".join(rng.choices(pieces, k=rng.randint(1, most)))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def git(repository: Path, command: str, *arguments: str, paths: list[str]) -> list[str]:
    settings = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    told = subprocess.run(
        ["git", "-C", str(repository), command, "--stdin", *arguments],
        input="\n".join(paths), capture_output=True, text=True, check=False, env=settings,
    )  # fmt: skip
    return told.stdout.splitlines()


def test_attribute_patterns_match_as_in_git(repository: Path) -> None:
    """40 random patterns against 200 random paths: git's check-attr says the same."""
    rng = random.Random(11)
    patterns = [rng.choice(["", "/"]) + some(rng, PIECES, 4) for _ in range(40)]
    paths = sorted({some(rng, NAMES, 5) for _ in range(200)})
    lines = (f"{pattern} at{number}\n" for number, pattern in enumerate(patterns))
    (repository / ".gitattributes").write_text("".join(lines))
    told = {tuple(line.split(": ")[:2]) for line in git(repository, "check-attr", "-a", paths=paths)}
    globs = Globs(patterns, below=False)
    assert {(path, f"at{number}") for path in paths for number in globs.matches(path)} == told


@pytest.mark.parametrize("seed", range(12))
def test_folder_patterns_match_as_in_git(repository: Path, seed: int) -> None:
    """A random pattern, with and without a slash at its end: git's check-ignore says the same."""
    rng = random.Random(seed)
    pattern = rng.choice(["", "/"]) + some(rng, PIECES, 3) + rng.choice(["", "/"])
    paths = sorted({some(rng, NAMES, 5) for _ in range(100)})
    (repository / ".git" / "info").mkdir(exist_ok=True)
    (repository / ".git" / "info" / "exclude").write_text(f"{pattern}\n")
    globs = Globs([pattern], below=True)
    assert [path for path in paths if globs.matches(path)] == git(
        repository, "check-ignore", "--no-index", paths=paths
    )


def test_the_last_match_comes_first() -> None:
    """Whatever index a pattern is looked up by."""
    assert Globs(["*", "src/", "*.py", "/src/a*.py", "/src/ab.py"], below=True).matches("src/ab.py") == [
        4,
        3,
        2,
        1,
        0,
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "/",
        "[",
        "[]",
        "[z-a]",
        "[a-",
        "\\",
        "a\\",
        "***",
        "//",
        "**/**",
        "(",
        "(?P<x>",
        "[[:x:]]",
        "[--]",
        "x" * 999,
    ],
)
def test_no_pattern_is_an_error(pattern: str) -> None:
    """A malformed one matches something or nothing, and that is all."""
    for below in (True, False):
        assert Globs([pattern, "a.py"], below=below).matches("a.py")[:1] == [1]


HOSTILE = [
    pytest.param([f"*a*a*a*a*a*a*a*a*b{n}" for n in range(2_000)], "a" * 250, id="stars against a long name"),
    pytest.param(
        ["**/*a*/" * 20 + str(n) for n in range(2_000)], "/".join(["aa"] * 60), id="stars and folders"
    ),
    pytest.param(
        [f"**/a/**/a/**/a/**/b{n}" for n in range(2_000)], "/".join(["a"] * 2_000), id="a deep path"
    ),
    pytest.param(
        [f"/p/*{n}*/x*" for n in range(2_000)], "p/" + "1234567890" * 20 + "/y", id="one folder, many stars"
    ),
    pytest.param([f"/p/q{n}/" for n in range(5_000)], "p/q77/x/y", id="many plain patterns"),
]


@pytest.mark.parametrize(("patterns", "path"), HOSTILE)
def test_no_pattern_takes_long(patterns: list[str], path: str) -> None:
    """200 paths against the worst patterns that could be thought of."""
    globs = Globs(patterns, below=True)
    start = time.process_time()
    for number in range(200):
        globs.matches(f"{path}{number}")
    assert time.process_time() - start < 1
