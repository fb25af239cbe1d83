"""What each key of a repository's file changes about its reports, through the running server."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Later
from bot.model import FileKind, OwnRiskKey, Trigger, TriggerKind, WorkItem
from bot.workflows.worded import MOST_TRIES, chosen_for
from sandbox.build import INSTALLATION_ID, add_label
from sandbox.payloads import pull_request_payload
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import send_merge, settled, until

HIDES_ERRORS = {
    "engine/store.py": "def save():\n    try:\n        return 2\n    except Exception:\n        pass\n"
}
LONG = {"engine/store.py": "def save():\n" + "".join(f"    step_{n}()\n" for n in range(60))}
OWN_RISK = """
risks:
  slow-path:
    name: Hot loop
    description: Changes code that runs for every request
    color: "d93f0b"
    paths: [engine/store.py]
"""


async def merged(play, text, changes=None, **fields):
    """A pull request that is merged under a configuration; its one comment, or nothing."""
    configure(play, text)
    pull = add_merge(play.state, changes, **fields)
    await play.merge(pull)
    comments = play.comments(pull)
    assert len(comments) <= 1
    return pull, comments[0] if comments else ""


async def refreshed(play, pull):
    """The same after something was edited on GitHub."""
    repository = the_repository(play.state)
    await play.send("pull_request", pull_request_payload(play.state, repository, pull, "edited"))


async def test_language_is_that_of_the_comment(play):
    """``language``: Chinese here, whatever the operator's default is."""
    _, body = await merged(play, "language: zh-CN\n")
    assert "推荐动作" in body
    assert "Recommended" not in body


async def test_min_importance_keeps_smaller_reports_quiet(play):
    """``min_importance``: stored, not posted."""
    pull, body = await merged(play, "min_importance: 9.5\n")
    assert body == ""
    assert await play.outcome(pull) == ("done", None)
    assert await play.report(pull) is not None


async def test_time_zone_is_that_of_every_time_shown(play):
    """``time_zone``: the time of the merge is told in it."""
    _, body = await merged(play, "time_zone: Asia/Shanghai\n")
    assert "(Asia/Shanghai, UTC+08:00)" in body


async def test_ignored_paths_are_counted_and_not_read(play):
    """``ignore.paths``: no lines of them, no risk from them, and no tests are missed for them."""
    pull, body = await merged(play, "ignore:\n  paths: [engine/]\n", LONG | HIDES_ERRORS)
    report = await play.report(pull)
    assert report.kinds == {FileKind.IGNORED: 1}
    assert (report.risks, report.implementation.symbols) == ((), ())
    assert "except" not in report.model_dump_json()
    assert "ignored by the repository" in body
    assert pull.labels.value == ()


async def test_ignored_authors_get_no_report(play):
    """``ignore.authors``, in whatever letters; the work says why it ended."""
    pull, body = await merged(play, "ignore:\n  authors: [OCTO-Dev]\n")
    assert (body, await play.report(pull)) == ("", None)
    state, reason = await play.outcome(pull)
    assert state == "dropped"
    assert reason.startswith("ignored: its author")


async def test_ignored_labels_get_no_report(play):
    """``ignore.labels``, in whatever letters; without the label there is one."""
    configure(play, "ignore:\n  labels: [No Report]\n")
    pull = add_merge(play.state)
    add_label(play.state, the_repository(play.state), "no report")
    pull.labels.put(("no report",))
    await play.merge(pull)
    assert play.comments(pull) == []
    assert (await play.outcome(pull))[1].startswith("ignored: it has a label")
    other = add_merge(play.state, {"engine/load.py": "x = 2\n"})
    await play.merge(other)
    assert len(play.comments(other)) == 1


async def test_modules_have_the_names_of_the_file(play):
    """``modules`` go before ``CODEOWNERS``, titles and folders; what no pattern has is named as before."""
    changes = {"engine/store.py": "a = 2\n", "tools/run.py": "b = 2\n"}
    pull, _ = await merged(play, "modules:\n  storage: [engine/store.py]\n", changes)
    report = await play.report(pull)
    assert sorted(report.head.modules) == ["storage", "tools"]


async def test_core_paths_count_as_the_core(play):
    """``core_paths``: a risk, its label, a reason, and the share of the core in the score."""
    pull, body = await merged(play, "core_paths: [engine/]\n")
    report = await play.report(pull)
    assert [risk.key.value for risk in report.risks] == ["core-path"]
    assert next(part.value for part in report.scores.features if part.name == "core") == 1
    assert "of the core as the repository names it" in body
    assert "risk: core-path" in pull.labels.value


async def test_own_risks_are_risks_of_the_report(play):
    """``risks``: name, description and evidence in the comment, a label with its colour, the register."""
    pull, body = await merged(play, OWN_RISK)
    repository = the_repository(play.state)
    report = await play.report(pull)
    (risk,) = report.risks
    assert (risk.key, risk.name, risk.rule) == (OwnRiskKey("slow-path"), "Hot loop", "own-paths")
    assert [item.path for item in risk.evidence] == ["engine/store.py"]
    assert "Hot loop" in body
    assert "Changes code that runs for every request" in body
    assert pull.labels.value == ("risk: slow-path",)
    label = next(one for one in repository.labels.value if one.name == "risk: slow-path")
    assert (label.color, label.description) == ("d93f0b", "Changes code that runs for every request")
    (entered,) = await play.running.services.register.of_pull(repository.id, pull.number)
    assert (entered.key, entered.name, entered.path) == ("slow-path", "Hot loop", "engine/store.py")


async def test_an_own_risk_ends_where_its_path_is_not_named_any_more(play):
    """The register closes it at the next merge that touches the file."""
    pull, _ = await merged(play, OWN_RISK)
    other = OWN_RISK.replace("engine/store.py", "engine/load.py")
    await merged(play, other, {"engine/store.py": "def save():\n    return 3\n"})
    (entered,) = await play.running.services.register.of_pull(the_repository(play.state).id, pull.number)
    assert (entered.state.value, entered.reason.key) == ("closed", "register.closed.not_own")


async def test_labels_can_be_switched_off(play):
    """``labels.enabled: false``: the risk is told, and no label is touched, also none set before."""
    pull, _ = await merged(play, "language: en\n", HIDES_ERRORS)
    assert pull.labels.value == ("risk: error-handling",)
    configure(play, "labels:\n  enabled: false\n")
    pull.title = "Another title"
    await refreshed(play, pull)
    assert pull.labels.value == ("risk: error-handling",)
    other = add_merge(play.state, {"engine/load.py": HIDES_ERRORS["engine/store.py"]})
    await play.merge(other)
    assert (await play.report(other)).risks
    assert other.labels.value == ()


async def test_labels_have_the_prefix_of_the_file(play):
    """``labels.prefix``: one that exists already is not made twice, and another prefix leaves it alone."""
    pull, _ = await merged(play, 'labels:\n  prefix: "prhub/"\n', HIDES_ERRORS)
    assert pull.labels.value == ("prhub/error-handling",)
    again = add_merge(play.state, {"engine/load.py": HIDES_ERRORS["engine/store.py"]})
    play.github.log.clear()
    await play.merge(again)
    assert again.labels.value == ("prhub/error-handling",)
    assert play.github.log.count("POST /repos/{owner}/{repo}/labels") == 0
    configure(play, 'labels:\n  prefix: "risk: "\n')
    pull.title = "Another title"
    await asyncio.sleep(0.4)
    await refreshed(play, pull)
    assert set(pull.labels.value) == {"prhub/error-handling", "risk: error-handling"}


@pytest.mark.parametrize(
    ("most", "count"),
    [pytest.param(1, 1, id="one of two"), pytest.param(0, 0, id="none")],
)
async def test_labels_are_at_most_so_many(play, most, count):
    """``labels.max``: the heaviest of the risks get theirs."""
    pull, _ = await merged(play, f"labels:\n  max: {most}\n{OWN_RISK}", HIDES_ERRORS)
    assert len((await play.report(pull)).risks) == 2
    assert len(pull.labels.value) == count


async def test_a_file_that_is_broken_stops_no_report(play):
    """The last good one holds; without one the operator's settings do."""
    _, body = await merged(play, "language: [en\n")
    assert "Recommended" in body
    _, body = await merged(play, "language: zh-CN\n", {"engine/load.py": "x = 2\n"})
    assert "Recommended" not in body
    _, body = await merged(play, "language: no\n", {"engine/load.py": "x = 3\n"})
    assert "Recommended" not in body


async def test_a_file_that_cannot_be_read_stops_no_report(play):
    """GitHub fails at this one thing: what was read last holds."""
    await merged(play, "language: zh-CN\n")
    play.running.services.configs.forget(the_repository(play.state).full_name)
    play.github.faults.add("error", path="/contents/", times=50, status=500)
    pull = add_merge(play.state, {"engine/load.py": "x = 2\n"})
    await play.merge(pull)
    (body,) = play.comments(pull)
    assert "Recommended" not in body


async def test_a_pull_request_that_changes_the_file_is_known_at_once(play):
    """What its merge brought is in the store with its report: the digests' schedule goes by that."""
    await play.merge(add_merge(play.state))
    await play.merge(add_merge(play.state, {".github/prhub.yml": "digest:\n  schedule: 0 9 * * 4\n"}))
    kept = await play.running.services.configs.kept.get(the_repository(play.state).id)
    assert kept.file.digest.schedule == "0 9 * * 4"


async def test_a_file_that_was_never_read_is_waited_for_and_then_done_without(play):
    """It may say that nothing is to be posted; but a report is not given up for it."""
    repository = the_repository(play.state)
    configure(play, "publish: none\n")
    play.github.faults.add("error", path="/contents/", times=500, status=500)
    trigger = Trigger(
        kind=TriggerKind.REPORT,
        key="report:1",
        installation_id=INSTALLATION_ID,
        repository_id=repository.id,
        repository=repository.full_name,
        number=1,
    )
    with pytest.raises(Later):
        await chosen_for(WorkItem(trigger=trigger, requested_at=0.0))
    chosen = await chosen_for(WorkItem(trigger=trigger, requested_at=0.0, failures=MOST_TRIES))
    assert (chosen.publish, chosen.sources) == ("comment", {"digest.schedule": "operator"})


async def test_work_under_way_goes_by_the_file_with_which_it_began(play):
    """What held is kept with the facts: a step that runs again, after a change, gives the same."""
    configure(play, "language: zh-CN\n")
    pull = add_merge(play.state)
    play.github.faults.add("error", path="/comments$", methods=("POST",), times=1, status=503)
    await send_merge(play.github, the_repository(play.state).full_name, pull)
    posts = "POST /repos/{owner}/{repo}/issues/{number}/comments"
    await until(lambda: play.github.log.count(posts) > 0)
    configure(play, "language: en\npublish: none\n")
    await settled(play.running)
    (body,) = play.comments(pull)
    assert "推荐动作" in body
