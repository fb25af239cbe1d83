"""The notes of earlier readers as blocks: in full for the important files, in a line for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.prompts.asking import cost
from bot.inference.prompts.fence import Block, path_name
from bot.inference.prompts.material import within
from bot.inference.prompts.wording import clipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import FileNote, NotesClaims, RiskClaim

_CHANGE, _SHORT, _QUOTE = 700, 140, 200
_QUOTES = 4
_RISKS = 12


def note_blocks(notes: Sequence[NotesClaims], rank: Mapping[str, int], room: int) -> tuple[Block, ...]:
    """The notes in at most ``room`` tokens, in the order of ``rank``, and the risks that they name."""
    taken = sorted((note for claims in notes for note in claims.files), key=lambda note: _place(note, rank))
    short = [_note(note, _SHORT, 0) for note in taken]
    left = room - sum(map(cost, short))
    blocks = []
    for note, brief in zip(taken, short, strict=True):
        full = _note(note, _CHANGE, _QUOTES)
        more = cost(full) - cost(brief)
        blocks.append(full if more <= left else brief)
        left -= more if more <= left else 0
    return within((*_risks(notes), *blocks), room)


def _place(note: FileNote, rank: Mapping[str, int]) -> tuple[int, str]:
    return rank.get(note.path, len(rank)), note.path


def _note(note: FileNote, limit: int, quotes: int) -> Block:
    lines = [clipped(note.change, limit), *(f"> {clipped(quote, _QUOTE)}" for quote in note.quotes[:quotes])]
    return Block(f"note {path_name(note.path)}", "\n".join(lines))


def _risks(notes: Sequence[NotesClaims]) -> tuple[Block, ...]:
    risks = sorted(
        (risk for claims in notes for risk in claims.risks), key=lambda risk: (risk.severity.rank, risk.text)
    )
    return (Block("note risks", "\n".join(map(_risk, risks[:_RISKS]))),) if risks else ()


def _risk(risk: RiskClaim) -> str:
    where = next((cited for cited in risk.evidence), None)
    place = f" {where.where}: {clipped(where.quote, _QUOTE)}" if where else ""
    return f"{risk.severity.value} {risk.key.value}: {clipped(risk.text, 300)}{place}"
