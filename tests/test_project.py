"""The project keeps its own rules: size, permissions, documents that say what the code does."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from bot.cli import COMMANDS, prhub

ROOT = Path(__file__).parents[1]
SOURCES = [path for folder in ("bot", "sandbox") for path in sorted((ROOT / folder).rglob("*.py"))]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def functions(path: Path) -> list[tuple[str, int]]:
    """Name and number of lines of every function in a file."""
    tree = ast.parse(path.read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [
        (f"{path.name}:{node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    ]


def test_functions_are_short():
    """None has over 50 lines, and nine in ten have fewer than 30."""
    lengths = sorted((length, name) for path in SOURCES for name, length in functions(path))
    assert lengths[-1][0] <= 50, lengths[-1]
    assert lengths[int(len(lengths) * 0.9)][0] < 30


def test_files_are_short():
    """None has over 250 lines."""
    assert [path.name for path in SOURCES if len(path.read_text("utf-8").splitlines()) > 250] == []


def test_every_module_says_what_it_is_for():
    """In one sentence, at its top."""
    assert [path.name for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_the_app_asks_for_no_more_than_it_needs():
    """A permission or an event more is a decision, not an accident (R119)."""
    manifest = yaml.safe_load((ROOT / "app.yml").read_text("utf-8"))
    assert manifest["default_permissions"] == {
        "metadata": "read",
        "contents": "read",
        "checks": "read",
        "statuses": "read",
        "pull_requests": "write",
        "issues": "write",
    }
    assert set(manifest["default_events"]) == {
        "pull_request",
        "pull_request_review",
        "pull_request_review_comment",
        "pull_request_review_thread",
        "issue_comment",
        "repository",
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name):
    """``docs/commands.md`` knows each of them, and its tables know no other."""
    text = (ROOT / "docs" / "commands.md").read_text("utf-8")
    section = text.partition(f"## `prhub {name}")[2].partition("\n## ")[0]
    command = prhub.get_command(click.Context(prhub), name)
    assert command is not None
    options = {option for item in command.params for option in item.opts if option.startswith("--")}
    assert options <= set(re.findall(r"--[a-z-]+", section))
    assert set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE)) <= options


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    """Every relative link names a file that is there."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text("utf-8"))
    assert [target for target in targets if not (document.parent / target).exists()] == []


def test_the_two_commands_of_the_readme_are_there():
    """``make demo`` and ``make test``."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"^make (\w+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE):
        assert f"\n{command}:" in makefile


def test_the_lock_has_every_dependency_with_hashes_and_no_address():
    """What the image installs is what was tested."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    names = {re.split(r"[\[<>=]", item)[0] for item in project["dependencies"]}
    locked = set(re.findall(r"^([\w-]+)(?:\[\w+\])?==", lock, re.MULTILINE))
    assert names <= locked
    assert "://" not in lock
    assert lock.count("--hash=sha256:") > len(names)


def test_every_dependency_has_its_reason():
    """``docs/dependencies.md`` names each."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    wanted = project["dependencies"] + project["optional-dependencies"]["demo"]
    names = {re.split(r"[\[<>=]", item)[0] for item in wanted}
    assert [name for name in sorted(names) if name not in text] == []
