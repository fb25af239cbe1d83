"""How deeply a pull request is read: a template, two sentences, or the whole report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.prompts.terms import Depth
from bot.inference.prompts.threads import shown_threads
from bot.inference.prompts.trivial import is_picture, is_prose, only_comments, only_spaces, only_versions
from bot.inference.prompts.wording import written
from bot.inference.remarks import is_praise
from bot.inference.titles import read_title
from bot.model import FileKind, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import FileChange, PullFacts

FEW_LINES = 20  # of code in which only comments, versions or white space changed
FEW_LINES_OF_PROSE = 80
_UNREAD = frozenset({FileKind.LOCK, FileKind.GENERATED, FileKind.VENDORED, FileKind.IGNORED})
_A_SENTENCE = 100  # characters: a shorter comment argues nothing


def triage(facts: PullFacts) -> Depth:
    """How deeply to read ``facts``; what could matter to what runs is always read in full.

    ``TEMPLATE``: nothing but lock, generated, vendored or ignored files, or a bot's change of versions alone.
    ``BRIEF``: a small change of documentation, comments, versions or white space that nobody argued
    about. ``FULL``: everything else, and every change that is not listed completely.
    """
    if not _is_complete(facts) or _says_more(facts) or _is_discussed(facts):
        return Depth.FULL
    rest = [file for file in facts.files if file.kind not in _UNREAD]
    if not rest or (facts.author.is_bot and all(map(only_versions, rest))):
        return Depth.TEMPLATE
    return Depth.BRIEF if _is_small(rest) else Depth.FULL


def _is_complete(facts: PullFacts) -> bool:
    return len(facts.files) >= facts.changed_files and facts.partial is None


def _says_more(facts: PullFacts) -> bool:
    """Whether something says that the change matters, whatever it looks like."""
    title = read_title(facts.title)
    reverts = {Relation.REVERTS, Relation.REVERTED_BY}
    return title.reverts or title.breaking or any(item.relation in reverts for item in facts.related)


def _is_discussed(facts: PullFacts) -> bool:
    """Whether there is a review thread, or a comment by a person that is more than a word."""
    return bool(shown_threads(facts)) or any(_argues(text) for text in _comments(facts))


def _comments(facts: PullFacts) -> Iterator[str]:
    for review in facts.reviews:
        if not review.author.is_bot and review.submitted_at <= facts.merged_at:
            yield review.body
    for comment in facts.comments:
        before = comment.created_at <= facts.merged_at
        if not comment.author.is_bot and not comment.minimized and before:
            yield comment.body


def _argues(body: str) -> bool:
    text = written(body, 2 * _A_SENTENCE)
    return len(text) > _A_SENTENCE and not is_praise(text)


def _is_small(files: list[FileChange]) -> bool:
    prose = [file for file in files if is_prose(file) or is_picture(file)]
    code = [file for file in files if file not in prose]
    harmless = all(only_comments(file) or only_versions(file) or only_spaces(file) for file in code)
    return harmless and _lines(code) <= FEW_LINES and _lines(prose) <= FEW_LINES_OF_PROSE


def _lines(files: list[FileChange]) -> int:
    return sum(file.additions + file.deletions for file in files)
