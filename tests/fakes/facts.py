"""Small builders of PullFacts: every field has a sensible default, and any can be set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model import (
    Commit,
    FileChange,
    FileKind,
    FileStatus,
    Hunk,
    MergedFile,
    MergeMethod,
    Person,
    PullFacts,
    Remark,
    Repository,
    Review,
    ReviewState,
    ReviewThread,
    Symbol,
    SymbolChange,
)

MERGED_AT = datetime(2026, 3, 24, 5, 50, tzinfo=UTC)
MERGE_SHA = "c0ffee" + "0" * 34
BASE_SHA = "ba5e" + "0" * 36
HEAD_SHA = "4ead" + "0" * 36


def person(login: str = "octo-dev", *, is_bot: bool = False) -> Person:
    """A person, or a bot."""
    return Person(login=login, is_bot=is_bot)


def repository(**changes: Any) -> Repository:
    """A public repository on github.com."""
    fields: dict[str, Any] = {
        "id": 4242,
        "full_name": "octo-org/engine",
        "url": "https://github.com/octo-org/engine",
        "default_branch": "main",
    }
    return Repository(**(fields | changes))


def pull_facts(**changes: Any) -> PullFacts:
    """The facts of a merged pull request that changes nothing yet.

    ``changed_files``, ``additions``, ``deletions`` and ``commit_count`` follow ``files`` and
    ``commits`` unless they are given.
    """
    files: tuple[FileChange, ...] = tuple(changes.get("files", ()))
    fields: dict[str, Any] = {
        "repository": repository(),
        "number": 12,
        "title": "Keep the last snapshot when a save fails",
        "body": "",
        "author": person("octo-dev"),
        "merged_by": person("octo-lead"),
        "merged_at": MERGED_AT,
        "created_at": MERGED_AT - timedelta(days=2),
        "merge_sha": MERGE_SHA,
        "base_sha": BASE_SHA,
        "head_sha": HEAD_SHA,
        "base_ref": "main",
        "head_ref": "keep-snapshot",
        "head_repository": "octo-org/engine",
        "merge_method": MergeMethod.SQUASH,
        "changed_files": len(files),
        "additions": sum(file.additions for file in files),
        "deletions": sum(file.deletions for file in files),
        "commit_count": len(changes.get("commits", ())) or 1,
    }
    return PullFacts(**(fields | changes))


def hunk(text: str, *, new_start: int = 1, old_start: int | None = None, section: str = "") -> Hunk:
    """A hunk from its lines, each with ``+``, ``-`` or a space in front; an empty one is context."""
    lines = tuple(line or " " for line in text.split("\n"))
    return Hunk(
        old_start=new_start if old_start is None else old_start,
        old_lines=sum(1 for line in lines if line[0] != "+"),
        new_start=new_start,
        new_lines=sum(1 for line in lines if line[0] != "-"),
        section=section,
        lines=lines,
    )


def file_change(path: str = "engine/store.py", added: str = "", **changes: Any) -> FileChange:
    """A modified source file; the lines of ``added`` (without marks) become one hunk at line 1.

    ``additions`` and ``deletions`` follow the hunks unless they are given.
    """
    only = hunk("\n".join("+" + line for line in added.removesuffix("\n").split("\n")))
    hunks: tuple[Hunk, ...] = tuple(changes.get("hunks", (only,) if added else ()))
    lines = [line for part in hunks for line in part.lines]
    fields: dict[str, Any] = {
        "path": path,
        "status": FileStatus.MODIFIED,
        "kind": FileKind.SOURCE,
        "module": path.split("/", 1)[0] if "/" in path else "root",
        "additions": sum(1 for line in lines if line[0] == "+"),
        "deletions": sum(1 for line in lines if line[0] == "-"),
        "hunks": hunks,
    }
    return FileChange(**(fields | changes))


def symbol(name: str = "save", **changes: Any) -> Symbol:
    """A public function that was modified."""
    fields: dict[str, Any] = {
        "name": name,
        "kind": "function",
        "change": SymbolChange.MODIFIED,
        "line": 1,
        "signature": f"def {name}():",
    }
    return Symbol(**(fields | changes))


def merged_file(path: str = "engine/store.py", text: str = "") -> MergedFile:
    """The text of a file at the merge commit."""
    return MergedFile(path=path, text=text)


def remark(body: str = "This loses the last snapshot.", **changes: Any) -> Remark:
    """A comment, by default of the reviewer ``octo-reviewer``; ``author`` may be a login."""
    author = changes.get("author", "octo-reviewer")
    fields: dict[str, Any] = {
        "id": 900,
        "author": person(author) if isinstance(author, str) else author,
        "body": body,
        "created_at": MERGED_AT - timedelta(hours=20),
    }
    return Remark(**(fields | {key: value for key, value in changes.items() if key != "author"}))


def thread(*remarks: Remark, **changes: Any) -> ReviewThread:
    """An unresolved thread on a line of ``engine/store.py`` that nobody changed since."""
    fields: dict[str, Any] = {
        "id": 700,
        "path": "engine/store.py",
        "line": 10,
        "original_line": 10,
        "resolved": False,
        "resolved_by": None,
        "outdated": False,
        "remarks": remarks or (remark(),),
        "still_there": True,
        "merged_line": 10,
        "later_commits": 0,
    }
    return ReviewThread(**(fields | changes))


def review(state: ReviewState = ReviewState.APPROVED, **changes: Any) -> Review:
    """A submitted review of ``octo-reviewer``; ``author`` may be a login."""
    author = changes.get("author", "octo-reviewer")
    fields: dict[str, Any] = {
        "id": 800,
        "author": person(author) if isinstance(author, str) else author,
        "state": state,
        "body": "",
        "submitted_at": MERGED_AT - timedelta(hours=10),
    }
    return Review(**(fields | {key: value for key, value in changes.items() if key != "author"}))


def commit(headline: str = "Keep the last snapshot", **changes: Any) -> Commit:
    """A commit of ``octo-dev``."""
    fields: dict[str, Any] = {
        "sha": HEAD_SHA,
        "headline": headline,
        "body": "",
        "author": person("octo-dev"),
        "committed_at": MERGED_AT - timedelta(days=1),
    }
    return Commit(**(fields | changes))
