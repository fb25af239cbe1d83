"""The sections of a digest below its opening, in their order: those to read, then those to look things up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.charts import merges_chart, risks_chart
from bot.markdown.digest_register import register_body, register_line, register_parts
from bot.markdown.digest_rows import DigestRows, filled_digest
from bot.markdown.escape import Safe, text
from bot.markdown.periods import first_and_last
from bot.model import PeriodKind, Tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.markdown.digest_pieces import DigestPieces
    from bot.model import Digest, PeriodPull, PullRef

VISIBLE_HIGHLIGHTS: Final = 5
SHOWN_TALLIES: Final = 8
SHOWN_AUTHORS: Final = 20
SHOWN_NAMES: Final = 12
SHOWN_MISSING: Final = 50
_SEVERAL: Final = 2
_READ: Final = frozenset({"themes", "highlights", "risk_watch"})
_EMPTY: Final = Safe()


@dataclass(frozen=True)
class Block:
    """A section: its title, its gist in a few words, its text, a chart, and whether it is folded.

    A chart stands in the open, for one that is laid out while it is hidden has no size.
    """

    title: Safe
    gist: Safe
    body: Safe
    chart: Safe = _EMPTY
    is_folded: bool = True


def blocks(digest: Digest, pieces: DigestPieces) -> list[Block]:
    """The sections that have something to say."""
    rows = DigestRows(pieces, digest.facts.period.until)
    made = [make(digest, rows) for make in _MADE]
    return [block for block in made if block.body]


def without_report(digest: Digest) -> list[PeriodPull]:
    """The merges of the period on which there is no report."""
    return [pull for pull in digest.facts.pulls if pull.gist is None]


def _themes(digest: Digest, rows: DigestRows) -> Block:
    body = filled_digest("themes", rows, themes=[theme for theme in digest.themes if rows.theme(theme)])
    chart = merges_chart(digest.facts, rows.pieces.catalogue)
    return _block("themes", body, rows, chart=chart)


def _highlights(digest: Digest, rows: DigestRows) -> Block:
    found = digest.highlights[:VISIBLE_HIGHLIGHTS]
    body = filled_digest("highlights", rows, highlights=found, offset=0)
    return _block("highlights", body, rows)


def _risk_watch(digest: Digest, rows: DigestRows) -> Block:
    themes = [theme for theme in digest.risk_watch if rows.theme(theme)]
    body = filled_digest("risk_watch", rows, themes=themes, register=register_line(digest, rows))
    chart = risks_chart(digest.facts, rows.pieces.catalogue)
    return _block("risk_watch", body, rows, chart=chart)


def _more_highlights(digest: Digest, rows: DigestRows) -> Block:
    found = digest.highlights[VISIBLE_HIGHLIGHTS:]
    body = filled_digest("highlights", rows, highlights=found, offset=VISIBLE_HIGHLIGHTS)
    return _block("more_highlights", body, rows, {"count": len(found)})


def _register(digest: Digest, rows: DigestRows) -> Block:
    body = register_body(digest, rows)
    return _block("register", body, rows, {"parts": register_parts(digest, rows)})


def _topics(digest: Digest, rows: DigestRows) -> Block:
    facts, say = digest.facts, rows.pieces.catalogue.say
    tags = [rows.tag(tally) for tally in facts.tags[:SHOWN_TALLIES]]
    modules = [rows.module(tally) for tally in facts.modules[:SHOWN_TALLIES]]
    hot = [tally for tally in facts.hot_files if tally.count >= _SEVERAL][:SHOWN_TALLIES]
    counts = {"tags": len(facts.tags), "modules": len(facts.modules), "files": len(hot)}
    body = filled_digest(
        "topics",
        rows,
        tables=[
            ("digest.table.repository", _repositories(digest, rows)),
            ("digest.table.tag", tags),
            ("digest.table.module", modules),
            ("digest.table.file", [rows.file(tally) for tally in hot]),
        ],
    )
    parts = [say(f"digest.gist.{name}", count=count) for name, count in counts.items() if count]
    return _block("topics", body, rows, {"parts": rows.pieces.listed(parts)})


def _repositories(digest: Digest, rows: DigestRows) -> list[Safe]:
    """How many merges each repository has, in a digest over several."""
    refs: dict[str, list[PullRef]] = {}
    for pull in digest.facts.pulls:
        if pull.ref.repository:
            refs.setdefault(pull.ref.repository, []).append(pull.ref)
    tallies = [Tally(name=name, count=len(of), pulls=tuple(of)) for name, of in refs.items()]
    return [rows.module(tally) for tally in sorted(tallies, key=lambda tally: (-tally.count, tally.name))]


def _follow_ups(digest: Digest, rows: DigestRows) -> Block:
    items = [line for line in map(rows.follow_up, digest.follow_ups) if line]
    return _block("follow_ups", filled_digest("follow_ups", rows, items=items), rows, {"count": len(items)})


def _people(digest: Digest, rows: DigestRows) -> Block:
    facts, pieces, say = digest.facts, rows.pieces, rows.pieces.catalogue.say
    people, reviewers = facts.contributors, facts.reviewers
    if not people:
        return _block("people", Safe(), rows)
    counted = [say("digest.counted", name=pieces.login(tally.name), count=tally.count) for tally in reviewers]
    body = filled_digest(
        "people",
        rows,
        authors=people[:SHOWN_AUTHORS],
        left_out=len(people[SHOWN_AUTHORS:]),
        first=pieces.listed_few(_first_times(digest, pieces), SHOWN_NAMES),
        reviewers=pieces.listed_few(counted, SHOWN_NAMES),
    )
    numbers = facts.numbers
    counts = {"authors": numbers.authors, "first_time": numbers.first_time, "reviewers": numbers.reviewers}
    parts = [say(f"digest.gist.{name}", count=round(count)) for name, count in counts.items() if count]
    return _block("people", body, rows, {"parts": pieces.listed(parts)})


def _pulls(digest: Digest, rows: DigestRows) -> Block:
    """All of them, the most important first, so that what is cut off for room matters least."""
    pulls = sorted(digest.facts.pulls, key=lambda pull: -(pull.gist.importance if pull.gist else -1))
    body = filled_digest("pulls", rows, pulls=pulls) if pulls else Safe()
    return _block("pulls", body, rows, {"count": len(pulls)})


def _coverage(digest: Digest, rows: DigestRows) -> Block:
    facts, pieces, made = digest.facts, rows.pieces, digest.provenance
    say = pieces.catalogue.say
    partial = say("digest.partial", reason=text(facts.partial)) if facts.partial else Safe()
    uncertain = pieces.references_of(facts.uncertain, SHOWN_MISSING)
    body = filled_digest(
        "coverage",
        rows,
        span=_span(digest, pieces),
        missing=without_report(digest)[:SHOWN_MISSING],
        uncertain=say("digest.uncertain", count=len(facts.uncertain), pulls=uncertain)
        if uncertain
        else Safe(),
        partial=partial,
        made=made,
        schema=digest.schema_version,
    )
    how = say("gist.no_model" if made.model is None else "gist.model")
    total, reported = len(facts.pulls), len(facts.pulls) - len(without_report(digest))
    return _block("coverage", body, rows, {"reported": reported, "total": total, "how": how})


def _block(
    name: str,
    body: Safe,
    rows: DigestRows,
    values: dict[str, str | int] | None = None,
    chart: Safe = _EMPTY,
) -> Block:
    """A section with its title, and its gist if it is folded."""
    say = rows.pieces.catalogue.say
    gist = say(f"digest.gist.{name}", **values) if values else Safe()
    return Block(say(f"digest.title.{name}"), gist, body, chart, is_folded=name not in _READ)


def _first_times(digest: Digest, pieces: DigestPieces) -> list[Safe]:
    """Those who had nothing merged here before, each with the first pull request."""
    firsts = {pull.merge.author.login: pull for pull in reversed(digest.facts.pulls)}
    return [
        Safe(f"{pieces.person(who.person)}{pieces.beside(Safe(), [firsts[who.person.login].ref])}")
        for who in digest.facts.contributors
        if who.first_time and who.person.login in firsts
    ]


def _span(digest: Digest, pieces: DigestPieces) -> Safe:
    """The days that the digest covers, or the tags."""
    period = digest.facts.period
    if period.kind is PeriodKind.RANGE:
        return pieces.catalogue.say(
            "digest.span_range", head=text(period.head or "", 80), base=text(period.base or "", 80)
        )
    first, last = first_and_last(period)
    since, until = Safe(first.isoformat()), Safe(last.isoformat())
    return pieces.catalogue.say("digest.span", since=since, until=until, zone=text(period.time_zone, 60))


_MADE: Final[tuple[Callable[[Digest, DigestRows], Block], ...]] = (
    _themes,
    _highlights,
    _risk_watch,
    _more_highlights,
    _topics,
    _register,
    _follow_ups,
    _people,
    _pulls,
    _coverage,
)
