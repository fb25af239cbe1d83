"""A merged pull request with the traps of the audit: stale remarks, a stub, tests that are there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sandbox.build import add_commit, add_user, signature
from sandbox.talk import add_remark, add_review, add_thread, merge_pull, open_pull
from tests.fakes.github import the_repository

if TYPE_CHECKING:
    from sandbox.discussion import Pull
    from sandbox.state import State

TRAINER = "engine/trainer.py"
CACHE = "engine/cache.py"
OCR = "engine/ocr.py"
TESTS = "tests/test_trainer.py"

_HEAD = '''\
"""One training run."""

import json
import os

'''
_FIRST_IMPORT = "import fast_codec\n"
_GUARDED_IMPORT = "try:\n    import fast_codec\nexcept ImportError:\n    fast_codec = None\n"
_START = '''

class Trainer:
    """Runs the steps of one training, and scores their answers."""

    def __init__(self, folder, colocate=False):
        self.folder = folder
        self.colocate = colocate
        self.codec = fast_codec
        self.pool = []

    def _save_checkpoint(self, step):
'''
_FIRST_SAVE = "        pass  # TODO: later\n"
_SAVE = """\
        path = os.path.join(self.folder, f"step_{step}.json")
        with open(path + ".new", "w") as file:
            json.dump({"step": step}, file)
        os.replace(path + ".new", path)
"""
_END = """
    def train(self, batches):
        for step, batch in enumerate(batches):
            self.pool.append(self._compute_reward(batch))
            self._save_checkpoint(step)

    def _compute_reward(self, batch):
        if self.colocate:
            return self._compute_reward_colocate(batch)
        return [len(answer) for answer in batch]

    def _compute_reward_colocate(self, batch):
        raise NotImplementedError
"""
_OCR = '''\
"""Scores of texts read from images."""


def score(found, expected):
    return sum(one == other for one, other in zip(found, expected)) / len(expected)
'''
_GUARDED_OCR = _OCR.replace("    return sum", "    if not expected:\n        return 0.0\n    return sum")
_CACHE_BEFORE = "def take(cache, key):\n    return cache[key].clone()\n"
_CACHE = "def take(cache, key):\n    return cache[key]\n\n\ndef reset(cache):\n    cache.clear()\n"
_TESTS = """\
from engine.trainer import Trainer


def test_every_step_leaves_a_checkpoint(tmp_path):
    Trainer(tmp_path).train([["a"], ["b", "cc"]])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step_0.json", "step_1.json"]
"""
_MERGED = {
    TRAINER: _HEAD + _GUARDED_IMPORT + _START + _SAVE + _END,
    OCR: _GUARDED_OCR,
    TESTS: _TESTS,
}
_EARLY = {TRAINER: _HEAD + _FIRST_IMPORT + _START + _FIRST_SAVE + _END, CACHE: _CACHE, OCR: _OCR}
_BODY = (
    "Adds a trainer that writes a checkpoint after every step, so that a run of three days can go on after a "
    "crash. Removes a redundant clone from `take` and adds `reset` for the cache."
)


def audited_pull(state: State) -> Pull:
    """``feat: add a trainer``: three remarks on its first commit, of which the second commit mends all.

    Threads in the order of GitHub's answer: on ``_save_checkpoint``, on the import, on the division, and,
    on the merged state, on ``_compute_reward_colocate``.
    """
    repository = the_repository(state)
    by = signature(state, "octo-dev", state.now() - timedelta(hours=9))
    add_commit(repository, "main", {CACHE: _CACHE_BEFORE}, "Keep tensors", by)
    early = state.now() - timedelta(hours=8)
    pull = open_pull(state, repository, _EARLY, title="feat: add a trainer", body=_BODY, created_at=early)
    first = pull.head_sha
    later = signature(state, "octo-dev", state.now() - timedelta(hours=2))
    pull.head_sha = add_commit(repository, pull.head_ref, _MERGED, "Save checkpoints", later).sha
    _discuss(state, pull, first)
    add_review(state, pull, "octo-lead", "APPROVED")
    return merge_pull(repository, pull, add_user(state, "octo-lead"), state.now())


def _discuss(state: State, pull: Pull, first: str) -> None:
    repository, at = the_repository(state), state.now() - timedelta(hours=6)
    remarks = (
        (
            TRAINER,
            "    def _save_checkpoint",
            1,
            first,
            "`_save_checkpoint` is not implemented, runs are lost.",
        ),
        (
            TRAINER,
            "import fast_codec",
            0,
            first,
            "This needs ImportError handling: `fast_codec` is optional.",
        ),
        (OCR, "    return sum", 0, first, "`score` divides by zero if nothing is expected."),
        (
            TRAINER,
            "    def _compute_reward_colocate",
            1,
            pull.head_sha,
            "`_compute_reward_colocate` fails for everybody who sets `colocate`.",
        ),
    )
    for path, start, below, commit, body in remarks:
        lines = repository.commits[commit].tree[path].data.decode().split("\n")
        number = next(index for index, line in enumerate(lines, 1) if line.startswith(start)) + below
        thread = add_thread(state, repository, pull, (path, number), commit=commit)
        add_remark(state, thread, "octo-review[bot]", body, created_at=at)
