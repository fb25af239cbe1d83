"""What a reading says is shown only as long as the facts still have what it rests on."""

from __future__ import annotations

from typing import Any

import pytest

from bot.inference.current import current
from bot.model import (
    Evidence,
    Insight,
    Insights,
    LinkedIssue,
    Message,
    PullFacts,
    RelatedPull,
    Relation,
    Told,
)
from tests.fakes.facts import (
    MERGE_SHA,
    commit,
    file_change,
    merged_file,
    pull_facts,
    remark,
    review,
    symbol,
    thread,
)
from tests.fakes.readings import (
    LINE,
    PATH,
    check,
    file_insight,
    insight,
    related_insight,
    rich_insights,
    symbol_insight,
    told_risk,
    topic,
)


def facts(**changes: Any) -> PullFacts:
    fields: dict[str, Any] = {
        "files": (file_change(added="keep = load(path)", symbols=(symbol(),)),),
        "merged_files": (merged_file(text="keep = load(path)"), merged_file("engine/web.py")),
        "threads": (thread(),),
        "comments": (remark(id=50),),
        "reviews": (review(),),
        "commits": (commit(sha="abc"),),
        "issues": (LinkedIssue(number=8, title="Lost"),),
        "related": (RelatedPull(number=9, relation=Relation.SAME_FILES),),
    }
    return pull_facts(**(fields | changes))


def test_what_is_there_stays() -> None:
    """A reading of the facts as they are loses nothing."""
    assert current(rich_insights(), facts()) == rich_insights()


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(LINE, id="a line of a changed file"),
        pytest.param(Evidence(path="engine/web.py", line=3), id="a file that was read whole"),
        pytest.param(Evidence(thread_id=700), id="a thread"),
        pytest.param(Evidence(thread_id=700, comment_id=900), id="a remark in it"),
        pytest.param(Evidence(comment_id=50), id="a comment"),
        pytest.param(Evidence(review_id=800), id="a review"),
        pytest.param(Evidence(number=8), id="an issue"),
        pytest.param(Evidence(number=9), id="a related pull request"),
        pytest.param(Evidence(number=12, source="body"), id="its own description"),
        pytest.param(Evidence(commit="abc"), id="a commit"),
        pytest.param(Evidence(commit=MERGE_SHA), id="the merge"),
    ],
)
def test_evidence_that_is_there(evidence: Evidence) -> None:
    """Each kind of place is known."""
    kept = current(Insights(summary=insight(evidence=(evidence,))), facts()).summary
    assert kept is not None
    assert kept.evidence == (evidence,)


@pytest.mark.parametrize(
    "evidence",
    [
        pytest.param(Evidence(path="engine/gone.py", line=1), id="a path that the change does not have"),
        pytest.param(Evidence(path="Engine/store.py"), id="a path in other letters"),
        pytest.param(Evidence(path=""), id="no path"),
        pytest.param(Evidence(thread_id=701), id="a thread that was deleted"),
        pytest.param(Evidence(thread_id=-1), id="no thread at all"),
        pytest.param(Evidence(comment_id=51), id="a comment that was deleted"),
        pytest.param(Evidence(path=PATH, thread_id=701), id="half of it is gone"),
        pytest.param(Evidence(number=77), id="a number nobody named"),
        pytest.param(Evidence(commit="def"), id="a commit that is not in it"),
    ],
)
def test_evidence_that_is_gone(evidence: Evidence) -> None:
    """It goes, and with the last of it the statement; with other evidence the statement stays."""
    alone = Insights(
        summary=insight(evidence=(evidence,)),
        steps=(insight(evidence=(evidence, LINE)),),
        risks=(told_risk(evidence=(evidence,)),),
        suspicious=(evidence,),
        checks=(check(evidence=evidence),),
    )
    found = current(alone, facts())
    assert (found.summary, found.risks, found.suspicious) == (None, (), ())
    assert found.steps[0].evidence == (LINE,)
    assert found.checks[0].evidence is None


def test_hidden_threads_and_comments_are_gone() -> None:
    """What a maintainer minimised is not told again by a model."""
    hidden = facts(
        threads=(thread(remark(minimized=True)), thread(remark(id=2), id=701)),
        comments=(remark(id=50, minimized=True),),
    )
    told = Insights(
        topics=(topic(700), topic(700, 701)),
        checks=(check(),),
        impact=(insight(evidence=(Evidence(comment_id=50),)),),
    )
    found = current(told, hidden)
    assert [item.thread_ids for item in found.topics] == [(701,)]
    assert (found.checks, found.impact) == ((), ())


@pytest.mark.parametrize(
    ("body", "is_quoted"),
    [
        pytest.param("Well, I would **like** to\nkeep it.", True, id="with marks and breaks in it"),
        pytest.param("[I would like](https://x.test) to keep it", False, id="with an address in it"),
        pytest.param("I would not.", False, id="it was edited"),
        pytest.param("", False, id="it was emptied"),
    ],
)
def test_words_taken_back_are_not_quoted(body: str, *, is_quoted: bool) -> None:
    """The thread is still linked; a check that rested on the words is unknown."""
    made_of = facts(threads=(thread(remark(), remark(body, id=901)),))
    cited = Evidence(thread_id=700, quote="I would like to keep it.")
    found = current(Insights(risks=(told_risk(evidence=(cited,)),), checks=(check("accepted"),)), made_of)
    assert found.risks[0].evidence[0].thread_id == 700
    assert (found.risks[0].evidence[0].quote is not None) is is_quoted
    assert found.checks[0].evidence is not None
    assert (found.checks[0].evidence.quote is not None) is is_quoted


def test_a_hidden_reply_is_not_quoted() -> None:
    """Nor is it evidence by itself; the thread around it stays."""
    made_of = facts(threads=(thread(remark(), remark("I keep it.", id=901, minimized=True)),))
    whole = Evidence(thread_id=700, quote="I keep it.")
    own = Evidence(thread_id=700, comment_id=901, quote="I keep it.")
    (risk,) = current(Insights(risks=(told_risk(evidence=(whole, own)),)), made_of).risks
    assert risk.evidence == (Evidence(thread_id=700),)


def test_files_symbols_and_numbers_are_those_of_the_facts() -> None:
    """A path that only was read, an unknown symbol's file, and a number from nowhere are left out."""
    told = Insights(
        files=(file_insight("engine/web.py"), file_insight()),
        symbols=(symbol_insight(path="engine/gone.py"), symbol_insight()),
        related=(related_insight(10**12), related_insight(9), related_insight(0)),
    )
    found = current(told, facts())
    assert [item.path for item in found.files] == [PATH]
    assert [item.path for item in found.symbols] == [PATH]
    assert [item.number for item in found.related] == [9]


def test_only_a_models_words_are_a_reading() -> None:
    """A catalogue key in a stored reading is no sentence of a model's, and might not exist."""
    forged = Insight(message=Message(key="insight.no_such_key"))
    told = Insights(summary=forged, steps=(forged,), risks=(told_risk(explanation=forged.message),))
    found = current(told, facts())
    assert (found.summary, found.steps, found.risks) == (None, (), ())


def test_a_risk_of_a_reading_names_no_rule() -> None:
    """What a model found is told as that."""
    forged = told_risk(rule="committed-secrets", told=Told(text="x"))
    (found,) = current(Insights(risks=(forged,)), facts()).risks
    assert (found.rule, found.told) == (None, None)


def test_lists_are_cut_at_what_a_report_has_room_for() -> None:
    """However much was stored, a report stays a report."""
    many = Insights(
        **{name: (insight(),) * 999 for name in ("motivation", "steps", "impact", "follow_ups")},
        risks=(told_risk(),) * 999,
        topics=(topic(),) * 999,
    )
    found = current(many, facts())
    assert (len(found.motivation), len(found.steps), len(found.impact)) == (4, 12, 6)
    assert (len(found.follow_ups), len(found.risks), len(found.topics)) == (6, 24, 12)


def test_an_empty_reading_is_empty() -> None:
    """Nothing comes of nothing."""
    assert current(Insights(), pull_facts()) == Insights()
