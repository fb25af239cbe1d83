"""The lines of a report that repeat: a reason, a risk, an effect, another pull request, a part of a score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.change_rows import ChangeRows
from bot.markdown.environment import render
from bot.markdown.escape import Safe, code, joined, text
from bot.markdown.formats import number
from bot.markdown.told import BRIEF_LIMIT, in_brief
from bot.model import (
    Cost,
    CoverageGroup,
    Evidence,
    Feature,
    Insight,
    Provenance,
    PullReport,
    Quote,
    ReadAs,
    Related,
    Risk,
    RubricAnswer,
    RubricKey,
    Source,
    Told,
    Usage,
)

if TYPE_CHECKING:
    from bot.markdown.pieces import Pieces

REASON_LIMIT: Final = 200
SHOWN_PATHS: Final = 4
TITLE_LIMIT: Final = 160
_LEAST_AMOUNT: Final = 0.01
OF_IMPORTANCE: Final = frozenset({RubricKey.REACH, RubricKey.CONSEQUENCE, RubricKey.REVERSIBILITY})


@dataclass(frozen=True)
class Rows:
    """What the templates call for one line of a section each."""

    pieces: Pieces

    def quoted(self, quote: Quote) -> Safe:
        """A quote with its source; empty if nothing of it can be seen."""
        shown = self.pieces.quote(quote.text)
        return self._say("quote_line", quote=shown, source=self.pieces.source(quote)) if shown else shown

    def motive(self, reason: Insight) -> Safe:
        """Why the change was made, in a model's words, with where it is written."""
        told = self.pieces.statement(reason.message)
        sources = self.pieces.sources(reason.evidence, told)
        return self._say("quote_line", quote=told, source=sources) if told and sources else told

    def step(self, step: Quote) -> Safe:
        """One step; a commit's headline needs no source, for the label above names it."""
        return self.pieces.quote(step.text) if step.source is Source.COMMIT else self.quoted(step)

    def risk(self, risk: Risk) -> Safe:
        """Severity, name, state unless it is open, and why: in a model's words if there are any, in short."""
        return self._risk(risk, self.pieces.statement(in_brief(risk.told or risk.explanation), BRIEF_LIMIT))

    def whole_risk(self, risk: Risk, *, told: bool) -> Safe:
        """The same with all that is known of it; ``told`` lets a model add to what a rule found."""
        added = self.pieces.statement(risk.told) if told and risk.told else Safe()
        return self._risk(risk, self.pieces.continued(self.pieces.statement(risk.explanation), added))

    def insight(self, insight: Insight) -> Safe:
        """A statement; a model's with whom it reaches before it, and its places after it."""
        said = self.pieces.statement(insight.message)
        if not isinstance(insight.message, Told) or not said:
            return said
        line = Safe(f"{said}{self.pieces.places(insight.evidence)}")
        on = self._say(f"audience.{insight.on.value}") if insight.on else Safe()
        return self._say("impact_line", on=on, told=line) if on else line

    def below(self, insight: Insight) -> tuple[Evidence, ...]:
        """The evidence that stands on lines of its own: that of a computed statement."""
        return () if isinstance(insight.message, Told) else insight.evidence

    def related(self, related: Related) -> Safe:
        """A related pull request: its number, title, relation, the files both touch, and how it goes on."""
        relation = self._say(f"relation.{related.relation.value}")
        paths = self.paths(related.paths, len(related.paths))
        line = self._say(
            "related_line",
            reference=self.pieces.related(related),
            title=self.pieces.quote(related.title or "", TITLE_LIMIT),
            relation=joined((relation, paths), self._say("colon")),
        )
        told = self.pieces.statement(related.told) if related.told else Safe()
        return self.pieces.continued(line, told)

    def feature(self, feature: Feature) -> Safe:
        """The name of a part of a score."""
        return self._named("feature", feature.name)

    def item(self, answer: RubricAnswer) -> Safe:
        """The name of an item of the rubric, and that it counts for insight if it does."""
        insight = Safe() if answer.item in OF_IMPORTANCE else self._say("scores.for_insight")
        return Safe(f"{self._say(f'rubric.{answer.item.value}')}{insight}")

    def rubric(self, answer: RubricAnswer) -> Safe:
        """The reason for a level of the rubric."""
        return self.pieces.statement(answer.reason, REASON_LIMIT) if answer.reason else Safe()

    def tag(self, tag: str) -> Safe:
        """A tag in words; one that is not of the closed list is code."""
        return self._named("tag", tag)

    def coverage(self, group: CoverageGroup) -> Safe:
        """How many files were read in one way, why, and which, unless they were read whole."""
        paths = Safe() if group.read_as is ReadAs.WHOLE else self.paths(group.paths, group.count)
        reason = self._say("because", reason=self.reason(group.reason)) if group.reason else Safe()
        line = self._say(f"read_as.{group.read_as.value}", count=group.count, reason=reason)
        return joined((line, paths), self._say("colon"))

    def reason(self, reason: str) -> Safe:
        """A reason of the fact finders in words; a kind of file is one too."""
        said = self._say(f"reason.{reason}") or self._say(f"file_kind.{reason}")
        return said or text(reason.replace("-", " "), REASON_LIMIT)

    def written(self, made: Provenance) -> Safe:
        """Which model wrote the report, with which prompt, and that it may be wrong (R95)."""
        prompt = self._say("provenance.prompt", prompt=code(made.prompt, 60)) if made.prompt else Safe()
        return self._say("provenance.model", model=code(made.model or "", 80), prompt=prompt)

    def usage(self, usage: Usage, cost: Cost | None = None) -> Safe:
        """What the model was asked: tokens in, from its cache and out, calls, and what they cost."""
        cached = self._say("provenance.cached", count=usage.cache_read) if usage.cache_read else Safe()
        said = self._say(
            "provenance.usage",
            tokens_in=number(usage.tokens_in),
            cached=cached,
            tokens_out=number(usage.tokens_out),
            calls=usage.calls,
        )
        return said if cost is None else Safe(f"{said}{self._cost(cost)}")

    def paths(self, paths: tuple[str, ...], count: int) -> Safe:
        """The first few paths as code, and how many of ``count`` are not named."""
        named = paths[:SHOWN_PATHS]
        more = self._say("and_more", count=count - len(named)) if named and count > len(named) else Safe()
        return joined((self.pieces.codes(named), more), Safe(" "))

    def _cost(self, cost: Cost) -> Safe:
        """An amount of money, to the hundredth."""
        key = "provenance.cost_less" if cost.amount < _LEAST_AMOUNT else "provenance.cost"
        amount = number(max(round(cost.amount, 2), _LEAST_AMOUNT))
        return self._say(key, amount=amount, currency=text(cost.currency, 8))

    def _risk(self, risk: Risk, explanation: Safe) -> Safe:
        """Severity, name and state of a risk before its explanation."""
        return self._say(
            "risk_line.explained" if explanation else "risk_line.plain",
            severity=self._say(f"severity.{risk.severity.value}"),
            name=self.pieces.catalogue.risk_name(risk.key.value, risk.name),
            state=self._say(f"risk_state.{risk.state.value}"),
            explanation=explanation,
        )

    def _named(self, group: str, word: str) -> Safe:
        """A word of a list of ours in the reader's language, else the word itself as code."""
        key = f"{group}.{word}"
        return self._say(key) if key in self.pieces.catalogue else code(word, 60)

    def _say(self, key: str, **values: str | int) -> Safe:
        return self.pieces.catalogue.say(key, **values)


def filled(template: str, report: PullReport, pieces: Pieces, **values: object) -> Safe:
    """A template with what every template gets."""
    return render(
        template,
        report=report,
        p=pieces,
        rows=Rows(pieces),
        changed=ChangeRows(pieces),
        t=pieces.catalogue.say,
        **values,
    )
