"""A model's answers add published points, apart from what is counted, and never take any away."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.inference.judged import EXCHANGES, FOR_IMPORTANCE, FOR_INSIGHT
from bot.inference.rubric import ITEMS, RUBRIC, RUBRIC_VERSION
from bot.inference.scores import SCORES_VERSION
from bot.model import RubricAnswer, RubricKey, Scores
from tests.fakes.facts import file_change, person, pull_facts, remark, thread
from tests.fakes.insights import report_on
from tests.fakes.readings import insights, reading, rubric

PAGE = (Path(__file__).parents[2] / "docs" / "scores.md").read_text(encoding="utf-8")
TALK = (thread(remark(), remark("No.", author="octo-dev"), remark("But it does."), remark("It does.")),)


def scores(answers: tuple[RubricAnswer, ...], **changes: Any) -> Scores:
    facts = pull_facts(**({"files": (file_change(added="a = 1"),), "threads": TALK} | changes))
    return report_on(facts, reading(insights=insights(rubric=answers))).scores


def computed(**changes: Any) -> Scores:
    return scores((), **changes)


def test_the_page_lists_the_items_of_the_code() -> None:
    """Names, points and questions are the same in the documentation."""
    rows = re.findall(r"^\*\*`(\w+)`\*\*, ([\d.]+) points at level 3\. (.+)$", PAGE, re.MULTILINE)
    assert {name: (float(most), question) for name, most, question in rows} == {
        item.value: (most, ITEMS[item]) for item, most in (FOR_IMPORTANCE | FOR_INSIGHT).items()
    }


@pytest.mark.parametrize("item", list(RubricKey))
def test_the_page_says_what_each_level_means(item: RubricKey) -> None:
    """What the model is told and what a reader is told is one text."""
    section = PAGE.split(f"**`{item.value}`**", 1)[1]
    assert tuple(re.findall(r"^\| \d \| (.+) \|$", section, re.MULTILINE)[:4]) == RUBRIC[item]


def test_the_page_names_both_versions() -> None:
    """Whoever changes the wording of the rubric raises the version of the scores, too."""
    assert (SCORES_VERSION, RUBRIC_VERSION) == (2, 1)
    assert f"version {RUBRIC_VERSION} of the rubric" in PAGE


def test_the_rubric_adds_two_points_to_importance_at_most() -> None:
    """The features and their sum are what they are without it."""
    plain, most = computed(), scores(rubric(3))
    assert most.importance == pytest.approx(plain.importance + 2.0)
    assert most.features == plain.features
    assert sum(FOR_IMPORTANCE.values()) == pytest.approx(2.0)


def test_importance_stays_within_ten() -> None:
    """A giant that matters to everybody is a ten."""
    files = tuple(file_change(f"engine/{number}.py", additions=9000) for number in range(20))
    history = {"title": 'Revert "feat!: x"', "body": "BREAKING CHANGE: all of it"}
    large = scores(rubric(3), files=files, **history)
    assert large.importance <= 10.0
    assert large.importance > computed(files=files, **history).importance


def test_insight_is_judged_and_counted() -> None:
    """Eight points are the rubric's, two the discussion's, and both are shown."""
    found = scores(rubric(3))
    assert [(part.name, part.value, part.points) for part in found.insight_features] == [(EXCHANGES, 2, 0.5)]
    assert found.insight == 8.5
    assert sum(FOR_INSIGHT.values()) == 8.0


@pytest.mark.parametrize("missing", FOR_INSIGHT)
def test_insight_needs_all_of_its_answers(missing: RubricKey) -> None:
    """A sum with a gap compares with no other; importance takes what there is."""
    found = scores(tuple(answer for answer in rubric(3) if answer.item is not missing))
    assert (found.insight, found.insight_features) == (None, ())
    assert found.importance == scores(rubric(3)).importance


@pytest.mark.parametrize(
    ("level", "kept", "points"),
    [
        pytest.param(-4, 0, 0.0, id="below the scale"),
        pytest.param(0, 0, 0.0, id="the lowest"),
        pytest.param(1, 1, 0.67, id="a third"),
        pytest.param(3, 3, 2.0, id="the highest"),
        pytest.param(10**9, 3, 2.0, id="above the scale"),
    ],
)
def test_levels_stay_on_the_scale(level: int, kept: int, points: float) -> None:
    """Whatever was stored, a level is one of four."""
    answer = RubricAnswer(item=RubricKey.DECISION, level=level, points=99.0)
    (found,) = scores((answer,)).rubric
    assert (found.level, found.points) == (kept, points)


def test_each_item_counts_once() -> None:
    """The first answer is kept, and the order is that of the rubric."""
    found = scores((*reversed(rubric(1)), *rubric(3))).rubric
    assert [answer.item for answer in found] == list(RubricKey)
    assert {answer.level for answer in found} == {1}


def test_without_a_word_there_is_no_argument() -> None:
    """The facts know whether there was a discussion."""
    found = {answer.item: answer for answer in scores(rubric(3), threads=()).rubric}
    assert (found[RubricKey.ARGUMENT].level, found[RubricKey.ARGUMENT].reason) == (0, None)
    assert found[RubricKey.DECISION].level == 3


def test_the_reason_for_no_argument_stays() -> None:
    """A model that says itself that nobody argued may say why."""
    found = {answer.item: answer for answer in scores(rubric(0), threads=()).rubric}
    assert found[RubricKey.ARGUMENT].reason is not None


def test_only_people_answer_each_other() -> None:
    """A bot's remark between two of one person is no exchange."""
    bot = remark(author=person("octo-bot", is_bot=True))
    talk = (thread(remark(), bot, remark("And this."), remark("Hidden.", author="octo-dev", minimized=True)),)
    assert scores(rubric(0), threads=talk).insight_features[0].value == 0


def test_without_a_model_there_is_no_insight() -> None:
    """Features alone say nothing about it."""
    plain = report_on(pull_facts(threads=TALK)).scores
    assert (plain.insight, plain.insight_features, plain.rubric) == (None, (), ())
