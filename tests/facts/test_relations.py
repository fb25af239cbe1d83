"""What the words of a pull request point to."""

from __future__ import annotations

import time

import pytest

from bot.facts.merged import Found, Mention
from bot.facts.relations import Candidates, candidates, related
from bot.model import Relation

SHA = "c0ffee" + "0" * 34


@pytest.mark.parametrize(
    ("title", "body", "wanted"),
    [
        pytest.param(
            'Revert "Save"',
            "Reverts octo-org/engine#5",
            Candidates(reverts=(5,)),
            id="the revert button",
        ),
        pytest.param('Revert "Save"', "reverts #5", Candidates(reverts=(5,)), id="a revert by number"),
        pytest.param(
            'Revert "Save"',
            f"This reverts commit {SHA}.",
            Candidates(reverted_commits=(SHA,)),
            id="a revert by commit",
        ),
        pytest.param(
            'Revert "Save"',
            "Reverts octo-org/other#5",
            Candidates(),
            id="a revert of another repository's pull request is none here",
        ),
        pytest.param(
            "Speed up",
            "Reverts #5 partly",
            Candidates(mentioned=(5,)),
            id="only a title makes it a revert",
        ),
        pytest.param("Fix", "Backport of #5", Candidates(backport_of=(5,)), id="a backport"),
        pytest.param("Fix", "cherry-picked from PR #5", Candidates(backport_of=(5,)), id="a cherry-pick"),
        pytest.param(
            "Fix (#7)",
            "See #5, octo-org/ENGINE#6, https://github.com/octo-org/engine/pull/8 and #5 again",
            Candidates(mentioned=(5, 6, 8)),
            id="mentions, each once, without its own number",
        ),
        pytest.param(
            "Fix",
            "other/place#5 x#6 a/b/c#7 &#39; https://github.com/other/place/issues/9 #0 #1234567890",
            Candidates(),
            id="nothing of this repository is meant",
        ),
    ],
)
def test_what_is_pointed_to(title, body, wanted):
    """Numbers of other repositories and its own are left out."""
    assert candidates("octo-org/engine", 7, title, [body]) == wanted


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("backport" + " " * 60_000, id="a backport of nothing, far away"),
        pytest.param("revert" + " " * 60_000, id="a revert of nothing, far away"),
        pytest.param(".a" * 30_000, id="names that never end"),
        pytest.param("a/" * 30_000, id="repositories that never end"),
    ],
)
def test_hostile_text_takes_no_longer_than_other_text(text):
    """The event loop waits for it: deliveries must be answered meanwhile."""
    before = time.perf_counter()
    assert candidates("octo-org/engine", 7, "Revert it", [text]) == Candidates()
    assert time.perf_counter() - before < 0.5


def test_only_what_github_confirms_is_related_and_only_once():
    """The strongest relation of each number stays; unknown numbers are dropped."""
    found = Found(mentions={5: Mention(5, "Save", is_pull=True), 6: Mention(6, "Slow", is_pull=False)})
    wanted = Candidates(reverts=(5,), mentioned=(5, 6, 99))
    assert [(item.number, item.relation) for item in related(found, wanted, (), {})] == [
        (5, Relation.REVERTS),
        (6, Relation.MENTIONED),
    ]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(None, id="a hidden event"),
        pytest.param({"source": None}, id="a source that may not be seen"),
        pytest.param(
            {"source": {"number": 9, "title": 'Revert "Save"', "merged": False}}, id="an unmerged revert"
        ),
        pytest.param(
            {"isCrossRepository": True, "source": {"number": 9, "title": 'Revert "Save"', "merged": True}},
            id="a fork's revert",
        ),
        pytest.param(
            {"source": {"number": 9, "title": 'Revert "Load"', "merged": True}}, id="a revert of another"
        ),
    ],
)
def test_what_does_not_revert_it(event):
    """An event of the time line counts only if a merged pull request of this repository says it."""
    pull = {"title": "Save", "references": {"nodes": [event]}}
    assert related(Found(), Candidates(), (), pull) == ()
