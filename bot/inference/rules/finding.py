"""What a rule is given, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.inference.folders import is_aside, is_patch
from bot.inference.lines import Line, MergedText, added_lines, is_comment, is_telling, removed_lines
from bot.model import (
    CheckState,
    Decision,
    Evidence,
    FileChange,
    FileKind,
    FileStatus,
    Message,
    PullFacts,
    RiskKey,
    Severity,
)


@dataclass(frozen=True, slots=True)
class Context:
    """All that a rule may look at. ``removed`` holds the stripped lines that the change took away.

    ``checks`` says of the threads that were held against the merged code what became of them; the
    decisions follow it already.
    """

    facts: PullFacts
    decisions: tuple[Decision, ...]
    removed: frozenset[str]
    texts: dict[str, MergedText]
    checks: Mapping[int, CheckState] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every changed file is listed and counted: only then "none changed" can be said."""
        return len(self.facts.files) >= self.facts.changed_files and self.facts.partial is None

    def holds(self, thread_id: int) -> bool:
        """Whether a check found that a thread's fault is still in the merged code."""
        return self.checks.get(thread_id) is CheckState.OPEN

    def is_settled(self, thread_id: int) -> bool:
        """Whether a check found that a thread's fault was mended or accepted."""
        return self.checks.get(thread_id) in {CheckState.FIXED, CheckState.ACCEPTED}

    def sources(self) -> Iterator[FileChange]:
        """The source files whose content a rule may judge: no tests, examples, documentation or patches."""
        return (
            file
            for file in self.facts.files
            if file.kind is FileKind.SOURCE
            and file.status is not FileStatus.REMOVED
            and not is_patch(file.path)
            and not is_aside(file.path)
        )

    def new_code(self, file: FileChange) -> Iterator[Line]:
        """The lines that ``file`` gained, without comments and without what was only moved."""
        return (
            line for line in added_lines(file) if not is_comment(line.text) and not self.was_moved(line.text)
        )

    def at_merge(self, line: Line) -> Line | None:
        """``line`` as it stands in the merged file where that was read; ``None`` if it is not there."""
        text = self.texts.get(line.path)
        return line if text is None else text.find(line)

    def standing(self, lines: Iterable[Line]) -> list[Line]:
        """Those of ``lines`` that the merged files have, with their numbers there."""
        return [found for line in lines if (found := self.at_merge(line)) is not None]

    def was_moved(self, text: str) -> bool:
        """Whether the same line was removed elsewhere in this change."""
        return is_telling(text) and text.strip() in self.removed


def context_of(facts: PullFacts, decisions: tuple[Decision, ...]) -> Context:
    """The context of one pull request."""
    return Context(
        facts=facts,
        decisions=decisions,
        removed=frozenset(text.strip() for file in facts.files for text in removed_lines(file)),
        texts={merged.path: MergedText(merged) for merged in facts.merged_files},
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found: the heaviest severity of its hits, one sentence, the first few hits."""

    rule: str
    key: RiskKey
    severity: Severity
    explanation: Message
    evidence: tuple[Evidence, ...]


Rule = Callable[[Context], Finding | None]
