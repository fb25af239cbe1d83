"""The small parts of which every section is made: a person, a quote, a file with its line, a reference."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.clean import path_end
from bot.markdown.escape import CODE_LIMIT, Safe, code, joined, snippet, text
from bot.markdown.formats import clock
from bot.markdown.links import Links, link
from bot.model import Evidence, Message, Person, Quote, Related, Relation, Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.markdown.catalogue import Catalogue

LOGIN_LIMIT: Final = 60
LINKED_PATH_LIMIT: Final = 60
QUOTE_LIMIT: Final = 320
GHOST: Final = "ghost"
_FULL_STOP: Final = re.compile(r"(?<!\\)[.。]\Z")


@dataclass(frozen=True)
class Pieces:
    """What the templates call; each method answers with text that is safe to print."""

    catalogue: Catalogue
    links: Links
    zone: str

    def sentences(self, messages: Iterable[Message], separator: str = "separator") -> Safe:
        """Computed sentences in one line, without the full stop at the end of each."""
        said = (Safe(_FULL_STOP.sub("", self.catalogue.sentence(message))) for message in messages)
        return joined(said, self.catalogue.say(separator))

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

    def file(self, path: str, line: int | None = None) -> Safe:
        """A path, with its line, linked to the file at the merge commit."""
        url = self.links.file(path, line)
        label = f"{path}:{line}" if line is not None and line > 0 else path
        return link(self.path(label), url)

    def commit(self, sha: str) -> Safe:
        """The merge commit's first digits, linked."""
        return link(code(sha[:7]), self.links.commit())

    def issue(self, number: int) -> Safe:
        """``#12``, linked without a backlink, or as code where that cannot be done."""
        return self._reference(number, self.links.issue(number))

    def related(self, related: Related) -> Safe:
        """The number of a related pull request or issue, linked likewise."""
        is_issue = related.relation is Relation.CLOSES
        url = self.links.issue(related.number) if is_issue else self.links.pull(related.number)
        return self._reference(related.number, url)

    def thread(self, thread_id: int) -> Safe:
        """A link to a review thread; empty if there is none."""
        url = self.links.thread(thread_id)
        return link(self.catalogue.say("evidence.thread"), url) if url else Safe()

    def evidence(self, evidence: Evidence) -> Safe:
        """What one piece of evidence names, in one line, with the words or the code it quotes."""
        places = joined(self._places(evidence), Safe(" · "))
        if not evidence.quote:
            return places
        said = evidence.thread_id is not None or evidence.comment_id is not None
        return joined((places, self.quote(evidence.quote) if said else snippet(evidence.quote)), Safe(" "))

    def first_place(self, evidence: Iterable[Evidence]) -> Safe:
        """The first place that any of the evidence names, in parentheses; empty without evidence."""
        place = next((place for item in evidence for place in self._places(item)), Safe())
        return self.catalogue.say("because", reason=place) if place else place

    def when(self, moment: datetime) -> Safe:
        """A time with its zone's name and offset."""
        shown, name, offset = clock(moment, self.zone)
        if name == "UTC":
            return Safe(f"{shown} UTC")
        return self.catalogue.say("time", time=Safe(shown), zone=name, offset=Safe(offset))

    def _places(self, evidence: Evidence) -> Iterable[Safe]:
        """The places one piece of evidence names, the most exact first."""
        if evidence.path is not None:
            yield self.file(evidence.path, evidence.line)
        if evidence.thread_id is not None and (thread := self.thread(evidence.thread_id)):
            yield thread
        if evidence.comment_id is not None and (url := self.links.comment(evidence.comment_id)):
            yield link(self.catalogue.say("evidence.comment"), url)
        # A link to the very page that is being read says nothing.
        if evidence.number is not None and evidence.number != self.links.number:
            yield self.issue(evidence.number)
        if evidence.commit is not None:
            yield code(evidence.commit[:7])

    def _reference(self, number: int, url: str | None) -> Safe:
        """``#number`` as the label of a link, or as code."""
        return link(Safe(f"#{int(number)}"), url) if url else code(f"#{int(number)}")
