"""The small parts of which every section is made: a sentence, a person, a quote, a file, a reference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.markdown.clean import path_end
from bot.markdown.escape import CODE_LIMIT, Safe, code, joined, snippet, text
from bot.markdown.formats import clock
from bot.markdown.links import Links, link, reference
from bot.markdown.told import FULL_STOP, TOLD_LIMIT, References, stopless, told
from bot.model import Evidence, Message, Person, Quote, Related, Relation, Source, Told

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.markdown.catalogue import Catalogue

LOGIN_LIMIT: Final = 60
LINKED_PATH_LIMIT: Final = 60
QUOTE_LIMIT: Final = 320
SHORT_PATH_LIMIT: Final = 36
SHOWN_PLACES: Final = 3
GHOST: Final = "ghost"


@dataclass(frozen=True)
class Pieces:
    """What the templates call; each method answers with text that is safe to print.

    ``references`` is what stands for ``#12`` in a model's sentence, for the numbers it may link, or for
    ``a/b#12`` in one about several repositories.
    """

    catalogue: Catalogue
    links: Links
    zone: str
    references: References = field(default_factory=dict)

    def prose(self, said: Message | Told, limit: int = TOLD_LIMIT) -> Safe:
        """A computed sentence, or a model's in at most ``limit`` characters, for a paragraph."""
        return (
            told(said.text, self.references, limit)
            if isinstance(said, Told)
            else self.catalogue.sentence(said)
        )

    def statement(self, said: Message | Told, limit: int = TOLD_LIMIT) -> Safe:
        """The same for a list or a table, where a sentence by itself has no full stop."""
        return stopless(self.prose(said, limit))

    def continued(self, first: Safe, second: Safe) -> Safe:
        """Two sentences, one after the other."""
        return joined((Safe(FULL_STOP.sub("", first)), second), self.catalogue.say("full_stop"))

    def sentences(self, messages: Iterable[Message | Told]) -> Safe:
        """Sentences in one line, with a semicolon between them."""
        return joined(map(self.statement, messages), self.catalogue.say("separator"))

    def listed(self, parts: Iterable[Safe]) -> Safe:
        """Parts with a comma between them."""
        return joined(parts, self.catalogue.say("comma"))

    def codes(self, values: Iterable[str]) -> Safe:
        """Names as code with a comma between them."""
        return self.listed(code(value, LINKED_PATH_LIMIT, keep_end=True) for value in values)

    def person(self, person: Person) -> Safe:
        """A login, never as a mention; a bot and a deleted account are named as such."""
        login = text(person.login.removesuffix("[bot]"), LOGIN_LIMIT)
        if person.login == GHOST or not login:
            return self.catalogue.say("person.deleted")
        return self.catalogue.say("person.bot", login=login) if person.is_bot else login

    def quote(self, value: str, limit: int = QUOTE_LIMIT) -> Safe:
        """What somebody wrote, in quotation marks; empty if nothing of it can be seen."""
        shown = text(value, limit)
        return self.catalogue.say("quote", text=shown) if shown else Safe()

    def source(self, quote: Quote) -> Safe:
        """Where a quote comes from: ``the description``, ``#12``."""
        if quote.source is Source.ISSUE and quote.number is not None:
            return self.issue(quote.number)
        return self.catalogue.say(f"source.{quote.source.value}")

    def path(self, path: str, limit: int = LINKED_PATH_LIMIT) -> Safe:
        """A path as code, its front cut off beyond ``limit`` characters: ``…/utils/weights.py``.

        A report without links shows more, for nothing leads to the rest.
        """
        return code(path_end(path, limit if self.links.base else CODE_LIMIT), keep_end=True)

    def file(self, path: str, line: int | None = None, limit: int = LINKED_PATH_LIMIT) -> Safe:
        """A path, with its line, linked to the file at the merge commit."""
        url = self.links.file(path, line)
        label = f"{path}:{line}" if line is not None and line > 0 else path
        return link(self.path(label, limit), url)

    def commit(self, sha: str) -> Safe:
        """A commit's first digits, linked."""
        return link(code(sha[:7]), self.links.commit(sha))

    def issue(self, number: int) -> Safe:
        """``#12``, linked without a backlink, or as code where that cannot be done."""
        return reference(number, self.links.issue(number))

    def related(self, related: Related) -> Safe:
        """The number of a related pull request or issue, linked likewise."""
        is_issue = related.relation is Relation.CLOSES
        url = self.links.issue(related.number) if is_issue else self.links.pull(related.number)
        return reference(related.number, url)

    def thread(self, thread_id: int) -> Safe:
        """A link to a review thread; empty if there is none."""
        url = self.links.thread(thread_id)
        return link(self.catalogue.say("evidence.thread"), url) if url else Safe()

    def evidence(self, evidence: Evidence) -> Safe:
        """What one piece of evidence names, in one line, with the words or the code it quotes."""
        places = joined(self._places(evidence), Safe(" · "))
        if not evidence.quote:
            return places
        said = evidence.path is None or evidence.thread_id is not None or evidence.comment_id is not None
        return joined((places, self.quote(evidence.quote) if said else snippet(evidence.quote)), Safe(" "))

    def first_place(self, evidence: Iterable[Evidence]) -> Safe:
        """The first place that any of the evidence names, in parentheses; empty without evidence."""
        place = next((place for item in evidence for place in self._places(item)), Safe())
        return self.catalogue.say("because", reason=place) if place else place

    def places(self, evidence: Iterable[Evidence]) -> Safe:
        """The most exact place of each piece of evidence, the first few, in parentheses; or nothing."""
        shown: dict[Safe, None] = {}
        path = None
        for item in evidence:
            is_same = path is not None and item.path == path and item.line
            first = self._line(item) if is_same else next(iter(self._places(item, SHORT_PATH_LIMIT)), Safe())
            shown[first], path = None, item.path
        listed = self.listed([place for place in shown if place][:SHOWN_PLACES])
        return self.catalogue.say("because", reason=listed) if listed else listed

    def sources(self, evidence: Iterable[Evidence], told: Safe) -> Safe:
        """Everything that the evidence names and ``told`` does not, each once: ``the description, #12``."""
        found = (place for item in evidence for place in self._places(item, SHORT_PATH_LIMIT))
        return self.listed([place for place in dict.fromkeys(found) if place not in told][:SHOWN_PLACES])

    def when(self, moment: datetime) -> Safe:
        """A time with its zone's name and offset."""
        shown, name, offset = clock(moment, self.zone)
        if name == "UTC":
            return Safe(f"{shown} UTC")
        return self.catalogue.say("time", time=Safe(shown), zone=name, offset=Safe(offset))

    def _line(self, evidence: Evidence) -> Safe:
        """A line of the file that was named before it: ``:12``."""
        return link(code(f":{evidence.line}"), self.links.file(evidence.path or "", evidence.line))

    def _places(self, evidence: Evidence, limit: int = LINKED_PATH_LIMIT) -> Iterable[Safe]:
        """The places one piece of evidence names, the most exact first."""
        if evidence.path is not None:
            yield self.file(evidence.path, evidence.line, limit)
        if evidence.thread_id is not None and (thread := self.thread(evidence.thread_id)):
            yield thread
        elif evidence.comment_id is not None and (url := self.links.comment(evidence.comment_id)):
            yield link(self.catalogue.say("evidence.comment"), url)
        elif evidence.review_id is not None and (url := self.links.review(evidence.review_id)):
            yield link(self.catalogue.say("evidence.review"), url)
        # A link to the very page that is being read says nothing.
        if evidence.number is not None and evidence.number != self.links.number:
            yield self.issue(evidence.number)
        if evidence.commit is not None:
            yield self.catalogue.say("evidence.commit", commit=self.commit(evidence.commit))
        elif evidence.source is not None and evidence.number is None:
            yield self.catalogue.say(f"source.{evidence.source.value}")
