"""The words around a change as blocks: title, description, issues, commits, comments, reviews, threads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.inference.prompts.excerpts import Excerpts
from bot.inference.prompts.fence import Block, path_name
from bot.inference.prompts.people import Roles, approvers
from bot.inference.prompts.threads import shown_threads, threads_to_check
from bot.inference.prompts.wording import clipped, described, indented, written
from bot.inference.remarks import is_praise
from bot.model import ReviewState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from bot.model import Commit, Person, PullFacts, Remark, ReviewThread

_WORDS = re.compile(r"\w+")
_COMMAND = re.compile(r"\s*(?:[/@!][\w-]+|bors|retest)\b[^\n]{0,80}\s*\Z", re.IGNORECASE)
_MERGES = re.compile(r"merge (?:branch|remote|pull request|commit)\b|fixup!|squash!", re.IGNORECASE)
_SAYS_LITTLE = 3  # words: fewer say nothing new


@dataclass(frozen=True)
class Caps:
    """How many characters of each kind of text are shown, and how many threads, comments and commits."""

    description: int = 8_000
    issue: int = 2_500
    commit: int = 600
    remark: int = 2_500
    comment: int = 1_500
    tool: int = 600
    threads: int = 1_000
    talk: int = 60
    commits: int = 40


# From all there is to next to nothing: the first that leaves room for the change is taken.
STEPS: tuple[Caps, ...] = (
    Caps(),
    Caps(4_000, 1_200, 300, 900, 600, 400, 120, 40, 30),
    Caps(2_000, 600, 150, 400, 300, 200, 80, 20, 15),
    Caps(1_200, 400, 100, 240, 200, 150, 50, 12, 10),
    Caps(800, 250, 0, 180, 150, 120, 24, 8, 8),
    Caps(400, 120, 0, 120, 100, 80, 8, 4, 4),
)


class Heard:
    """What is found out once about a pull request's discussion, however often it is cut."""

    def __init__(self, facts: PullFacts) -> None:
        self.facts = facts
        self.roles = Roles(facts)
        self.threads = shown_threads(facts)
        self.to_check = frozenset(threads_to_check(facts))
        self._excerpts = Excerpts(facts)
        self._known: dict[tuple[int, bool], tuple[tuple[str, str], ...]] = {}

    def merged(self, number: int, thread: ReviewThread, *, beside_patch: bool) -> tuple[tuple[str, str], ...]:
        """What the merged files say on a thread, as (path, lines)."""
        key = (number, beside_patch)
        if key not in self._known:
            self._known[key] = self._excerpts.of(thread, beside_patch=beside_patch)
        return self._known[key]


class Talk:
    """Makes the blocks of one pull request's discussion, cut by ``caps``."""

    def __init__(self, heard: Heard, caps: Caps) -> None:
        self.heard = heard
        self.facts = heard.facts
        self.caps = caps
        self.roles = heard.roles

    def opening(self) -> Iterator[Block]:
        """Title and description, and what the merge closes."""
        facts = self.facts
        known: dict[str, object] = {"in": facts.repository.full_name, "by": facts.author.login}
        if facts.merged_by and facts.merged_by.login != facts.author.login:
            known["merged_by"] = facts.merged_by.login
        if approved := approvers(facts):
            known["approved_by"] = approved[:6]
        yield Block("title", clipped(facts.title, 1_000), known)
        if body := described(facts.body, self.caps.description):
            yield Block("description", body)
        for issue in facts.issues:
            if issue.repository is None:
                text = f"{clipped(issue.title, 300)}\n{described(issue.body, self.caps.issue)}"
                yield Block(f"#{issue.number}", text.strip())

    def commits(self) -> Iterator[Block]:
        """The commits that say more than title and description, in one block."""
        known = _gist(f"{self.facts.title} {self.facts.body}")
        lines = [
            line
            for number, commit in enumerate(self.facts.commits, 1)
            for line in self._commit(number, commit, known)
        ]
        if lines:
            yield Block("commits", "\n".join(lines[: 2 * self.caps.commits]))

    def _commit(self, number: int, commit: Commit, known: frozenset[str]) -> Iterator[str]:
        said = _gist(commit.headline)
        body = clipped(written(commit.body, 4_000), self.caps.commit) if self.caps.commit else ""
        says_more = len(said) >= _SAYS_LITTLE and not said <= known and not _MERGES.match(commit.headline)
        body_says_more = len(_gist(body) - known) >= _SAYS_LITTLE
        if number <= self.caps.commits and (says_more or body_says_more):
            yield f"commit {number}: {clipped(commit.headline, 200)}"
            if body_says_more:
                yield indented(body)

    def comments(self) -> Iterator[Block]:
        """Reviews and comments up to the merge, each with who wrote it."""
        facts, left = self.facts, self.caps.talk
        for number, review in enumerate(facts.reviews, 1):
            text = self._said(review.author, review.body, self.caps.remark)
            if text and review.submitted_at <= facts.merged_at and left > 0:
                left -= 1
                asked = review.state is ReviewState.CHANGES_REQUESTED
                state: dict[str, object] = {"state": "changes requested"} if asked else {}
                yield Block(
                    f"review {number}", f"{self.roles.label(review.author)}:\n{indented(text)}", state
                )
        for number, comment in enumerate(facts.comments, 1):
            text = self._said(comment.author, comment.body, self.caps.comment)
            is_ours = comment.id == facts.own_comment_id or comment.minimized
            if text and comment.created_at <= facts.merged_at and not is_ours and left > 0:
                left -= 1
                yield Block(f"comment {number}", f"{self.roles.label(comment.author)}:\n{indented(text)}")

    def threads(self, only: Collection[int] | None = None, *, beside_patch: bool = True) -> Iterator[Block]:
        """The review threads, those to be checked with what the merged files say; ``only`` these ids."""
        chosen = [item for item in self.heard.threads if only is None or item[1].id in only]
        for number, thread in self._first(chosen):
            check = thread.id in self.heard.to_check
            yield self._thread(number, thread, check=check)
            if check:
                for path, lines in self.heard.merged(number, thread, beside_patch=beside_patch):
                    name = f"merged {number}" if path == thread.path else f"merged {number} {path_name(path)}"
                    yield Block(name, lines)

    def _first(self, chosen: Sequence[tuple[int, ReviewThread]]) -> Sequence[tuple[int, ReviewThread]]:
        """As many threads as the caps allow, people's before tools', in their order."""
        if len(chosen) <= self.caps.threads:
            return chosen
        wanted = self.heard.to_check
        order = sorted(
            chosen, key=lambda item: (item[1].id not in wanted, item[1].remarks[0].author.is_bot, item[0])
        )
        return sorted(order[: self.caps.threads], key=lambda item: item[0])

    def _thread(self, number: int, thread: ReviewThread, *, check: bool) -> Block:
        known: dict[str, object] = {"path": thread.path}
        if check:
            known["check"] = True
        if thread.resolved:
            known["resolved"] = True
        if thread.still_there is not None:
            known["line_stands"] = thread.still_there
        said = [text for remark in thread.remarks if (text := self._remark(remark))]
        on = [f"on: {clipped(thread.remarked_text, 300)}"] if thread.remarked_text.strip() else []
        return Block(f"thread {number}", "\n".join([*on, *said]), known)

    def _remark(self, remark: Remark) -> str:
        if remark.minimized:
            return ""
        cap = self.caps.remark
        body = written(remark.body, cap, by_tool=remark.author.is_bot)
        return f"{self.roles.label(remark.author, remark.created_at)}:\n{indented(body)}" if body else ""

    def _said(self, author: Person, body: str, cap: int) -> str:
        """What a comment says, if it says something: no praise alone, no command to a bot."""
        text = written(body, self.caps.tool if author.is_bot else cap, by_tool=author.is_bot)
        return "" if not text or is_praise(text) or _COMMAND.match(text) else text


def _gist(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(text))
