"""What code knows already: the risks that rules found, and the related pull requests and issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.decisions import decide
from bot.inference.prompts.estimate import estimate
from bot.inference.prompts.fence import Block
from bot.inference.prompts.wording import clipped
from bot.inference.risks import RULES
from bot.inference.rules.finding import context_of
from bot.inference.rules.injection import prompt_injection
from bot.model import Relation, RiskKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.inference.rules.finding import Finding
    from bot.model import PullFacts, RelatedPull

# The rules take a second for each forty thousand lines: beyond these the model does without.
MOST_LINES = 10_000
_FINDINGS = 6
# The threads, the related pull requests and the text itself are there to be read.
_SHOWN_ELSEWHERE = frozenset({RiskKey.UNRESOLVED_REVIEW, RiskKey.REVERT, RiskKey.PROMPT_INJECTION})
_RULES = tuple(rule for rule in RULES if rule is not prompt_injection)
_QUOTE = 80
_TITLE = 100
_PATHS = 3
_FEW = 2  # of same_files are always shown
_STRONG = frozenset(
    {Relation.REVERTS, Relation.REVERTED_BY, Relation.CLOSES, Relation.BACKPORT_OF, Relation.MENTIONED}
)


def found_block(facts: PullFacts) -> Iterator[Block]:
    """What the rules found, a line each; nothing for a change too large to run them twice."""
    if sum(len(hunk.lines) for file in facts.files for hunk in file.hunks) > MOST_LINES:
        return
    context = context_of(facts, decide(facts))
    found = [finding for rule in _RULES if (finding := rule(context)) is not None]
    keys = list(RiskKey)
    findings = sorted(
        (item for item in found if item.key not in _SHOWN_ELSEWHERE),
        key=lambda item: (item.severity.rank, keys.index(item.key)),
    )
    if findings:
        yield Block("found", "\n".join(_finding(item) for item in findings[:_FINDINGS]))


def _finding(item: Finding) -> str:
    first = next(iter(item.evidence), None)
    quote = f": {clipped(first.quote, _QUOTE)}" if first and first.quote else ""
    place = f" {first.path}{quote}" if first and first.path else ""
    return f"{item.severity.value} {item.key.value}{place}"


def related_block(facts: PullFacts, room: int) -> Iterator[Block]:
    """The related pull requests and issues, a line each; ``room`` tokens for those of the same files."""
    known = {item.number for item in facts.issues if item.repository is None}
    listed = [item for item in facts.related if item.number not in known and item.number != facts.number]
    lines = [_related(item, facts) for item in listed if item.relation in _STRONG]
    for position, item in enumerate(item for item in listed if item.relation not in _STRONG):
        line = _related(item, facts)
        room -= estimate(line)
        if position >= _FEW and room < 0:
            break
        lines.append(line)
    if lines:
        yield Block("related", "\n".join(lines))


def _related(item: RelatedPull, facts: PullFacts) -> str:
    # With one changed file there is only one that can be shared.
    paths = f" ({', '.join(item.paths[:_PATHS])})" if item.paths and len(facts.files) > 1 else ""
    return f"#{item.number} {item.relation.value}: {clipped(item.title or '', _TITLE)}{paths}"
