"""The stand-in's installations and repositories come and go as GitHub's do."""

from __future__ import annotations

from sandbox.build import add_installation, add_repository, suspend
from sandbox.lifecycle import delete_repository, repositories_payload, transfer, uninstall
from sandbox.payloads import installation_payload
from tests.fakes.gates import Clock
from tests.fakes.github import (
    REPOSITORY,
    app_jwt,
    ask,
    bearer,
    engine_state,
    installation_token,
    the_repository,
)


async def test_the_app_lists_its_installations(github, app_key):
    """The suspended ones too, with the time."""
    add_installation(github.state, "octo-two")
    suspend(github.state, 4242)
    reply = await ask(github, "GET", "/app/installations", headers=bearer(app_jwt(app_key)))
    suspended = {one["account"]["login"]: one["suspended_at"] is not None for one in reply.json}
    assert suspended == {"octo-org": True, "octo-two": False}


async def test_an_installation_lists_the_repositories_its_token_sees(github):
    """A narrowed token shows one of two."""
    add_repository(github.state, "octo-org/other", github.state.installations[4242])
    reply = await ask(github, "GET", "/installation/repositories")
    assert (reply.json["total_count"], reply.json["repositories"][0]["full_name"]) == (1, REPOSITORY)


async def test_an_uninstalled_app_gets_no_token_and_its_tokens_die(github, app_key):
    """404 and 401."""
    token = installation_token(github.state)
    uninstall(github.state, github.state.installations[4242])
    path = "/app/installations/4242/access_tokens"
    reply = await ask(github, "POST", path, headers=bearer(app_jwt(app_key)), json={})
    assert reply.status == 404
    assert (await ask(github, "GET", f"/repos/{REPOSITORY}", headers=bearer(token))).status == 401


async def test_a_transferred_repository_belongs_to_another_installation(github, app_key):
    """It is found by its id, and by its former name through a redirect."""
    repository, second = the_repository(github.state), add_installation(github.state, "octo-two")
    transfer(github.state, repository, "octo-two", second)
    path = f"/repositories/{repository.id}/installation"
    reply = await ask(github, "GET", path, headers=bearer(app_jwt(app_key)))
    assert reply.json["id"] == second.id
    moved = await ask(github, "GET", f"/repos/{REPOSITORY}/installation", headers=bearer(app_jwt(app_key)))
    assert moved.status == 301


async def test_a_blocked_repository_answers_451_and_a_deleted_one_404(github, app_key):
    """To everybody."""
    repository = the_repository(github.state)
    repository.blocked = True
    assert (await ask(github, "GET", f"/repos/{REPOSITORY}")).status == 451
    delete_repository(github.state, repository)
    path = f"/repos/{REPOSITORY}/installation"
    assert (await ask(github, "GET", path, headers=bearer(app_jwt(app_key)))).status == 404


async def test_without_issues_none_can_be_opened(github):
    """410; pull requests keep their conversation."""
    the_repository(github.state).has_issues = False
    reply = await ask(github, "POST", f"/repos/{REPOSITORY}/issues", json={"title": "x"})
    assert reply.status == 410


def test_payloads_of_repositories_put_in_and_taken_out():
    """Only the list of that name is filled."""
    state = engine_state()
    installation, repository = state.installations[4242], the_repository(state)
    payload = repositories_payload(state, installation, "removed", [repository])
    assert [one["id"] for one in payload["repositories_removed"]] == [repository.id]
    assert payload["repositories_added"] == []


def test_an_installations_time_moves_with_what_happens_to_it():
    """Also when it may work again."""
    state, clock, moments = engine_state(), Clock(), []
    state.clock = clock
    for suspended in (True, False):
        suspend(state, 4242, suspended=suspended)
        payload = installation_payload(state, state.installations[4242], "unsuspend")
        moments.append(payload["installation"]["updated_at"])
        clock.now += 1
    assert moments == sorted(set(moments))
