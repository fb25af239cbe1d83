"""Excerpts: the merged lines against which a remark is held."""

from __future__ import annotations

import pytest

from bot.inference.prompts.excerpts import Excerpts, named
from bot.model import FileStatus
from tests.fakes.facts import file_change, hunk, merged_file, pull_facts, remark, thread

TRAINER = '''\
class Trainer:
    def _save_checkpoint(self):
        """Save all there is.

        Called after each step.
        """
        folder = self.folder / str(self.step)
        self.actor.save(folder)

    def _compute_reward_colocate(self, batch):
        raise NotImplementedError

    def fit(self):
        for batch in self.loader:
            self._save_checkpoint()
'''
PATH = "engine/trainer.py"
ADDED = file_change(PATH, TRAINER, status=FileStatus.ADDED)


def cut(
    body: str, line: int | None = None, *, beside_patch: bool = False, text: str = TRAINER
) -> dict[str, str]:
    """What is cut out of the merged files for a remark on ``line`` of the trainer."""
    raised = thread(remark(body), path=PATH, merged_line=line, line=line, original_line=line)
    facts = pull_facts(files=(ADDED,), merged_files=(merged_file(PATH, text),), threads=(raised,))
    return dict(Excerpts(facts).of(raised, beside_patch=beside_patch))


@pytest.mark.parametrize("beside_patch", [True, False])
def test_a_stale_remark_meets_the_function_as_merged(beside_patch):
    """The audit's case: the body is shown without its documentation, and the line that calls it."""
    shown = cut(
        "`_save_checkpoint` has no implementation, the first save will fail.", beside_patch=beside_patch
    )
    assert shown[PATH] == (
        "    def _save_checkpoint(self):\n"
        "…\n"
        "        folder = self.folder / str(self.step)\n"
        "        self.actor.save(folder)\n"
        "…\n"
        "            self._save_checkpoint()"
    )


def test_a_remark_without_names_meets_its_line_and_the_function_around_it():
    """A stub's name is above the line that raises."""
    shown = cut("This branch is not done.", 11, beside_patch=True)
    assert shown[PATH].split("\n")[:4] == [
        "        self.actor.save(folder)",
        "",
        "    def _compute_reward_colocate(self, batch):",
        "        raise NotImplementedError",
    ]


def test_what_the_patch_shows_is_not_repeated():
    """Beside the patch, the surroundings of a line that is in a hunk are left out if names tell enough."""
    assert len(cut("See `fit`.", 7, beside_patch=True)[PATH]) < len(cut("See `fit`.", 7)[PATH])


def test_a_line_outside_of_the_hunks_is_shown_with_its_surroundings():
    """The model has no other way to see it."""
    raised = thread(remark("What of this?"), path=PATH, merged_line=7)
    changed = file_change(PATH, hunks=(hunk("+x", new_start=90),))
    facts = pull_facts(files=(changed,), merged_files=(merged_file(PATH, TRAINER),), threads=(raised,))
    assert "folder = self.folder" in dict(Excerpts(facts).of(raised, beside_patch=True))[PATH]


def test_a_definition_is_found_in_another_file_that_was_read():
    """The remark is on a caller, the fault in what it calls."""
    raised = thread(remark("`flush` swallows the error."), path=PATH, merged_line=None)
    files = (merged_file(PATH, "store.flush()\n"), merged_file("engine/store.py", "def flush():\n    pass\n"))
    facts = pull_facts(files=(ADDED,), merged_files=files, threads=(raised,))
    assert dict(Excerpts(facts).of(raised, beside_patch=True))["engine/store.py"] == "def flush():\n    pass"


def test_without_a_merged_text_there_is_no_excerpt():
    """Nothing is made up."""
    raised = thread(remark("`fit` is wrong."), path=PATH)
    assert Excerpts(pull_facts(files=(ADDED,), threads=(raised,))).of(raised, beside_patch=False) == ()


@pytest.mark.parametrize(
    ("body", "names"),
    [
        pytest.param("`self.store.flush()` loses it", ("flush",), id="the last part of a call is meant"),
        pytest.param("keep it under `/tmp/cache`", (), id="a path is no name"),
        pytest.param("why is max_steps read twice?", ("max_steps",), id="snake case outside of backticks"),
        pytest.param("loadState() and saveState()", ("loadState", "saveState"), id="camel case and calls"),
        pytest.param("This should be faster.", (), id="plain words are none"),
        pytest.param(
            "```suggestion\nfoo_bar = 1\n```\nRename it.", (), id="what is suggested is not there yet"
        ),
        pytest.param(
            " ".join(f"`name_{n}`" for n in range(50)), ("name_0", "name_1", "name_2", "name_3"), id="a few"
        ),
        pytest.param("`" * 5_000, (), id="nothing but backticks"),
    ],
)
def test_names_that_a_remark_names(body, names):
    """In backticks first, then by their shape."""
    assert named(body) == names


@pytest.mark.parametrize("line", [-3, 0, 10**9])
def test_a_line_that_is_nowhere_is_no_error(line):
    """GitHub's numbers are not believed."""
    assert cut("Odd.", line) is not None
