"""What its author marked as breaking, in the title, a footer, a label or a ticked box."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.messages import say
from bot.inference.prose import without_blocks, without_spans
from bot.inference.rules.finding import Context, Finding
from bot.inference.sentences import clip, plain
from bot.inference.titles import read_title
from bot.model import Evidence, PullFacts, RiskKey, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOOTER = re.compile(r"^BREAKING[ -]CHANGES?(?:\([^()\n]{0,80}\))?:[ \t]{0,4}(\S.{0,500})", re.MULTILINE)
_TICKED = re.compile(
    r"^\s{0,8}[-*+]\s{1,4}\[[xX]\]\s{1,4}\**(breaking(?:[ -]change)?\b.{0,300})",
    re.IGNORECASE | re.MULTILINE,
)
_LABELS = frozenset(
    {"breaking", "breaking-change", "breaking change", "breaking changes", "semver-major", "semver: major"}
)
_NOTHING = re.compile(
    r"(?:none|no|n/?a|nothing|not applicable)\b|describe\b|please\b|if (?:any|applicable|this)\b|<|无|没有",
    re.IGNORECASE,
)
_EVIDENCE = 5


class _Mark(NamedTuple):
    where: str
    severity: Severity
    evidence: Evidence


def breaking_change(context: Context) -> Finding | None:
    """The author says that it breaks an interface.

    Text of a pull request template does not count: ``[BREAKING]`` is believed only in a title, and
    ``BREAKING CHANGE:`` only at the start of a line outside code and comments.
    """
    marks = list(_marks(context.facts))
    if not marks:
        return None
    return Finding(
        rule="marked-breaking",
        key=RiskKey.BREAKING_CHANGE,
        severity=min((mark.severity for mark in marks), key=lambda severity: severity.rank),
        explanation=say(f"insight.risk.breaking.{marks[0].where}"),
        evidence=tuple(mark.evidence for mark in marks[:_EVIDENCE]),
    )


def _marks(facts: PullFacts) -> Iterator[_Mark]:
    if read_title(facts.title).breaking:
        yield _Mark("title", Severity.HIGH, Evidence(number=facts.number, quote=clip(facts.title)))
    body = without_blocks(without_spans(facts.body.replace("\r\n", "\n"), "<!--", "-->"))
    for match in _FOOTER.finditer(body):
        if not _NOTHING.match(match.group(1)):
            yield _Mark(
                "body", Severity.HIGH, Evidence(number=facts.number, quote=clip(plain(match.group())))
            )
    for label in facts.labels:
        if label.lower() in _LABELS:
            yield _Mark("label", Severity.HIGH, Evidence(number=facts.number, quote=clip(label)))
    for match in _TICKED.finditer(body):
        yield _Mark("box", Severity.MEDIUM, Evidence(number=facts.number, quote=clip(plain(match.group(1)))))
    yield from _commit_marks(facts)


def _commit_marks(facts: PullFacts) -> Iterator[_Mark]:
    for commit in facts.commits:
        footer = _FOOTER.search(without_blocks(commit.body))
        if read_title(commit.headline).breaking:
            quote = commit.headline
        elif footer and not _NOTHING.match(footer.group(1)):
            quote = plain(footer.group())
        else:
            continue
        yield _Mark("commit", Severity.MEDIUM, Evidence(commit=commit.sha, quote=clip(quote)))
