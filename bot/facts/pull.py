"""PullFacts of one merged pull request, read from GitHub in three requests."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.errors import NotMerged
from bot.facts import discussion
from bot.facts.changes import file_changes, with_symbols
from bot.facts.conversation import Conversation, read_conversation
from bot.facts.files import read_files
from bot.facts.identity import BODY_LENGTH, identity, merge, repository_of
from bot.facts.kinds import FileKinds
from bot.facts.marks import Marks
from bot.facts.merged import MAX_MENTIONS, Found, Wanted, read_merged, worth_reading, worth_tracing
from bot.facts.modules import Modules
from bot.facts.preview import as_if_merged
from bot.facts.relations import candidates, related
from bot.facts.threads import settle_threads, without_ignored
from bot.facts.words import Washer, at, big_id, count, nodes
from bot.marker import is_report_of
from bot.model import LABEL_PREFIX, MergedFile, PullFacts, RelatedPull
from bot.model.commands import PREFIX
from bot.redaction import is_secret_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.facts.relations import Candidates
    from bot.facts.sources import Reader
    from bot.model import Commit, FileChange, LinkedIssue, ReviewThread
    from bot.model.repo_config import Choices

# How much of a merged text is kept in the facts; checks were made on all of it.
KEPT_TEXT = 100_000


@dataclass(frozen=True)
class Manner:
    """How a pull request is read: by what holds for its repository; with ``preview_at`` before its merge."""

    choices: Choices | None = None
    preview_at: datetime | None = None


_PLAIN = Manner()


@dataclass(frozen=True)
class _Asked:
    """What was asked for."""

    number: int
    choices: Choices | None


@dataclass(frozen=True)
class _Talk:
    """What was said, which decides what else is read."""

    commits: tuple[Commit, ...]
    threads: tuple[ReviewThread, ...]
    issues: tuple[LinkedIssue, ...]


@dataclass(frozen=True)
class _Change:
    """What was changed: the files, why some may be missing, and the merged texts and relations."""

    files: tuple[FileChange, ...]
    partial: str | None
    found: Found
    related: tuple[RelatedPull, ...]


async def read_pull(
    reader: Reader,
    repository: str,
    repository_id: int | None,
    number: int,
    manner: Manner = _PLAIN,
) -> PullFacts:
    """Read everything about a merged pull request, or as if it had been merged at ``manner.preview_at``.

    Raises ``NotMerged`` if GitHub says it is not merged (whatever a delivery said), ``Gone`` if it
    is not there, and what ``reader`` raises.
    """
    asked, choices = _Asked(number, manner.choices), manner.choices
    prefix = choices.labels.prefix if choices is not None else LABEL_PREFIX
    conversation = await read_conversation(reader, repository, repository_id, number, prefix)
    if manner.preview_at is not None:
        conversation = replace(conversation, pull=as_if_merged(conversation.pull, manner.preview_at))
    pull = conversation.pull
    if pull.get("merged") is not True or not at(pull, "mergeCommit", "oid"):
        raise NotMerged("GitHub does not show the pull request as merged")
    washer = Washer()
    # Off the loop, as all that grows with the pull request: hundreds of long remarks take a second.
    talk = await asyncio.to_thread(_talk, conversation, washer)
    change = await _read_change(reader, conversation, asked, talk, washer)
    return await asyncio.to_thread(_assemble, conversation, asked, talk, change, washer)


def _talk(conversation: Conversation, washer: Washer) -> _Talk:
    pull = conversation.pull
    commits = discussion.commits(pull, washer)
    return _Talk(
        commits=commits,
        threads=discussion.threads(pull, commits, washer),
        issues=discussion.issues(pull, conversation.full_name, washer),
    )


async def _read_change(
    reader: Reader, conversation: Conversation, asked: _Asked, talk: _Talk, washer: Washer
) -> _Change:
    pull, marks, number = conversation.pull, Marks(asked.choices), asked.number
    owner, _, name = conversation.full_name.partition("/")
    where = {"owner": owner, "repo": name, "number": str(number)}
    kinds = FileKinds(at(conversation.repository, "attributes", "text"), marks)
    patches, partial = await read_files(
        reader, where, pull, lambda path: kinds.counted(path) or is_secret_path(path)
    )
    modules = _modules(conversation, asked.choices)
    files, redactions = await asyncio.to_thread(file_changes, patches, kinds, modules, marks)
    washer.redactions += redactions
    pointers = await asyncio.to_thread(_candidates, conversation, number, talk)
    wanted = Wanted(
        repository_id=count(conversation.repository.get("databaseId")),
        merge_sha=str(at(pull, "mergeCommit", "oid")),
        texts=worth_reading(files, talk.threads),
        histories=worth_tracing(files),
        numbers=(pointers.reverts + pointers.backport_of + pointers.mentioned)[:MAX_MENTIONS],
        commits=pointers.reverted_commits,
    )
    found = await read_merged(reader, (owner, name), wanted, number)
    return _Change(
        files=await asyncio.to_thread(_all_with_symbols, files, found),
        partial=partial,
        found=found,
        related=related(found, pointers, talk.issues, pull),
    )


def _all_with_symbols(files: tuple[FileChange, ...], found: Found) -> tuple[FileChange, ...]:
    return tuple(with_symbols(file, found.texts.get(file.path)) for file in files)


def _modules(conversation: Conversation, choices: Choices | None) -> Modules:
    # GitHub reads the first of these three that exists.
    places = ("ownersInGithub", "ownersInRoot", "ownersInDocs")
    owners = next((text for place in places if (text := at(conversation.repository, place, "text"))), None)
    names = choices.modules if choices is not None else None
    return Modules(owners, str(conversation.pull.get("title") or ""), names)


def _candidates(conversation: Conversation, number: int, talk: _Talk) -> Candidates:
    pull = conversation.pull
    texts = [str(pull.get("body") or "")[:BODY_LENGTH]]
    texts += [f"{commit.headline}\n{commit.body}" for commit in talk.commits]
    return candidates(conversation.full_name, number, str(pull.get("title") or ""), texts)


def _assemble(
    conversation: Conversation, asked: _Asked, talk: _Talk, change: _Change, washer: Washer
) -> PullFacts:
    pull, number = conversation.pull, asked.number
    repository = repository_of(conversation.repository)
    threads = without_ignored(talk.threads, change.files)
    risk_labels = nodes(conversation.repository.get("riskLabels"))
    return PullFacts(
        repository=repository,
        number=number,
        files=change.files,
        partial=change.partial,
        merged_files=merged_files(change.found.texts),
        threads=settle_threads(threads, change.found.texts),
        commits=talk.commits,
        issues=talk.issues,
        related=tuple(_washed(item, washer) for item in change.related),
        history=change.found.histories,
        reviews=discussion.reviews(pull, washer),
        comments=_others_comments(pull, washer),
        checks=discussion.checks(pull, washer),
        choices=asked.choices,
        own_comment_id=_own_comment(pull, repository.id, number),
        repository_labels=tuple(str(node.get("name")) for node in risk_labels),
        **identity(pull, washer),
        **merge(pull, number, talk.commits),
        # Last, when everything has been washed.
        redactions=washer.redactions,
    )


def merged_files(texts: Mapping[str, str]) -> tuple[MergedFile, ...]:
    """Give the merged texts to keep; what is redacted there is not counted, most of it is older."""
    washer = Washer()
    return tuple(
        MergedFile(path=path, text=washer.text(text, KEPT_TEXT), clipped=len(text) > KEPT_TEXT)
        for path, text in texts.items()
    )


def _washed(item: RelatedPull, washer: Washer) -> RelatedPull:
    return item.model_copy(update={"title": washer.line(item.title) or None})


def _others_comments(pull: dict[str, Any], washer: Washer) -> Any:
    written = [
        node
        for node in nodes(pull.get("comments"))
        # Commands are said to PRHub, and are no part of the discussion.
        if node.get("viewerDidAuthor") is not True and not str(node.get("body") or "").startswith(PREFIX)
    ]
    return discussion.remarks({"nodes": written}, washer)


def _own_comment(pull: dict[str, Any], repository_id: int, number: int) -> int | None:
    """Find our report among the comments: our marker and our app as the author, never one of them."""
    for node in nodes(pull.get("comments")):
        body = node.get("body")
        ours = node.get("viewerDidAuthor") is True and isinstance(body, str)
        if ours and is_report_of(str(body), repository_id, number):
            return big_id(node.get("fullDatabaseId")) or None
    return None
