"""Who commands: which new comments start a command's work, and that all others are talk as before."""

from __future__ import annotations

from typing import Any

import pytest

from bot.deliveries import Envelope, Policy, parse_delivery, to_trigger
from bot.marker import digest_marker
from bot.model import Command, CommandRequest, Misunderstood, Trigger, TriggerKind, Trouble
from tests.fakes.webhooks import GUID, encoded, issue, payload

POLICY = Policy(now=1000.0, commands=True)
PERSON = {"id": 31, "login": "octo-dev", "type": "User"}
BOT = {"id": 41, "login": "linter[bot]", "type": "Bot"}
DIGEST: dict[str, Any] = {
    "pull_request": None,
    "body": digest_marker(500, "", "2026-W13") + "\nA week.",
    "user": {"id": 9, "login": "prhub[bot]", "type": "Bot"},
}


def comment(body: object = "/prhub report", **changes: Any) -> dict[str, Any]:
    """A comment by a person, no larger than what PRHub reads."""
    return {"id": 4001, "body": body, "user": PERSON, "created_at": "2026-03-26T08:00:00Z", **changes}


def asked(action: str = "created", policy: Policy = POLICY, **changes: Any) -> Trigger | None:
    """What a comment's event asks for; ``changes`` replace keys at the payload's top."""
    body = payload("issue_comment", action, **{"sender": PERSON, "comment": comment(), **changes})
    return to_trigger(parse_delivery(Envelope("issue_comment", GUID, ""), encoded(body)), policy)


def request(**changes: Any) -> CommandRequest:
    """The request of a comment; fails if it is none."""
    found = asked(**changes)
    assert found is not None
    assert found.command is not None
    return found.command


def test_a_comment_commands() -> None:
    """The key is the comment's, so that a redelivery is the same work; it starts at once."""
    wanted = Trigger(
        kind=TriggerKind.COMMAND,
        key="command:4001",
        installation_id=4242,
        repository_id=500,
        repository="octo-org/tool",
        number=12,
        command=CommandRequest(
            command=Command(name="report"),
            comment_id=4001,
            author_id=31,
            author_login="octo-dev",
            issue_number=12,
            is_pull=True,
            merged=True,
            created_at=1774512000.0,
        ),
    )
    assert asked() == wanted
    assert Trigger.model_validate_json(wanted.model_dump_json()) == wanted


def test_until_commands_are_carried_out_they_are_talk() -> None:
    """Without the policy's word a command is a reason to read the discussion again, as any comment."""
    found = asked(policy=Policy(now=1000.0, commands=False))
    assert found is not None
    assert (found.kind, found.command) == (TriggerKind.REFRESH, None)


@pytest.mark.parametrize(
    ("pull", "merged"),
    [
        pytest.param({"merged_at": "2026-03-25T08:00:00Z"}, True, id="merged"),
        pytest.param({"merged_at": None}, False, id="not merged: a preview can be asked for"),
        pytest.param({}, None, id="not said"),
    ],
)
def test_a_command_needs_no_merge(pull: dict[str, Any], merged: bool | None) -> None:  # noqa: FBT001
    """It is for the work to say what can be done."""
    assert request(issue=issue(pull_request=pull)).merged is merged


def test_what_is_misunderstood_asks_for_help() -> None:
    """With what was said and what is wrong with it."""
    found = request(comment=comment("/prhub risk R12 accept"))
    assert found.command == Command(name="help")
    assert found.misunderstood == Misunderstood(
        said="/prhub risk R12 accept", trouble=Trouble.ARGUMENTS, about="risk"
    )


BY_OTHERS = [
    pytest.param({"sender": BOT}, None, id="a bot sends it (C5)"),
    pytest.param({"sender": {**PERSON, "type": "Bot"}}, None, id="a bot by its type (C5)"),
    pytest.param({"sender": {**PERSON, "login": "x[bot]"}}, None, id="a bot by its name (C5)"),
    pytest.param({"sender": {**PERSON, "login": "octo-lead"}}, "refresh", id="a sender of another name"),
    pytest.param({"sender": BOT, "comment": comment(user=BOT)}, None, id="a bot's own comment (C5)"),
    pytest.param({"comment": comment(user=BOT)}, "refresh", id="a bot has written it"),
    pytest.param(
        {"comment": comment(performed_via_github_app={"id": 7})}, "refresh", id="an app, in a person's name"
    ),
    pytest.param(
        {"comment": comment(user={**PERSON, "id": 32})}, "refresh", id="somebody else has written it"
    ),
    pytest.param({"comment": comment(user=None)}, "refresh", id="nobody has written it"),
    pytest.param({"sender": None}, "refresh", id="nobody sends it"),
    pytest.param({"sender": {"login": "octo-dev", "type": "User"}}, "refresh", id="a sender without an id"),
    pytest.param({"comment": comment(user={**PERSON, "id": "31"})}, "refresh", id="an id that is a string"),
    pytest.param({"comment": comment(user={**PERSON, "id": True})}, "refresh", id="an id that is a truth"),
    pytest.param({"comment": comment(user={**PERSON, "login": None})}, "refresh", id="no login"),
    pytest.param({"comment": comment(user={**PERSON, "login": "../x"})}, "refresh", id="a login that climbs"),
    pytest.param(
        {"comment": comment(user={**PERSON, "login": "a\n"})}, "refresh", id="a login and a line end"
    ),
    pytest.param(
        {"comment": comment(user={**PERSON, "type": "Mannequin"})}, "refresh", id="an account of an import"
    ),
    pytest.param({"comment": comment(body=None)}, "refresh", id="no text"),
    pytest.param({"comment": comment(body=["/prhub report"])}, "refresh", id="a text that is a list"),
    pytest.param({"comment": comment(body="Thank you.")}, "refresh", id="talk"),
    pytest.param({"comment": comment(body="> /prhub report")}, "refresh", id="a quoted command (C1)"),
    pytest.param({"action": "edited"}, "refresh", id="an old comment edited into a command (C6)"),
    pytest.param({"action": "deleted"}, "refresh", id="a command that is taken back (C6)"),
    pytest.param({"action": "pinned"}, None, id="something else is done with it"),
    pytest.param({"installation": None}, None, id="no installation"),
    pytest.param({"policy": Policy(now=0, commands=True, repositories=("a/b",))}, None, id="out of a pilot"),
]


@pytest.mark.parametrize(("changes", "kind"), BY_OTHERS)
def test_it_is_no_command(changes: dict[str, Any], kind: str | None) -> None:
    """Only a person's new comment is; the rest is talk, and a bot's is nothing at all."""
    found = asked(**changes)
    assert (found and found.kind.value) == kind
    assert found is None or found.command is None


def test_what_a_payload_says_of_roles_is_not_read() -> None:
    """The association in a payload tells nothing of what somebody may do (C5)."""
    owner = asked(comment=comment(author_association="OWNER"))
    assert owner == asked(comment=comment(author_association="NONE")) == asked()


@pytest.mark.parametrize("moment", [None, "yesterday", 5.5, "2026-03-26T08:00:00", ["x"]])
def test_a_time_that_is_none_is_left_out(moment: object) -> None:
    """The command counts all the same."""
    assert request(comment=comment(created_at=moment)).created_at is None


def test_a_digest_can_be_asked_for_on_a_digest() -> None:
    """On an issue that begins with our marker, and that a bot has made."""
    found = request(issue=issue(**DIGEST), comment=comment("/prhub digest month"))
    assert (found.is_pull, found.merged, found.command.period) == (False, None, "month")


def test_help_about_digests_is_given_on_a_digest() -> None:
    """A digest that is misunderstood is answered where one can be asked for."""
    found = request(issue=issue(**DIGEST), comment=comment("/prhub digest yesterday"))
    assert found.misunderstood is not None


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param({}, "/prhub report", id="another command on a digest (C10)"),
        pytest.param({}, "/prhub help", id="help on a digest"),
        pytest.param({}, "/prhub reprot", id="no command on a digest"),
        pytest.param({"body": "A week."}, "/prhub digest", id="an issue without our marker (C10)"),
        pytest.param({"body": None}, "/prhub digest", id="an issue without text (C10)"),
        pytest.param({"user": PERSON}, "/prhub digest", id="our marker in a person's issue"),
        pytest.param({"user": None}, "/prhub digest", id="our marker in nobody's issue"),
        pytest.param({"body": "x" + DIGEST["body"]}, "/prhub digest", id="our marker further down"),
    ],
)
def test_other_issues_are_left_alone(changes: dict[str, Any], body: str) -> None:
    """There is no pull request to do anything about."""
    assert asked(issue=issue(**{**DIGEST, **changes}), comment=comment(body)) is None


def test_a_thousand_redeliveries_are_one_command() -> None:
    """C6: each comment is one piece of work, and each delivery at most one trigger."""
    keys = {found.key for number in range(1000) if (found := asked(comment=comment(id=4001 + number % 3)))}
    assert keys == {"command:4001", "command:4002", "command:4003"}
