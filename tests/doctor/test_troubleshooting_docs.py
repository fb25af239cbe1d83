"""``docs/troubleshooting.md`` quotes the program as it is: log lines, checks, metrics and sentences."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.doctor import CHECKS
from bot.settings.load import known_names

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
SOURCES = [path.read_text("utf-8") for path in sorted((ROOT / "bot").rglob("*.py"))]
_QUOTES = r"((?:(?:, | and |, or )?`[^`]+`(?: \([^)]*\))?)+)"


def quoted(word: str) -> list[str]:
    """What stands in code marks after a word, one or several."""
    found = re.findall(rf"(?i)\b{word} {_QUOTES}", DOCUMENT)
    return [name for group in found for name in re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", group))]


@cache
def literals() -> set[str]:
    """Every text in the program's sources, with what is filled in left out."""
    nodes = (node for source in SOURCES for node in ast.walk(ast.parse(source)))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_log_line_exists():
    """As the first argument of a call that logs."""
    table = re.findall(
        r"^\| `([^`]+)` \|", DOCUMENT.partition("| log |")[2].partition("\n\n")[0], re.MULTILINE
    )
    wanted = {*quoted("logs?"), *table}
    assert len(wanted) > 20
    assert wanted - literals() == set()


def test_every_check_exists():
    """A line of the doctor that is referred to is one of its checks."""
    wanted = set(quoted("doctor"))
    assert wanted - set(CHECKS) == set()
    assert len(wanted) > 12


def test_every_metric_exists():
    """And every name of a setting."""
    text = "\n".join(SOURCES)
    for name in re.findall(r"`(prhub_[a-z_]+)`", DOCUMENT):
        assert name.removeprefix("prhub_").removesuffix("_total") in text
    settings = {name for name in re.findall(r"PRHUB_[A-Z_]+", DOCUMENT) if name != "PRHUB_"}
    assert settings - known_names().keys() == set()


@pytest.mark.parametrize(
    "sentence",
    [
        "is unknown: did you mean ",
        "APP_ID is missing",
        "PRIVATE_KEY is missing",
        "WEBHOOK_SECRET is missing",
        "WEBHOOK_SECRET has a secret that can be guessed",
        "A server is running on ",
        "Cannot listen on ",
        "DATABASE_URL cannot be used: ",
        "The database has a schema that this release does not know",
        "The database has the schema ",
        "the database is locked by another process",
        "the disk is full: make room",
        "the signature does not match",
    ],
)
def test_every_sentence_exists(sentence):
    """What a person looks for is what they were shown."""
    assert sentence.strip("( ") in DOCUMENT
    assert any(sentence in text for text in literals())
