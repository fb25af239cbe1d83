"""Who may command: roles, as GitHub tells them, and nothing where it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Forbidden, Gone, Invalid, Later, NoAccess, NotSent, RateLimited, Unauthorized
from bot.model import COMMANDS, CommandName, Role
from bot.workflows.roles import Roles, Someone, role_in

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING: Mapping[str, Any] = {}
WHO = Someone(repository_id=1, full_name="octo-org/engine", author_id=7, login="octo-dev")


def told(role: object, *, user_id: object = 7, permission: object = "read") -> dict[str, object]:
    """GitHub's answer."""
    return {"role_name": role, "permission": permission, "user": {"id": user_id, "login": "octo-dev"}}


class Told:
    """Answers with one answer, or raises it; counts."""

    def __init__(self, answer: object) -> None:
        self.answer, self.asked = answer, 0

    async def getitem(self, url: str, url_vars: Mapping[str, Any] = NOTHING) -> Any:
        assert url_vars["login"] == WHO.login, url
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize("name", list(CommandName))
@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_can_write_command(name, role):
    """Whatever the command: that is the table's least role."""
    may = role_in(told(role.value), 7).allows(COMMANDS[name].role)
    assert may is (role in {Role.WRITE, Role.MAINTAIN, Role.ADMIN})


@pytest.mark.parametrize(
    ("answer", "role"),
    [
        pytest.param(told("maintain", permission="write"), Role.MAINTAIN, id="the finer role counts"),
        pytest.param(told("release-captain", permission="write"), Role.WRITE, id="a custom role is its base"),
        pytest.param(told("release-captain", permission="none"), Role.NONE, id="a custom role of nothing"),
        pytest.param(told(None, permission="admin"), Role.ADMIN, id="an old server has no finer roles"),
        pytest.param(told("admin", user_id=8), Role.NONE, id="the login is another account's now"),
        pytest.param(told("admin", user_id="7"), Role.NONE, id="an id is a number"),
        pytest.param({"role_name": "admin"}, Role.NONE, id="without an account it is nobody's"),
        pytest.param({"role_name": "admin", "user": None}, Role.NONE, id="no account"),
        pytest.param([], Role.NONE, id="a list"),
        pytest.param(None, Role.NONE, id="nothing"),
        pytest.param(told(["admin"], permission=["admin"]), Role.NONE, id="lists for names"),
        pytest.param(told("owner", permission="owner"), Role.NONE, id="words that GitHub does not have"),
    ],
)
def test_an_answer_is_read_narrowly(answer, role):
    """What is not clear gives nothing."""
    assert role_in(answer, 7) is role


@pytest.mark.parametrize(
    "error",
    [
        Gone("404"),
        Forbidden("403"),
        Invalid("422"),
        Unauthorized("401"),
        Later(5.0, "500"),
        Later(1, "timeout"),
    ],
    ids=str,
)
async def test_without_an_answer_nobody_may(error):
    """And it is asked again the next time."""
    roles, api = Roles(), Told(error)
    assert await roles.of(api, WHO) is Role.NONE
    api.answer = told("admin")
    assert await roles.of(api, WHO) is Role.ADMIN


@pytest.mark.parametrize("error", [RateLimited(60.0, "limit"), NotSent(5.0, "ours"), NoAccess("gone")])
async def test_what_was_not_asked_is_put_off(error):
    """A limit says nothing about a role."""
    with pytest.raises(type(error)):
        await Roles().of(Told(error), WHO)


async def test_a_role_is_remembered_for_a_minute():
    """Not longer: it may be taken away."""
    now = [0.0]
    roles, api = Roles(clock=lambda: now[0]), Told(told("write"))
    assert await roles.of(api, WHO) is Role.WRITE
    api.answer = told("read")
    now[0] = 59.0
    assert (await roles.of(api, WHO), api.asked) == (Role.WRITE, 1)
    now[0] = 61.0
    assert await roles.of(api, WHO) is Role.READ
