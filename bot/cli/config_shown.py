"""What holds for a repository, from the store: as lines for people, as JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.cli.config import line_of
from bot.cli.stored import moment, printable, settings_here, with_store
from bot.errors import UserError
from bot.model.repo_config import Loaded
from bot.repo_config import choices
from bot.store import RepoConfigs
from bot.store.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model.repo_config import Choices
    from bot.store import Store


def shown(repository: str, *, as_json: bool) -> str:
    """Give every value of a repository with its source. Raises ``UserError`` if the store knows none such."""
    settings = settings_here()

    async def work(store: Store) -> Loaded:
        found = await Register(store).repository_named(repository)
        if found is None:
            raise UserError(f"The store knows no repository {repository}: a report of it makes it known.")
        return await RepoConfigs(store).get(found) or Loaded()

    loaded = with_store(settings, work, read_only=True)
    chosen = choices(settings, loaded, repository)
    return _as_json(chosen, loaded) if as_json else "\n".join(_lines(chosen, loaded))


def _as_json(chosen: Choices, loaded: Loaded) -> str:
    told = {"problems", "places", "current", "read_at"}
    whole = {
        "choices": chosen.model_dump(mode="json", exclude={"sources", "narrowed"}),
        "sources": {row.key: row.source.value for row in chosen.rows()},
        "narrowed": list(chosen.narrowed),
        "file": loaded.model_dump(mode="json", include=told),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _lines(chosen: Choices, loaded: Loaded) -> Iterator[str]:
    rows = chosen.rows()
    wide = max(len(row.key) for row in rows)
    for row in rows:
        limit = ", as a limit" if row.key in chosen.narrowed else ""
        yield f"{printable(row.key):<{wide}}  {printable(row.value)}  ({row.source.value}{limit})"
    yield ""
    yield _file_told(loaded)
    for problem in loaded.problems:
        yield printable(f"{problem.place}:{line_of(problem)}")


def _file_told(loaded: Loaded) -> str:
    if loaded.read_at is None:
        return "The server has not looked for a file yet."
    at, places = moment(loaded.read_at), printable(" and ".join(loaded.places))
    if not loaded.current:
        before = f"what {places} said before holds" if places else "nothing of it holds"
        return f"The file that was found at {at} is broken; {before}."
    return f"Read from {places} at {at}; not changed since." if places else f"There was no file at {at}."
