"""The digest without a model says what the facts say; with one, what was told and the rest of the facts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.inference.digest import build_digest, known_period
from bot.inference.digest.follow_ups import follow_ups
from bot.inference.digest.highlights import highlights
from bot.inference.digest.watch import risk_watch
from bot.model import (
    DigestReading,
    FollowUp,
    Insight,
    Message,
    RegisterView,
    RiskKey,
    Severity,
    Theme,
    Told,
    WithoutModel,
)
from tests.fakes.period_pulls import CORE_PATH, MISSING_TESTS, risk
from tests.fakes.periods import period_facts, pull, ref, register_view
from tests.fakes.reports import repository

NOW = datetime(2026, 3, 30, 9, tzinfo=UTC)
HIGH = risk(RiskKey.SECURITY, Severity.HIGH, "`load` runs what it reads.")


def built(facts=None, **changes):
    return build_digest(facts or period_facts(), register_view(), now=NOW, version="1.0", **changes)


def left(key, **params):
    return Insight(message=Message(key=f"insight.follow_up.{key}", params=params))


def kinds(themes):
    return [theme.title.params["risk_symbol"] for theme in themes]


def numbers(items):
    return [[one.number for one in item.pulls] for item in items]


def test_without_a_model_nothing_is_told():
    """And the digest says why, if there is a reason."""
    digest = built(without_model=WithoutModel.OFF)
    assert (digest.headline, digest.summary) == (None, ())
    assert digest.provenance.without_model is WithoutModel.OFF
    assert all((digest.themes, digest.risk_watch, digest.highlights))


def test_the_same_facts_make_the_same_digest():
    """To the byte: it may be built twice."""
    assert built().model_dump_json() == built().model_dump_json()


def test_an_empty_period_makes_an_empty_digest():
    """Nothing is invented to fill it."""
    digest = build_digest(period_facts(pulls=()), RegisterView(), now=NOW, version="1.0")
    assert (digest.themes, digest.risk_watch, digest.highlights, digest.follow_ups) == ((), (), (), ())


def test_the_heaviest_risk_tells_its_kind():
    """Its pull request stands first, whatever else has such a risk."""
    pulls = (pull(1, risks=(MISSING_TESTS,)), pull(2, importance=0.1, risks=(HIGH,)), pull(3, risks=(HIGH,)))
    watched = risk_watch(pulls)
    assert kinds(watched) == ["security"]
    assert (watched[0].text, numbers(watched)) == (Told(text="`load` runs what it reads (#3)."), [[3, 2]])


def test_what_a_line_shows_stands_before_what_says_where_to_look_twice():
    """That files change often is no news; of equal severity it gives way, however many have it."""
    core = risk(RiskKey.CORE_PATH, Severity.MEDIUM, Message(key="insight.risk.core_path"))
    stub = risk(RiskKey.ERROR_HANDLING, Severity.MEDIUM, Message(key="insight.risk.not_implemented"))
    pulls = (pull(1, risks=(core,)), pull(2, risks=(core,)), pull(3, risks=(stub,)))
    assert kinds(risk_watch(pulls)) == ["error-handling", "core-path"]


def test_what_was_taken_back_is_no_risk_any_more():
    """Its report says so; a reader has nothing to watch there, and it is no highlight by that."""
    undone = risk(
        RiskKey.REVERT, Severity.HIGH, Message(key="insight.risk.revert.undone", params={"count": 1})
    )
    gone = pull(1, importance=0.1, risks=(undone.model_copy(update={"rule": "reverted"}),))
    assert risk_watch((gone,)) == ()
    assert highlights((gone,), (), 10, 4.0) == ()


def test_what_the_same_rule_found_is_said_in_one_sentence():
    """With what each names; what only one of them says stands first otherwise."""

    def image(paths):
        said = Message(
            key="insight.risk.dependency.patch", params={"count": len(paths.split()), "paths": paths}
        )
        return risk(RiskKey.DEPENDENCY, Severity.MEDIUM, said)

    pulls = (pull(1, risks=(image("a.patch"),)), pull(2, risks=(image("b.patch, a.patch"),)))
    (watched,) = risk_watch(pulls)
    assert watched.text == Message(
        key="insight.risk.dependency.patch", params={"count": 2, "paths": "a.patch, b.patch", "of": 2}
    )


def test_a_model_told_risk_names_the_pull_request_it_was_told_of():
    """The others that have the kind of risk are not what the sentence is about."""
    told = HIGH.model_copy(update={"told": Told(text="`load` runs what a file says.")})
    (watched,) = risk_watch((pull(1, risks=(told,)), pull(2, importance=0.1, risks=(HIGH,))))
    assert watched.text == Told(text="`load` runs what a file says (#1).")


def test_two_low_risks_of_a_kind_are_worth_a_line():
    """One is in its report."""
    assert numbers(risk_watch((pull(1, risks=(MISSING_TESTS,)), pull(2, risks=(MISSING_TESTS,))))) == [[1, 2]]


def test_follow_ups_of_several_reports_are_counted_together():
    """Each once, with all pull requests; what is general comes last."""
    found = follow_ups(
        (
            pull(1, importance=5, follow_ups=(left("tests", count=1, lines=20), left("threads", count=2))),
            pull(2, follow_ups=(left("threads", count=3),)),
        )
    )
    assert [item.text for item in found] == [
        Message(key="insight.follow_up.threads", params={"count": 5}),
        Message(key="insight.follow_up.tests", params={"count": 1, "lines": 20}),
    ]
    assert numbers(found) == [[1, 2], [1]]


def test_what_is_told_to_do_in_particular_is_not_asked_for_in_general():
    """Of the same pull request."""
    told = FollowUp(text=Told(text="Test `close` on a full disk."), pulls=(ref(1),))
    pulls = tuple(pull(number, follow_ups=(left("tests", count=1, lines=20),)) for number in (1, 2))
    assert numbers(follow_ups(pulls, (told,))) == [[1], [2]]


def test_told_themes_come_first_and_the_rest_is_one_theme():
    """Nothing that was merged is left out because a model did not name it."""
    told = Theme(title=Told(text="One router"), text=Told(text="#1232 removes it."), pulls=(ref(1232),))
    digest = built(reading=DigestReading(language="en", themes=(told,)))
    assert digest.themes[0] == told
    assert digest.themes[1].title == Message(key="insight.theme.rest")
    assert len(digest.themes[1].pulls) == 8


def test_a_kind_of_risk_that_was_not_told_is_computed():
    """A model may pass over one; the digest does not."""
    told = Theme(
        title=Message(key="insight.watch.kind", params={"risk_symbol": "core-path"}),
        text=Told(text="The loop changes often."),
        pulls=(ref(1230),),
    )
    digest = built(reading=DigestReading(language="en", risk_watch=(told,)))
    keys = kinds(digest.risk_watch)
    assert keys[0] == "core-path"
    assert keys.count("core-path") == 1
    assert "breaking-change" in keys


def test_what_a_reading_says_of_others_is_left_out():
    """It may be of an earlier state of the period."""
    gone = Theme(title=Told(text="Gone"), pulls=(ref(1),))
    assert gone not in built(reading=DigestReading(language="en", themes=(gone,))).themes


@pytest.mark.parametrize(
    ("token", "is_known"),
    [
        pytest.param("#1232", True, id="a pull request of the period"),
        pytest.param("#1101", False, id="one before it"),
        pytest.param("`quantize_by_name`", True, id="a name that a report has"),
        pytest.param("`invented_name`", False, id="a name that none has"),
        pytest.param("octo-lead", True, id="an author"),
        pytest.param("engine/router/client.py", True, id="a hot file"),
        pytest.param("engine/router/nobody.py", False, id="no file"),
        pytest.param("3.9.3", True, id="a version in a title"),
        pytest.param("4711", False, id="a number that nobody wrote"),
        pytest.param("https://evil.example", False, id="an address"),
        pytest.param("octo-org/engine#1232", True, id="with the repository's own name"),
        pytest.param("octo-org/other#1232", False, id="of another repository"),
    ],
)
def test_what_may_stand_in_a_digest(token, is_known):
    """The last question before it is posted."""
    facts = period_facts(repositories=(repository(full_name="octo-org/engine"),))
    assert known_period(facts)(token) is is_known


def test_core_files_are_watched():
    """A medium risk is worth a line on its own."""
    assert numbers(risk_watch((pull(1, risks=(CORE_PATH,)),))) == [[1]]
