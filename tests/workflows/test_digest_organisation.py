"""One digest over several repositories: whose it is, what it may show, and to whom."""

from __future__ import annotations

import pytest

from bot.model import WithoutModel
from bot.store import ORGANISATION, DigestKey, TriggerState
from bot.workflows.digest_places import DigestPlace, Level, level_of
from sandbox import messages
from sandbox.build import add_commit, add_repository, signature
from sandbox.lifecycle import repositories_payload
from sandbox.payloads import installation_payload
from sandbox.webhooks import deliver
from tests.fakes.configured import configure
from tests.fakes.github import add_merge, the_repository
from tests.fakes.process import play_over, settled
from tests.fakes.weeks import ask_for, day, digest_issues, digest_trigger, merged_at, silent, this_week

W13, W14 = "2026-W13", "2026-W14"
HOME = "octo-org/news"
SETTINGS = {"PRHUB_ORG_DIGEST": HOME}
SECRET = "octo-org/secret"


def add(state, name, *, private=False):
    """A repository of the organisation, with a commit."""
    (installation,) = state.installations.values()
    repository = add_repository(state, name, installation)
    add_commit(repository, "main", {"README.md": "# x\n"}, "Import", signature(state, "octo-dev"))
    repository.private = private
    return repository


@pytest.fixture
def org(github):
    """A public repository with work in it, a private one with work, and a public home without."""
    for repository in (the_repository(github.state), add(github.state, SECRET, private=True)):
        pull = merged_at(github.state, repository, day(W13))
        pull.title = f"Something in {repository.name}"
    return add(github.state, HOME)


@pytest.fixture
async def play(playing_with, org, github):
    """PRHub, installed on all three."""
    async with playing_with(**SETTINGS) as playing:
        (installation,) = github.state.installations.values()
        await deliver(github.state, "installation", installation_payload(github.state, installation))
        await settled(playing.running)
        yield playing


def trigger(play, home, key=W13, again=""):
    """What the schedule asks for."""
    return digest_trigger(play.state, key, ORGANISATION, repository=home, again=again)


def text_of(play, home):
    """All that is shown in the home."""
    found = digest_issues(home, play.state.app.id)
    return "\n".join(f"{issue.title}\n{issue.body}" for _, issue in found)


def repository_named(play, name):
    """A repository of the stand-in."""
    found = play.state.repository(name)
    assert found is not None
    return found


async def test_a_public_digest_shows_no_private_repository(play, org):
    """Neither its name, nor a title, nor a count."""
    await ask_for(play, trigger(play, org))
    text = text_of(play, org)
    assert "Something in engine" in text
    assert "secret" not in text
    key = DigestKey(org.id, ORGANISATION, W13)
    stored = (await play.running.services.digests.get(key)).digest
    assert [one.full_name for one in stored.facts.repositories] == ["octo-org/engine", HOME]
    assert stored.facts.numbers.pulls == 1
    assert {one.ref.repository for one in stored.facts.pulls} == {"octo-org/engine"}


async def test_a_private_home_shows_both(play, org):
    """The operator decides who can read it."""
    org.private = True
    await ask_for(play, trigger(play, org))
    assert "Something in secret" in text_of(play, org)


async def test_a_home_made_public_is_never_brought_up_to_date_with_private_content(play, org):
    """What is written from then on leaves it out, and the digest before is not sent again."""
    org.private = True
    await ask_for(play, trigger(play, org))
    (_, before), *_ = digest_issues(org, play.state.app.id)
    assert "Something in secret" in (before.body or "")
    org.private = False
    merged_at(play.state, the_repository(play.state), day(W14))
    play.github.log.clear()
    await ask_for(play, trigger(play, org, W14))
    bodies = [issue.body or "" for key, issue in digest_issues(org, play.state.app.id) if key == W14]
    assert ["secret" in body for body in bodies] == [False]
    assert play.github.log.count("PATCH /repos/{owner}/{repo}/issues/{number}") == 0


async def test_written_again_in_a_home_made_public_it_loses_what_is_private(play, org):
    """The same issue, updated in place."""
    org.private = True
    await ask_for(play, trigger(play, org))
    org.private = False
    await ask_for(play, trigger(play, org, again=":2"))
    assert len(digest_issues(org, play.state.app.id)) == 1
    assert "secret" not in text_of(play, org)


async def test_a_repository_made_private_before_the_posting_is_left_out(play, org):
    """GitHub is asked again before anything is posted: the facts are then read anew."""
    services = play.running.services
    engine = the_repository(play.state)
    merged_at(play.state, org, day(W13)).title = "Something in news"
    first = silent(trigger(play, org))
    await ask_for(play, first)
    key = DigestKey(org.id, ORGANISATION, W13)
    stored = await services.digests.get(key)
    assert len(stored.digest.facts.pulls) == 2
    # What a worker left that was killed just before it posted.
    await services.digests.keep_facts(key, first.installation_id, stored.digest.facts, 4e9)
    engine.private = True
    await ask_for(play, trigger(play, org, again=":2"))
    text = text_of(play, org)
    assert ("Something in news" in text, "Something in engine" in text) == (True, False)


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        pytest.param({"id": 5, "private": False, "visibility": "public"}, Level.PUBLIC, id="public"),
        pytest.param({"id": 5, "private": True, "visibility": "internal"}, Level.INTERNAL, id="internal"),
        pytest.param({"id": 5, "private": True, "visibility": "private"}, Level.PRIVATE, id="private"),
        pytest.param({"id": 5, "private": True}, Level.PRIVATE, id="an old release, private"),
        pytest.param({"id": 5, "private": False}, Level.PUBLIC, id="an old release, public"),
        pytest.param({"id": 5}, None, id="it does not say"),
        pytest.param({"id": 5, "private": False, "visibility": "private"}, None, id="it contradicts itself"),
        pytest.param({"id": 5, "private": "no", "visibility": "public"}, None, id="a word for a flag"),
        pytest.param({"id": 6, "private": False, "visibility": "public"}, None, id="another repository"),
        pytest.param([], None, id="no repository at all"),
    ],
)
@pytest.mark.parametrize("unknown", [Level.PUBLIC, Level.PRIVATE])
async def test_what_github_does_not_say_clearly_is_taken_for_the_worst(answer, level, unknown):
    """For a source that it is private, for a home that it is public."""

    class Place(DigestPlace):
        def reader(self):
            class Reader:
                async def getitem(self, _url, _vars):
                    return answer

            return Reader()

    found = await level_of(Place(1, 5, "o/r"), unknown=unknown)
    assert found is (unknown if level is None else level)


async def test_a_repository_that_cannot_be_read_costs_only_itself(play, org):
    """It was taken out of the installation, and no event has told of it yet."""
    (installation,) = play.state.installations.values()
    other = add(play.state, "octo-org/tools")
    payload = repositories_payload(play.state, installation, "added", [other])
    await deliver(play.state, "installation_repositories", payload)
    await settled(play.running)
    merged_at(play.state, other, day(W13)).title = "Something in tools"
    installation.repositories.discard(other.id)
    await ask_for(play, trigger(play, org))
    text = text_of(play, org)
    assert ("Something in engine" in text, "tools" in text) == (True, False)


async def test_a_week_in_which_nothing_may_be_shown_posts_nothing(play, org):
    """Only the private repository had merges."""
    merged_at(play.state, repository_named(play, SECRET), day(W14))
    await ask_for(play, trigger(play, org, W14))
    assert digest_issues(org, play.state.app.id) == []
    key = trigger(play, org, W14).key
    outcome = await play.running.services.triggers.outcome(key)
    assert outcome == (TriggerState.DONE, "nothing was merged")


@pytest.mark.parametrize(
    ("globs", "names"),
    [
        pytest.param("", ["octo-org/engine", HOME], id="all of the owner"),
        pytest.param("octo-org/eng*,x/y", ["octo-org/engine"], id="a pattern"),
        pytest.param("OCTO-ORG/NEWS", [HOME], id="upper case"),
    ],
)
async def test_the_operator_says_over_which_repositories(playing_with, org, github, globs, names):
    """``PRHUB_ORG_DIGEST_REPOSITORIES``."""
    async with playing_with(**SETTINGS, PRHUB_ORG_DIGEST_REPOSITORIES=globs) as play:
        (installation,) = github.state.installations.values()
        await deliver(github.state, "installation", installation_payload(github.state, installation))
        merged_at(github.state, org, day(W13))
        await settled(play.running)
        await ask_for(play, trigger(play, org))
        key = DigestKey(org.id, ORGANISATION, W13)
        stored = (await play.running.services.digests.get(key)).digest
        assert [one.full_name for one in stored.facts.repositories] == names


async def test_a_digest_of_one_repository_reads_no_other(play, org):
    """Not even beside an organisation's digest (R78)."""
    await ask_for(play, digest_trigger(play.state, W13))
    text = text_of(play, the_repository(play.state))
    assert ("Something in engine" in text, "secret" in text) == (True, False)


async def test_a_repository_that_wants_no_model_is_told_to_none(github, app_key, tmp_path):
    """``model.size: off`` of one repository holds for what a digest over several would say of it."""
    home = add(github.state, HOME)
    async with messages.running() as server:
        asking = {"ANTHROPIC_API_KEY": "sk-ant-of-a-test", "ANTHROPIC_BASE_URL": server.url}
        async with play_over(github, app_key.private, tmp_path, **SETTINGS, **asking) as play:
            (installation,) = github.state.installations.values()
            await play.send("installation", installation_payload(github.state, installation))
            configure(play, "model:\n  size: off\n")
            await play.merge(add_merge(github.state, {"engine/load.py": "def load(text):\n    eval(text)\n"}))
            await ask_for(play, digest_trigger(github.state, this_week(), ORGANISATION, repository=home))
            stored = await play.running.services.digests.get(DigestKey(home.id, ORGANISATION, this_week()))
    assert stored is not None
    assert (stored.digest.provenance.without_model, server.asked) == (WithoutModel.OFF, [])
