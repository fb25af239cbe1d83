"""The last question, asked of each token of the rendered text, is whether it may stand there."""

import pytest

from bot.inference.verify import known
from tests.fakes.claims import store_facts


@pytest.mark.parametrize(
    "token",
    [
        "8",
        "120",
        "45.5",
        "3",
        "2026-03-02",
        "2",
        "#7",
        "#9",
        "#12",
        "@octo-lead",
        "octo-dev",
        "engine/store.py",
        "store.py",
        "engine/old",
        "_save_checkpoint",
        "SnapshotStore._save_checkpoint",
        "`RETRY_LIMIT`",
        "json.dumps()",
        "GitHub",
        "PyTorch",
        "UTF-8",
        "FP8",
        "e.g.",
        "and/or",
        "snapshots",
        "ab12cd34",
        "SNAPSHOT_MODE=fast",
        "APIs",
    ],
)
def test_what_the_facts_have_is_known(token):
    """Numbers, names, paths, people and ordinary words."""
    assert known(store_facts())(token)


@pytest.mark.parametrize(
    "token",
    [
        "4711",
        "97%",
        "9.9.9",
        "2031-01-01",
        "#4242",
        "GH-4242",
        "@octocat",
        "engine/ghost.py",
        "ghost_writer",
        "GhostFactory",
        "flush()",
        "a.b.c",
        "9f8e7d6c",
        "https://example.com/run",
        "www.example.com",
        "H200",
        "other-org/tool#7",
        "example.com",
        "engine/ghost/x",
        "phantom::run",
        "CVE-2024-31337",
    ],
)
def test_what_they_lack_is_not(token):
    """An address never is, though somebody wrote it."""
    assert not known(store_facts())(token)
