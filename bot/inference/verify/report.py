"""Claims become insights: each part of an answer is checked in its turn, and what holds is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.inference.sentences import clip_words
from bot.inference.sentences import sentences as split
from bot.inference.verify import discussion, parts
from bot.inference.verify.desk import Desk
from bot.inference.verify.guards import guard
from bot.inference.verify.risks import risks
from bot.inference.verify.wording import paired
from bot.model import Insight, Insights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.inference.verify.corpus import Corpus
    from bot.inference.verify.failures import Checked
    from bot.model import BriefClaims, Claim, PullFacts, ReportClaims, ReviewClaims

SUMMARY_WORDS: Final = 30  # or sixty characters of a script without spaces


def check_report(claims: ReportClaims, facts: PullFacts | Corpus, language: str) -> Checked:
    """What of a report's claims holds, in the report's words; what does not is among the failures."""
    desk = Desk(facts, language, "report")
    suspicious = parts.suspicious(desk, claims.suspicious)
    return desk.done(
        Insights(
            summary=_summary(desk, claims.summary),
            attention=claims.attention,
            action=desk.insight("action", claims.action.text, claims.action.evidence, needs=False),
            motivation=_statements(desk, "motivation", claims.motivation),
            steps=_statements(desk, "steps", claims.steps),
            files=parts.files(desk, claims.files),
            symbols=parts.symbols(desk, claims.symbols),
            topics=discussion.topics(desk, claims.topics),
            checks=discussion.checks(desk, claims.checks),
            risks=risks(desk, claims.risks),
            impact=_impact(desk, claims),
            follow_ups=_statements(desk, "follow_ups", _left(desk, claims.follow_ups)),
            related=parts.related(desk, claims.related),
            rubric=parts.rubric(desk, claims.rubric),
            suspicious=suspicious,
        )
    )


def check_brief(claims: BriefClaims, facts: PullFacts | Corpus, language: str) -> Checked:
    """What holds of the two sentences about a small change."""
    desk = Desk(facts, language, "brief")
    suspicious = parts.suspicious(desk, claims.suspicious)
    summary = _summary(desk, claims.summary)
    action = desk.insight("action", claims.action.text, claims.action.evidence, needs=False)
    return desk.done(Insights(summary=summary, action=action, suspicious=suspicious))


def check_review(claims: ReviewClaims, facts: PullFacts | Corpus, language: str) -> Checked:
    """What holds of the topics and checks that a discussion adds to a report."""
    desk = Desk(facts, language, "review")
    suspicious = parts.suspicious(desk, claims.suspicious)
    topics = discussion.topics(desk, claims.topics)
    checks = discussion.checks(desk, claims.checks)
    return desk.done(Insights(topics=topics, checks=checks, suspicious=suspicious))


def _summary(desk: Desk, claim: Claim) -> Insight | None:
    return desk.insight("summary", one_sentence(claim.text), claim.evidence)


def one_sentence(text: str) -> str:
    """The first sentence of ``text`` in at most thirty words, backticks kept in pairs.

    A longer one ends where a clause does, if its script marks that: half a Chinese word says nothing.
    """
    first = next(iter(_sentences(text)), text)
    shown = clip_words(first, SUMMARY_WORDS)
    if shown == first:
        return shown
    clause = max(shown.rfind(mark) for mark in "，；：")
    return paired(f"{shown[:clause]}…" if clause > len(shown) // 2 else shown)


def _sentences(text: str) -> Iterable[str]:
    """The sentences with their code as it is; what looks like an end inside code is none."""
    held = text.split("`")
    blotted = "".join("\ue002" * (len(part) + 2) if number % 2 else part for number, part in enumerate(held))
    start = 0
    for sentence in split(blotted):
        end = blotted.find(sentence, start) + len(sentence)
        # What a wide semicolon joins is one sentence.
        if blotted[end - 1] != "；" or not blotted[end:].strip():
            yield text[start:end].strip(" ；")
            start = end


def _statements(desk: Desk, name: str, claims: Iterable[Claim]) -> tuple[Insight, ...]:
    found = (
        desk.insight(f"{name} {number}", claim.text, claim.evidence) for number, claim in enumerate(claims, 1)
    )
    return _once(found)


def _left(desk: Desk, claims: Iterable[Claim]) -> Iterator[Claim]:
    """What is left to do: emptied, and noted as failed, if the merged code does it already."""
    for number, claim in enumerate(claims, 1):
        found, _ = desk.look_up(claim.evidence)
        why = next(filter(None, (guard(desk.corpus, claim.text, item) for item in found)), None)
        if claim.text and why is not None:
            desk.fail(f"follow_ups {number}", claim.text, claim.evidence, ((why,), ()))
        yield claim if why is None else claim.model_copy(update={"text": ""})


def _impact(desk: Desk, claims: ReportClaims) -> tuple[Insight, ...]:
    found = (
        desk.insight(f"impact {number}", claim.text, claim.evidence, on=claim.on)
        for number, claim in enumerate(claims.impact, 1)
    )
    return _once(found)


def _once(found: Iterable[Insight | None]) -> tuple[Insight, ...]:
    """Each sentence once."""
    return tuple({str(item.message): item for item in reversed([*found]) if item is not None}.values())[::-1]
