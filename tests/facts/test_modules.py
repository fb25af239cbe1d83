"""A file belongs to the module that its owners, the title or its folders name, in this order."""

from __future__ import annotations

import time

import pytest

from bot.facts.modules import Modules, title_modules

TITLES = [
    ("[hardware, rollout] feat: enable MXFP8", ("hardware", "rollout")),
    ("[BREAKING][fsdp, megatron] feat: drop x", ("fsdp", "megatron")),
    ("[rollout,tool]feat: x", ("rollout", "tool")),
    ("[1/3] [vllm] fix: x", ("vllm",)),
    ("[docker] update x", ("docker",)),
    ("[doc] prettify the toggle", ("doc",)),
    ("[Multimodal] Add support", ("multimodal",)),
    ("[CI/Build][Core] x", ("core",)),
    ("[ci, doc] chore: x", ("ci", "doc")),
    ("[vllm]: x", ("vllm",)),
    ("[models/llama] x", ("models/llama",)),
    ("【rollout】修复", ("rollout",)),
    ("feat(parser): x", ("parser",)),
    ("feat(web, api)!: x", ("web", "api")),
    ("fix(ci): x", ("ci",)),
    ("parser: fix x", ("parser",)),
    ("net/http: fix x", ("net/http",)),
    ("cmd/go, runtime: x", ("cmd/go", "runtime")),
    ('Revert "[rollout] feat: x"', ("rollout",)),
    ('Revert "Reapply "feat(web): x""', ("web",)),
    ("[a, b, a] x", ("a", "b")),
    ("[a][b][c][d][e][f][g][h][i][j] x", tuple("abcdefgh")),
    ("[\u202erollout\u200b] x", ("rollout",)),
]
NO_MODULES = [
    "[Fix] Fix some bugs", "[docs] x", "[Bugfix] x", "[tests] x", "[release] bump to v0.2.4", "[NFC] Add x",
    "[WIP] x", "[BREAKING] x", "[v0.5] x", "[2/N] x", "[ABC-12] x", "(fix):not have x", "Fix: x", "feat: x",
    "feat!: x", "chore(deps): bump x", "WIP: x", "Note: x", "refactor: remove router",
    "Update README.md: x", "fix typo",
    "https://a.example: x", "Bump x from 1 to 2", "[] x", "[[a]] x", "[a", "a]", "", " ", "[<b>@octo</b>] x",
    "[" * 600,
]  # fmt: skip


@pytest.mark.parametrize(("title", "modules"), TITLES)
def test_a_title_names_modules(title: str, modules: tuple[str, ...]) -> None:
    """In brackets, as a scope, or before a colon."""
    assert title_modules(title) == modules


@pytest.mark.parametrize("title", NO_MODULES)
def test_a_title_may_name_none(title: str) -> None:
    """Types of change, states of the work, numbers and other text are no modules."""
    assert title_modules(title) == ()


OWNERS = """\
* @octo-org/all
/core/ @octo-dev # the heart
/core/plugins/  @octo-org/plugins dev@example.test
/core/main.py @octo-dev
*.py @octo-org/python
docs/ @octo-org/docs
/packages/*/ @octo-org/web
/deep/**/inner/ @octo-dev
**/i18n/ @octo-org/words
/tools @octo-dev
/scripts/*.sh @octo-dev
Makefile @octo-dev
/with\\ blank/ @octo-dev
!/negated/ @octo-dev
[Section] @octo-dev
/core/unowned/
"""
OWNED = [
    pytest.param("core/a/b/c.py", "core", id="a folder"),
    pytest.param("core/plugins/x/y.py", "core/plugins", id="the later pattern wins"),
    pytest.param("core/main.py", "core", id="a single file: its folder"),
    pytest.param("site/docs/a.md", "docs", id="a folder at any depth"),
    pytest.param("packages/web/src/a.ts", "packages/web", id="a star stands for what it matched"),
    pytest.param("deep/a/inner/b.c", "deep", id="two stars end the folder"),
    pytest.param("web/i18n/de/x.po", "i18n", id="a folder after two stars"),
    pytest.param("tools/a/b.py", "tools", id="a folder without its slash"),
    pytest.param("scripts/a.sh", "scripts", id="files of a folder"),
    pytest.param("with blank/a.c", "with blank", id="an escaped blank"),
    pytest.param("core/unowned/a.c", "core/unowned", id="a folder without owners"),
    pytest.param("setup.py", "root", id="a pattern for an ending names no folder"),
    pytest.param("other/Makefile", "other", id="a pattern for a name names no folder"),
    pytest.param("negated/a/b/c.c", "negated/a", id="negation is not known here"),
    pytest.param("scripts/sub/a.sh", "scripts/sub", id="what no pattern matches falls to its folders"),
]


@pytest.mark.parametrize(("path", "module"), OWNED)
def test_owners_name_the_module(path: str, module: str) -> None:
    """The pattern's folder, never an owner's name; what matches everything does not count."""
    assert Modules(OWNERS, "[rollout] x").module(path) == module


BY_TITLE = [
    pytest.param("[rollout] x", "verl/workers/rollout/a.py", "rollout", id="a folder of the path"),
    pytest.param("[rollout] x", "slime/Rollout.py", "rollout", id="the file's own name"),
    pytest.param("net/http: x", "src/net/http/server.go", "net/http", id="two folders"),
    pytest.param("[tool, rollout] x", "a/rollout/tool/b.py", "tool", id="the first that fits"),
    pytest.param("[roll] x", "a/rollout/b/c.py", "a/rollout", id="a part of a folder's name is not it"),
    pytest.param("[docker] x", "src/main.py", "src", id="another place"),
]


@pytest.mark.parametrize(("title", "path", "module"), BY_TITLE)
def test_the_title_names_the_module(title: str, path: str, module: str) -> None:
    """If what it names is a part of the path."""
    assert Modules(None, title).module(path) == module


BY_FOLDER = [
    ("a.py", "root"), ("src/a.py", "src"), ("lib/a/b.py", "a"), ("src/parser/lexer/deep/a.c", "parser/lexer"),
    ("packages/web/src/a.ts", "web"), ("verl/workers/rollout/a.py", "verl/workers"),
    ("tests/a/b/c.py", "tests/a"),
    ("src/main/java/com/acme/app/web/A.java", "app/web"), ("src/test/kotlin/A.kt", "kotlin"),
    (".github/workflows/a.yml", ".github/workflows"), ("src/lib/a.c", "lib"),
    ("a\nb/\u202ec\u202c/d.py", "a b/c"),
    ("\u200b/a.py", "root"), ("", "root"), ("/", "root"), ("x" * 4_000 + "/a.py", "x" * 200),
]  # fmt: skip


@pytest.mark.parametrize(("path", "module"), BY_FOLDER)
def test_folders_name_the_module(path: str, module: str) -> None:
    """The first two below the common roots; what is shown is clean and never empty."""
    assert Modules(None, "").module(path) == module


def test_hostile_owners_cost_little() -> None:
    """Three megabytes of patterns, and 300 files."""
    owners = "".join(f"/a/**/b*{number}*/ @x\n" for number in range(150_000))
    start = time.process_time()
    modules = Modules(owners + "\0\\ \\\n" * 999, "")
    assert {modules.module(f"a/{'c/' * 50}{number}") for number in range(300)} == {"a/c"}
    assert time.process_time() - start < 2
