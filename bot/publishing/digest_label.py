"""The label of digest issues: made once in a repository, and from then on the repository's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import failpoint
from bot.errors import Gone, Invalid

if TYPE_CHECKING:
    from bot.publishing.own_issues import IssuePlace, IssueWriter

DIGEST_LABEL = "digest"
_FIELDS = {
    "name": DIGEST_LABEL,
    "color": "0e8a16",
    "description": "What was merged in a week or month, written by PRHub",
}
_LABELS = "/repos/{owner}/{repo}/labels"
_LABEL = "/repos/{owner}/{repo}/labels/{name}"


async def make_label(writer: IssueWriter, place: IssuePlace) -> None:
    """Make sure that the repository has the label; colour and description of one that is there stay."""
    try:
        await writer.getitem(_LABEL, {**place.url_vars, "name": DIGEST_LABEL})
    except Gone:
        failpoint.reached("before_label_created")
        try:
            await writer.post(_LABELS, place.url_vars, data=_FIELDS)
        except Invalid:
            return  # somebody created it meanwhile; else opening the issue says what is wrong
