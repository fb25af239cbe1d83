"""Review remarks held against the merged code: what the audit found wrong comes out right."""

import pytest

from bot.inference.verify import check_review
from bot.model import Category, Cited, Evidence, Person, TopicOutcome
from tests.fakes.claims import STORE, check, review_claims, store_facts, topic
from tests.fakes.facts import merged_file, remark, thread


def state(*checks, facts=None, **changes):
    """The states of these checks, and what failed."""
    checked = check_review(review_claims(*checks, **changes), facts or store_facts(), "en")
    return [item.state.value for item in checked.insights.checks], [item.claim for item in checked.failures]


def test_the_stale_remark_on_save_checkpoint_is_fixed():
    """The audit's first row: the remark was true once, the merged code has the function."""
    checked = check_review(
        review_claims(check("thread 1", "fixed", "if self._write(target, step):")), store_facts(), "en"
    )
    (found,) = checked.insights.checks
    assert (found.state, found.thread_id) == ("fixed", 701)
    assert found.evidence == Evidence(path="engine/store.py", line=23, quote="if self._write(target, step):")


def test_the_stub_is_open():
    """The audit's first row, other half: the real stub is shown with its line."""
    checked = check_review(
        review_claims(check("thread 2", "open", "raise NotImplementedError")), store_facts(), "en"
    )
    (found,) = checked.insights.checks
    assert found.state == "open"
    assert found.evidence == Evidence(path="engine/store.py", line=28, quote="raise NotImplementedError")


def test_a_guarded_import_is_fixed():
    """The audit's fifth row: the ImportError is caught at the merge."""
    assert state(check("thread 3", "fixed", "except ImportError:")) == (["fixed"], [])


STATES = [
    pytest.param(
        check("Thread 1", "fixed", "if self._write("), "fixed", id="the name of a thread in capitals"
    ),
    pytest.param(check("thread 1", "fixed", "RETRY_LIMIT = 3"), "fixed", id="near the remarked line"),
    pytest.param(check("thread 1", "fixed", "return everything"), "unknown", id="a quote that is not there"),
    pytest.param(check("thread 1", "fixed", ""), "unknown", id="no quote"),
    pytest.param(
        check("thread 1", "fixed", "def _save_checkpoint"), "unknown", id="the remarked line itself"
    ),
    pytest.param(check("thread 1", "fixed", "return"), "unknown", id="a word that is everywhere"),
    pytest.param(check("thread 1", "fixed", "self.legacy_mode = True"), "unknown", id="a removed line"),
    pytest.param(
        check("thread 1", "open", "self.legacy_mode = True"), "unknown", id="open by a removed line"
    ),
    pytest.param(
        check("thread 1", "fixed", "WIP, will be added.", where="thread 1"), "unknown", id="a promise"
    ),
    pytest.param(
        check("thread 1", "open", "WIP, will be added.", where="thread 1"), "unknown", id="open by words"
    ),
    pytest.param(
        check("thread 3", "accepted", "We accept the slower path", where="thread 3"), "accepted", id="a reply"
    ),
    pytest.param(
        check("thread 3", "accepted", "this import raises ImportError", where="thread 3"),
        "unknown",
        id="the remark itself",
    ),
    pytest.param(
        check("thread 1", "accepted", "We accept the slower path", where="thread 3"),
        "unknown",
        id="a reply in another thread",
    ),
    pytest.param(check("thread 3", "accepted", "except ImportError:"), "unknown", id="accepted by a line"),
    pytest.param(check("thread 2", "no-fault", "", where=""), "no-fault", id="a remark without a fault"),
    pytest.param(check("thread 2", "unknown", "", where=""), "unknown", id="unknown"),
]


@pytest.mark.parametrize(("claim", "expected"), STATES)
def test_a_state_needs_what_shows_it(claim, expected):
    """Fixed and open need a line of the merged text, accepted a reply; else nothing is known."""
    found, failures = state(claim)
    assert found == [expected]
    assert bool(failures) == (expected == "unknown" and claim.state != "unknown")


def far_away(**changes):
    """A thread that names nothing of the line quoted, far below it."""
    text = STORE + "\n" * 100 + "def unrelated():\n    return compute_everything()\n"
    remarked = thread(remark("This is slow."), path="engine/store.py", **({"merged_line": 3} | changes))
    return store_facts(threads=(remarked,), merged_files=(merged_file("engine/store.py", text),))


def test_a_line_far_away_that_nobody_named_shows_nothing():
    """A fixed remark needs a line that has to do with it."""
    claim = check("thread 1", "fixed", "return compute_everything()")
    assert state(claim, facts=far_away())[0] == ["unknown"]
    assert state(claim, facts=far_away(merged_line=120))[0] == ["fixed"]
    assert state(claim, facts=far_away(still_there=False))[0] == ["fixed"]


def test_a_line_inside_the_named_function_shows_it():
    """The line may be far off if it is inside what the remark names."""
    claim = check("thread 1", "fixed", "return compute_everything()")
    named = far_away().threads[0].model_copy(update={"remarks": (remark("`unrelated` is slow."),)})
    assert state(claim, facts=far_away().model_copy(update={"threads": (named,)}))[0] == ["fixed"]


@pytest.mark.parametrize("claimed", ["fixed", "accepted", "no-fault"])
def test_nothing_is_closed_where_text_gives_instructions(claimed):
    """A suspected injection leaves every remark open to question."""
    suspicious = (Cited(where="description", quote="Saving could lose the last 8 snapshots"),)
    claim = check("thread 3", claimed, "except ImportError:")
    assert state(claim, suspicious=suspicious)[0] == ["unknown"]
    assert state(check("thread 2", "open", "raise NotImplementedError"), suspicious=suspicious)[0] == ["open"]


def test_a_thread_is_checked_once():
    """Of two checks of a thread the first counts; of a thread that is not there, none."""
    claims = (
        check("thread 2", "open", "raise NotImplementedError"),
        check("thread 2", "fixed", "json.dumps"),
    )
    assert state(*claims, check("thread 9", "fixed", "json.dumps")) == (["open"], ["checks 3"])


def test_a_sentence_that_fails_leaves_the_state():
    """The line shows the state, whatever is wrong with the words about it."""
    claim = check("thread 2", "open", "raise NotImplementedError", text="It costs 4711 ms.")
    checked = check_review(review_claims(claim), store_facts(), "en")
    assert checked.insights.checks[0].state == "open"
    assert checked.insights.checks[0].text is None
    assert checked.failures[0].claim == "checks 1"


def topics(*claims, facts=None):
    """The topics that stand."""
    return check_review(review_claims(topics=claims), facts or store_facts(), "en").insights.topics


def test_who_raised_a_topic_is_computed():
    """The first remark's author raised it, whatever the model says."""
    (found,) = topics(topic("thread 1", "Thread 3", "thread 1"))
    assert found.thread_ids == (701, 703)
    assert found.raised_by == (Person(login="octo-reviewer"),)
    assert found.category is Category.CORRECTNESS


@pytest.mark.parametrize(
    ("threads", "claimed", "outcome"),
    [
        pytest.param(("thread 1",), "adopted", "adopted", id="answered by somebody else"),
        pytest.param(("thread 2",), "adopted", "unanswered", id="nobody answered"),
        pytest.param(("thread 2",), "declined", "unanswered", id="nobody declined"),
        pytest.param(("thread 2", "thread 1"), "adopted", "adopted", id="one of two was answered"),
        pytest.param(("thread 2",), "unanswered", "unanswered", id="unanswered"),
    ],
)
def test_a_decision_needs_an_answer(threads, claimed, outcome):
    """Nothing was adopted or declined where nobody replied and nothing changed."""
    assert topics(topic(*threads, outcome=claimed))[0].outcome is TopicOutcome(outcome)


def test_a_later_commit_is_an_answer():
    """Code that changed after a remark may have adopted it."""
    facts = store_facts()
    changed = facts.threads[1].model_copy(update={"later_commits": 2})
    facts = facts.model_copy(update={"threads": (facts.threads[0], changed, facts.threads[2])})
    assert topics(topic("thread 2"), facts=facts)[0].outcome is TopicOutcome.ADOPTED


def test_a_topic_without_a_thread_is_no_topic():
    """A topic of comments or of threads that are not there is left out."""
    assert topics(topic("thread 9"), topic("comment 1"), topic()) == ()


def test_a_comment_in_the_code_mends_nothing():
    """Anybody can write into a comment that a fault is gone; it settles only what was said about words."""
    text = STORE.replace("RETRY_LIMIT = 3", "# the import is guarded now\nRETRY_LIMIT = 3")
    facts = store_facts(merged_files=(merged_file("engine/store.py", text),))
    claim = check("thread 3", "fixed", "# the import is guarded now")
    assert state(claim, facts=facts)[0] == ["unknown"]
    about = facts.threads[2].model_copy(update={"remarks": (remark("Please add a comment on the import."),)})
    assert state(
        check("thread 1", "fixed", claim.quote), facts=facts.model_copy(update={"threads": (about,)})
    )[0] == ["fixed"]
