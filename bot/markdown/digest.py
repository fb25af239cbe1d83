"""The digest of a period as text: the title and body of GitHub's issue, or a document to read elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.markdown.charts import trend_chart
from bot.markdown.cut import COMMENT_LIMIT, Shortened, fit, shorten, size
from bot.markdown.digest_numbers import figures, in_words
from bot.markdown.digest_pieces import pieces_for
from bot.markdown.digest_rows import DigestRows, filled_digest
from bot.markdown.digest_sections import Block, blocks, without_report
from bot.markdown.environment import render
from bot.markdown.escape import Safe, code, joined, text
from bot.markdown.links import reference
from bot.markdown.periods import issue_title
from bot.markdown.pieces import LINKED_PATH_LIMIT
from bot.marker import digest_marker
from bot.model import Frozen, WithoutModel

if TYPE_CHECKING:
    from bot.markdown.catalogue import Catalogue
    from bot.markdown.digest_pieces import DigestPieces
    from bot.markdown.report import Style
    from bot.model import Digest

ISSUE_LIMIT: Final = COMMENT_LIMIT
"""UTF-16 units in an issue's body: GitHub's limit is that of comments, 65,536 characters (R92)."""
_OPENING_ROOM: Final = 12_000
_NOTICE_ROOM: Final = 1_000
_SHOWN_MISSING: Final = 5
_SHOWN_REPOSITORIES: Final = 12
_UNTOLD: Final = {
    WithoutModel.UNUSABLE: "digest.legend.unusable",
    WithoutModel.REFUSED: "digest.legend.unusable",
    WithoutModel.PENDING: "digest.legend.unavailable",
    WithoutModel.UNAVAILABLE: "digest.legend.unavailable",
    WithoutModel.BUDGET: "digest.legend.budget",
}


class DigestLinks(Frozen):
    """Where a digest's issue stands among the others.

    ``previous`` and ``following`` are issue numbers. ``home`` is the id of the repository in which the issue
    is published, ``scope`` that of its ``DigestRequest``; without them, those that the facts have: the only
    repository, and its whole or a path.
    """

    previous: int | None = None
    following: int | None = None
    home: int | None = None
    scope: str | None = None


class IssueText(Frozen):
    """The text of a digest's issue; ``title`` is plain text, ``body`` Markdown with the marker first."""

    title: str
    body: str


def render_issue(digest: Digest, style: Style, links: DigestLinks) -> IssueText:
    """The issue: a title of at most 200 characters, a body of at most 60,000 UTF-16 units (R92).

    What does not fit is cut at the end of an item, the full list first, and named in a line of its own.
    Every string of the digest is treated as hostile. Text that was made with equal values is equal.
    """
    pieces = pieces_for(digest, style)
    say = pieces.catalogue.say
    top = _opening(digest, style, pieces, links)
    short_top = shorten(top, _OPENING_ROOM, lambda count: say("cut.items", count=count)).body
    chart = trend_chart(digest.facts, pieces.catalogue)
    made = blocks(digest, pieces)
    room = ISSUE_LIMIT - _NOTICE_ROOM - size(short_top) - size(chart) - sum(map(_frame, made))
    shortened = fit([block.body for block in made], room, lambda count: say("cut.items", count=count))
    parts = [Safe(_marker(digest, links)), Safe(), short_top, Safe(), Safe(f"{chart}\n") if chart else Safe()]
    parts += [Safe(f"{notice}\n") for notice in [_notice(pieces.catalogue, made, shortened)] if notice]
    parts += [_shown(block, short.body) for block, short in zip(made, shortened, strict=True) if short.body]
    body = "\n".join(parts).strip("\n") + "\n"
    return IssueText(title=issue_title(digest.facts, pieces.catalogue), body=body)


def render_document(digest: Digest, style: Style) -> str:
    """The same digest for a terminal or a file: not folded, not shortened, without a marker."""
    pieces = pieces_for(digest, style)
    top = _opening(digest, style, pieces, DigestLinks())
    chart = trend_chart(digest.facts, pieces.catalogue)
    heading = Safe(f"# {text(issue_title(digest.facts, pieces.catalogue))}")
    rest = [_open(block, block.body) for block in blocks(digest, pieces)]
    return "\n\n".join(part for part in (heading, top, chart, *rest) if part) + "\n"


def _opening(digest: Digest, style: Style, pieces: DigestPieces, links: DigestLinks) -> Safe:
    """What is read first."""
    facts = digest.facts
    words = in_words(facts, pieces)
    told = [shown for shown in map(pieces.prose, digest.summary) if shown]
    return filled_digest(
        "opening",
        DigestRows(pieces, facts.period.until),
        note=style.note if style.note in pieces.catalogue else None,
        ways=_ways(pieces, links),
        scope=_scope(digest, pieces),
        headline=pieces.prose(digest.headline) if digest.headline else Safe(),
        summary=_paragraph(told or words),
        figures=figures(facts, pieces),
        missing=_missing(digest, pieces),
        untold=_untold(digest, pieces),
    )


def _paragraph(sentences: list[Safe]) -> Safe:
    """Sentences in a row, with a space between them unless the first of two ends as Chinese ones do."""
    parts = (f"{one}{'' if one.endswith(('。', '！', '？')) else ' '}" for one in sentences)
    return Safe("".join(parts).rstrip())


def _ways(pieces: DigestPieces, links: DigestLinks) -> Safe:
    """The digests before and after this one; in the repository of the issue a number is enough."""
    parts = []
    for key, number in (("previous", links.previous), ("following", links.following)):
        if number is not None:
            url = pieces.links.issue(number)
            shown = reference(number, url) if url else Safe(f"#{int(number)}")
            parts.append(pieces.catalogue.say(f"digest.{key}", reference=shown))
    return pieces.dotted(parts)


def _scope(digest: Digest, pieces: DigestPieces) -> Safe:
    """What the digest covers, unless it is all of one repository."""
    facts, say = digest.facts, pieces.catalogue.say
    parts = []
    if len(facts.repositories) > 1:
        names = [code(one.full_name, LINKED_PATH_LIMIT) for one in facts.repositories]
        listed = pieces.listed_few(names, _SHOWN_REPOSITORIES)
        parts.append(say("digest.repositories", count=len(names), names=listed))
    if facts.path:
        parts.append(say("digest.path", path=facts.path))
    return joined(parts, Safe(" "))


def _missing(digest: Digest, pieces: DigestPieces) -> Safe:
    """On how many there is a report, and which has none (``39 of 40``); empty if all have one."""
    rows, missing = DigestRows(pieces, digest.facts.period.until), without_report(digest)
    if not missing:
        return Safe()
    total = len(digest.facts.pulls)
    named = rows.missing(missing, _SHOWN_MISSING)
    return pieces.catalogue.say("digest.missing", reported=total - len(missing), total=total, pulls=named)


def _untold(digest: Digest, pieces: DigestPieces) -> Safe:
    """Why a model's part is missing where a reader expects one."""
    why = digest.provenance.without_model
    if why is None or why not in _UNTOLD or digest.provenance.model is not None:
        return Safe()
    return pieces.catalogue.say(_UNTOLD[why])


def _marker(digest: Digest, links: DigestLinks) -> str:
    """The hidden first line."""
    facts = digest.facts
    several = "organisation" if len(facts.repositories) > 1 else ""
    scope = f"path:{facts.path}" if facts.path and not several else several
    home = facts.repositories[0].id if facts.repositories else 0
    return digest_marker(
        home if links.home is None else links.home,
        scope if links.scope is None else links.scope,
        facts.period.key,
    )


def _shown(block: Block, body: Safe) -> Safe:
    """A section as it stands in the issue, with an empty line after it."""
    if block.is_folded:
        return Safe(render("folded", title=block.title, gist=block.gist, body=body) + "\n")
    return Safe(_open(block, body) + "\n")


def _open(block: Block, body: Safe) -> Safe:
    """A section that is not folded: its heading, its text, its chart."""
    shown = render("unfolded", title=block.title, gist=block.gist, body=body)
    return Safe(f"{shown}\n\n{block.chart}") if block.chart else shown


def _frame(block: Block) -> int:
    """The units of a section without its text."""
    return size(_shown(block, Safe())) + 1


def _notice(catalogue: Catalogue, made: list[Block], shortened: list[Shortened]) -> Safe:
    """The visible line that names what was shortened; empty if nothing was."""
    pairs = zip(made, shortened, strict=True)
    names = joined((block.title for block, short in pairs if short.left_out), catalogue.say("comma"))
    return catalogue.say("cut.notice", sections=names) if names else Safe()
