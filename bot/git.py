"""Read-only git plumbing on a local clone, with nothing that the clone could make it run."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TIMEOUT_SECONDS = 120.0
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
    "diff.suppressBlankEmpty=false",
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
    "--no-relative",
    "--unified=3",
    "--inter-hunk-context=0",
    "--submodule=short",
    "--ignore-submodules=none",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
# One NUL after each: the only character that no message can hold.
_FIELDS = ("%H", "%P", "%an", "%ae", "%cn", "%ce", "%ct", "%s", "%b")
_FORM = "--format=" + "".join(f"{field}%x00" for field in _FIELDS)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    """A clone, bare or at its top folder; see ``open_clone``.

    Every method raises ``UserError`` with git's words when git refuses.
    """

    path: Path

    def commit(self, revision: str) -> GitCommit:
        """Give the commit a revision names."""
        sha = self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        return self.commits(("--no-walk", sha))[0]

    def commits(self, arguments: Iterable[str]) -> list[GitCommit]:
        """Give the commits that ``git log`` gives for these arguments, oldest first."""
        fields = self._text("log", "--reverse", "--encoding=UTF-8", _FORM, *arguments).split("\0")
        size = len(_FIELDS)
        return [_commit(fields[i : i + size]) for i in range(0, len(fields) - size, size)]

    def diff(self, old: str | None, new: str) -> bytes:
        """Give the diff between two commits in git's own format; ``None`` is the empty tree."""
        # Without input, this is the empty tree: its id depends on the repository's hash.
        base = old or self._line("hash-object", "-t", "tree", "--stdin")
        return self._run("diff", *_DIFF, base, new, "--")

    def file(self, sha: str, path: str) -> str | None:
        """Give the text of a file at a commit, or ``None`` if there is no such text."""
        try:
            data = self._run("cat-file", "blob", f"{sha}:{path}")
        except UserError:
            return None
        return None if b"\0" in data[:8000] else data.decode("utf-8", "replace")

    def history(self, sha: str, path: str, most: int) -> list[tuple[datetime, str]]:
        """Give time and subject of the newest commits that touched a file, up to and with ``sha``."""
        form = ("--encoding=UTF-8", "--format=%ct%x00%s%x00")
        text = self._text("log", "--first-parent", f"--max-count={most}", *form, sha, "--", path)
        fields = text.split("\0")[:-1]
        return [(_moment(when.strip()), said) for when, said in zip(fields[::2], fields[1::2], strict=True)]

    def fields(self, arguments: Iterable[str]) -> list[str]:
        """Give what ``git log`` prints for a form whose fields each end with a NUL, split at the NULs."""
        return self._text("log", "--encoding=UTF-8", *arguments).split("\0")[:-1]

    def times(self, arguments: Iterable[str]) -> list[tuple[str, datetime]]:
        """Give ids and times of the commits that ``git log`` gives for these arguments, newest first."""
        fields = self.fields(("--format=%H%x00%ct%x00", *arguments))
        return [
            (sha.lstrip("\n"), _moment(when)) for sha, when in zip(fields[::2], fields[1::2], strict=True)
        ]

    def authors(self, sha: str) -> frozenset[str]:
        """Give who wrote the commits up to and with ``sha``, as ``GitCommit.author`` names them."""
        fields = self.fields(("--format=%an%x00%ae%x00", sha))
        people = set(zip(fields[::2], fields[1::2], strict=True))
        return frozenset(_login(name.lstrip("\n"), mail) for name, mail in people)

    def shallow(self) -> bool:
        """Tell whether the clone lacks the beginning of its history."""
        return self._optional("rev-parse", "--is-shallow-repository") == "true"

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

    def top(self) -> str | None:
        """Give the top folder of the work tree, or ``None`` for a bare repository."""
        return self._optional("rev-parse", "--show-toplevel")

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


def open_clone(path: Path) -> GitRepository:
    """Give the clone that a folder is or is part of. Raises ``UserError`` if there is none."""
    inside = GitRepository(path)
    # A bare one has no top folder, and answers with an error.
    top = inside.top()
    return inside if top is None else GitRepository(Path(top))


def _commit(fields: Sequence[str]) -> GitCommit:
    sha, parents, name, mail, committer, committer_mail, when, subject, body = fields
    return GitCommit(
        sha=sha.lstrip("\n"),
        parents=tuple(parents.split()),
        author=_login(name, mail),
        committer=_login(committer, committer_mail),
        committed_at=_moment(when),
        subject=subject,
        body=body,
    )


def _moment(seconds: str) -> datetime:
    """Give the time of a commit; one that no calendar holds, as commits can have it, is 1970."""
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return _EPOCH
    # At the calendar's ends, another time zone would be beyond it.
    return moment if 1 < moment.year < 9999 else _EPOCH


def _login(name: str, mail: str) -> str:
    match = _NOREPLY.match(mail)
    return match[1] if match else name
