"""The executive summary: the title as a sentence, and how closely to read, with the reasons."""

from __future__ import annotations

from bot.inference.attention import recommend
from bot.inference.sentences import clip, clip_words
from bot.inference.titles import read_title
from bot.model import Decision, Insights, PullFacts, Quote, Risk, Scores, Source, Summary

SENTENCE_WORDS = 30
_SENTENCE_CHARACTERS = 240


def summarise(
    facts: PullFacts,
    risks: tuple[Risk, ...],
    decisions: tuple[Decision, ...],
    scores: Scores,
    told: Insights,
) -> Summary:
    """The title's own words (at most 30), and the recommended attention with its reasons.

    Beside them stands what a model ``told``: the change in a sentence, and who should read it.
    """
    attention, reasons = recommend(facts, risks, decisions, scores, told.attention)
    return Summary(
        sentence=_sentence(facts),
        attention=attention,
        reasons=reasons,
        told=told.summary,
        action=told.action,
    )


def _sentence(facts: PullFacts) -> Quote:
    words = read_title(facts.title).rest or facts.head_ref or facts.merge_sha
    return Quote(text=clip(clip_words(words, SENTENCE_WORDS), _SENTENCE_CHARACTERS), source=Source.TITLE)
