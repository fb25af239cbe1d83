"""A git repository that a test makes, commit by commit, each with its author and time."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from bot.git import GitRepository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class DatedClone:
    """A clone of ``octo-org/engine`` on ``main``; times are in UTC."""

    def __init__(self, folder: Path, *init: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.run("init", "-q", "-b", "main", *init)
        self.run("remote", "add", "origin", "git@github.com:octo-org/engine.git")

    @property
    def git(self) -> GitRepository:
        """The clone as PRHub reads it."""
        return GitRepository(self.folder)

    def run(self, *arguments: str, author: str = "octo-dev", when: str = "2026-01-05T00:00:00") -> str:
        """Run git as an author with a no-reply address, or with a full name, at a time."""
        mail = (
            f"{author.replace(' ', '.')}@example.org"
            if " " in author
            else f"{author}@users.noreply.github.com"
        )
        identity = {
            "GIT_AUTHOR_NAME": author,
            "GIT_AUTHOR_EMAIL": mail,
            "GIT_AUTHOR_DATE": f"{when}+00:00",
            "GIT_COMMITTER_NAME": "GitHub",
            "GIT_COMMITTER_EMAIL": "noreply@github.com",
            "GIT_COMMITTER_DATE": f"{when}+00:00",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.folder,
            env=os.environ | identity,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(
        self, message: str, when: str, files: Mapping[str, str] | None = None, author: str = "octo-dev"
    ) -> str:
        """Commit files (one of its own if none are given); the new commit's id."""
        for path, text in (files or {f"{abs(hash(message + when))}.txt": "one\n"}).items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_text(text, "utf-8")
        self.run("add", "-A")
        self.run("commit", "-qm", message, author=author, when=when)
        return self.run("rev-parse", "HEAD")

    def merge(self, number: int, when: str, author: str, files: Mapping[str, str] | None = None) -> str:
        """Merge a branch of one commit by a merge commit, as ``octo-lead`` pressing the button would."""
        self.run("checkout", "-qb", f"change-{number}")
        self.commit(f"Work on {number}", when, files, author)
        self.run("checkout", "-q", "main")
        message = f"Merge pull request #{number} from {author}/change-{number}\n\nChange {number}"
        self.run("merge", "-q", "--no-ff", f"change-{number}", "-m", message, author="octo-lead", when=when)
        return self.run("rev-parse", "HEAD")
