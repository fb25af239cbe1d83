"""Themes say what happened: every pull request is in one of them, and what belongs together is together."""

from __future__ import annotations

import pytest

from bot.inference.digest.themes import MOST, themes
from bot.model import Message, Told
from tests.fakes.periods import period_facts, pull, week
from tests.fakes.reports import repository

ROUTER = (
    pull(1, title="refactor: remove slime router", importance=4.6, tags=("refactor",)),
    pull(2, title="use a fork of sgl-router", importance=1.4, tags=("dependency",)),
    pull(3, title="[docker] update sgl-router", importance=1.0, tags=("dependency",)),
)
FIXES = tuple(
    pull(number, title=f"fix thing number {number}", tags=("bugfix",), modules=(module,))
    for number, module in zip(range(10, 18), "aaabbbcd", strict=True)
)


def named(found):
    """The themes as (key or topic of the title, numbers)."""
    return [
        (theme.title.params.get("topic", theme.title.key), [ref.number for ref in theme.pulls])
        for theme in found
    ]


def test_titles_that_share_a_subject_are_one_theme():
    """Whatever kind of change each is: the heaviest stands first."""
    others = tuple(pull(number, title=f"fix part {number}", importance=0.5) for number in range(4, 8))
    found = dict(named(themes(period_facts(pulls=(*ROUTER, *others)))))
    assert found["router"] == [1, 2, 3]


def test_every_pull_request_is_in_exactly_one_theme():
    """Nothing that was merged is lost on the way, with a report or without."""
    numbers = [ref.number for theme in themes(period_facts()) for ref in theme.pulls]
    assert sorted(numbers) == [one.ref.number for one in week()]


def test_there_are_never_more_than_eight_themes():
    """The light ones are told as one, and stay in it."""
    pulls = tuple(
        pull(number, title=f"fix {number}", tags=("bugfix",), modules=(f"m{number // 3}",))
        for number in range(1, 61)
    )
    found = themes(period_facts(pulls=pulls))
    assert len(found) == MOST
    assert sum(len(theme.pulls) for theme in found) == len(pulls)


def test_many_of_one_kind_are_told_by_module():
    """Three of a module make a theme of their own; the rest stands beside them."""
    found = named(themes(period_facts(pulls=FIXES)))
    assert [key for key, _ in found] == [
        "insight.theme.kind_in.bugfix",
        "insight.theme.kind_in.bugfix",
        "insight.theme.kind_beside.bugfix",
    ]
    assert found[2][1] == [16, 17]


@pytest.mark.parametrize(
    ("title", "author", "key"),
    [
        pytest.param("release: v1.2", "octo-dev", "release", id="a release stands for itself"),
        pytest.param("fix(deps): update a to v2", "octo-dev", "dependency", id="a bump is no fix"),
        pytest.param("docs: fix a typo", "octo-dev", "upkeep", id="words are upkeep"),
        pytest.param("Something else happened", "octo-dev", "other", id="a title may say no kind"),
    ],
)
def test_without_a_report_the_title_says_the_kind(title, author, key):
    """The prefix that its author gave."""
    found = themes(period_facts(pulls=(pull(1, title=title, author=author, why="never_seen"),)))
    assert found[0].title == Message(key=f"insight.theme.kind.{key}")


def test_a_theme_is_told_in_the_words_of_its_heaviest():
    """Four at most, and how many more there are."""
    text = themes(period_facts(pulls=FIXES[:5]))[0].text
    assert text == Message(
        key="insight.theme.said_more",
        params={
            "said_1": "fix thing number 10",
            "said_2": "fix thing number 11",
            "said_3": "fix thing number 12",
            "said_4": "fix thing number 13",
            "count": 1,
        },
    )


def test_titles_that_say_nothing_stand_behind_those_that_do():
    """However heavy the pull request is."""
    pulls = (pull(1, title="fix some bugs", importance=3), pull(2, title="fix the scheduler"))
    assert named(themes(period_facts(pulls=pulls))) == [("insight.theme.kind.bugfix", [2, 1])]


def test_where_a_model_wrote_the_reports_its_sentences_tell_the_theme():
    """They say more than titles do."""
    told = pull(1, sentence=Told(text="Makes `close` wait for `flush`."))
    assert themes(period_facts(pulls=(told,)))[0].text == Told(text="Makes `close` wait for `flush` (#1).")


def test_chinese_sentences_of_a_theme_follow_each_other_without_a_space():
    """Each with its own number, unless it names it."""
    pulls = (
        pull(1, importance=5, sentence=Told(text="`close` 会等待 `flush`。")),
        pull(2, sentence=Told(text="#2 限制了重试。")),
    )
    assert themes(period_facts(pulls=pulls))[0].text == Told(
        text="`close` 会等待 `flush`（#1）。#2 限制了重试。"
    )


def test_several_repositories_are_a_theme_each():
    """What a word means in one says nothing about the other."""
    pulls = tuple(pull(number, repository=f"octo-org/r{number % 2}") for number in range(8))
    homes = tuple(repository(full_name=f"octo-org/r{number}") for number in range(2))
    found = themes(period_facts(pulls=pulls, repositories=homes))
    assert [theme.title for theme in found] == [
        Message(key="insight.theme.repository", params={"name": f"octo-org/r{number}"}) for number in range(2)
    ]


@pytest.mark.parametrize("title", ["", "(((", "[" * 5000, "的" * 9000, "feat: " * 3000])
def test_no_title_makes_it_raise(title):
    """Anybody may write one."""
    pulls = tuple(pull(number, title=title, why="never_seen") for number in range(1, 9))
    assert sum(len(theme.pulls) for theme in themes(period_facts(pulls=pulls))) == len(pulls)
