"""Triggers: what each delivery asks for, and that most ask for nothing."""

from __future__ import annotations

from itertools import permutations
from types import ModuleType
from typing import Any

import pytest

from bot.deliveries import Envelope, Policy, parse_delivery, to_trigger
from bot.deliveries.registry import on, routes
from bot.deliveries.trigger import ROUTES
from bot.model import Trigger, TriggerKind
from tests.fakes.webhooks import GUID, MERGED_AT, SHA, encoded, issue, payload, pull

POLICY = Policy(now=1000.0)
NO_MERGE = {"merged": False, "merged_at": None}


def trigger(event: str, action: str, policy: Policy = POLICY, **changes: Any) -> Trigger | None:
    body = encoded(payload(event, action, **changes))
    return to_trigger(parse_delivery(Envelope(event, GUID, ""), body), policy)


def test_a_merge_asks_for_a_report() -> None:
    """The business key names the repository by id, the pull request and the merge commit."""
    assert trigger("pull_request", "closed") == Trigger(
        kind=TriggerKind.REPORT,
        key=f"report:500:12:{SHA}",
        installation_id=4242,
        repository_id=500,
        repository="octo-org/tool",
        number=12,
        merge_sha=SHA,
    )


@pytest.mark.parametrize(
    ("fields", "sha"),
    [
        pytest.param({}, SHA, id="all fields agree"),
        pytest.param({"state": "open"}, SHA, id="merged, but the state is late"),
        pytest.param({"merged": False}, SHA, id="a merge time, but not merged"),
        pytest.param({"merged_at": None}, SHA, id="merged, but without a time"),
        pytest.param({**NO_MERGE, "state": "open"}, None, id="closed, but still open and without a time"),
        pytest.param({**NO_MERGE, "merged": None}, None, id="nothing said about a merge"),
        pytest.param({"merge_commit_sha": None}, None, id="a merge without its commit"),
        pytest.param({"merge_commit_sha": "main; rm"}, None, id="a commit that is none"),
        pytest.param({"user": None, "head": {"repo": None}}, SHA, id="the author and the fork are gone"),
        pytest.param({"title": "\u202e" * 256}, SHA, id="a title of direction marks"),
        pytest.param({"merge_commit_sha": SHA + "0" * 24}, SHA + "0" * 24, id="a commit in SHA-256"),
    ],
)
def test_a_merge_that_may_have_happened_asks_for_a_report(fields: dict[str, Any], sha: str | None) -> None:
    """When fields disagree GitHub is asked again; an open pull request's commit is only a trial."""
    asked = trigger("pull_request", "closed", pull_request=pull(**fields))
    assert asked is not None
    assert (asked.kind, asked.merge_sha, asked.key) == ("report", sha, f"report:500:12:{sha or '-'}")


@pytest.mark.parametrize(
    "sender",
    [{"login": "github-merge-queue[bot]", "type": "Bot"}, {"login": "octo-dev", "type": "User"}, None],
)
def test_it_does_not_matter_who_merged(sender: dict[str, str] | None) -> None:
    """A merge queue's merge counts like a person's."""
    assert trigger("pull_request", "closed", sender=sender) is not None


def test_closing_without_a_merge_asks_for_nothing() -> None:
    """When all fields agree that there was no merge, nothing is looked up."""
    assert trigger("pull_request", "closed", pull_request=pull(**NO_MERGE)) is None


TALK = [
    ("pull_request_review", "submitted"),
    ("pull_request_review", "edited"),
    ("pull_request_review", "dismissed"),
    ("pull_request_review_comment", "created"),
    ("pull_request_review_comment", "edited"),
    ("pull_request_review_comment", "deleted"),
    ("pull_request_review_thread", "resolved"),
    ("pull_request_review_thread", "unresolved"),
    ("issue_comment", "created"),
    ("issue_comment", "edited"),
    ("issue_comment", "deleted"),
]


@pytest.mark.parametrize(("event", "action"), TALK)
def test_talk_after_the_merge_asks_for_a_refresh(event: str, action: str) -> None:
    """Whatever is said, the report that is there is brought up to date."""
    asked = trigger(event, action)
    assert asked is not None
    assert (asked.kind, asked.key, asked.number) == ("refresh", "refresh:500:12:3", 12)
    assert asked.only_if_reported


@pytest.mark.parametrize(("event", "action"), TALK)
@pytest.mark.parametrize(
    "sender",
    [
        pytest.param({"login": "prhub[bot]", "type": "Bot"}, id="our own comment comes back"),
        pytest.param({"login": "linter", "type": "Bot"}, id="a bot by its type"),
        pytest.param({"login": "linter[bot]", "type": "User"}, id="a bot by its name"),
    ],
)
def test_talk_by_bots_asks_for_nothing(event: str, action: str, sender: dict[str, str]) -> None:
    """Otherwise two bots could answer each other for ever."""
    assert trigger(event, action, sender=sender) is None


@pytest.mark.parametrize(("event", "action"), TALK)
def test_talk_before_the_merge_asks_for_nothing(event: str, action: str) -> None:
    """It is read with the report; until then there is none."""
    if event == "issue_comment":
        assert trigger(event, action, issue=issue(pull_request={"merged_at": None})) is None
    else:
        assert trigger(event, action, pull_request=pull(merged_at=None)) is None


@pytest.mark.parametrize(
    "sender", [pytest.param(None, id="a deleted account"), pytest.param({"login": 5}, id="no name")]
)
def test_talk_by_nobody_in_particular_counts(sender: object) -> None:
    """Only a bot is kept out."""
    assert trigger("issue_comment", "created", sender=sender) is not None


def test_when_the_payload_does_not_say_there_is_a_refresh() -> None:
    """A merge time that is left out is no proof that there was no merge."""
    assert trigger("issue_comment", "created", issue=issue(pull_request={})) is not None


@pytest.mark.parametrize("pull_request", [None, "yes", []])
def test_comments_on_issues_ask_for_nothing(pull_request: object) -> None:
    """Only a pull request has a report."""
    assert trigger("issue_comment", "created", issue=issue(pull_request=pull_request)) is None


@pytest.mark.parametrize(
    ("changes", "fields", "asks"),
    [
        pytest.param({"title": {"from": "Old"}}, {}, True, id="a new title"),
        pytest.param({"body": {"from": "Old"}}, {}, False, id="a new body"),
        pytest.param({"base": {"ref": {"from": "dev"}}}, {}, False, id="a new base"),
        pytest.param({"title": {"from": "Old"}}, NO_MERGE, False, id="a new title before the merge"),
        pytest.param(None, {}, False, id="nothing changed"),
        pytest.param({"title": None}, {}, False, id="a title that did not change"),
    ],
)
def test_a_new_title_asks_for_a_refresh(changes: object, fields: dict[str, Any], asks: bool) -> None:  # noqa: FBT001
    """Of a merged pull request, and of nothing but its title."""
    asked = trigger("pull_request", "edited", changes=changes, pull_request=pull(**fields))
    assert (asked is not None) is asks


def test_every_other_action_is_ignored() -> None:
    """Of five events about pull requests, thirteen actions are acted on; for the others see the lifecycle."""
    acted_on = {f"{event}.{action}" for event, action in TALK}
    lifecycle = ("installation.", "installation_repositories.", "repository.")
    routes = {name for name in ROUTES if not name.startswith(lifecycle)}
    assert routes == acted_on | {"pull_request.closed", "pull_request.edited"}
    assert trigger("pull_request", "opened") is None
    assert trigger("repository", "edited") is None
    assert trigger("installation", "new_permissions_accepted") is None


@pytest.mark.parametrize("installation", [None, {}, {"id": "4242"}, {"id": True}, {"id": 0}, [], 5])
@pytest.mark.parametrize(("event", "action"), [("pull_request", "closed"), ("issue_comment", "created")])
def test_without_an_installation_nothing_is_asked(event: str, action: str, installation: object) -> None:
    """There is nobody in whose name to work."""
    assert trigger(event, action, installation=installation) is None


@pytest.mark.parametrize(
    ("globs", "covered"),
    [
        pytest.param((), True, id="no pilot: all repositories"),
        pytest.param(("octo-org/tool",), True, id="the very name"),
        pytest.param(("OCTO-ORG/*",), True, id="an owner's repositories, in another case"),
        pytest.param(("a/b", "*/t??l"), True, id="the second of two"),
        pytest.param(("octo-org/tool-*",), False, id="others of that owner"),
        pytest.param(("octo/tool",), False, id="another owner"),
    ],
)
def test_a_pilot_covers_some_repositories(globs: tuple[str, ...], covered: bool) -> None:  # noqa: FBT001
    """Globs are compared without case, as GitHub compares names."""
    asked = trigger("pull_request", "closed", Policy(now=0, repositories=globs))
    assert (asked is not None) is covered


def test_addresses_in_a_payload_are_never_taken() -> None:
    """A trigger is the same whatever addresses the payload holds."""
    poisoned = pull(comments_url="http://169.254.169.254/", url="http://169.254.169.254/")
    assert trigger("pull_request", "closed", pull_request=poisoned) == trigger("pull_request", "closed")


def test_order_does_not_matter() -> None:
    """A merge, its redelivery, a comment and a review ask for the same two things in any order."""
    stories = [("pull_request", "closed"), ("pull_request", "closed"), *TALK[:1], *TALK[-1:]]
    ends = {frozenset(str(trigger(*one)) for one in story) for story in permutations(stories)}
    assert len(ends) == 1
    assert len(ends.pop()) == 2


def test_one_name_has_one_handler() -> None:
    """Two handlers for one action are a mistake that is found at once."""
    module = ModuleType("twice")
    vars(module).update(first=on("a.b")(lambda *_: None), second=on("a.b")(lambda *_: None))
    with pytest.raises(ValueError, match=r"two handlers for a\.b"):
        routes(module)


def test_a_merge_time_is_what_github_calls_it() -> None:
    """The builders of these tests hold the field that handlers look at."""
    assert pull()["merged_at"] == issue()["pull_request"]["merged_at"] == MERGED_AT
