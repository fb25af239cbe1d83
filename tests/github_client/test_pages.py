"""Lists read page by page, and not read again while they have not changed."""

from __future__ import annotations

import pytest

from bot.errors import Forbidden, Later, NoAccess
from bot.github import LIST, Door
from bot.model import Standing
from sandbox.build import INSTALLATION_ID, suspend
from sandbox.talk import add_issue
from tests.fakes.github import the_repository

PULLS = "/repositories/{id}/pulls?state=all&per_page=2"
MINT = "POST /app/installations/{installation_id}/access_tokens"


class Standings:
    """Standings in memory, and what was told of them."""

    def __init__(self, standing=Standing.ACTIVE):
        self.now = standing

    async def standing(self, _installation_id):
        return self.now

    async def shut(self, _installation_id, standing):
        self.now = standing


@pytest.fixture
def listing(github, client):
    """The API as a scan has it."""
    return client.as_installation(INSTALLATION_ID, the_repository(github.state).id, LIST)


async def test_an_unchanged_page_has_no_data(github, listing):
    """The tag goes back as it came, and GitHub counts nothing."""
    where = {"id": str(the_repository(github.state).id)}
    first = await listing.page(PULLS, where)
    again = await listing.page(PULLS, where, first.etag)
    assert (first.data, again.data, again.etag) == ([], None, first.etag)
    assert github.log.statuses()[304] == 1


async def test_pages_lead_to_one_another(github, client):
    """By the address GitHub gives, whatever a cursor looks like."""
    for _ in range(5):
        add_issue(github.state, the_repository(github.state))
    reading = client.as_installation(INSTALLATION_ID, the_repository(github.state).id, {"issues": "read"})
    page = await reading.page(f"/repositories/{the_repository(github.state).id}/issues?per_page=2")
    sizes = [len(page.data)]
    while page.following:
        page = await reading.page(page.following)
        sizes.append(len(page.data))
    assert sizes == [2, 2, 1]


async def test_a_next_page_on_another_host_is_refused(github, listing):
    """A token goes nowhere else, whatever a header says."""
    with pytest.raises(Forbidden, match="refused to call"):
        await listing.page("https://evil.example/app/hook/deliveries?cursor=1")


async def test_a_page_that_is_not_json_is_no_page(github, listing):
    """A proxy's page under a 200."""
    github.faults.add("html", path="/pulls", status=200, probability=1.0)
    with pytest.raises(Later):
        await listing.page(PULLS, {"id": str(the_repository(github.state).id)})


async def test_the_whole_list_of_repositories_needs_a_token_for_metadata_only(github, client):
    """The one token that is not narrowed to a repository can do nothing else."""
    listing = client.as_installation(INSTALLATION_ID, None, {"metadata": "read"})
    page = await listing.page("/installation/repositories?per_page=100")
    (token,) = github.state.tokens.values()
    assert [one["full_name"] for one in page.data["repositories"]] == ["octo-org/engine"]
    assert (dict(token.permissions), token.repositories) == ({"metadata": "read"}, None)


@pytest.mark.parametrize("standing", [Standing.SUSPENDED, Standing.MISSING, Standing.GONE])
async def test_behind_a_shut_door_nothing_is_sent(github, client, listing, standing):
    """Neither a request nor a token's."""
    client.gate.door = Door(Standings(standing))
    with pytest.raises(NoAccess):
        await listing.page(PULLS, {"id": "1"})
    assert github.log.records == []


async def test_a_refused_token_shuts_the_door_for_all_repositories(github, client):
    """Concurrent work in many repositories asks for one token, and learns it from that."""
    client.gate.door = Door(Standings())
    suspend(github.state, INSTALLATION_ID)
    for number in range(20):
        with pytest.raises(NoAccess):
            await client.as_installation(INSTALLATION_ID, number + 1, LIST).getitem("/rate_limit")
    assert github.log.lines() == {MINT: 1}


async def test_a_door_is_looked_at_again_when_told(client):
    """What is remembered for two seconds is forgotten at once in the process that was told."""
    standings = Standings(Standing.SUSPENDED)
    door = Door(standings)
    with pytest.raises(NoAccess):
        await door.check(7)
    standings.now = Standing.ACTIVE
    with pytest.raises(NoAccess):
        await door.check(7)
    door.look_again(7)
    await door.check(7)


async def test_the_apps_own_door_is_never_shut(client):
    """Requests as the app itself go on: they find out when an installation is back."""
    door = Door(Standings(Standing.GONE))
    await door.shut(0, Standing.SUSPENDED)
    await door.check(0)
