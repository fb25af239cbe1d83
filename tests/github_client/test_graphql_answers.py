"""GraphQL answers: data, or one of our few errors, nearly always under a 200."""

from __future__ import annotations

import time

import pytest

from bot.errors import Forbidden, Gone, Invalid, Later, RateLimited
from bot.github.answers import check_graphql

EMPTY = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0"}


def error(kind: object = None, **fields: object) -> dict[str, object]:
    """A GraphQL error."""
    return {"message": "No."} | ({} if kind is None else {"type": kind}) | fields


GRAPHQL = [
    pytest.param([], Later, id="a list"),
    pytest.param(None, Later, id="null"),
    pytest.param({}, Later, id="an empty object"),
    pytest.param({"data": None}, Later, id="no data and no error"),
    pytest.param({"data": {"repository": None}}, Later, id="nothing found, and no error says why"),
    pytest.param({"data": {}, "errors": 5}, Later, id="errors that are a number"),
    pytest.param({"errors": ["text"]}, Later, id="errors that are text"),
    pytest.param({"errors": [error("RATE_LIMITED")]}, RateLimited, id="the limit, under a 200"),
    pytest.param({"errors": [error("RATE_LIMIT")]}, RateLimited, id="the limit under its other name"),
    pytest.param(
        {"data": {"repository": {}}, "errors": [error("RATE_LIMITED")]},
        RateLimited,
        id="the limit beside some data",
    ),
    pytest.param(
        {"data": {"repository": None}, "errors": [error("NOT_FOUND", path=["repository"])]},
        Gone,
        id="not found",
    ),
    pytest.param({"errors": [error("FORBIDDEN", path=["repository"])]}, Forbidden, id="forbidden"),
    pytest.param({"errors": [error("INSUFFICIENT_SCOPES")]}, Forbidden, id="a token without the right"),
    pytest.param(
        {"errors": [error(extensions={"code": "undefinedField"})]}, Invalid, id="a field that is not there"
    ),
    pytest.param(
        {"errors": [error("MAX_NODE_LIMIT_EXCEEDED")]}, Invalid, id="a query that asks for too much"
    ),
    pytest.param({"errors": [error(path=["repository"])]}, Later, id="something went wrong"),
    pytest.param({"errors": [error({"un": "hashable"}, path=[])]}, Later, id="a type that is an object"),
]


@pytest.mark.parametrize(("data", "kind"), GRAPHQL)
def test_a_graphql_answer_is_data_or_one_outcome(data, kind):
    """GraphQL says 200 to nearly everything; what it means is in the body."""
    with pytest.raises(kind) as raised:
        check_graphql(data, {})
    assert type(raised.value) is kind


def test_a_part_that_is_missing_is_left_to_the_reader():
    """An error beside data is about a part the token may not see."""
    data = {"repository": {"pullRequest": {"checks": None}}}
    assert check_graphql({"data": data, "errors": [error("FORBIDDEN")]}, {}) == data


def test_graphqls_limit_lasts_until_the_quota_is_reset():
    """Its 200 has the same headers as REST's 403."""
    reset = str(int(time.time()) + 600)
    with pytest.raises(RateLimited) as raised:
        check_graphql({"errors": [error("RATE_LIMITED")]}, {**EMPTY, "x-ratelimit-reset": reset})
    assert raised.value.told == pytest.approx(601, abs=2)
