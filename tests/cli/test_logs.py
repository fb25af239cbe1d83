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
