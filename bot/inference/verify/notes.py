"""Notes on a group of files: what of them may be handed on to the reader of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.verify.desk import Desk
from bot.inference.verify.evidence import Found, look_up
from bot.inference.verify.parts import suspicious
from bot.inference.verify.sentence import Backing
from bot.model import CheckState, Cited, FileNote, NotesClaims, RiskClaim, RiskKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.inference.verify.corpus import Corpus
    from bot.inference.verify.failures import Failure
    from bot.model import PullFacts


def check_notes(
    claims: NotesClaims, facts: PullFacts | Corpus, paths: Collection[str]
) -> tuple[NotesClaims, tuple[Failure, ...]]:
    """The notes that hold, on files among ``paths`` only, with those of their quotes that were found."""
    desk = Desk(facts, "", "notes")
    suspected = _suspicious(desk, claims.suspicious)
    files = _files(desk, claims, frozenset(paths))
    kept = NotesClaims(files=files, risks=_risks(desk, claims.risks), suspicious=suspected)
    return kept, tuple(desk.failures)


def _suspicious(desk: Desk, claims: Iterable[Cited]) -> tuple[Cited, ...]:
    """Those suspicious places that were found."""
    return tuple(claim for claim in claims if suspicious(desk, (claim,)))


def _files(desk: Desk, claims: NotesClaims, paths: frozenset[str]) -> tuple[FileNote, ...]:
    kept: dict[str, FileNote] = {}
    for number, note in enumerate(claims.files, 1):
        name, cited = f"files {number}", tuple(Cited(where=note.path, quote=quote) for quote in note.quotes)
        path = desk.corpus.places.file(note.path)
        if not note.change:
            continue
        if path is None or path not in paths:
            desk.fail(name, note.change, cited, ((f"“{note.path[:120]}” is no file of this group",), ()))
            continue
        found = [
            item for quote in cited if isinstance(item := look_up(desk.corpus, quote), Found) and item.said
        ]
        told = desk.told(name, note.change, Backing(found, [path]), cited)
        if told is not None and path not in kept:
            quotes = tuple(dict.fromkeys(item.evidence.quote or "" for item in found))
            kept[path] = FileNote(path=path, change=told.text, quotes=quotes)
    return tuple(kept.values())


def _risks(desk: Desk, claims: Iterable[RiskClaim]) -> tuple[RiskClaim, ...]:
    """Risks with the evidence that was found; whether they remain is settled when the whole is read."""
    kept: list[RiskClaim] = []
    for number, claim in enumerate(claims, 1):
        name = f"risks {number}"
        held = tuple(item for item in claim.evidence if isinstance(look_up(desk.corpus, item), Found))
        if not held or claim.key is RiskKey.PROMPT_INJECTION or claim.state is CheckState.NO_FAULT:
            _, missing = desk.look_up(claim.evidence)
            desk.fail(name, claim.text, claim.evidence, desk.unproven(missing))
            continue
        found, _ = desk.look_up(held)
        told = desk.told(name, claim.text, Backing(found), claim.evidence)
        if told is not None:
            kept.append(claim.model_copy(update={"text": told.text, "evidence": held}))
    return tuple(kept)
