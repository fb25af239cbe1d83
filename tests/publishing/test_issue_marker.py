"""Which issue is ours: the one with this digest's marker that our app wrote, and no other."""

from __future__ import annotations

import pytest

from bot.marker import digest_marker
from bot.publishing import IssuePlace
from bot.publishing.own_issues import is_own, number_of

PLACE = IssuePlace(4001, "octo-org/engine", "path:services/api", "2026-W13")
MARKER = digest_marker(4001, "path:services/api", "2026-W13")


def by(app, user="Bot", **changes):
    """An issue under this digest's marker, by an app's bot or a person."""
    marked = {"number": 7, "body": f"{MARKER}\nhello"}
    return {"performed_via_github_app": app, "user": {"type": user}} | marked | changes


def under(*marker):
    """Our app's issue under another marker."""
    return by({"id": 1001}, body=f"{digest_marker(*marker)}\nhello")


@pytest.mark.parametrize(
    ("issue", "ours"),
    [
        pytest.param(by({"id": 1001}), True, id="our bot's"),
        pytest.param(by({"id": 77}), False, id="another app's"),
        pytest.param(by({"id": "1001"}), False, id="an id that is text"),
        pytest.param(by(None), False, id="a bot's that is no app"),
        pytest.param(by({"id": 1001}, "User"), False, id="a person's who signed in through our app"),
        pytest.param(by({"id": 1001}, user=None), False, id="a deleted account's"),
        pytest.param(by({"id": 1001}, pull_request={}), False, id="a pull request"),
        pytest.param(by({"id": 1001}, number="7"), False, id="a number that is text"),
        pytest.param(by({"id": 1001}, number=True), False, id="a number that is none"),
        pytest.param(by({"id": 1001}, body=None), False, id="without a body"),
        pytest.param(by({"id": 1001}, body="hello"), False, id="without a marker"),
        pytest.param(by({"id": 1001}, body=f"> {MARKER}"), False, id="a marker that is quoted"),
        pytest.param(under(14001, PLACE.scope, PLACE.period), False, id="another repository's"),
        pytest.param(under(4001, "", PLACE.period), False, id="of the whole repository"),
        pytest.param(under(4001, "path:services", PLACE.period), False, id="of the folder above"),
        pytest.param(under(4001, PLACE.scope, "2026-W14"), False, id="of another week"),
        pytest.param([], False, id="no issue at all"),
    ],
)
def test_ours_is_what_our_app_wrote_under_this_marker(issue, ours):
    """Marker and author together, and nothing less."""
    assert is_own(issue, PLACE, 1001) is ours


@pytest.mark.parametrize("answer", [None, [], {}, {"number": 0}, {"number": -1}, {"number": 1.0}, "7"])
def test_an_answer_without_a_number_has_none(answer):
    """Whatever a proxy makes of GitHub's answer."""
    assert number_of(answer) is None
