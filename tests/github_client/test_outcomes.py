"""What each answer of GitHub means: one of a few errors, whatever it says and however it is spoilt."""

from __future__ import annotations

import json

import pytest

from bot.errors import Forbidden, Gone, Invalid, Later, Moved, RateLimited, Suspended, TooLarge, Unauthorized
from bot.github.answers import check

HTML = b"<!DOCTYPE html><html><body>Unicorn!</body></html>"
EMPTY = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0"}


def said(message: str, *errors: object) -> bytes:
    """An error body as GitHub writes it."""
    return json.dumps(
        {"message": message, "errors": list(errors)} if errors else {"message": message}
    ).encode()


SECONDARY = said("You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
LOCKED = said("Unable to create comment because issue is locked.")
ARCHIVED = said("Repository was archived so is read-only.")

OUTCOMES = [
    pytest.param(301, {}, said("Moved Permanently"), Moved, id="a renamed repository, read"),
    pytest.param(302, {}, b"", Moved, id="a passing redirect"),
    pytest.param(307, {}, said("Temporary Redirect"), Moved, id="a renamed repository, written to"),
    pytest.param(308, {}, b"", Moved, id="a lasting redirect that keeps the method"),
    pytest.param(300, {}, b"", Later, id="several choices"),
    pytest.param(303, {}, b"", Later, id="see other"),
    pytest.param(304, {}, b"", Later, id="unchanged, though nobody asked whether"),
    pytest.param(400, {}, said("Problems parsing JSON"), Invalid, id="a request that is not JSON"),
    pytest.param(401, {}, said("Bad credentials"), Unauthorized, id="a revoked token"),
    pytest.param(401, {}, b"", Unauthorized, id="401 without a word"),
    pytest.param(
        401, {"retry-after": "60"}, b"", Unauthorized, id="401 is about the token, whatever else it says"
    ),
    pytest.param(402, {}, said("Payment required"), Invalid, id="402"),
    pytest.param(
        403, {}, said("Resource not accessible by integration"), Forbidden, id="a missing permission"
    ),
    pytest.param(403, {}, LOCKED, Forbidden, id="a locked conversation"),
    pytest.param(403, {}, ARCHIVED, Forbidden, id="an archived repository"),
    pytest.param(
        403, {}, said("This installation has been suspended"), Suspended, id="a suspended installation"
    ),
    pytest.param(
        403, {}, said("Resource protected by organization SAML enforcement"), Forbidden, id="single sign-on"
    ),
    pytest.param(
        403, {}, said("Your IP address is not permitted"), Forbidden, id="an address that is not allowed"
    ),
    pytest.param(403, {}, HTML, Forbidden, id="403 in HTML"),
    pytest.param(
        403, {"x-ratelimit-remaining": "12"}, said("Forbidden"), Forbidden, id="403 while quota is left"
    ),
    pytest.param(403, EMPTY, said("Forbidden"), RateLimited, id="403 when nothing is left of the quota"),
    pytest.param(403, {"retry-after": "60"}, b"", RateLimited, id="403 that says when to come back"),
    pytest.param(403, {"retry-after": ""}, b"", RateLimited, id="403 with an empty retry-after"),
    pytest.param(403, {}, SECONDARY, RateLimited, id="the secondary limit as 403 without retry-after"),
    pytest.param(
        403, {}, said("API rate limit exceeded for installation ID 1."), RateLimited, id="the primary limit"
    ),
    pytest.param(
        403, {}, said("You have triggered an abuse detection mechanism."), RateLimited, id="its old words"
    ),
    pytest.param(
        403, {}, said("... temporarily blocked from content creation."), RateLimited, id="the content limit"
    ),
    pytest.param(404, {}, said("Not Found"), Gone, id="not there, or not for us"),
    pytest.param(404, {}, HTML, Gone, id="404 in HTML"),
    pytest.param(405, {}, b"", Invalid, id="a method that is not known"),
    pytest.param(
        406, {}, said("Sorry, the diff exceeded the maximum number of lines"), TooLarge, id="a large diff"
    ),
    pytest.param(408, {}, b"", Later, id="we were too slow"),
    pytest.param(409, {}, said("Git Repository is empty."), Later, id="a conflict"),
    pytest.param(410, {}, said("Issues are disabled for this repo"), Gone, id="issues are disabled"),
    pytest.param(411, {}, b"", Invalid, id="411"),
    pytest.param(412, {}, b"", Invalid, id="412"),
    pytest.param(413, {}, HTML, Invalid, id="a body that is too large"),
    pytest.param(414, {}, HTML, Invalid, id="an address that is too long"),
    pytest.param(415, {}, b"", Invalid, id="415"),
    pytest.param(418, {}, b"", Invalid, id="a teapot"),
    pytest.param(422, {}, said("Validation Failed"), Invalid, id="a request that GitHub refuses"),
    pytest.param(
        422, {}, said("Validation Failed", {"code": "already_exists"}), Invalid, id="a label that exists"
    ),
    pytest.param(422, {}, b"null", Invalid, id="422 with null"),
    pytest.param(422, {}, HTML, Invalid, id="422 in HTML"),
    pytest.param(
        422,
        {},
        said("Validation Failed", {"code": "custom", "message": "was submitted too quickly"}),
        RateLimited,
        id="the content limit as 422",
    ),
    pytest.param(
        422,
        {},
        said("Validation Failed", {"message": "Could not resolve to a node with the global id of 'IC_1'."}),
        Later,
        id="a comment that was written, but not found yet to be shown",
    ),
    pytest.param(425, {}, b"", Later, id="too early"),
    pytest.param(429, {}, b"", RateLimited, id="429 without a word"),
    pytest.param(429, {}, HTML, RateLimited, id="429 in HTML"),
    pytest.param(429, {"retry-after": "60"}, SECONDARY, RateLimited, id="429 with retry-after"),
    pytest.param(429, {"x-ratelimit-remaining": "many"}, b"", RateLimited, id="429 with a bad number"),
    pytest.param(451, {}, said("Repository access blocked"), Forbidden, id="blocked for legal reasons"),
    pytest.param(499, {}, b"", Later, id="a status that HTTP does not know"),
    pytest.param(500, {}, said("Server Error"), Later, id="500"),
    pytest.param(500, {"x-ratelimit-remaining": "0"}, b"", Later, id="500 when nothing is left is no limit"),
    pytest.param(501, {}, b"", Later, id="501"),
    pytest.param(502, {}, HTML, Later, id="502 in HTML"),
    pytest.param(
        502, {"content-type": "application/json"}, HTML, Later, id="502 in HTML that is called JSON"
    ),
    pytest.param(503, {"retry-after": "60"}, b"", Later, id="503"),
    pytest.param(504, {}, b'{"message": "We couldn', Later, id="504 with half of its JSON"),
    pytest.param(520, {}, HTML, Later, id="a proxy's own status"),
    pytest.param(599, {}, b"", Later, id="599"),
    pytest.param(600, {}, b"", Later, id="a status beyond all"),
    pytest.param(999, {}, b"", Later, id="999"),
    pytest.param(203, {}, b"[]", Later, id="a success that GitHub does not use"),
    pytest.param(206, {}, b"[", Later, id="a part of the answer"),
    pytest.param(100, {}, b"", Later, id="an answer that has not begun"),
    pytest.param(422, {}, b"[" * 200_000, Invalid, id="422 nested 200,000 deep"),
]


@pytest.mark.parametrize(("status", "headers", "body", "error"), OUTCOMES)
def test_every_answer_has_one_outcome(status, headers, body, error):
    """A status, with headers and body where they matter, ends in exactly one of our errors."""
    with pytest.raises(error) as raised:
        check(status, headers, body)
    assert type(raised.value) is error


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_only_githubs_own_successes_are_successes(status):
    """The body of a success is not looked at here."""
    check(status, {"retry-after": "60", "x-ratelimit-remaining": "0"}, HTML)
