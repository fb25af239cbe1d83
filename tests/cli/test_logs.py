"""Logs tell what happened and never a secret."""

from __future__ import annotations

import logging
import secrets

import pytest
import structlog

from bot.cli.logs import set_up_logs
from bot.settings import Settings


@pytest.fixture
def logging_as_before():
    """Put the process's logging back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_shows_no_local_variable(form, capsys, logging_as_before):
    """Tokens travel in local variables; the line and the error are enough to find a fault."""
    set_up_logs(Settings(log_format=form))
    token = "ghs_" + secrets.token_hex(20)
    headers = {"authorization": token}
    try:
        headers["missing"]
    except KeyError:
        structlog.get_logger("prhub.test").exception("it failed")
    said = capsys.readouterr().err
    assert "it failed" in said
    assert "KeyError" in said
    assert token not in said


def test_a_title_cannot_forge_a_line(capsys, logging_as_before):
    """Line breaks and escapes in foreign text are escaped."""
    set_up_logs(Settings(log_format="json"))
    structlog.get_logger("prhub.test").info("ended", title='x\n{"event": "forged"}\x1b[31m')
    assert capsys.readouterr().err.count("\n") == 1


def test_nothing_moves_a_terminals_cursor(capsys, logging_as_before):
    """On a console line breaks and escapes in foreign text are shown as what they are."""
    set_up_logs(Settings(log_format="console"))
    structlog.get_logger("prhub.test").info("ended", title="x\x1b[2J\rforged", other="a\nb")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "\\x1b[2J\\rforged" in said
    assert "\x1b[2J" not in said


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("[SQL: INSERT]\n[parameters: ('zztext',)]\n(Background)", id="SQLAlchemy's parameters"),
        pytest.param("1 error\n [type=x, input_value='zztext', input_type=str]", id="pydantic's input"),
        pytest.param("duplicate key\nDETAIL:  Key (name)=(zztext) exists", id="PostgreSQL's row"),
    ],
)
def test_what_an_error_quotes_is_taken_out(words, capsys, logging_as_before):
    """It may be anybody's text; what failed and where is enough."""
    set_up_logs(Settings(log_format="json"))
    structlog.get_logger("prhub.test").error("it failed", exc_info=ValueError(words))
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "not shown" in said
    assert "zztext" not in said
