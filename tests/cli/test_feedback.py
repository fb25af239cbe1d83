"""``prhub feedback``: what people said, beside the scores, as an operator types it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from bot.cli.feedback import command
from bot.errors import UserError
from bot.store import Reports, open_store
from bot.store.feedback import Feedback, Saying
from tests.fakes.databases import asynchronous
from tests.fakes.reports import pull_report, repository

NUMBER = pull_report().head.number or 0
AT = 1_774_000_000.0


@pytest.fixture
async def filled(sqlite_files, tmp_path, monkeypatch):
    """A database with a report that people said something about, and with words that move a cursor."""
    url = sqlite_files.migrated()
    store = open_store(asynchronous(url))
    await Reports(store).save(pull_report(), 1)
    feedback, place = Feedback(store), repository().id
    for _ in range(2):
        await feedback.add(place, Saying(NUMBER, 7, "octo-dev", "too long\x1b[2J", AT))
    await feedback.reacted(place, NUMBER, {"+1": 3, "-1": 1})
    await feedback.reacted(place, NUMBER, {"+1": 2, "-1": 0})
    await feedback.add(place, Saying(9999, 8, "octo-lead", "no report?", AT))
    await store.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)


def test_it_lists_what_was_said_beside_the_scores(filled):
    """A comment counts once, and reactions as they were last."""
    result = CliRunner().invoke(command, [repository().full_name])
    importance = pull_report().scores.importance
    first, said, second, _ = result.output.splitlines()
    assert first.startswith(f"#{NUMBER}  importance {importance:g}  insight ")
    assert first.endswith("+1 ×2")
    assert said == "  2026-03-20 octo-dev: too long [2J"
    assert second == "#9999  importance –  insight –"


def test_json_has_the_same(filled):
    """For programs."""
    result = CliRunner().invoke(command, [repository().full_name, "--json"])
    first, second = json.loads(result.output)
    assert (first["pull"], first["reactions"]) == (NUMBER, {"+1": 2})
    assert second["said"] == [{"author": "octo-lead", "text": "no report?", "at": "2026-03-20"}]


@pytest.mark.parametrize("name", ["engine", "octo-org/elsewhere", "../x/y"])
def test_a_name_that_is_not_known_is_refused(filled, name):
    """With what to do."""
    result = CliRunner().invoke(command, [name])
    assert isinstance(result.exception, UserError)
