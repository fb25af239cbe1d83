"""Triage: what is read in full, in a sentence or two, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.prompts import Depth, triage
from bot.model import FileChange, FileKind, FileStatus, PullFacts, ReadAs, RelatedPull, Relation
from tests.fakes.facts import file_change, hunk, person, pull_facts, remark, review, thread

BOT = person("octo-bumper[bot]", is_bot=True)
FULL, BRIEF, TEMPLATE = Depth.FULL, Depth.BRIEF, Depth.TEMPLATE


def edited(
    path: str, before: str, after: str, kind: FileKind = FileKind.SOURCE, **changes: Any
) -> FileChange:
    """A file in which one line became another."""
    return file_change(path, hunks=(hunk(f"-{before}\n+{after}"),), kind=kind, **changes)


def unread(path: str, kind: FileKind) -> FileChange:
    """A file that is counted, not read."""
    read, lines = (ReadAs.NAME, 0) if kind is FileKind.BINARY else (ReadAs.FILTERED, 90)
    return file_change(path, kind=kind, additions=lines, read_as=read, read_reason=kind.value)


LOCK = unread("uv.lock", FileKind.LOCK)
README = edited("README.md", "It kan fail.", "It can fail.", FileKind.DOCS)
MANIFEST = edited("pyproject.toml", '  "octolib==1.4.1",', '  "octolib==1.5.0",', FileKind.CONFIG)
ACTION = edited(".github/workflows/ci.yml", "- uses: octo/setup@v4.1", "- uses: octo/setup@v5.0", FileKind.CI)
COMMENT = edited("engine/store.py", "    # keeps teh last one", "    # keeps the last one")
LONG = (
    "I do not think that the manual says this: it speaks of the other command, and of another version of it."
)


def small(*files: FileChange, **changes: Any) -> PullFacts:
    """A pull request of these files."""
    return pull_facts(files=files, **changes)


@pytest.mark.parametrize(
    ("facts", "depth"),
    [
        pytest.param(small(LOCK), TEMPLATE, id="a lock file alone"),
        pytest.param(
            small(LOCK, unread("gen/api.pb.go", FileKind.GENERATED)), TEMPLATE, id="what nobody wrote"
        ),
        pytest.param(small(unread("vendor/x.go", FileKind.VENDORED)), TEMPLATE, id="vendored files"),
        pytest.param(small(MANIFEST, LOCK, author=BOT), TEMPLATE, id="a bot's bump of a dependency"),
        pytest.param(small(ACTION, author=BOT), TEMPLATE, id="a bot's bump of an action"),
        pytest.param(pull_facts(), TEMPLATE, id="a change of nothing"),
        pytest.param(small(README), BRIEF, id="a typo in the README"),
        pytest.param(small(COMMENT), BRIEF, id="a typo in a comment"),
        pytest.param(small(MANIFEST, LOCK), BRIEF, id="a person's bump of a dependency"),
        pytest.param(
            small(edited("engine/__init__.py", '__version__ = "1.2.3"', '__version__ = "1.2.4"')),
            BRIEF,
            id="a new version of the software",
        ),
        pytest.param(
            small(edited("a.go", "  return x ", "\treturn x")), BRIEF, id="white space where it means nothing"
        ),
        pytest.param(small(edited("a.py", "x = 1  ", "x = 1")), BRIEF, id="white space at the end of a line"),
        pytest.param(
            small(README, unread("docs/a.png", FileKind.BINARY)), BRIEF, id="documentation with a picture"
        ),
        pytest.param(
            small(README, reviews=(review(body="LGTM, thanks!"),)), BRIEF, id="approval is no discussion"
        ),
        pytest.param(
            small(README, comments=(remark(LONG, author=BOT),)), BRIEF, id="a bot's comment is none"
        ),
        pytest.param(small(file_change(added="x = 1")), FULL, id="one line of source"),
        pytest.param(
            small(
                README,
                edited(".github/workflows/ci.yml", "# a typo", "# a tipo", FileKind.CI),
                title="Fix typo",
            ),
            FULL,
            id="a typo fix that touches a workflow, be it a comment",
        ),
        pytest.param(
            small(MANIFEST, file_change("src/hook.py", "run()"), author=BOT, title="Bump octolib"),
            FULL,
            id="a bot's bump with a change of source",
        ),
        pytest.param(
            small(
                edited("pyproject.toml", '"octolib==1.4.1"', '"octo1ib==1.5.0"', FileKind.CONFIG), author=BOT
            ),
            FULL,
            id="a bot's bump to a library of another name",
        ),
        pytest.param(
            small(edited("pyproject.toml", "line-length = 100", "line-length = 110", FileKind.CONFIG)),
            FULL,
            id="a number that is no version",
        ),
        pytest.param(
            small(edited("conf/engine.yaml", "timeout: 1.5", "timeout: 2.5", FileKind.CONFIG)),
            FULL,
            id="a setting that looks like a version",
        ),
        pytest.param(
            small(
                edited(
                    ".github/workflows/ci.yml",
                    "run: pip install a==1.0",
                    "run: pip install a==1.1",
                    FileKind.CI,
                )
            ),
            FULL,
            id="a workflow's command with another version",
        ),
        pytest.param(small(edited("a.py", "    x = 1", "  x = 1")), FULL, id="indentation in Python"),
        pytest.param(small(edited("a.js", "return a b", "return ab")), FULL, id="white space within a line"),
        pytest.param(
            small(edited("a.py", "# noqa: S101", "# type: ignore")), FULL, id="a comment that tools obey"
        ),
        pytest.param(
            small(edited("a.c", "#define N 1", "#define N 2")), FULL, id="what is a comment elsewhere"
        ),
        pytest.param(
            small(edited("docs/conf.py", "a = 1", "a = 2", FileKind.DOCS)), FULL, id="code in docs/"
        ),
        pytest.param(small(edited("LICENSE", "MIT", "None", FileKind.DOCS)), FULL, id="the licence"),
        pytest.param(
            small(edited("bot/prompts/x.md", "a", "b", FileKind.DOCS)), FULL, id="a prompt of the software"
        ),
        pytest.param(small(unread("tool.bin", FileKind.BINARY)), FULL, id="a binary that is no picture"),
        pytest.param(
            small(edited("a.py", "# a", "# b", old_mode="100644", new_mode="100755")), FULL, id="another mode"
        ),
        pytest.param(
            small(file_change("a.py", "# new", status=FileStatus.ADDED)), FULL, id="a new file of comments"
        ),
        pytest.param(small(README, title='Revert "Say can"'), FULL, id="a revert of whatever"),
        pytest.param(
            small(README, related=(RelatedPull(number=9, relation=Relation.REVERTED_BY),)),
            FULL,
            id="reverted later",
        ),
        pytest.param(small(README, title="docs!: drop the old flag"), FULL, id="marked as breaking"),
        pytest.param(small(README, threads=(thread(path="README.md"),)), FULL, id="a review thread"),
        pytest.param(small(README, comments=(remark(LONG),)), FULL, id="a person argues"),
        pytest.param(small(README, changed_files=2), FULL, id="a file that GitHub did not list"),
        pytest.param(small(LOCK, partial="uncounted"), FULL, id="lines that do not add up"),
        pytest.param(
            small(edited("docs/a.md", "a", "b", FileKind.DOCS, additions=90)), FULL, id="much documentation"
        ),
    ],
)
def test_triage(facts, depth):
    """What could matter to what runs is read in full, whatever its title says."""
    assert triage(facts) is depth
