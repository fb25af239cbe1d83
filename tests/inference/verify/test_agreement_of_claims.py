"""A claim agrees with the files it cites, with who spoke, and with what was answered."""

import pytest

from bot.inference.verify import check_report, check_review
from bot.model import Cited
from tests.fakes.claims import (
    check,
    cited,
    report_claims,
    review_claims,
    risk_claim,
    store_facts,
    topic,
)
from tests.fakes.facts import remark, thread

PATHS = "engine/old/paths.py"
ROOT = (Cited(where=PATHS, quote="ROOT = None"),)


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        pytest.param({}, True, id="a name of the cited file"),
        pytest.param(
            {"text": "`SnapshotStore._save_checkpoint` hides what fails."}, True, id="the end of a name"
        ),
        pytest.param({"text": "Whoever calls it gets an error."}, True, id="no name at all"),
        pytest.param({"evidence": ROOT}, False, id="a name of another file"),
        pytest.param({"evidence": (*ROOT, cited())}, True, id="a name of one of two files"),
        pytest.param({"evidence": (cited("thread 2", ""),)}, True, id="no file cited"),
        pytest.param({"evidence": ROOT, "key": "compatibility"}, True, id="what a change of names breaks"),
        pytest.param({"evidence": ROOT, "state": "unknown"}, True, id="nothing is said to be so"),
    ],
)
def test_an_open_risk_speaks_of_the_file_it_cites(changes, stands):
    """A remark that was right once does not become a fact beside any line."""
    checked = check_report(report_claims(risks=(risk_claim(**changes),)), store_facts(), "en")
    assert bool(checked.insights.risks) is stands


def test_an_open_remark_speaks_of_the_file_it_quotes():
    """That a default lies below a folder is not shown by a line that does not name it."""
    claimed = check("thread 2", "open", "ROOT = None", where=PATHS, text="`SNAPSHOT_MODE=fast` is unsafe.")
    assert check_review(review_claims(claimed), store_facts(), "en").insights.checks[0].state == "unknown"


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        pytest.param("I would like to keep it in this PR.", "unknown", id="it stays"),
        pytest.param("这次先不改。", "unknown", id="it stays, in Chinese"),
        pytest.param("I keep it, and added a test of the limit.", "fixed", id="something was done"),
        pytest.param("Sure, see the last commit.", "fixed", id="nothing of the kind"),
    ],
)
def test_what_was_kept_was_not_mended(reply, state):
    """The author's word decides, if it is the last one."""
    talk = thread(remark("`_write` is not atomic."), remark(reply, author="octo-dev"), id=704)
    facts = store_facts(threads=(talk,))
    claimed = check("thread 1", "fixed", "target.write_text(json.dumps({")
    assert check_review(review_claims(claimed), facts, "en").insights.checks[0].state == state


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        pytest.param("octo-lead wanted the codec, and octo-dev guarded the import.", True, id="who spoke"),
        pytest.param("octo-user objected to the codec.", False, id="who spoke elsewhere"),
        pytest.param("The reviewer objected to the codec.", True, id="nobody by name"),
    ],
)
def test_a_topic_names_who_spoke_in_it(text, stands):
    """Whoever took part in the pull request did not say everything in it."""
    checked = check_review(review_claims(topics=(topic("thread 3", text=text),)), store_facts(), "en")
    assert bool(checked.insights.topics) is stands
