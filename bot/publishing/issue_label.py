"""The label of a kind of issues: made once in a repository, and from then on the repository's own."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from bot import failpoint
from bot.errors import Gone, Invalid

if TYPE_CHECKING:
    from bot.publishing.issue_rows import IssueHome
    from bot.publishing.own_issues import IssueWriter

_LABELS = "/repos/{owner}/{repo}/labels"
_LABEL = "/repos/{owner}/{repo}/labels/{name}"


@dataclass(frozen=True)
class IssueLabel:
    """A label as GitHub takes it; ``color`` is six hex digits."""

    name: str
    color: str
    description: str


DIGEST_LABEL: Final = IssueLabel("digest", "0e8a16", "What was merged in a week or month, written by PRHub")
CONFIG_LABEL: Final = IssueLabel("prhub", "d93f0b", "What PRHub needs to be mended in this repository")


async def make_label(writer: IssueWriter, place: IssueHome) -> None:
    """Make sure that the repository has the label; colour and description of one that is there stay."""
    try:
        await writer.getitem(_LABEL, {**place.url_vars, "name": place.label.name})
    except Gone:
        failpoint.reached("before_label_created")
        try:
            await writer.post(_LABELS, place.url_vars, data=asdict(place.label))
        except Invalid:
            return  # somebody created it meanwhile; else opening the issue says what is wrong
