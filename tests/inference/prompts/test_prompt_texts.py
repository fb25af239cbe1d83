"""The fixed part: frozen when released, the same for every pull request, and not too long."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import jinja2
import pytest

from bot.inference.prompts import CURRENT, estimate, plan
from bot.inference.prompts.asking import system
from bot.inference.prompts.fence import canary
from bot.inference.prompts.texts import VERSIONS, digests, folder, locked, render
from bot.inference.rubric import ITEMS, RUBRIC
from bot.model import RiskKey, RubricKey
from tests.fakes.facts import file_change, pull_facts, thread
from tests.fakes.prompts import SECRET, terms

LANGUAGES = ("en", "zh-CN")


def test_released_prompts_do_not_change():
    """A change of wording is a new version: see ``prompts/README.md``."""
    assert digests() == locked()


def test_every_task_has_its_texts():
    """Two for each, of the version that is asked with."""
    wanted = {
        f"{task}/{version}/{part}.md.j2" for task, version in VERSIONS.items() for part in ("system", "user")
    }
    assert wanted <= set(digests())
    assert set(CURRENT) == {"report/v1", "brief/v1"}


def test_the_texts_are_beside_the_package_and_in_the_wheel():
    """In a checkout and where a wheel is installed."""
    root = Path(__file__).parents[3]
    assert folder() == root / "prompts"
    packaged = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert "prompts*" in packaged["packages"]["find"]["include"]
    assert {"*.j2", "*.toml"} <= set(packaged["package-data"]["*"])


def test_a_name_that_a_template_lacks_is_an_error():
    """Better no question than one with a gap."""
    with pytest.raises(jinja2.UndefinedError):
        render("report", "system", {"canary": "x"})


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fixed_part_is_the_same_for_every_pull_request(language):
    """Then it is paid for once and read from the cache."""
    asked = terms(language=language)
    small = pull_facts(files=(file_change(added="x = 1"),), threads=(thread(),), title="One")
    large = pull_facts(files=(file_change("a/b.go", "y\n" * 500),), title="Two", number=13)
    assert plan(small, asked).questions[0].system == plan(large, asked).questions[0].system


@pytest.mark.parametrize(
    ("task", "most"),
    [("report", 3_650), ("brief", 1_500), ("review", 1_900), ("notes", 1_900), ("repair", 190)],
)
def test_the_fixed_part_is_short(task, most):
    """By our count, which is a fifth too high for prose: about 3,000 tokens for a report."""
    assert max(estimate(system(task, terms(language=language))) for language in LANGUAGES) <= most


@pytest.mark.parametrize("task", VERSIONS)
def test_the_canary_stands_in_the_fixed_part_with_the_order_never_to_write_it(task):
    """The same in every task; the order follows or precedes it."""
    text = system(task, terms())
    assert text.count(canary(SECRET)) == 1
    assert "Never write" in text


@pytest.mark.parametrize("task", VERSIONS)
def test_no_vendor_is_named(task):
    """Any server that speaks the protocol may be asked."""
    assert not re.search(
        r"anthropic|claude|openai|gpt|gemini|qwen|llama|deepseek", system(task, terms()), re.IGNORECASE
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_of_the_fixed_part_are_not_run_together(language):
    """Every heading stands between empty lines, every item begins a line."""
    for task in VERSIONS:
        text = system(task, terms(language=language))
        assert re.findall(r"[^\n]\n# |\n# [^\n]+\n[^\n]", text) == []
        assert re.findall(r"[.:]- ", text) == []


def test_the_report_knows_the_rubric_and_the_risks_a_model_may_name():
    """Four keys are decided by code alone, and not described."""
    text = system("report", terms())
    for key in RubricKey:
        assert ITEMS[key] in text
        assert all(level in text for level in RUBRIC[key])
    described = set(re.findall(r"^  - `([a-z-]+)`: ", text, re.MULTILINE)) - {key.value for key in RubricKey}
    assert {key.value for key in RiskKey} - described == {
        "core-path",
        "unresolved-review",
        "revert",
        "prompt-injection",
    }


def test_a_language_changes_the_language_alone():
    """What is asked is asked in English; the answer's language is named in the fixed part and in the ask."""
    english, chinese = terms(), terms(language="zh-CN")
    facts = pull_facts(files=(file_change(added="x = 1"),))
    assert "Simplified Chinese" in system("report", chinese)
    assert plan(facts, english).questions[0].data == plan(facts, chinese).questions[0].data
    assert plan(facts, chinese).questions[0].ask.endswith("in Simplified Chinese.")
