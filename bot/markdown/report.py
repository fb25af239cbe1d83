"""The report of one merged pull request as text: GitHub's comment, or a document to read elsewhere."""

from __future__ import annotations

from typing import Final, Literal

from bot.markdown.catalogue import Catalogue, load
from bot.markdown.cut import COMMENT_LIMIT, Shortened, fit, shorten, size
from bot.markdown.environment import render
from bot.markdown.escape import Safe, joined
from bot.markdown.links import links_for, references
from bot.markdown.opening import opening
from bot.markdown.pieces import Pieces
from bot.markdown.sections import Section, sections
from bot.marker import report_marker
from bot.model import Frozen, PullReport

_OPENING_ROOM: Final = 16_000
_NOTICE_ROOM: Final = 1_000


class Style(Frozen):
    """How a report is worded and linked.

    ``time_zone`` is an IANA name. ``redirect_links`` lets references to pull requests and issues of a
    repository on github.com go through ``redirect.github.com``, which leaves no backlink; elsewhere, or
    without it, they are plain code. ``note`` is the catalogue key of a line above the report.
    """

    language: Literal["en", "zh-CN"] = "en"
    time_zone: str = "UTC"
    redirect_links: bool = True
    note: str | None = None


def render_comment(report: PullReport, style: Style) -> str:
    """The comment: at most 60,000 UTF-16 units, hence fewer than GitHub's 65,536 characters (R92).

    Its first line is the marker, unless the pull request has no number. What does not fit is cut at
    the end of an item and named in a line of its own. Every string of the report is treated as hostile.
    """
    pieces = _pieces(report, style)
    say = pieces.catalogue.say
    top = opening(report, pieces, style.note, name_pull=False)
    short_top = shorten(top, _OPENING_ROOM, lambda count: say("cut.items", count=count)).body
    made = sections(report, pieces)
    room = COMMENT_LIMIT - size(short_top) - _NOTICE_ROOM - sum(_frame(section) for section in made)
    shortened = fit([section.body for section in made], room, lambda count: say("cut.items", count=count))
    parts = [_marker(report), Safe(), short_top, Safe()]
    parts += [Safe(f"{notice}\n") for notice in [_notice(pieces.catalogue, made, shortened)] if notice]
    parts += [
        _folded(section, short.body) for section, short in zip(made, shortened, strict=True) if short.body
    ]
    return "\n".join(parts).strip("\n") + "\n"


def render_document(report: PullReport, style: Style) -> str:
    """The same report for a terminal or a file: not folded, not shortened, without a marker.

    It has links only if the repository's address is known.
    """
    pieces = _pieces(report, style)
    heading = Safe(f"# {pieces.catalogue.say('title.report')}")
    top = opening(report, pieces, style.note, name_pull=True)
    rest = [
        render("unfolded", title=section.title, gist=section.gist, body=section.body)
        for section in sections(report, pieces)
    ]
    return "\n\n".join([heading, top, *rest]) + "\n"


def _pieces(report: PullReport, style: Style) -> Pieces:
    """What the templates call, in the language and zone of ``style``."""
    links = links_for(report, redirect=style.redirect_links)
    return Pieces(load(style.language), links, style.time_zone, references(report, links))


def _marker(report: PullReport) -> Safe:
    """The hidden first line; empty for a local clone's report without a number."""
    number = report.head.number
    return Safe(report_marker(report.head.repository.id, number)) if number is not None else Safe()


def _folded(section: Section, body: Safe) -> Safe:
    """A section as a closed block, with an empty line after it."""
    return Safe(render("folded", title=section.title, gist=section.gist, body=body) + "\n")


def _frame(section: Section) -> int:
    """The units of a section's block without its text."""
    return size(_folded(section, Safe())) + 1


def _notice(catalogue: Catalogue, made: list[Section], shortened: list[Shortened]) -> Safe:
    """The visible line that names what was shortened; empty if nothing was."""
    pairs = zip(made, shortened, strict=True)
    names = joined((section.title for section, short in pairs if short.left_out), catalogue.say("comma"))
    return catalogue.say("cut.notice", sections=names) if names else Safe()
