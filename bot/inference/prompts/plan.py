"""The plan of a reading: one question, or notes on groups of files and a synthesis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.prompts.asking import cost, overhead, question
from bot.inference.prompts.discussion import Caps, Heard, Talk
from bot.inference.prompts.groups import by_module, chosen_for_notes, note_readings, note_room
from bot.inference.prompts.material import material, report_blocks, within
from bot.inference.prompts.notes import note_blocks
from bot.inference.prompts.ranking import ranked
from bot.inference.prompts.selection import Chooser, coverage
from bot.inference.prompts.terms import Depth, Plan
from bot.inference.prompts.triage import triage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.inference.prompts.terms import Terms
    from bot.llm import Question
    from bot.model import FileReading, NotesClaims, PullFacts

# However little is allowed, so much data a question has, in tokens.
LEAST_DATA = 600
BRIEF_DATA = 6_000
# What does not fit by no more than this is cut rather than read twice.
_SLIGHTLY = 1.1
_NOTES_AT_LEAST = 2_000
_GROUPS_PER_CALL = 2
_NOTES_SHARE = 2
# Half of a small call is for the files, whatever the author wrote.
_OPENING = Caps(description=1_500, issue=300)


def plan(facts: PullFacts, terms: Terms) -> Plan:
    """What to ask about a pull request; the same bytes for the same facts and terms.

    Everything that is asked together is within ``terms.max_input_tokens``, each call's data within
    ``terms.call_tokens``. What does not fit one call becomes notes on groups of files, if there are
    tokens for those; else the least important files are cut, and then only named.
    """
    depth = triage(facts)
    if depth is Depth.TEMPLATE:
        return Plan(depth, coverage=coverage(facts, {}))
    chooser = Chooser(ranked(facts), telling_lines(facts))
    if depth is Depth.BRIEF:
        return _brief(facts, terms, chooser)
    limit = data_limit("report", terms)
    around = material(facts, limit, chooser.tokens)
    if chooser.tokens > around.room * _SLIGHTLY:
        large = _large(facts, terms, chooser)
        if large is not None:
            return large
        around = material(facts, limit, chooser.tokens, beside_patch=False)
    blocks, chosen = report_blocks(facts, around, chooser)
    return Plan(depth, (question("report", terms, blocks),), coverage=coverage(facts, chosen.readings))


def data_limit(task: str, terms: Terms) -> int:
    """The tokens that the data of one question may have."""
    return max(LEAST_DATA, min(terms.call_tokens, terms.max_input_tokens - overhead(task, terms)))


def telling_lines(facts: PullFacts) -> dict[str, frozenset[int]]:
    """The lines of each file, as merged, that people remarked on."""
    lines: dict[str, set[int]] = {}
    for thread in facts.threads:
        line = thread.merged_line or thread.line or thread.original_line
        if line is not None:
            lines.setdefault(thread.path, set()).add(line)
    return {path: frozenset(found) for path, found in lines.items()}


def _brief(facts: PullFacts, terms: Terms, chooser: Chooser) -> Plan:
    limit = min(BRIEF_DATA, data_limit("brief", terms))
    blocks, chosen = report_blocks(facts, material(facts, limit, chooser.tokens), chooser)
    asked = (question("brief", terms, blocks),)
    return Plan(Depth.BRIEF, asked, coverage=coverage(facts, chosen.readings))


def _large(facts: PullFacts, terms: Terms, chooser: Chooser) -> Plan | None:
    """The plan with notes; ``None`` if the tokens do not suffice for any worth taking."""
    each = max(LEAST_DATA, data_limit("notes", terms) // _GROUPS_PER_CALL)
    opening = within(Talk(Heard(facts), _OPENING).opening(), each // _GROUPS_PER_CALL)
    around = sum(map(cost, opening)) + overhead("notes", terms)
    left = terms.max_input_tokens - overhead("report", terms) - data_limit("report", terms)
    room = note_room(left, each, around)
    if room < _NOTES_AT_LEAST:
        return None
    chosen = chosen_for_notes(chooser, room, each)
    groups = by_module(chooser.files, chosen, each)
    return Plan(
        Depth.FULL,
        tuple(question("notes", terms, (*opening, *(patch.block for patch in group))) for group in groups),
        tuple(tuple(patch.path for patch in group) for group in groups),
        coverage(facts, note_readings(chooser, chosen, each)),
        is_large=True,
    )


def synthesis(
    facts: PullFacts, terms: Terms, plan: Plan, notes: Sequence[NotesClaims]
) -> tuple[Question, Mapping[str, FileReading]]:
    """The report question of a large pull request: verified ``notes``, and the patches there is room for.

    Given with it: how the files reach the model whose patches it has, beside or instead of notes.
    """
    chooser = Chooser(ranked(facts), telling_lines(facts))
    around = material(facts, data_limit("report", terms), chooser.tokens, beside_patch=False)
    rank = {file.path: place for place, file in enumerate(chooser.files)}
    taken = note_blocks(notes, rank, max(0, around.room) // _NOTES_SHARE)
    read = {path for group in plan.groups for path in group}
    blocks, chosen = report_blocks(facts, around, chooser, taken, read)
    return question("report", terms, blocks), chosen.readings
