"""Read-only git plumbing on a local clone, with nothing that the clone could make it run."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TIMEOUT_SECONDS = 120.0
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
# A repository's own configuration may name programs (hooks, filters, textconv, pagers, monitors):
# these options and this environment switch every one of them off, and the network too.
_SAFE = (
    "--no-pager",
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.allow=never",
    "-c",
    "log.showSignature=false",
    "-c",
    "core.quotePath=true",
    "-c",
    # Nothing of the clone is run, so whose it is does not matter.
    "safe.directory=*",
    "-c",
    "diff.renames=true",
)
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "LC_ALL": "C",
}
_DIFF = (
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--full-index",
    "--find-renames",
    "--unified=3",
    "--submodule=short",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
_NOREPLY = re.compile(r"\A(?:\d+\+)?([A-Za-z0-9-]{1,39}(?:\[bot\])?)@users\.noreply\.")


@dataclass(frozen=True)
class GitCommit:
    """A commit: ids, people (the login of a GitHub no-reply address, else the name), time, message."""

    sha: str
    parents: tuple[str, ...]
    author: str
    committer: str
    committed_at: datetime
    subject: str
    body: str


@dataclass(frozen=True)
class GitRepository:
    """A clone at ``path``. Every method raises ``UserError`` with git's words when git refuses."""

    path: Path

    def commit(self, revision: str) -> GitCommit:
        """Give the commit a revision names."""
        sha = self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return self.commits(("--no-walk", sha))[0]

    def commits(self, arguments: Iterable[str]) -> list[GitCommit]:
        """Give the commits that ``git log`` gives for these arguments, oldest first."""
        form = "--format=%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%ct%x00%s%x00%b%x00%x01"
        text = self._text("log", "--reverse", form, *arguments)
        records = [record.lstrip("\n") for record in text.split("\x01")]
        return [_commit(record) for record in records if record.count("\0") >= 9]

    def diff(self, old: str | None, new: str) -> bytes:
        """Give the diff between two commits in git's own format; ``None`` is the empty tree."""
        return self._run("diff", *_DIFF, old or EMPTY_TREE, new, "--")

    def file(self, sha: str, path: str) -> str | None:
        """Give the text of a file at a commit, or ``None`` if there is no such text."""
        try:
            data = self._run("cat-file", "blob", f"{sha}:{path}")
        except UserError:
            return None
        return None if b"\0" in data[:8000] else data.decode("utf-8", "replace")

    def history(self, sha: str, path: str, most: int) -> list[tuple[datetime, str]]:
        """Give time and subject of the newest commits that touched a file, up to and with ``sha``."""
        form = "--format=%ct%x09%s"
        text = self._text("log", "--first-parent", f"--max-count={most}", form, sha, "--", path)
        rows = [line.partition("\t") for line in text.splitlines()]
        return [(datetime.fromtimestamp(int(when), UTC), subject) for when, _, subject in rows]

    def reverts_of(self, sha: str) -> list[GitCommit]:
        """Give the commits after ``sha`` on the current branch that say they revert it."""
        words = f"This reverts commit {sha}"
        return self.commits(("--fixed-strings", f"--grep={words}", "--max-count=5", f"{sha}..HEAD"))

    def origin(self) -> str | None:
        """Give the address of the remote ``origin`` as configured, or ``None``."""
        return self._optional("config", "--get", "remote.origin.url")

    def default_branch(self) -> str:
        """Give the remote's default branch if the clone knows it, else the checked-out one."""
        head = self._optional("symbolic-ref", "--short", "refs/remotes/origin/HEAD")
        if head is not None:
            return head.partition("/")[2]
        return self._optional("symbolic-ref", "--short", "HEAD") or "HEAD"

    def _optional(self, *arguments: str) -> str | None:
        try:
            return self._line(*arguments) or None
        except UserError:
            return None

    def _line(self, *arguments: str) -> str:
        return self._text(*arguments).strip()

    def _text(self, *arguments: str) -> str:
        return self._run(*arguments).decode("utf-8", "replace")

    def _run(self, *arguments: str) -> bytes:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        try:
            done = subprocess.run(  # noqa: S603 - fixed program, options before data, no shell
                ["git", *_SAFE, "-C", str(self.path), *arguments],  # noqa: S607 - the user's git
                capture_output=True,
                env=kept | _ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                timeout=TIMEOUT_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise UserError("git is not installed: install it, then try again.") from error
        except subprocess.TimeoutExpired as error:
            raise UserError(f"git {arguments[0]} took over {TIMEOUT_SECONDS:.0f} s.") from error
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise UserError(f"git {arguments[0]} failed: {said[0] if said else 'no such revision'}")
        return done.stdout


def _commit(record: str) -> GitCommit:
    sha, parents, name, mail, committer, committer_mail, when, subject, body = record.split("\0")[:9]
    return GitCommit(
        sha=sha,
        parents=tuple(parents.split()),
        author=_login(name, mail),
        committer=_login(committer, committer_mail),
        committed_at=datetime.fromtimestamp(int(when), UTC),
        subject=subject,
        body=body,
    )


def _login(name: str, mail: str) -> str:
    match = _NOREPLY.match(mail)
    return match[1] if match else name
