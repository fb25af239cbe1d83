"""The small parts of a digest: a pull request's reference, lists of them, people, a change of a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.markdown.catalogue import load
from bot.markdown.escape import Safe, code, joined, text
from bot.markdown.formats import MINUS, number
from bot.markdown.links import Links, link, links_to, reference
from bot.markdown.periods import known_zone
from bot.markdown.pieces import LINKED_PATH_LIMIT, Pieces
from bot.markdown.told import BRIEF_LIMIT
from bot.model import Gist, Message, Person, Source, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.markdown.report import Style
    from bot.model import Digest, PeriodPull, PullRef, RegisteredRisk

SHOWN_PULLS: Final = 8
SHOWN_NAMED: Final = 4
TITLE_LIMIT: Final = 140
_TENTH: Final = 0.05
_NOWHERE: Final = Links(base=None, redirect=None, merge_sha=None, number=None)


@dataclass(frozen=True)
class DigestPieces(Pieces):
    """What the templates of a digest call; ``names`` and ``ids`` are the links of its repositories.

    ``pulls`` are the merges of the period by their reference.
    """

    names: Mapping[str, Links] = field(default_factory=dict)
    ids: Mapping[int, tuple[str, Links]] = field(default_factory=dict)
    pulls: Mapping[PullRef, PeriodPull] = field(default_factory=dict)

    def reference(self, ref: PullRef) -> Safe:
        """``#12``, or ``owner/name#12`` in a digest over several repositories, linked without a backlink."""
        if ref.repository is None:
            return reference(ref.number, self.links.pull(ref.number))
        return _named(ref, self.names.get(ref.repository, _NOWHERE))

    def references_of(self, refs: Sequence[PullRef], most: int = SHOWN_PULLS) -> Safe:
        """The first few of several, and how many more there are; fewer of those with long names."""
        most = min(most, SHOWN_NAMED) if self.names else most
        shown = self.listed(map(self.reference, refs[:most]))
        return self._more(shown, len(refs) - most)

    def listed_few(self, parts: Sequence[Safe], most: int) -> Safe:
        """The first few parts, and how many more there are."""
        return self._more(self.listed(parts[:most]), len(parts) - most)

    def beside(self, said: Safe, refs: Sequence[PullRef]) -> Safe:
        """The pull requests that ``said`` does not name, in parentheses; or nothing."""
        rest = [ref for ref in refs if f"{self.reference(ref)}" not in said]
        return self.catalogue.say("digest.pulls", pulls=self.references_of(rest)) if rest else Safe()

    def title(self, ref: PullRef, limit: int = TITLE_LIMIT) -> Safe:
        """The title of a pull request of the period."""
        pull = self.pulls.get(ref)
        shown = text(pull.merge.title, limit) if pull else Safe()
        return shown or self.catalogue.say("digest.untitled")

    def gist(self, gist: Gist | None) -> Safe:
        """What a pull request does, in its report's sentence; empty if that is only the title."""
        if gist is None or (not isinstance(gist.sentence, Told) and gist.sentence.source is Source.TITLE):
            return Safe()
        said = gist.sentence
        return self.prose(said, BRIEF_LIMIT) if isinstance(said, Told) else self.quote(said.text)

    def login(self, login: str) -> Safe:
        """Somebody of whom only the login is known."""
        return self.person(Person(login=login, is_bot=login.endswith("[bot]")))

    def risk_id(self, risk: RegisteredRisk) -> Safe:
        """``R12``, with its repository in a digest over several."""
        name = self.ids.get(risk.repository_id, ("", _NOWHERE))[0] if self.names else ""
        return code(f"{name} {risk.id}".strip())

    def risk_pull(self, risk: RegisteredRisk, number: int) -> Safe:
        """A pull request of the repository that a risk belongs to."""
        name, links = self.ids.get(risk.repository_id, ("", self.links))
        if self.names and name:
            return named_reference(name, number, links)
        return reference(number, links.pull(number))

    def risk_place(self, risk: RegisteredRisk) -> Safe:
        """The file of a risk, linked at the merge commit that brought it in."""
        if risk.path is None:
            return Safe()
        links = self.ids.get(risk.repository_id, ("", _NOWHERE))[1].at(risk.merge_sha)
        label = f"{risk.path}:{risk.line}" if risk.line is not None and risk.line > 0 else risk.path
        return link(self.path(label), links.file(risk.path, risk.line) if risk.quote else None)

    def history(self, path: str) -> Safe:
        """A file, linked to its history."""
        return link(self.path(path), self.links.changes_of(path))

    def word(self, group: str, name: str) -> Safe:
        """A word of a list of ours in the reader's language, else the word itself as code."""
        return self.catalogue.say(f"{group}.{name}") or code(name, LINKED_PATH_LIMIT)

    def dotted(self, parts: Iterable[Safe]) -> Safe:
        """The parts that are there with a middle dot between them."""
        return joined(parts, Safe(" · "))

    def _more(self, shown: Safe, more: int) -> Safe:
        """A list of which ``more`` parts are not shown."""
        if more <= 0:
            return shown
        return joined((shown, self.catalogue.say("digest.more_pulls", count=more)), Safe(" "))


def pieces_for(digest: Digest, style: Style) -> DigestPieces:
    """What the templates call, in the language of ``style`` and the zone of the period."""
    facts = digest.facts
    links = {one.full_name: links_to(one, redirect=style.redirect_links) for one in facts.repositories}
    is_one = not any(pull.ref.repository for pull in facts.pulls) and len(links) == 1
    own = next(iter(links.values())) if is_one else _NOWHERE
    refs = [pull.ref for pull in facts.pulls]
    return DigestPieces(
        load(style.language),
        own,
        known_zone(facts.period.time_zone),
        {ref.number: reference(ref.number, own.pull(ref.number)) for ref in refs}
        if is_one
        else {_name(ref): _named(ref, links.get(ref.repository or "", _NOWHERE)) for ref in refs},
        names={} if is_one else links,
        ids={one.id: (one.full_name, links[one.full_name]) for one in facts.repositories},
        pulls={pull.ref: pull for pull in facts.pulls},
    )


def signed(value: float, shown: str) -> Safe:
    """A difference with its sign, ``shown`` being its size in words: ``+3``, ``−3``, ``±0``."""
    return Safe(f"{'+' if value > 0 else MINUS if value < 0 else '±'}{shown}")


def rounded(value: float) -> Safe:
    """A mean with one decimal, a whole number without one."""
    whole = round(value)
    return number(whole) if abs(value - whole) < _TENTH else number(round(value, 1))


def explained(said: Message | Told, pieces: Pieces) -> Safe:
    """A sentence in brief for a line of a list."""
    return pieces.statement(said, BRIEF_LIMIT)


def _name(ref: PullRef) -> str:
    """``owner/name#12``."""
    return f"{ref.repository or ''}#{ref.number}"


def _named(ref: PullRef, links: Links) -> Safe:
    """The same, linked; as code where there is no link, for GitHub would make one of its own."""
    return named_reference(ref.repository or "", ref.number, links)


def named_reference(repository: str, number: int, links: Links) -> Safe:
    """``owner/name#12`` as the label of a link, or as code where there is none."""
    url = links.pull(number)
    if url is None:
        return code(f"{repository}#{int(number)}")
    return link(Safe(f"{text(repository)}#{int(number)}"), url)
