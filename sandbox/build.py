"""Builds a state step by step: accounts, repositories, commits and labels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.discussion import Label, User
from sandbox.objects import Commit, Content, Signature, changed
from sandbox.state import DEFAULT_PERMISSIONS, App, Check, Installation, Repository, State, Token

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

APP_ID = 1001
INSTALLATION_ID = 4242
_FIRST_USER_ID = 501


def new_state(public_key: str | None = None, *, slug: str = "prhub") -> State:
    """A state with one app (``public_key`` is its PEM) and nothing else."""
    owner = User(_FIRST_USER_ID, "octo-harbor", "Organization", "Octo Harbor")
    bot = User(_FIRST_USER_ID + 1, f"{slug}[bot]", "Bot")
    app = App(APP_ID, slug, owner, bot, "Iv23sandbox000000001", public_key, hook_id=900_001)
    return State(app, users={user.login: user for user in (owner, bot)})


def add_user(state: State, login: str, *, kind: str | None = None, name: str | None = None) -> User:
    """The account of that login, made if it is not there; a login in ``[bot]`` makes a bot."""
    if login not in state.users:
        kind = kind or ("Bot" if login.endswith("[bot]") else "User")
        state.users[login] = User(_FIRST_USER_ID + len(state.users), login, kind, name)
    return state.users[login]


def add_installation(state: State, account: str, *, installation_id: int | None = None) -> Installation:
    """An installation on an account, with the permissions PRHub asks for and no repository yet."""
    number = installation_id or next(state.small_ids)
    owner = add_user(state, account, kind="Organization")
    installation = Installation(number, owner, dict(DEFAULT_PERMISSIONS))
    state.installations[number] = installation
    return installation


def add_repository(state: State, full_name: str, installation: Installation | None = None) -> Repository:
    """A public repository with one empty commit on ``main``, covered by the installation if given."""
    owner, _, name = full_name.partition("/")
    account = add_user(state, owner, kind="Organization")
    repository = Repository(next(state.small_ids), account, name, state.now())
    state.repositories[repository.id] = repository
    if installation:
        installation.repositories.add(repository.id)
    return repository


def signature(state: State, login: str, at: datetime | None = None) -> Signature:
    """Who wrote a commit: an account, at a time (now if not given)."""
    user = add_user(state, login)
    return Signature(user.name or user.login, at or state.now(), user.login)


def add_commit(
    repository: Repository,
    branch: str,
    changes: Mapping[str, Content],
    message: str,
    author: Signature,
) -> Commit:
    """A commit on top of a branch, which is made if it is not there (from the default branch)."""
    parent = repository.branches.get(branch) or repository.branches.get(repository.default_branch)
    tree = changed(repository.commits[parent].tree if parent else {}, changes)
    return place_commit(repository, branch, Commit(tree, (parent,) if parent else (), message, author))


def place_commit(repository: Repository, branch: str, commit: Commit) -> Commit:
    """Store a commit and let the branch point at it."""
    repository.commits[commit.sha] = commit
    repository.branches[branch] = commit.sha
    return commit


def add_checks(repository: Repository, sha: str, *checks: Check) -> None:
    """Check runs and statuses of a commit, added to those it has."""
    repository.checks[sha] = (*repository.checks.get(sha, ()), *checks)


def add_label(state: State, repository: Repository, name: str, **fields: Any) -> Label:
    """A label of the repository; ``color`` and ``description`` may be given."""
    label = Label(next(state.large_ids), name, **fields)
    repository.labels.put((*repository.labels.value, label))
    return label


def rename(repository: Repository, name: str) -> None:
    """Rename a repository; its former name redirects from now on."""
    repository.former_names.add(repository.full_name)
    repository.name = name


def add_user_token(state: State, login: str, value: str) -> Token:
    """A user's own token, such as ``GITHUB_TOKEN`` holds."""
    token = Token(value, user=add_user(state, login))
    state.tokens[value] = token
    return token


def suspend(state: State, installation_id: int, *, suspended: bool = True) -> None:
    """Suspend an installation, or let it work again."""
    installation = state.installations[installation_id]
    installation.suspended_at = state.now() if suspended else None
    installation.updated_at = state.now()


def recolor(repository: Repository, name: str, color: str) -> None:
    """Give a label another colour, as a maintainer would by hand."""
    repository.labels.put(
        tuple(
            replace(label, color=color) if label.name == name else label for label in repository.labels.value
        ),
    )
