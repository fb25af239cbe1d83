"""The lines of a digest that repeat: a theme, a highlight, a registered risk, a row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.digest_numbers import delta, mean
from bot.markdown.digest_pieces import explained
from bot.markdown.environment import render
from bot.markdown.escape import Safe, code, joined
from bot.markdown.formats import change, number
from bot.markdown.periods import age
from bot.markdown.pieces import LINKED_PATH_LIMIT
from bot.markdown.rows import Rows
from bot.markdown.told import in_brief, stopless
from bot.model import Message, RegisterState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.markdown.digest_pieces import DigestPieces
    from bot.model import (
        Contributor,
        FollowUp,
        Highlight,
        PeriodPull,
        PullRef,
        RegisteredRisk,
        Tally,
        Theme,
    )

LIST_TITLE_LIMIT: Final = 100
SHOWN_TAGS: Final = 2
_NONE: Final = Safe("–")
_QUOTING: Final = "insight.theme.said_"
_QUOTES: Final = 4
_OLD: Final = 7  # days from which an open risk's age tells something


@dataclass(frozen=True)
class DigestRows:
    """What the templates call for one line each; ``until`` is the end of the period."""

    pieces: DigestPieces
    until: datetime

    def theme(self, theme: Theme) -> Safe:
        """A heading, what it comes to, and those of its pull requests that this does not name."""
        said = self._told(theme)
        title, others = self.pieces.statement(theme.title), self._others(said, theme)
        if not title:
            return joined((said, others), Safe())
        text = self._say("digest.theme.text", text=said) if said else said
        return self._say("digest.theme.line", title=title, text=text, pulls=others)

    def _told(self, theme: Theme) -> Safe:
        """What a theme comes to; behind what is said of some of its pull requests alone, which they are."""
        said = theme.text
        if not isinstance(said, Message):
            return self.pieces.statement(said) if said else Safe()
        if said.key.startswith(_QUOTING):
            quotes = [str(said.params.get(f"said_{place}", "")) for place in range(1, _QUOTES + 1)]
            shown = {
                f"said_{place}": self._quoted(quote, ref)
                for place, (quote, ref) in enumerate(zip(quotes, theme.pulls, strict=False), 1)
                if quote
            }
            return stopless(self._say(said.key, **{**said.params, **shown}))
        shown_of, about = self.pieces.statement(said), said.params.get("of")
        named = theme.pulls[:about] if isinstance(about, int) else ()
        return joined((shown_of, self.pieces.beside(shown_of, named)), Safe())

    def _quoted(self, said: str, ref: PullRef) -> Safe:
        """A pull request's own words, and its number."""
        quote = self.pieces.quote(said)
        return joined((quote, self.pieces.beside(quote, [ref])), Safe())

    def _others(self, said: Safe, theme: Theme) -> Safe:
        """The pull requests of a theme that are not named in it."""
        rest = [ref for ref in theme.pulls if f"{self.pieces.reference(ref)}" not in said]
        is_some = 0 < len(rest) < len(theme.pulls) and not said.endswith((".", "。"))
        if is_some and not (isinstance(theme.text, Message) and theme.text.key.startswith(_QUOTING)):
            return self._say("digest.also", pulls=self.pieces.references_of(rest))
        return self.pieces.beside(said, rest)

    def highlight(self, found: Highlight) -> Safe:
        """The number and title, and in a sentence what it does or means."""
        title = self._say(
            "digest.highlight.line",
            reference=self.pieces.reference(found.ref),
            title=self.pieces.title(found.ref),
        )
        told = self._sentence(found)
        return joined((title, told), self._say("dash"))

    def reasons(self, found: Highlight) -> Safe:
        """Below it: the rule with what made it hold, the author, the scores, the size."""
        rule = self._say(f"digest.rule.{found.rule.value}")
        why = explained(found.why, self.pieces)
        shown = self._say("digest.highlight.why" if why else "digest.highlight.plain", rule=rule, why=why)
        return self.pieces.dotted((shown, *self._figures(found.ref)))

    def follow_up(self, item: FollowUp) -> Safe:
        """What is left to do, and where it comes from."""
        said = self.pieces.statement(item.text)
        return Safe(f"{said}{self.pieces.beside(said, item.pulls)}") if said else said

    def risk(self, risk: RegisteredRisk) -> Safe:
        """A registered risk: its id, severity, name, and why it is one."""
        said = self.pieces.statement(in_brief(risk.explanation))
        return self._say(
            "digest.register.line" if said else "digest.register.plain",
            id=self.pieces.risk_id(risk),
            severity=self._say(f"severity.{risk.severity.value}"),
            name=self.pieces.catalogue.risk_name(risk.key.value, risk.name),
            explanation=said,
        )

    def history(self, risk: RegisteredRisk) -> Safe:
        """Below it: the place, where it comes from, and what became of it, with its age in days."""
        say, pieces = self._say, self.pieces
        parts = [
            pieces.risk_place(risk),
            say("digest.register.from", reference=pieces.risk_pull(risk, risk.pull)),
        ]
        if risk.state is RegisterState.CLOSED and risk.closed_at is not None:
            if risk.closed_by is not None:
                parts.append(say("digest.register.by", reference=pieces.risk_pull(risk, risk.closed_by)))
            parts.append(say("digest.register.after", count=age(risk.opened_at, risk.closed_at)))
            parts.append(pieces.statement(risk.reason) if risk.reason else Safe())
            return pieces.dotted(parts)
        days = age(risk.opened_at, self.until)
        parts.append(say("digest.register.age", count=days) if days >= _OLD else Safe())
        if risk.checked_by is not None:
            checked = pieces.risk_pull(risk, risk.checked_by)
            parts.append(say("digest.register.checked", reference=checked))
        return pieces.dotted(parts)

    def tally(self, name: Safe, tally: Tally) -> Safe:
        """A row of a table of counts."""
        pulls = self.pieces.references_of(tally.pulls, 5) if tally.pulls else _NONE
        return _cells(name, number(tally.count), delta(tally), mean(tally), pulls)

    def tag(self, tally: Tally) -> Safe:
        """A row of the table of topics."""
        return self.tally(self.pieces.word("tag", tally.name), tally)

    def module(self, tally: Tally) -> Safe:
        """A row of the table of modules."""
        return self.tally(code(tally.name, LINKED_PATH_LIMIT, keep_end=True), tally)

    def file(self, tally: Tally) -> Safe:
        """A row of the table of hot files."""
        return self.tally(self.pieces.history(tally.name), tally)

    def author(self, who: Contributor) -> Safe:
        """A row of the table of authors; a line that began with a login might be read as a command."""
        return _cells(number(who.pulls), self.pieces.person(who.person), change(who.additions, who.deletions))

    def pull(self, pull: PeriodPull) -> Safe:
        """A row of the full list."""
        gist, merge = pull.gist, pull.merge
        tags = gist.tags[:SHOWN_TAGS] if gist else ()
        return _cells(
            self.pieces.reference(pull.ref),
            self.pieces.title(pull.ref, LIST_TITLE_LIMIT),
            self.pieces.person(merge.author),
            self.pieces.listed(Rows(self.pieces).tag(tag) for tag in tags) or _NONE,
            change(merge.additions, merge.deletions),
            number(gist.importance) if gist else _NONE,
            self._say(f"attention.{gist.attention.value}") if gist else self.why(pull),
        )

    def why(self, pull: PeriodPull) -> Safe:
        """Why there is no report."""
        return self._say(f"digest.why.{pull.why.value if pull.why else 'unknown'}")

    def missing(self, pulls: Sequence[PeriodPull], most: int) -> Safe:
        """Pull requests without a report, those with one reason together."""
        groups: dict[Safe, list[PullRef]] = {}
        for pull in pulls:
            groups.setdefault(self.why(pull), []).append(pull.ref)
        parts = (
            self._say("digest.missing_why", pulls=self.pieces.references_of(refs, most), why=why)
            for why, refs in groups.items()
        )
        return self.pieces.listed(parts)

    def _sentence(self, found: Highlight) -> Safe:
        """A model's sentence about a highlight, else that of its report."""
        if found.told is not None:
            return self.pieces.statement(in_brief(found.told))
        pull = self.pieces.pulls.get(found.ref)
        return self.pieces.gist(pull.gist) if pull else Safe()

    def _figures(self, ref: PullRef) -> list[Safe]:
        """Author, scores and size of a pull request of the period."""
        pull = self.pieces.pulls.get(ref)
        if pull is None:
            return []
        found = [self._say("digest.highlight.author", person=self.pieces.person(pull.merge.author))]
        if pull.gist is not None:
            found.append(self._say("summary.importance", importance=number(pull.gist.importance)))
            if pull.gist.insight is not None:
                found.append(self._say("summary.insight", insight=number(pull.gist.insight)))
        return [*found, change(pull.merge.additions, pull.merge.deletions)]

    def _say(self, key: str, **values: str | float) -> Safe:
        return self.pieces.catalogue.say(key, **values)


def filled_digest(template: str, rows: DigestRows, **values: object) -> Safe:
    """A template of a digest with what every one of them gets."""
    return render(
        f"digest_{template}",
        p=rows.pieces,
        rows=rows,
        base=Rows(rows.pieces),
        t=rows.pieces.catalogue.say,
        **values,
    )


def _cells(*cells: Safe) -> Safe:
    """A row of a table."""
    return Safe(f"| {' | '.join(cells)} |")
