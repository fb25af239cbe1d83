"""PullFacts of one commit of a local clone: what git knows, and no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.errors import UserError
from bot.facts.changes import file_changes, with_symbols
from bot.facts.diff import parse_diff
from bot.facts.kinds import FileKinds
from bot.facts.marks import Marks
from bot.facts.merged import HISTORY_WINDOW, days_between, worth_reading, worth_tracing
from bot.facts.modules import Modules
from bot.facts.pull import merged_files
from bot.facts.relations import candidates
from bot.facts.words import Washer, person
from bot.model import (
    Commit,
    FileHistory,
    MergeMethod,
    PullFacts,
    RelatedPull,
    Relation,
    Repository,
)
from bot.redaction import is_secret_path

if TYPE_CHECKING:
    from bot.git import GitCommit, GitRepository
    from bot.model import FileChange
    from bot.model.repo_config import Choices

MAX_COMMITS = 100
_MERGE = re.compile(r"\AMerge pull request #(\d{1,9}) from (\S{1,250})")
_SQUASH = re.compile(r"\(#(\d{1,9})\)\s*\Z")
_ADDRESS = re.compile(
    r"\A(?:https?://|ssh://)?(?:[^@/\s]{1,200}@)?([\w.-]{1,200})(?::\d{1,5})?[:/](.{1,300})\Z"
)


def read_commit(git: GitRepository, revision: str, choices: Choices | None = None) -> PullFacts:
    """Read a merge commit, a squash commit or a rebased commit as the pull request it was.

    The number comes from ``Merge pull request #N`` or ``(#N)``; without either there is none. ``choices`` are
    what holds for the repository.
    Raises ``UserError`` if git does not know the revision.
    """
    commit, washer = git.commit(revision), Washer()
    identity = identity_of(commit, washer)
    base = commit.parents[0] if commit.parents else None
    marks = Marks(choices)
    kinds = FileKinds(git.file(commit.sha, ".gitattributes"), marks)
    patches = parse_diff(
        git.diff(base, commit.sha), skip=lambda path: kinds.counted(path) or is_secret_path(path)
    )
    names = choices.modules if choices is not None else None
    modules = Modules(_owners(git, commit.sha), identity["title"], names)
    files, redactions = file_changes(patches, kinds, modules, marks)
    washer.redactions += redactions
    texts = {path: text for path in worth_reading(files, ()) if (text := git.file(commit.sha, path))}
    history = _histories(git, commit, files, identity["number"])
    return PullFacts(
        repository=repository_of_clone(git),
        files=tuple(with_symbols(file, texts.get(file.path)) for file in files),
        merged_files=merged_files(texts),
        changed_files=len(files),
        additions=sum(file.additions for file in files),
        deletions=sum(file.deletions for file in files),
        history=history,
        related=_related(git, commit, identity),
        base_sha=base,
        redactions=washer.redactions,
        choices=choices,
        **identity,
        **_commits(git, commit, washer),
    )


def identity_of(commit: GitCommit, washer: Washer) -> dict[str, Any]:
    """Give the fields of ``PullFacts`` that a commit's message tells; ``number`` is ``None`` without one."""
    merge, squash = _MERGE.match(commit.subject), _SQUASH.search(commit.subject)
    title, body, number = commit.subject, commit.body, None
    head_ref, method = "", MergeMethod.UNKNOWN
    if merge is not None:
        title, _, body = commit.body.strip("\n").partition("\n")
        title = title or commit.subject
        number, head_ref = int(merge[1]), merge[2].partition("/")[2] or merge[2]
    elif squash is not None:
        title, number, method = _SQUASH.sub("", commit.subject).rstrip(), int(squash[1]), MergeMethod.SQUASH
    if len(commit.parents) > 1:
        method = MergeMethod.MERGE
    return {
        "number": number,
        "title": washer.line(title, 256),
        "body": washer.text(body.strip("\n"), 60_000),
        "merged_at": commit.committed_at,
        "created_at": None,
        "merge_sha": commit.sha,
        "merge_method": method,
        "head_ref": washer.line(head_ref, 255),
        "head_repository": None,
    }


def _commits(git: GitRepository, merge: GitCommit, washer: Washer) -> dict[str, Any]:
    """Give the commits of the branch (a squash or rebased commit is its own), and who wrote and merged."""
    found = [merge]
    if len(merge.parents) > 1:
        branch = (f"--max-count={MAX_COMMITS}", "--no-merges", f"{merge.parents[0]}..{merge.parents[1]}")
        found = git.commits(branch) or [merge]
    commits = tuple(
        Commit(
            sha=commit.sha,
            headline=washer.line(commit.subject),
            body=washer.text(commit.body, 4000),
            author=person({"login": commit.author}),
            committed_at=commit.committed_at,
        )
        for commit in found
    )
    is_merge = len(merge.parents) > 1
    return {
        "commits": commits,
        "commit_count": len(commits),
        "author": commits[-1].author if is_merge else person({"login": merge.author}),
        # GitHub commits as itself; who pressed the button is the author of a merge commit.
        "merged_by": person({"login": merge.author}) if is_merge else None,
        "head_sha": merge.parents[1] if is_merge else merge.sha,
        # Git does not keep to which branch a commit was first added.
        "base_ref": "",
    }


def _owners(git: GitRepository, sha: str) -> str | None:
    places = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
    return next((text for place in places if (text := git.file(sha, place))), None)


def repository_of_clone(git: GitRepository) -> Repository:
    """Give the repository that a clone is of, as far as the address of ``origin`` says; the id is 0."""
    address = _ADDRESS.match(git.origin() or "")
    name = address[2].strip("/").removesuffix(".git") if address else ""
    local = git.path.resolve().name or "repository"
    # A clone of a clone has a path for an origin: no page to link to.
    on_web = address is not None and "." in address[1] and name.count("/") == 1
    return Repository(
        id=0,
        full_name=name if on_web else local,
        url=f"https://{address[1]}/{quote(name)}" if on_web and address is not None else None,
        default_branch=git.default_branch(),
    )


def _histories(
    git: GitRepository, commit: GitCommit, files: tuple[FileChange, ...], own: int | None
) -> tuple[FileHistory, ...]:
    histories = []
    for path in worth_tracing(files):
        touched = git.history(commit.sha, path, HISTORY_WINDOW)
        numbers = {number for _, subject in touched if (number := _number(subject)) not in {None, own}}
        days = days_between([when for when, _ in touched])
        histories.append(FileHistory(path=path, pulls=len(numbers), window=len(touched), days=days))
    return tuple(histories)


def _number(subject: str) -> int | None:
    match = _MERGE.match(subject) or _SQUASH.search(subject)
    return int(match[1]) if match else None


def _related(git: GitRepository, commit: GitCommit, identity: dict[str, Any]) -> tuple[RelatedPull, ...]:
    """Give what reverts what, as far as commits say so; other numbers cannot be checked here."""
    wanted = candidates("", identity["number"], identity["title"], (commit.body,))
    subjects = [_subject(git, sha) for sha in wanted.reverted_commits]
    numbers = [number for subject in subjects if (number := _number(subject)) is not None]
    related = [
        RelatedPull(number=number, relation=Relation.REVERTS) for number in (*wanted.reverts, *numbers)
    ]
    for later in git.reverts_of(commit.sha):
        number = _number(later.subject)
        if number is not None:
            related.append(
                RelatedPull(
                    number=number,
                    relation=Relation.REVERTED_BY,
                    title=Washer().line(_SQUASH.sub("", later.subject)),
                    merged_at=later.committed_at,
                )
            )
    return tuple({item.number: item for item in related}.values())


def _subject(git: GitRepository, sha: str) -> str:
    """Give the subject of a commit that a message names, or nothing if the clone lacks it."""
    try:
        return git.commit(sha).subject
    except UserError:
        return ""
