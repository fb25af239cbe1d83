"""Sentences about a period held against the pull requests that they are about."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.inference.digest.directions import turned, unborne
from bot.inference.digest.material import words_of
from bot.inference.digest.matters import guessed, is_of_a_newcomer, unspoken
from bot.inference.prompts.period import name_of, risk_lines
from bot.inference.titles import read_title
from bot.inference.verify.absence import NO_TESTS
from bot.inference.verify.sentence import Judge, Judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.inference.digest.material import Material
    from bot.model import PeriodPull, PullRef

_LOGIN: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,60}[A-Za-z0-9])?", re.ASCII)
_BREAK: Final = re.compile(
    r"[;；。！？!?，]|[.,]\s|[.,]\Z|(?:\s(?:and|but|while|whereas)\s)(?=[^#]{0,200}#)|而(?=[^，]{0,80}#)"
)
_END: Final = re.compile(r"[。！？!?；;]|\.\s|\.\Z")
_MARKED: Final = re.compile(r"(?:[\w.-]{1,100}/[\w.-]{1,100})?#\d{1,9}", re.ASCII)
_VERSION: Final = re.compile(r"[vV]?\d+(?:\.\d+)+", re.ASCII)
# A number that stands before a verb is what the verb is said of.
_SUBJECT: Final = re.compile(
    r"((?:[\w.-]{1,100}/[\w.-]{1,100})?#\d{1,9})\s?(?!\s?(?:and|or|to|with|,|、|与|和|及|以及|中|里|）|\)))(?=[a-z\u3400-\u9fff])"
)
# Names with a capital inside, formats such as INT4, and, within a sentence, words with one in front.
_PROPER: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-Z][a-z]{1,30}(?:[A-Z][A-Za-z]{0,30}){1,4}|[A-Z]{2,5}\d{1,3})(?![A-Za-z0-9])|"
    r"(?:(?<=[a-z,] )|(?<=[\u3400-\u9fff])|(?<=[\u3400-\u9fff] ))[A-Z][a-z]{2,30}(?![A-Za-z0-9])"
)
_EVERYWHERE: Final = frozenset({"GitHub", "Monday", "Friday"})
_SHORTEST_LOGIN: Final = 3
_RARE: Final = 3  # titles that have a word which is still somebody's own
_SHARE: Final = 5
_FEWEST: Final = 2  # subjects of others, and none of its own
_SAME: Final = 3  # telling words of two titles that are about one matter


class PeriodJudge:
    """Judges the sentences of a digest in one language (``en`` or ``zh-CN``)."""

    def __init__(self, material: Material, language: str) -> None:
        self.material = material
        self._language = language
        self._judges: dict[frozenset[PullRef], Judge] = {}

    def about(self, text: str, refs: Iterable[PullRef]) -> frozenset[PullRef]:
        """The pull requests that a sentence cites, and those that it names."""
        named = (ref for _, ref in self.material.named(text))
        return frozenset([*refs, *(ref for ref in named if ref is not None)])

    def sentence(
        self, text: str, refs: Iterable[PullRef], *, is_heading: bool = False, is_task: bool = False
    ) -> Judged:
        """``text`` with verified names as code, and what of it does not hold.

        Besides what holds for every sentence: ``#12`` is of the period, a clause that names pull requests
        names nothing that is another's, nothing is turned round, no fault or effect is brought up that no
        block speaks of, and each sentence has a word of what it is about. A task may ask for what no pull
        request does.
        """
        about = self.about(text, refs)
        if not about:
            return Judged(text, 0, ("it cites no pull request of the data",))
        judged = self._judge(about).sentence(text)
        reasons = [*judged.reasons, *self._strangers(text), *self._matters(text, about)]
        for clause, own in self._clauses(text, about):
            reasons += self._clause(clause, own, about)
            reasons += self._directed(clause, own, is_task=is_task)
        if not is_heading:
            reasons += self._hollow(text, about)
        elif _VERSION.search(text):
            # A version is something to say, however few letters stand beside it.
            reasons = [reason for reason in reasons if reason != "it says nothing"]
        return replace(judged, reasons=tuple(dict.fromkeys(reasons)), found=0 if reasons else judged.found)

    def _judge(self, refs: frozenset[PullRef]) -> Judge:
        if refs not in self._judges:
            self._judges[refs] = Judge(self.material.corpus(refs), self._language)
        return self._judges[refs]

    def _strangers(self, text: str) -> Iterator[str]:
        """The numbers with a sign that are no pull request of the period."""
        for shown, ref in self.material.named(text):
            if ref is None:
                yield f"“{shown}” is no pull request of this period as the data names them"

    def _matters(self, text: str, about: frozenset[PullRef]) -> Iterator[str]:
        yield from unspoken(_MARKED.sub("", text), self.material.corpus(about).words.prose)
        pulls = self.material.of(about)
        if is_of_a_newcomer(text) and not any(pull.merge.first_time for pull in pulls):
            yield "none of these authors is known to be new here"
        word = guessed(text)
        if word and not any(pull.gist is not None and pull.gist.risks for pull in pulls):
            yield f"“{word}”: none of these pull requests has an open risk"

    def _clauses(self, text: str, about: frozenset[PullRef]) -> Iterator[tuple[str, frozenset[PullRef]]]:
        """The clauses of a text, each with the pull requests that it speaks of: those it names, or all."""
        for clause in _split(text, _BREAK):
            named = frozenset(ref for _, ref in self.material.named(clause) if ref is not None)
            yield clause, named or about

    def _clause(self, clause: str, own: frozenset[PullRef], about: frozenset[PullRef]) -> Iterator[str]:
        bare = _MARKED.sub("", clause)
        yield from self._misplaced(bare, own)
        yield from self._people(bare, own)
        yield from self._products(bare, own)
        if own != about and any(character.isalnum() for character in bare):
            said = self._judge(own).sentence(bare).reasons
            yield from (reason for reason in said if "does not occur" in reason or "the number" in reason)
        pulls = self.material.of(own)
        if NO_TESTS.search(bare) and not (
            any(pull.gist is not None and pull.gist.untested for pull in pulls)
            or any(NO_TESTS.search(pull.merge.title) for pull in pulls)
        ):
            yield "no block of these pull requests says that tests are missing"
        for subject, part in _subjects(clause):
            ref = self.material.find(subject)
            if ref is not None and len(own) > 1:
                yield from self._misplaced(_MARKED.sub("", part), frozenset({ref}))

    def _directed(self, clause: str, own: frozenset[PullRef], *, is_task: bool) -> Iterator[str]:
        """What a clause says that a pull request does, and its block does not.

        Of a task, only what follows the number is said of the pull request, and may be work on it.
        """
        pulls = self.material.of(own)
        if len(pulls) == 1 and not is_task:
            yield from self._directions(_MARKED.sub("", clause), pulls[0])
        for subject, part in _subjects(clause):
            ref = self.material.find(subject)
            if ref is not None and is_task:
                yield from self._turned(_MARKED.sub("", part), self.material.pulls[ref])
                yield from self._unborne(_attribute(part), self.material.pulls[ref])
            elif ref is not None and len(own) > 1:
                yield from self._directions(_MARKED.sub("", part), self.material.pulls[ref])

    def _directions(self, clause: str, pull: PeriodPull) -> Iterator[str]:
        yield from self._unborne(clause, pull)
        yield from self._turned(clause, pull)

    def _unborne(self, clause: str, pull: PeriodPull) -> Iterator[str]:
        prose = self.material.corpus((pull.ref,)).words.prose
        yield from unborne(clause, prose, pull.gist.tags if pull.gist is not None else ())

    def _turned(self, clause: str, pull: PeriodPull) -> Iterator[str]:
        own = [pull.merge.title]
        if pull.gist is not None:
            own += [pull.gist.sentence.text, *(line for risk in pull.gist.risks for line in risk_lines(risk))]
        if reason := turned(clause, "\n".join(own)):
            yield reason

    def _misplaced(self, clause: str, own: frozenset[PullRef]) -> Iterator[str]:
        """The subjects of other titles, where a clause has hardly any of its own."""
        subjects = self.material.subjects
        mine = frozenset(word for ref in own for word in self.material.words(ref))
        limit = max(_RARE, len(self.material.pulls) // _SHARE)
        words = words_of(clause.replace("`", " "))
        theirs = sorted(w for w in words if w in subjects and w not in mine and len(subjects[w]) <= limit)
        titled = frozenset(word for ref in own for word in words_of(self.material.pulls[ref].merge.title))
        ours = [word for word in words if word in titled or (word in subjects and word in mine)]
        if theirs and (not ours or len(theirs) >= _FEWEST + len(ours)):
            others = ", ".join(sorted(name_of(ref) for ref in subjects[theirs[0]]))
            yield f"“{theirs[0]}” is what the data says of {others}, not of what this clause names"

    def _products(self, clause: str, own: frozenset[PullRef]) -> Iterator[str]:
        """Products, formats and platforms that no block of these has."""
        words = self.material.corpus(own).words
        for match in _PROPER.finditer(clause):
            name = match[0].strip()
            if not words.has_folded(name) and name not in _EVERYWHERE:
                yield f"“{name}” does not occur in the data of these pull requests"

    def _people(self, clause: str, own: frozenset[PullRef]) -> Iterator[str]:
        for match in _LOGIN.finditer(clause):
            wrote = self.material.people.get(match[0].lower())
            if wrote is not None and len(match[0]) >= _SHORTEST_LOGIN and not wrote & own:
                reviewed = any(
                    match[0].lower() == person.login.lower()
                    for pull in self.material.of(own)
                    for person in pull.merge.reviewers
                )
                if not reviewed:
                    yield f"“{match[0]}” did not write what this clause is about"

    def _hollow(self, text: str, about: frozenset[PullRef]) -> Iterator[str]:
        """The sentences that share no word with what they are about."""
        known = frozenset(word for ref in about for word in self.material.words(ref))
        corpus = self.material.corpus(about)
        for sentence in _split(text, _END):
            bare = _MARKED.sub("", sentence)
            words = words_of(bare.replace("`", " "))
            named = any(corpus.words.has(run) for run in _VERSION.findall(bare))
            if not words or words & known or named or NO_TESTS.search(sentence):
                continue
            if not self._goes_on(sentence, about):
                yield "it has no word of what it is about: name what changed as the data does"

    def _goes_on(self, sentence: str, about: frozenset[PullRef]) -> bool:
        """Whether it tells how a matter went on: it names a pull request with the subject of another one."""
        named = [ref for _, ref in self.material.named(sentence) if ref is not None]
        titles = {ref: words_of(read_title(self.material.pulls[ref].merge.title).rest) for ref in about}
        return any(
            len(titles.get(ref, frozenset()) & words) >= _SAME
            for ref in named
            for other, words in titles.items()
            if other != ref
        )


def _split(text: str, marks: re.Pattern[str]) -> Iterator[str]:
    """The parts of ``text`` between ``marks``, none of which counts inside of code."""
    masked = re.sub(r"`[^`]*`", lambda match: "\ue002" * len(match[0]), text)
    start = 0
    for match in marks.finditer(masked):
        if text[start : match.start()].strip():
            yield text[start : match.start()]
        start = match.end()
    if text[start:].strip():
        yield text[start:]


def _subjects(clause: str) -> Iterator[tuple[str, str]]:
    """The pull requests that a clause says something of by name, and what, up to the next of them."""
    marks = [match.start() for match in _MARKED.finditer(clause)] + [len(clause)]
    for match in _SUBJECT.finditer(clause):
        end = next(mark for mark in marks if mark > match.start())
        yield match[1], clause[match.end() : end]


def _attribute(part: str) -> str:
    """What a task says of the pull request before it: in Chinese that ends with 的, and the task goes on."""
    before, ends, _ = part.partition("的")
    return part if part.isascii() else before if ends else ""
