"""Risk labels: ours come and go with the risks; people's stay, and what people take off stays off."""

from __future__ import annotations

import contextlib

import pytest

from bot.errors import Forbidden, Later, NoAccess
from bot.model import RiskKey, RiskState, Severity, label_for
from bot.model.labelling import Labelling
from bot.publishing import LabelPublisher, SeenLabels, wanted_labels
from bot.store import LabelState
from sandbox.build import INSTALLATION_ID, add_label
from tests.fakes.crashes import Crash, Mortal, Plan
from tests.fakes.desk import QUARANTINE
from tests.fakes.reports import pull_report

ADD = "POST /repos/{owner}/{repo}/issues/{number}/labels"
SET = "PUT /repos/{owner}/{repo}/issues/{number}/labels"
SECURITY, TESTS, CORE = (
    label_for(key) for key in (RiskKey.SECURITY, RiskKey.MISSING_TESTS, RiskKey.CORE_PATH)
)


class Labels:
    """The labels of one pull request, as our publisher and as people handle them."""

    def __init__(self, desk, issue):
        self.desk, self.issue, self.later = desk, issue, 0.0

    def seen(self, read_at=None):
        """What a reading shows now, each an hour after the one before unless the time is given."""
        self.later += 3600
        on_pull = frozenset(self.issue.labels.value)
        known = frozenset(label.name for label in self.desk.repository.labels.value)
        return SeenLabels(on_pull, known, read_at or self.desk.clock() + self.later)

    def publisher(self, writer=None, rows=None):
        """A new publisher, as after a restart."""
        place = self.desk.place(self.issue)
        return LabelPublisher(writer or self.desk.writer(), rows or self.desk.rows, place, QUARANTINE)

    async def publish(self, *wanted, seen=None):
        """Bring the labels to what is wanted."""
        return await self.publisher().publish(wanted, seen or self.seen())

    def put(self, *names):
        """A person sets the labels."""
        self.issue.labels.put(names, self.desk.clock())

    @property
    def names(self):
        """The labels on the pull request."""
        return list(self.issue.labels.value)

    async def states(self):
        """What is known of them."""
        known = await self.desk.rows.labels(self.desk.repository.id, self.issue.number)
        return {name: label.state for name, label in known.items()}


@pytest.fixture
async def labels(either_desk):
    """The labels of a new pull request, on both databases."""
    return Labels(either_desk, await either_desk.new())


async def test_labels_come_with_colour_and_description_in_one_request(labels):
    """Created once in the repository, then added together (R31)."""
    assert await labels.publish(SECURITY, TESTS) == (SECURITY.name, TESTS.name)
    made = {one.name: (one.color, one.description) for one in labels.desk.repository.labels.value}
    assert made == {one.name: (one.color, one.description) for one in (SECURITY, TESTS)}
    assert labels.names == [SECURITY.name, TESTS.name]
    assert await labels.publish(SECURITY, TESTS) == ()
    assert (labels.desk.count(ADD), labels.desk.count(SET)) == (1, 0)


async def test_a_label_goes_when_its_risk_is_gone(labels):
    """Singly, and it may come back later."""
    await labels.publish(SECURITY, TESTS)
    await labels.publish(TESTS)
    assert labels.names == [TESTS.name]
    await labels.publish(TESTS, SECURITY)
    assert sorted(labels.names) == sorted([TESTS.name, SECURITY.name])


async def test_what_a_person_takes_off_stays_off(labels):
    """For ever, whatever later reports find; other labels still come."""
    await labels.publish(SECURITY)
    labels.put("bug")
    for _ in range(3):
        await labels.publish(SECURITY, CORE)
    assert labels.names == ["bug", CORE.name]
    await labels.publish(CORE)
    await labels.publish(SECURITY, CORE)
    assert labels.names == ["bug", CORE.name]


async def test_what_a_person_puts_back_is_theirs(labels):
    """Taken off and put on again by hand: we neither add nor remove it any more."""
    await labels.publish(SECURITY)
    labels.put()
    await labels.publish(SECURITY)
    labels.put(SECURITY.name)
    await labels.publish()
    assert labels.names == [SECURITY.name]


async def test_a_persons_label_is_never_removed(labels):
    """Not even one of ours by name: they put it on before we wanted it."""
    labels.put("bug", SECURITY.name, "risk: of my own")
    await labels.publish(SECURITY)
    await labels.publish()
    assert labels.names == ["bug", SECURITY.name, "risk: of my own"]
    labels.put("bug")
    await labels.publish(SECURITY)
    assert labels.names == ["bug"], "and when they take it off, it stays off"


async def test_letter_case_makes_no_other_label(labels):
    """GitHub keeps the repository's spelling; ours is on all the same."""
    add_label(labels.desk.github.state, labels.desk.repository, "RISK: Security", color="123456")
    await labels.publish(SECURITY)
    assert labels.names == ["RISK: Security"]
    await labels.publish(SECURITY)
    assert (await labels.states())[SECURITY.name] is LabelState.APPLIED
    await labels.publish()
    assert labels.names == []
    (kept,) = labels.desk.repository.labels.value
    assert kept.color == "123456"


async def test_a_label_created_by_a_person_meanwhile_is_used(labels):
    """The reading did not show it yet; its colour is theirs."""
    seen = labels.seen()
    add_label(labels.desk.github.state, labels.desk.repository, SECURITY.name, color="abcdef")
    await labels.publish(SECURITY, seen=seen)
    assert labels.names == [SECURITY.name]
    assert [label.color for label in labels.desk.repository.labels.value] == ["abcdef"]


async def test_a_reading_from_before_shows_nobody_removing(labels):
    """What was read before or just after our write does not show it yet: that is no person's doing."""
    before = SeenLabels(frozenset(), frozenset(), labels.desk.clock())
    await labels.publish(SECURITY)
    await labels.publish(SECURITY, seen=before)
    assert (await labels.states())[SECURITY.name] is LabelState.APPLIED
    assert labels.desk.count(ADD) == 1


async def test_a_label_whose_answer_was_lost_is_ours_too(labels):
    """It is there; once a person takes it off, it stays off like any other of ours."""
    labels.desk.github.faults.add("drop_after", times=1, methods=("POST",), path="issues/.*/labels")
    with pytest.raises(Later):
        await labels.publish(SECURITY)
    await labels.publish(SECURITY)
    labels.put()
    await labels.publish(SECURITY)
    assert labels.names == []


async def test_a_full_pull_request_is_left_as_it_is(labels):
    """GitHub takes a hundred labels; the report stands without ours, and nothing fails."""
    full = [f"l{number}" for number in range(100)]
    labels.put(*full)
    assert await labels.publish(SECURITY) == ()
    assert labels.names == full
    labels.put(*full[:50])
    assert await labels.publish(SECURITY) == (SECURITY.name,)


async def test_an_archived_repository_is_a_clean_end(labels):
    """As is losing the installation; neither is noted as a label put on."""
    labels.desk.repository.archived = True
    with pytest.raises(Forbidden):
        await labels.publish(SECURITY)
    labels.desk.repository.archived = False
    labels.desk.client._broker._tokens.clear()
    labels.desk.github.state.installations[INSTALLATION_ID].repositories.clear()
    with pytest.raises(NoAccess):
        await labels.publish(SECURITY)
    assert LabelState.APPLIED not in (await labels.states()).values()


async def test_an_outage_in_the_middle_is_made_up_for(labels):
    """Each request may fail once, before or after it was carried out."""
    for fault in ("drop_before", "drop_after"):
        for skip in range(3):
            labels.desk.github.faults.add(fault, times=1, skip=skip, path="labels")
            for _ in range(4):
                with contextlib.suppress(Later):  # the workflow would come back
                    await labels.publish(SECURITY, TESTS)
            assert sorted(labels.names) == sorted([SECURITY.name, TESTS.name])
            await labels.publish()
            labels.desk.github.faults.clear()


@pytest.mark.parametrize("fresh", [False, True], ids=["with the old reading", "with a new reading"])
async def test_killed_between_any_two_steps_the_labels_come_out_right(either_desk, fresh):
    """One comes, one goes, a person's stays, and none is taken for a person's doing."""
    for moment in range(60):
        labels = Labels(either_desk, await either_desk.new())
        labels.put("bug")
        await labels.publish(SECURITY)
        seen, plan = labels.seen(read_at=either_desk.clock()), Plan(moment)
        mortal = labels.publisher(Mortal(either_desk.writer(), plan), Mortal(either_desk.rows, plan))
        try:
            await mortal.publish((TESTS,), seen)
            break
        except Crash:
            await labels.publish(TESTS, seen=None if fresh else seen)
        assert labels.names == ["bug", TESTS.name], f"killed at moment {moment}"
        await labels.publish(SECURITY)
        assert labels.names == ["bug", SECURITY.name], "what we took off ourselves may come back"
    assert moment > 6


def test_the_heaviest_open_risks_become_labels_each_once():
    """Two risks of one kind are one label, and leave room for another."""
    first, second, third, mended = pull_report().risks
    twice = second.model_copy(update={"key": first.key, "severity": Severity.LOW})
    report = pull_report(risks=(twice, third, second, first, mended))
    assert mended.state is not RiskState.OPEN
    assert [label.name for label in wanted_labels(report, Labelling(2))] == [
        f"risk: {first.key}",
        f"risk: {second.key}",
    ]
    assert len(wanted_labels(report, Labelling(9))) == 3
    assert wanted_labels(report, Labelling(0)) == ()


@pytest.mark.parametrize("key", list(RiskKey))
def test_every_label_is_one_github_takes(key):
    """50 characters for the name, 100 for the description, six hex digits (R93)."""
    label = label_for(key)
    assert len(label.name) <= 50
    assert len(label.description) <= 100
    assert len(bytes.fromhex(label.color)) == 3
