"""``prhub feedback``: what people said of reports and how they reacted, beside the scores, from the store."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.stored import printable, settings_here, with_store
from bot.errors import UserError
from bot.store import Reports
from bot.store.feedback import Feedback, Saying
from bot.store.register import Register

if TYPE_CHECKING:
    from bot.store import Store

_REPOSITORY = re.compile(r"[\w-]{1,100}/[\w.-]{1,100}", re.ASCII)


@dataclass(frozen=True)
class Row:
    """What was said and shown about one report; scores are ``None`` where there is no report any more."""

    number: int
    importance: float | None
    insight: float | None
    reactions: dict[str, int]
    said: tuple[Saying, ...]


@click.command()
@click.argument("repository", metavar="OWNER/REPO")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def command(repository: str, as_json: bool) -> None:  # noqa: FBT001 - click gives a flag
    """List what people said about the reports of a repository, beside the scores these have.

    Reactions are those on the reports' comments at their last refresh. Works beside a running server and
    needs only DATABASE_URL.
    """
    if _REPOSITORY.fullmatch(repository) is None:
        raise UserError("Name the repository as OWNER/REPO.")

    async def work(store: Store) -> list[Row]:
        found = await Register(store).repository_named(repository)
        if found is None:
            raise UserError(f"The store knows no repository {repository}: a report of it makes it known.")
        return await rows_of(store, found)

    rows = with_store(settings_here(), work, read_only=True)
    if as_json:
        click.echo(json.dumps([_as_dict(row) for row in rows], indent=2, ensure_ascii=False))
    elif rows:
        click.echo("\n".join(_lines(row) for row in rows))
    else:
        click.echo("Nobody has said anything yet.")


async def rows_of(store: Store, repository_id: int) -> list[Row]:
    """Give the feedback of a repository by pull request, with the scores of its report."""
    feedback, reports = Feedback(store), Reports(store)
    said: dict[int, list[Saying]] = {}
    for one in await feedback.said(repository_id):
        said.setdefault(one.number, []).append(one)
    reactions = await feedback.reactions(repository_id)
    rows = []
    for number in sorted({*said, *reactions}):
        stored = await reports.get(repository_id, number)
        scores = stored.report.scores if stored is not None else None
        row = Row(
            number=number,
            importance=scores.importance if scores else None,
            insight=scores.insight if scores else None,
            reactions=reactions.get(number, {}),
            said=tuple(said.get(number, ())),
        )
        rows.append(row)
    return rows


def _lines(row: Row) -> str:
    parts = [
        f"#{row.number}",
        f"importance {_score(row.importance)}",
        f"insight {_score(row.insight)}",
        *(f"{name} ×{times}" for name, times in sorted(row.reactions.items())),
    ]
    said = [f"  {_day(one.at)} {printable(one.author)}: {printable(one.text)}" for one in row.said]
    return "\n".join(["  ".join(parts), *said])


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _as_dict(row: Row) -> dict[str, object]:
    said = [{"author": one.author, "text": one.text, "at": _day(one.at)} for one in row.said]
    return {
        "pull": row.number,
        "importance": row.importance,
        "insight": row.insight,
        "reactions": row.reactions,
        "said": said,
    }
