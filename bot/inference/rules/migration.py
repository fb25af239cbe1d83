"""Changes of stored data: migrations and schema files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.inference.lines import Line, evidence_of, first_line, new_side, suffix
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.model import Evidence, FileChange, FileKind, FileStatus, RiskKey, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = re.compile(
    r"(?:^|/)(?:migrations?|alembic/versions|db/migrate|flyway|liquibase|changelogs?/db)/", re.IGNORECASE
)
_SCHEMA = re.compile(r"(?:^|/)(?:schema\.(?:rb|sql|prisma)|structure\.sql)$|\.prisma$", re.IGNORECASE)
_CODE = frozenset(
    {"py", "sql", "rb", "js", "ts", "php", "go", "java", "kt", "cs", "xml", "yaml", "yml", "rs", "ex", "exs"}
)
_STATEMENT = re.compile(
    r"\b(?:CREATE|ALTER|DROP|TRUNCATE|RENAME)\s+(?:OR REPLACE\s+)?(?:UNIQUE\s+)?(?:TABLE|COLUMN|INDEX|"
    r"VIEW|TYPE|SCHEMA|DATABASE|TRIGGER)\b",
    re.IGNORECASE,
)
_LOSING = re.compile(
    r"\b(?:DROP\s+(?:TABLE|COLUMN|SCHEMA|DATABASE)|TRUNCATE\s+(?:TABLE\s+)?\w|DELETE\s+FROM)\b|\b(?:drop_(?:column|table)|remove_column|dropColumn|"
    r"dropTable|dropIfExists|DeleteModel|RemoveField|DropColumn|DropTable)\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\s*(?:async\s+)?(?:def|function|func|public function|"
    r"protected override void)?\s?(down(?:grade)?|Down)\b\s?[(:=]|\s*--\s?\+goose Down|"
    r"\s*--\s?migrate:down"
)
_FORWARD = re.compile(
    r"\s*(?:async\s+)?(?:def|function|func|public function|protected override void)\s?\w+|"
    r"\s*--\s?\+goose Up|\s*--\s?migrate:up"
)
_EVIDENCE = 5


def data_migration(context: Context) -> Finding | None:
    """Migrations or schema files changed; heavier when a step forward drops data."""
    files = [file for file in context.facts.files if _is_migration(file)]
    if not files:
        return None
    losing = context.standing(line for file in files for line in _losing(file))
    evidence = evidence_of(losing)
    what = "losing" if evidence else "files"
    return Finding(
        rule="migrations",
        key=RiskKey.DATA_MIGRATION,
        severity=Severity.HIGH if evidence else Severity.MEDIUM,
        explanation=counted(
            f"insight.risk.migration.{what}",
            len(losing) if evidence else len(files),
            paths=names([file.path for file in files]),
        ),
        evidence=evidence
        or tuple(Evidence(path=file.path, line=first_line(file)) for file in files[:_EVIDENCE]),
    )


def _is_migration(file: FileChange) -> bool:
    if file.kind in {
        FileKind.DOCS,
        FileKind.TEST,
        FileKind.VENDORED,
        FileKind.BINARY,
        FileKind.CI,
        FileKind.LOCK,
        FileKind.IGNORED,
    }:
        return False
    if file.status is FileStatus.RENAMED and not file.hunks:
        return False
    if _SCHEMA.search(file.path):
        return True
    ending = suffix(file.path)
    name = file.path.rsplit("/", 1)[-1]
    if _FOLDER.search(file.path):
        return ending in _CODE and name not in {"__init__.py", "env.py", "index.ts", "index.js", "mod.rs"}
    return ending == "sql" and any(_STATEMENT.search(line.text) for line, added in new_side(file) if added)


def _losing(file: FileChange) -> Iterator[Line]:
    """Added lines that drop data, outside the part that undoes the migration."""
    if ".down." in file.path or file.path.endswith("/down.sql") or file.status is FileStatus.REMOVED:
        return
    backward = False
    for line, is_added in new_side(file):
        if _BACK.match(line.text):
            backward = True
        elif _FORWARD.match(line.text):
            backward = False
        if is_added and not backward and _LOSING.search(line.text):
            yield line
