"""Whose first merge here it is, by GitHub's search."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import Later, PRHubError
from bot.facts.words import at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.facts.sources import Reader
    from bot.model import Merge

# Ten searches take GitHub about two seconds of the ten that a query may take.
_CHUNK = 10
MOST_AUTHORS = 400
# Letters, digits, hyphens; an underscore before an enterprise's short name. Nothing a search could mistake.
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_NOBODY = "ghost"


async def with_first_times(
    reader: Reader, full_name: str, merges: Sequence[Merge], before: datetime
) -> tuple[Merge, ...]:
    """Give the merges with ``first_time``: whether the author had nothing merged here before.

    A bot's never is. It stays ``None`` where GitHub's search fails, does not know the author (a
    deleted account, one hidden from search), or past 400 authors: nobody is welcomed by mistake.
    """
    people = dict.fromkeys(merge.author for merge in merges)
    logins = [one.login for one in people if not one.is_bot and one.login != _NOBODY]
    usable = [login for login in logins if _LOGIN.fullmatch(login)][:MOST_AUTHORS]
    if not _NAME.fullmatch(full_name):
        usable = []
    scope = f"repo:{full_name} is:pr is:merged"
    limit = before.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    earlier = await _counts(reader, {login: f"{scope} author:{login} merged:<{limit}" for login in usable})
    # Who has merges that the search does not see may have had earlier ones too.
    new = [login for login, count in earlier.items() if count == 0]
    seen = await _counts(reader, {login: f"{scope} author:{login}" for login in new})
    known = {login: False for login, count in earlier.items() if count > 0}
    known |= {login: True for login, count in seen.items() if count > 0}
    return tuple(
        merge.model_copy(
            update={"first_time": False if merge.author.is_bot else known.get(merge.author.login)}
        )
        for merge in merges
    )


async def _counts(reader: Reader, searches: Mapping[str, str]) -> dict[str, int]:
    """Give how many issues each search finds; one that was not answered is left out."""
    counts: dict[str, int] = {}
    names = list(searches)
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        try:
            data = await reader.graphql_data(
                _query(len(chunk)), {f"q{i}": searches[name] for i, name in enumerate(chunk)}
            )
        except Later:
            # A limit or an outage: asking on would make it worse.
            break
        except PRHubError:
            continue
        for i, name in enumerate(chunk):
            found = at(data, f"s{i}", "issueCount")
            if isinstance(found, int) and not isinstance(found, bool) and found >= 0:
                counts[name] = found
    return counts


def _query(size: int) -> str:
    """Give a query of so many searches; what they look for is in its variables."""
    declared = ", ".join(f"$q{i}: String!" for i in range(size))
    # GitHub wants at least one result of a connection; only the count is read.
    asked = " ".join(
        f"s{i}: search(query: $q{i}, type: ISSUE, first: 1) {{ issueCount }}" for i in range(size)
    )
    return f"query FirstTimes({declared}) {{ {asked} }}"
