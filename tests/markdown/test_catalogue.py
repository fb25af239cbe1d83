"""The catalogues say the same things in every language."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from bot.markdown.catalogue import _FIELD, Catalogue, _flat, load, placeholders
from bot.markdown.escape import Safe
from bot.model import (
    Attention,
    Audience,
    Category,
    CheckState,
    DecisionState,
    FileKind,
    FileStatus,
    MergeMethod,
    Message,
    ReadAs,
    Relation,
    RiskKey,
    RiskState,
    RubricKey,
    Severity,
    Source,
    SymbolChange,
    TopicOutcome,
    WithoutModel,
)

if TYPE_CHECKING:
    from enum import Enum

ENGLISH = load("en").templates
CHINESE = load("zh-CN").templates
ENUMS: list[tuple[str, type[Enum]]] = [
    ("attention", Attention),
    ("audience", Audience),
    ("category", Category),
    ("check_state", CheckState),
    ("file_kind", FileKind),
    ("file_status", FileStatus),
    ("head.how", MergeMethod),
    ("outcome", DecisionState),
    ("read_as", ReadAs),
    ("relation", Relation),
    ("risk_name", RiskKey),
    ("risk_state", RiskState),
    ("rubric", RubricKey),
    ("severity", Severity),
    ("source", Source),
    ("symbol_line", SymbolChange),
    ("symbol_note", SymbolChange),
    ("topic_outcome", TopicOutcome),
    ("without_model", WithoutModel),
]


def test_both_languages_have_the_same_keys() -> None:
    """No sentence is missing in one language."""
    assert sorted(ENGLISH) == sorted(CHINESE)


def test_both_languages_take_the_same_values() -> None:
    """No translation drops or invents a value."""
    differing = {key for key in ENGLISH if placeholders(ENGLISH[key]) != placeholders(CHINESE.get(key, ""))}
    assert differing == set()


def test_no_key_is_written_twice() -> None:
    """Two files of a language never say the same key."""
    folder = files("bot.markdown") / "catalogue" / "en"
    texts = [file.read_text(encoding="utf-8") for file in folder.iterdir()]
    assert sum(len(dict(_flat("", tomllib.loads(text)))) for text in texts) == len(ENGLISH)


@pytest.mark.parametrize(("prefix", "enum"), ENUMS, ids=[prefix for prefix, _ in ENUMS])
def test_every_word_of_the_vocabulary_has_a_name(prefix: str, enum: type[Enum]) -> None:
    """Each member of a closed set is named, in both languages."""
    suffix = ".plain" if enum is DecisionState else ""
    assert {f"{prefix}.{member.value}{suffix}" for member in enum} <= ENGLISH.keys() & CHINESE.keys()


def test_every_key_in_a_template_exists() -> None:
    """A template never asks for a sentence that is not there."""
    asked = {
        key
        for file in (files("bot.markdown") / "templates").iterdir()
        for key in re.findall(r'\bt\("([a-z_.]+)"[,)]', file.read_text(encoding="utf-8"))
    }
    assert len(asked) > 20
    assert asked <= ENGLISH.keys()


def test_every_key_in_the_code_exists() -> None:
    """Nor does the code."""
    asked = {
        key
        for file in files("bot.markdown").iterdir()
        if file.name.endswith(".py")
        for key in re.findall(r'\bsay\(\s*"([a-z_.]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(asked) > 10
    assert asked <= ENGLISH.keys()


@pytest.mark.parametrize("templates", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
def test_templates_are_well_formed(templates: dict[str, str]) -> None:
    """Every brace belongs to a value, no sentence spans lines, and none starts with a command."""
    for key, template in templates.items():
        rest = _FIELD.sub("", template)
        assert not set("{}|\n") & set(rest), key
        assert not template.startswith(("/", "@")), key


def test_chinese_uses_chinese_punctuation() -> None:
    """A Chinese sentence has no half-width comma, colon, semicolon or parenthesis beside its characters."""
    wrong = re.compile(r"[\u4e00-\u9fff][,:;!?()]|[,:;!?()][\u4e00-\u9fff]")
    assert {key: value for key, value in CHINESE.items() if wrong.search(value)} == {}


def test_chinese_has_a_space_beside_latin_words() -> None:
    """Latin words and values stand apart from Chinese characters."""
    wrong = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9{](?!text|quote|reason)|[A-Za-z0-9][\u4e00-\u9fff]")
    allowed = {"symbol_line.added", "head.merged.plain"}
    found = {key: value for key, value in CHINESE.items() if wrong.search(value) and key not in allowed}
    assert found == {}


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        pytest.param("{count} {count|file|files}", {"count": 1}, "1 file", id="one"),
        pytest.param("{count} {count|file|files}", {"count": 0}, "0 files", id="none"),
        pytest.param("{count} {count|file|files}", {"count": 1234}, "1,234 files", id="many"),
        pytest.param("{n|one|{n} of {m}}", {"n": 2, "m": 3}, "2 of 3", id="a value within a wording"),
        pytest.param("{risk_symbol}", {"risk_symbol": "revert"}, "revert", id="a risk without a name here"),
        pytest.param("{old_path} moved", {"old_path": "a_b.py"}, "`a_b.py` moved", id="a path is code"),
        pytest.param("{symbol}", {"symbol": "__init__"}, "`__init__`", id="a symbol is code"),
        pytest.param("{paths}", {"paths": "a.py, b.py, …"}, "`a.py`, `b.py`, …", id="each path is code"),
        pytest.param("by {who}", {"who": "@octo *x*"}, "by @\u200bocto \\*x\\*", id="a string is text"),
        pytest.param("by {who}", {}, "by ?", id="a value that is missing leaves a gap, not an error"),
        pytest.param("{a}", {"a": "{b}", "b": "x"}, "{b}", id="a value is never a template"),
        pytest.param("{self} {key}", {"self": 1, "key": 2}, "1 2", id="any name"),
    ],
)
def test_say(template: str, values: dict[str, str | int], said: str) -> None:
    """Values are formatted, escaped and counted."""
    assert Catalogue({"x": template, "comma": ", "}, {}).sentence(Message(key="x", params=values)) == said


def test_safe_values_survive_only_within_this_stage() -> None:
    """A message that comes from data carries plain strings, whatever they were made of."""
    assert type(Message(key="x", params={"a": Safe("x")}).params["a"]) is not Safe


def test_missing_in_one_language_is_said_in_english() -> None:
    """A half-translated report is better than none."""
    assert Catalogue({}, {"x": "English"}).say("x") == "English"


def test_missing_everywhere_says_nothing() -> None:
    """A key that nobody knows is not shown to readers."""
    assert Catalogue({}, {}).say("risk.unheard_of") == ""
