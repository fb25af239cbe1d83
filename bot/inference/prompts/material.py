"""The data of one report: the words around the change, the lists, and as much of the change as fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.inference.prompts.asking import cost
from bot.inference.prompts.discussion import STEPS, Heard, Talk
from bot.inference.prompts.estimate import estimate
from bot.inference.prompts.selection import others_block
from bot.inference.prompts.signals import found_block, related_block

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.inference.prompts.fence import Block
    from bot.inference.prompts.selection import Chooser, Selection
    from bot.model import PullFacts

# The parts of a call that go at most to the words around the change, and to each list.
_TALK, _RELATED, _FOUND, _OTHERS = 2, 12, 10, 20
_WEAKLY_RELATED = 60  # tokens that pull requests of the same files may take in the smallest report


@dataclass(frozen=True)
class Material:
    """What is said around a change; ``room`` is what is left of the call for the change itself."""

    before: tuple[Block, ...]
    lists: tuple[Block, ...]
    room: int


def material(facts: PullFacts, limit: int, patches: int, *, beside_patch: bool = True) -> Material:
    """What goes around the patches (of ``patches`` tokens in all) in a call of ``limit`` tokens of data."""
    before = talk(facts, limit // _TALK, beside_patch=beside_patch)
    used = sum(map(cost, before))
    weakly = max(_WEAKLY_RELATED, (used + min(patches, limit)) // 20)
    lists = (
        *within(related_block(facts, weakly), limit // _RELATED),
        *within(found_block(facts), limit // _FOUND),
    )
    return Material(before, lists, limit - used - sum(map(cost, lists)))


def report_blocks(
    facts: PullFacts,
    around: Material,
    chooser: Chooser,
    notes: tuple[Block, ...] = (),
    noted: Collection[str] = (),
) -> tuple[tuple[Block, ...], Selection]:
    """The blocks of a report, and what was chosen of the change.

    ``notes`` stand before the patches; files that were ``noted`` are not called unread.
    """
    room = around.room - sum(map(cost, notes))
    named = {file.path for file in chooser.files}
    rest = tuple(others_block(facts, named))
    if chooser.tokens + sum(map(cost, rest)) > room:
        reserve = max(0, room) // _OTHERS
        chosen = chooser.choose(room - reserve)
        rest = within(others_block(facts, {*chosen.patches, *noted}), reserve)
    else:
        chosen = chooser.choose(room)
    return (*around.before, *notes, *chosen.blocks(), *around.lists, *rest), chosen


def talk(facts: PullFacts, room: int, *, beside_patch: bool = True) -> tuple[Block, ...]:
    """The words around a change in at most ``room`` tokens: in full if that fits, else each kind cut."""
    blocks: tuple[Block, ...] = ()
    heard = Heard(facts)
    for caps in STEPS:
        said = Talk(heard, caps)
        threads = said.threads(beside_patch=beside_patch)
        blocks = (*said.opening(), *said.commits(), *said.comments(), *threads)
        if sum(map(cost, blocks)) <= room:
            return blocks
    return within(blocks, room)


def within(blocks: Iterable[Block], room: int) -> tuple[Block, ...]:
    """As many of ``blocks`` as fit into ``room`` tokens; the last one may be cut at a line."""
    kept: list[Block] = []
    for block in blocks:
        shown = block if cost(block) <= room else _cut(block, room)
        if shown is None:
            break
        kept.append(shown)
        room -= cost(shown)
    return tuple(kept)


def _cut(block: Block, room: int) -> Block | None:
    """The first lines of a block that fit; ``None`` if not one does."""
    left = room - cost(replace(block, text="\n…"))
    kept: list[str] = []
    for line in block.text.split("\n"):
        left -= estimate(line) + 1
        if left < 0:
            break
        kept.append(line)
    return replace(block, text="\n".join([*kept, "…"])) if kept else None
