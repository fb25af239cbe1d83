"""A report without what a model told, to fall back on and to compare with."""

from __future__ import annotations

import pytest

from bot.markdown.report import Style, render_comment
from bot.markdown.untold import hollow, without_told
from bot.model import PullReport, WithoutModel
from tests.fakes.reports import pull_report
from tests.fakes.told_parts import told_report
from tests.fakes.told_words import CHINESE, ENGLISH

WORDS = {"en": ENGLISH, "zh-CN": CHINESE}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("strip", [hollow, without_told])
def test_no_word_of_a_model_is_left(strip: object, language: str) -> None:
    """Neither in what is stored nor in what is shown."""
    made: PullReport = strip(told_report(language))  # type: ignore[operator]
    stored = made.model_dump_json()
    assert [text for text in WORDS[language].values() if text.replace('"', '\\"') in stored] == []
    assert "ensure_async_iterator" not in stored


def test_what_is_left_is_the_computed_report() -> None:
    """With why there is no more, and what was paid for the answer."""
    report = without_told(told_report(decisions=pull_report().decisions))
    plain = pull_report()
    for name in ("decisions", "reviews", "risks", "impact", "follow_ups", "related", "coverage", "paths"):
        assert getattr(report, name) == getattr(plain, name), name
    assert report.implementation == plain.implementation
    assert report.provenance.without_model is WithoutModel.UNUSABLE
    assert report.provenance.usage == told_report().provenance.usage


def test_importance_is_the_sum_of_its_computed_parts_again() -> None:
    """The rubric's points are gone with it."""
    scores = without_told(told_report()).scores
    assert (scores.importance, scores.insight, scores.rubric, scores.insight_features) == (5.3, None, (), ())


def test_nothing_is_taken_from_a_computed_report() -> None:
    """There is nothing of a model's in it."""
    report = pull_report()
    assert hollow(report) == report
    assert without_told(report, WithoutModel.OFF).provenance.without_model is WithoutModel.OFF


@pytest.mark.parametrize("strip", [hollow, without_told])
def test_what_is_left_can_be_shown(strip: object) -> None:
    """Each renders, and the one to fall back on reads like any report without a model."""
    text = render_comment(strip(told_report()), Style())  # type: ignore[operator]
    assert text.count("<details>") == text.count("</details>") > 6
    assert ("written without a model" in text) is (strip is without_told)
