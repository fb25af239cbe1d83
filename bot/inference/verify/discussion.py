"""Topics of the review and checks of its remarks, by the rules of truth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.inference.lines import is_comment
from bot.inference.verify.agreement import elsewhere, kept, stranger
from bot.inference.verify.evidence import Found, look_up
from bot.inference.verify.flat import flattened, telling
from bot.inference.verify.guards import guard
from bot.inference.verify.nearness import bears_on
from bot.inference.verify.sentence import Backing
from bot.model import CheckState, Cited, Person, RemarkCheck, Topic, TopicOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.inference.verify.desk import Desk
    from bot.inference.verify.places import Place
    from bot.model import CheckClaim, ReviewThread, TopicClaim

_DECIDED: Final = frozenset({TopicOutcome.ADOPTED, TopicOutcome.DECLINED, TopicOutcome.SUPERSEDED})
_CLOSING: Final = frozenset({CheckState.FIXED, CheckState.ACCEPTED, CheckState.NO_FAULT})
_PROVEN: Final = frozenset({CheckState.FIXED, CheckState.OPEN, CheckState.ACCEPTED})
# What a comment in the code can settle.
_ABOUT_WORDS: Final = re.compile(
    r"comment|docstring|doc\b|docs\b|typo|wording|spell|注释|文档|拼写", re.IGNORECASE
)
_MOST_READ: Final = 5_000
_FEWEST_VISIBLE: Final = 8  # a shorter line is in every file, and shows nothing mended


def topics(desk: Desk, claims: Iterable[TopicClaim]) -> tuple[Topic, ...]:
    """The topics whose threads exist and whose sentence holds.

    Who raised them is computed. One that nobody else answered and no later commit followed is unanswered.
    """
    kept: list[Topic] = []
    for number, claim in enumerate(claims, 1):
        name = f"topics {number}"
        threads = _threads(desk, claim.threads)
        if not claim.text:
            continue
        if not threads:
            reason = f"no review thread is named {', '.join(claim.threads)[:80]}"
            desk.fail(name, claim.text, _cited(claim.threads), ((reason,), ()))
            continue
        if doubt := stranger(desk.corpus, claim.text, threads):
            desk.fail(name, claim.text, _cited(claim.threads), ((doubt,), ()))
            continue
        told = desk.told(name, claim.text, cited=_cited(claim.threads))
        if told is None:
            continue
        desk.verified += len(threads)
        outcome = claim.outcome
        if outcome in _DECIDED and not any(_has_answer(thread) for thread in threads):
            outcome = TopicOutcome.UNANSWERED
        kept.append(
            Topic(
                thread_ids=tuple(thread.id for thread in threads),
                category=claim.category,
                outcome=outcome,
                raised_by=_raisers(threads),
                text=told,
            )
        )
    return tuple(kept)


def _threads(desk: Desk, names: Iterable[str]) -> list[ReviewThread]:
    """The threads that exist, each once."""
    found = (desk.corpus.places.find(name) for name in names)
    indices = dict.fromkeys(place.index for place in found if place is not None and place.block == "thread")
    return [thread for index in indices if (thread := desk.corpus.thread(index)).remarks]


def _cited(names: Iterable[str]) -> tuple[Cited, ...]:
    return tuple(Cited(where=name, quote="") for name in names)


def _has_answer(thread: ReviewThread) -> bool:
    """Whether somebody else replied, or the code changed after the remark."""
    raiser = thread.remarks[0].author.login
    replied = any(remark.author.login != raiser for remark in thread.remarks[1:])
    changed = bool(thread.later_commits) or thread.outdated or thread.still_there is False
    return replied or changed or thread.resolved


def _raisers(threads: Iterable[ReviewThread]) -> tuple[Person, ...]:
    return tuple({thread.remarks[0].author.login: thread.remarks[0].author for thread in threads}.values())


def checks(desk: Desk, claims: Iterable[CheckClaim]) -> tuple[RemarkCheck, ...]:
    """One check for each thread: ``fixed``, ``open`` and ``accepted`` only with the line that shows it.

    ``fixed`` needs a line of the merged text that has to do with the remark, ``open`` any line of it,
    ``accepted`` words of a reply. Where text in the pull request gives instructions nothing is closed.
    What is not shown is ``unknown``, and noted as failed.
    """
    kept: dict[int, RemarkCheck] = {}
    for number, claim in enumerate(claims, 1):
        place = desk.corpus.places.find(claim.thread)
        name = f"checks {number}"
        if place is None or place.block != "thread":
            desk.fail(name, claim.text, (_line(claim),), ((f"there is no block “{claim.thread[:80]}”",), ()))
            continue
        thread = desk.corpus.thread(place.index)
        if thread.id not in kept:
            kept[thread.id] = _check(desk, name, claim, place)
    return tuple(kept.values())


def _line(claim: CheckClaim) -> Cited:
    return Cited(where=claim.where, quote=claim.quote)


def _check(desk: Desk, name: str, claim: CheckClaim, place: Place) -> RemarkCheck:
    thread = desk.corpus.thread(place.index)
    found, why = _shown(desk, claim, place)
    desk.verified += 1
    if desk.is_suspected and claim.state in _CLOSING:
        return RemarkCheck(thread_id=thread.id, state=CheckState.UNKNOWN)
    if found is None and claim.state in _PROVEN:
        desk.fail(name, claim.text, (_line(claim),), why)
        return RemarkCheck(thread_id=thread.id, state=CheckState.UNKNOWN)
    backing = Backing([found] if found else [])
    told = desk.told(name, claim.text, backing, (_line(claim),))
    desk.count(backing.found)
    evidence = found.evidence if found else None
    return RemarkCheck(thread_id=thread.id, state=claim.state, evidence=evidence, text=told)


def _shown(
    desk: Desk, claim: CheckClaim, place: Place
) -> tuple[Found | None, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The citation if it shows what the check says, else why it does not."""
    thread = desk.corpus.thread(place.index)
    near = thread.merged_line or thread.line or thread.original_line
    result = look_up(desk.corpus, _line(claim), near)
    if not isinstance(result, Found):
        return None, desk.unproven([result])
    if claim.state not in _PROVEN:
        return result, ((), ())
    reason = _doubt(desk, claim, place, result)
    return (None, ((reason,), ())) if reason else (result, ((), ()))


def _doubt(desk: Desk, claim: CheckClaim, place: Place, found: Found) -> str | None:
    """Why words that are there do not show the state."""
    thread = desk.corpus.thread(place.index)
    if not found.said:
        return "it quotes nothing"
    if claim.state is CheckState.ACCEPTED:
        is_reply = found.place == place and _in_reply(thread, found)
        return None if is_reply else "accepted needs a quote from a reply in this thread"
    if not found.is_present:
        return "the quote is not in the merged text of a changed file"
    if claim.state is CheckState.OPEN:
        said = f"{claim.text}\n{thread.remarks[0].body if thread.remarks else ''}"
        shown = desk.judge.sentence(claim.text, Backing([found])).text
        return guard(desk.corpus, said, found) or elsewhere(desk.corpus, shown, [found])
    return _unmended(desk, claim, thread, found)


def _unmended(desk: Desk, claim: CheckClaim, thread: ReviewThread, found: Found) -> str | None:
    """Why a line that is there does not show that the fault was mended."""
    if not telling(claim.quote, _FEWEST_VISIBLE):
        return "the quote is too short to show that something was fixed"
    if _is_remark_only(claim.quote) and not _is_about_words(thread):
        return "the quote is a comment: only code shows that something was fixed"
    if not bears_on(desk.corpus, thread, found):
        return "the quoted line has nothing to do with what the remark is about"
    if _is_the_remarked(thread, found):
        return "the quoted line is the one remarked on, as it was: quote what mends it"
    return kept(thread)


def _is_the_remarked(thread: ReviewThread, found: Found) -> bool:
    """Whether all that was found is the line that the remark was made on: it was there before."""
    quoted = (found.evidence.quote or "").strip()
    remarked = thread.remarked_text[1:].strip()
    is_one_line = found.lines[0] == found.lines[1] and found.evidence.path == thread.path
    return is_one_line and bool(quoted) and quoted == remarked


def _is_about_words(thread: ReviewThread) -> bool:
    return any(_ABOUT_WORDS.search(remark.body[:_MOST_READ]) for remark in thread.remarks[:1])


def _is_remark_only(quote: str) -> bool:
    """Whether all that is quoted are comments: anybody can write into one that a fault is mended."""
    return all(is_comment(line.lstrip("+ ")) for line in quote.split("\n"))


def _in_reply(thread: ReviewThread, found: Found) -> bool:
    """Whether a reply that nobody hid has the words."""
    replies = (flattened(remark.body) for remark in thread.remarks[1:] if not remark.minimized)
    return any(found.said in reply for reply in replies)
