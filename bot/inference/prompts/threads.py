"""Review threads: which are shown, which are to be checked, and when one has changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.inference.remarks import excerpt, is_praise

if TYPE_CHECKING:
    from bot.model import PullFacts, ReviewThread

_LONG = 500  # characters: nobody praises at such length


def shown_threads(facts: PullFacts) -> tuple[tuple[int, ReviewThread], ...]:
    """The threads that say something, each with its number (from 1, in the order of the facts).

    Left out: what somebody hid, and threads that hold nothing but praise.
    """
    numbered = enumerate(facts.threads, 1)
    return tuple((number, thread) for number, thread in numbered if _says_something(thread))


def _says_something(thread: ReviewThread) -> bool:
    if not thread.remarks or thread.remarks[0].minimized:
        return False
    return any(_is_more_than_praise(remark.body) for remark in thread.remarks if not remark.minimized)


def _is_more_than_praise(body: str) -> bool:
    if len(body) > _LONG:
        return True
    said = excerpt(body)
    return bool(said) and not is_praise(said)


def threads_to_check(facts: PullFacts) -> tuple[int, ...]:
    """The ids of the threads whose remark may name a fault in the code.

    That is every one which somebody other than the author began with more than praise: what is a
    fault and what is taste is for the reader to say.
    """
    return tuple(
        thread.id
        for _, thread in shown_threads(facts)
        if thread.remarks[0].author.login != facts.author.login
        and _is_more_than_praise(thread.remarks[0].body)
    )


def thread_fingerprints(facts: PullFacts) -> dict[str, str]:
    """For each shown thread's id, a digest of what it says and who said it; resolving changes nothing."""
    return {str(thread.id): _digest(_said(thread)) for _, thread in shown_threads(facts)}


def change_fingerprint(facts: PullFacts) -> str:
    """A digest of what was merged: which commit onto which, and which files.

    Title, description and comments are not part of it: what is edited after the merge changes
    neither the change nor the reading of it (R82).
    """
    identity = [str(facts.repository.id), str(facts.number), facts.merge_sha, facts.base_sha or ""]
    files = sorted(
        f"{file.path}\0{file.status}\0{file.additions}\0{file.deletions}\0{file.read_as}"
        for file in facts.files
    )
    return _digest([*identity, *files])


def _said(thread: ReviewThread) -> list[str]:
    remarks = [f"{item.author.login}\0{item.body}" for item in thread.remarks if not item.minimized]
    return [thread.path, *remarks]


def _digest(parts: list[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "replace")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
