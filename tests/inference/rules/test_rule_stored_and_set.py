"""Settings, stored data and dependencies that changed are told with their lines."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import FileChange, FileKind, FileStatus, RiskKey
from tests.fakes.facts import file_change, hunk
from tests.fakes.insights import risk, said, severity


def config(text: str, path: str = "conf/engine.yaml", **changes: Any) -> FileChange:
    return file_change(path, hunks=(hunk(text),), **({"kind": FileKind.CONFIG} | changes))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param(config("-port: 80\n+port: 81"), ("values", "port", "medium"), id="another value"),
        pytest.param(config("-port: 80\n+host: a"), ("removed", "port", "medium"), id="a key is gone"),
        pytest.param(config("+host: a"), ("files", None, "low"), id="a new key"),
        pytest.param(
            config(" web:\n-  port: 80\n+  port: 80  # the old one"),
            ("files", None, "low"),
            id="only a comment",
        ),
        pytest.param(
            config('-  "port": 80,\n+  "port": 80', path="a.json"), ("files", None, "low"), id="only a comma"
        ),
        pytest.param(
            config("-port: 80\n+port: 81", path=".pre-commit-config.yaml"), None, id="a tool of developers"
        ),
        pytest.param(
            config("+a=b", path="src/main/resources/messages/messages_de.properties"),
            None,
            id="a translation",
        ),
        pytest.param(config("-a: 1\n+a: 2", path="pnpm-workspace.yaml"), None, id="a package manager's file"),
        pytest.param(config("+numpy>=2", path="requirements.txt"), None, id="a manifest"),
        pytest.param(config("+FROM scratch", path="Dockerfile"), None, id="an image"),
        pytest.param(config("-port: 80\n+port: 81", kind=FileKind.GENERATED), None, id="a generated file"),
        pytest.param(
            config("-    size: int = 1\n+    size: int = 2", "engine/config/store.py", kind=FileKind.SOURCE),
            ("values", "size", "medium"),
            id="a default in source",
        ),
        pytest.param(
            config("-    size = 1\n+    size = 2", "engine/config/store.py", kind=FileKind.SOURCE),
            None,
            id="a variable in source",
        ),
    ],
)
def test_configuration(file: FileChange, expected: object) -> None:
    """A key that is gone or has another value weighs more than a new one."""
    found = risk(RiskKey.CONFIGURATION, files=(file,))
    told = (
        (
            said(found).key.rsplit(".", 1)[-1],
            said(found).params.get("symbols"),
            found.severity.value,
        )
        if found
        else None
    )
    assert told == expected


def test_the_new_value_is_quoted() -> None:
    """The evidence is the line as merged."""
    found = risk(RiskKey.CONFIGURATION, files=(config("-port: 80\n+port: 81"),))
    assert found is not None
    assert (found.evidence[0].line, found.evidence[0].quote) == (1, "port: 81")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("db/migrate/2_add.rb", "add_column :a, :b", "medium", id="a migration"),
        pytest.param(
            "app/migrations/0002_x.py", "migrations.RemoveField('a', 'b')", "high", id="a field is removed"
        ),
        pytest.param(
            "db/alembic/versions/2.py",
            "def upgrade():\n    op.add_column('a')\n\ndef downgrade():\n    op.drop_column('a')",
            "medium",
            id="a drop only on the way back",
        ),
        pytest.param(
            "db/alembic/versions/2.py",
            "def upgrade():\n    op.drop_table('a')",
            "high",
            id="a drop on the way forward",
        ),
        pytest.param("db/2.sql", "ALTER TABLE a ADD b int;", "medium", id="a schema statement"),
        pytest.param("db/2.down.sql", "DROP TABLE a;", "medium", id="a file for the way back"),
        pytest.param("db/2.sql", "SELECT 1;", None, id="a query"),
        pytest.param("app/migrations/__init__.py", "", None, id="a package's empty file"),
        pytest.param("engine/migrate_checkpoint.py", "x = 1", None, id="a tool with the word in its name"),
    ],
)
def test_migrations(path: str, text: str, expected: object) -> None:
    """A step that loses data weighs most."""
    assert severity(RiskKey.DATA_MIGRATION, files=(file_change(path, added=text),)) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        pytest.param(
            file_change("requirements.txt", added="numpy>=2"), ("manifest", "medium"), id="requirements"
        ),
        pytest.param(
            file_change("requirements-dev.txt", added="pytest"), ("manifest", "low"), id="only for developers"
        ),
        pytest.param(
            file_change("docs/requirements.txt", added="sphinx"),
            ("manifest", "low"),
            id="only for documentation",
        ),
        pytest.param(
            file_change("setup.py", hunks=(hunk('-    version="1",\n+    version="2",'),)),
            None,
            id="the own version",
        ),
        pytest.param(
            file_change("setup.py", added='WEB_REQUIRES = ["aiohttp==3"]'),
            ("manifest", "medium"),
            id="a list in setup.py",
        ),
        pytest.param(
            file_change(
                "pyproject.toml", hunks=(hunk(' dependencies = [\n+  "click",\n ]'),), kind=FileKind.CONFIG
            ),
            ("manifest", "medium"),
            id="a bare name in a list",
        ),
        pytest.param(
            file_change("pyproject.toml", added='line-length = 100\nselect = ["ALL"]', kind=FileKind.CONFIG),
            None,
            id="a tool's section",
        ),
        pytest.param(
            file_change("package.json", added='  "left": "^1.2.0",', kind=FileKind.CONFIG),
            ("manifest", "medium"),
            id="npm",
        ),
        pytest.param(
            config('-"left": "^1.2.0",\n+"left": "^1.3.1"', path="package.json"),
            ("manifest", "low"),
            id="another minor version",
        ),
        pytest.param(
            config('-"left": "^1.2.0"\n+"left": "^2.0.0"', path="package.json"),
            ("manifest", "medium"),
            id="another major version",
        ),
        pytest.param(
            config("-left v0.2.1\n+left v0.3.0", path="go.mod"),
            ("manifest", "medium"),
            id="before 1.0 a minor version may break",
        ),
        pytest.param(
            config(
                '-own = { version = "1.2.0", path = "own" }\n+own = { version = "2.0.0", path = "own" }',
                "Cargo.toml",
            ),
            None,
            id="a part of the same repository",
        ),
        pytest.param(
            config("-<style.version>12.1</style.version>\n+<style.version>13.0</style.version>", "pom.xml"),
            ("manifest", "medium"),
            id="a version in a property of Maven",
        ),
        pytest.param(
            config("-id 'org.x.boot' version '3.5'\n+id 'org.x.boot' version '4.0'", "build.gradle"),
            ("manifest", "medium"),
            id="a plugin of Gradle",
        ),
        pytest.param(
            file_change("package.json", added='  "version": "1.2.0",', kind=FileKind.CONFIG),
            None,
            id="npm's own version",
        ),
        pytest.param(
            file_change("go.mod", added="\tgolang.org/x/text v0.3.0"), ("manifest", "medium"), id="Go"
        ),
        pytest.param(
            file_change("docker/Dockerfile", added="FROM python:3.12"), ("image", "medium"), id="a base image"
        ),
        pytest.param(
            file_change("docker/Dockerfile", added="RUN echo hello"), None, id="another line of an image"
        ),
        pytest.param(
            file_change("uv.lock", added="x", kind=FileKind.LOCK), ("lock", "low"), id="a lock file"
        ),
        pytest.param(
            file_change("third/lib", kind=FileKind.SUBMODULE), ("submodule", "medium"), id="a submodule"
        ),
        pytest.param(
            file_change("playground/css/node_modules/a.js", kind=FileKind.VENDORED),
            None,
            id="what a playground pretends to have installed",
        ),
        pytest.param(
            file_change("docker/fix.patch", added="+x"), ("patch", "medium"), id="a patch for other software"
        ),
        pytest.param(
            file_change("requirements.txt", hunks=(hunk("-numpy\n-zope\n+zope\n+numpy"),)),
            None,
            id="only sorted",
        ),
        pytest.param(
            file_change("requirements.txt", hunks=(hunk("-numpy"),)),
            ("manifest", "medium"),
            id="only removed",
        ),
        pytest.param(
            file_change("requirements.txt", status=FileStatus.RENAMED, previous_path="r.txt"),
            None,
            id="only renamed",
        ),
    ],
)
def test_dependencies(file: FileChange, expected: object) -> None:
    """Only a line that names a dependency counts."""
    found = risk(RiskKey.DEPENDENCY, files=(file,))
    told = (said(found).key.rsplit(".", 1)[-1], found.severity.value) if found else None
    assert told == expected


def test_a_submodule_is_counted_once() -> None:
    """Its entry in ``.gitmodules`` is no second one."""
    files = (
        file_change(".gitmodules", added="[submodule]", kind=FileKind.CONFIG),
        file_change("third/lib", kind=FileKind.SUBMODULE),
    )
    found = risk(RiskKey.DEPENDENCY, files=files)
    assert found is not None
    assert [item.path for item in found.evidence] == ["third/lib"]
