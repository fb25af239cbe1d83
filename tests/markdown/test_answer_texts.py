"""Answers to commands: what they say, in both languages, and that nothing in them acts."""

from __future__ import annotations

import pytest

from bot.deliveries.commands import parse
from bot.markdown.answers import Status, answer_body, config_text, preview_text, risks_text, status_text
from bot.markdown.commands import help_text
from bot.markdown.escape import Safe
from bot.markdown.explained import explain_text
from bot.markdown.report import Style
from bot.marker import NOTES_LIMIT, is_own, is_report_of, notes_in, with_notes
from bot.model import BudgetStanding, PlaceHints, Scope
from bot.model.labelling import Labelling
from bot.model.repo_config import Loaded
from bot.repo_config import choices
from bot.settings import Settings
from bot.store.register_drafts import drafts
from tests.fakes.register import reported, told
from tests.fakes.reports import pull_report

LANGUAGES = ("en", "zh-CN")
EVIL = "@octo-org/team /prhub report\n\n/prhub report <img src=x> [a](http://evil.example) #1 `x"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_parses_as_a_command(language):
    """Whatever it quotes."""
    bodies = [
        help_text(language),
        status_text(language, Status(version=EVIL, waiting={"new": 1}, model=EVIL, unshown=EVIL)),
        risks_text(language, drafts(reported(1, told(EVIL)), PlaceHints()), 3),
        explain_text(pull_report(), {"risk: security": "applied"}, Style(language=language), Labelling(4)),
        config_text(language, choices(Settings(), Loaded(), "octo-org/engine"), broken=EVIL),
        preview_text(pull_report(), Style(language=language)),
    ]
    for body in bodies:
        assert parse(body) is None
        assert parse(answer_body((1, 2), "re:help", body, language)) is None
        assert not any(line.startswith("/prhub") for line in body.splitlines())


def test_an_answer_is_found_by_its_marker():
    """Of its kind, in its place; it is never taken for a report."""
    body = answer_body((1, 2), "re:help", Safe("text"), "en")
    assert is_own(body, 1, 2, "re:help")
    assert not is_own(body, 1, 2, "re:risks")
    assert not is_own(body, 1, 3, "re:help")
    assert not is_report_of(body, 1, 2)


def test_a_long_answer_is_cut():
    """GitHub takes 65,536 characters."""
    body = answer_body((1, 2), "re:risks", Safe("- a line of a list\n" * 20_000), "en")
    assert len(body) < 65_000


def test_a_preview_is_no_report():
    """It says that the pull request is not merged, and neither when nor by whom."""
    text = preview_text(pull_report(), Style())
    assert text.startswith("***Preview.** The pull request is not merged")
    assert "**Not merged: " in text
    assert "prhub:report" not in text
    assert "merged 2026" not in text


def test_status_tells_budgets_with_a_limit():
    """But not that of the whole server, which is other people's too."""
    budgets = (
        BudgetStanding(scope=Scope.PULL, spent=5, held=1, cap=100),
        BudgetStanding(scope=Scope.REPOSITORY, spent=5, held=1, cap=0),
        BudgetStanding(scope=Scope.SERVER, spent=999, held=1, cap=1000),
    )
    text = status_text("en", Status(version="1", waiting={}, budgets=budgets))
    assert "Budget, this pull request: 6 of 100 tokens" in text
    assert "999" not in text
    assert "this repository" not in text.partition("Budget")[2]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param("report", "", id="no notes"),
        pytest.param("a<!-- prhub:note -->x<!-- /prhub:note -->b", "x", id="one"),
        pytest.param("<!-- prhub:note -->x", "", id="one that does not end"),
        pytest.param("<!-- /prhub:note -->x<!-- prhub:note -->", "", id="the wrong way round"),
        pytest.param("<!-- prhub:note -->" * 50_000, "", id="many that do not end"),
    ],
)
def test_notes_are_found(body, kept):
    """Each with its markers."""
    expected = f"<!-- prhub:note -->{kept}<!-- /prhub:note -->" if kept else ""
    assert notes_in(body) == expected


def test_notes_stay_as_they_are_from_refresh_to_refresh():
    """Several too; of an endless one the beginning."""
    one, two = (f"<!-- prhub:note -->{name}<!-- /prhub:note -->" for name in ("a", "b"))
    body = with_notes("report", notes_in(f"{one} between {two}"))
    assert body == f"report\n{one}\n\n{two}\n"
    assert with_notes("report", notes_in(body)) == body
    long = notes_in(f"<!-- prhub:note -->{'x' * 100_000}<!-- /prhub:note -->")
    assert len(long) == NOTES_LIMIT
    assert notes_in(long) == long
