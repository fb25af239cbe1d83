"""The desk where claims are checked: it takes them one by one and notes what held and what did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.verify.corpus import Corpus
from bot.inference.verify.evidence import Found, Missing, look_up
from bot.inference.verify.failures import Checked, Failure
from bot.inference.verify.sentence import Backing, Judge
from bot.inference.verify.well_known import BLOCKS_TOLD
from bot.model import Cited, Insight, Insights, PullFacts, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Audience, Evidence


class Desk:
    """Checks the claims of one answer to ``task`` against one pull request."""

    def __init__(self, facts: PullFacts | Corpus, language: str, task: str) -> None:
        self.corpus = facts if isinstance(facts, Corpus) else Corpus(facts)
        self.task = task
        self.judge = Judge(self.corpus, language)
        self.failures: list[Failure] = []
        self.verified = 0
        self.is_suspected = False

    @property
    def facts(self) -> PullFacts:
        """What the claims are about."""
        return self.corpus.facts

    def done(self, insights: Insights) -> Checked:
        """What came of it."""
        return Checked(insights, tuple(self.failures), self.verified)

    def look_up(self, cited: Iterable[Cited], near: int | None = None) -> tuple[list[Found], list[Missing]]:
        """What of ``cited`` holds, each place once, and what does not."""
        found: dict[Evidence, Found] = {}
        missing: list[Missing] = []
        for item in cited:
            result = look_up(self.corpus, item, near)
            if isinstance(result, Found):
                found.setdefault(result.evidence, result)
            else:
                missing.append(result)
        return list(found.values()), missing

    def insight(
        self, name: str, text: str, cited: Sequence[Cited], *, on: Audience | None = None, needs: bool = True
    ) -> Insight | None:
        """A statement with what bears it out; ``needs`` says that it must have evidence."""
        if not text:
            return None
        found, missing = self.look_up(cited)
        if needs and not found:
            self.fail(name, text, cited, self.unproven(missing))
            return None
        told = self.told(name, text, Backing(found), cited)
        if told is None:
            return None
        self.count(found)
        return Insight(message=told, evidence=tuple(item.evidence for item in found), on=on)

    def told(
        self, name: str, text: str, backing: Backing | None = None, cited: Sequence[Cited] = ()
    ) -> Told | None:
        """The sentence ``text`` if every reference in it holds; else it is noted as failed."""
        if not text.strip():
            return None
        judged = self.judge.sentence(text, backing)
        if not judged.holds:
            self.fail(name, text, cited, (judged.reasons, judged.hints))
            return None
        self.verified += judged.found
        return Told(text=judged.text)

    def count(self, found: Iterable[Found]) -> None:
        """Count the places and quotes that hold."""
        self.verified += sum(item.references for item in found)

    def fail(
        self, name: str, text: str, cited: Sequence[Cited], why: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> None:
        """Note that the claim ``name`` does not hold; ``why`` are its reasons and hints."""
        reasons, hints = why
        failure = Failure(
            claim=name, task=self.task, text=text, cited=tuple(cited), reasons=reasons, hints=hints[:6]
        )
        self.failures.append(failure)

    def unproven(self, missing: Sequence[Missing]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Why the citations do not hold, with what is near them."""
        if not missing:
            return ("it cites nothing that bears it out",), (BLOCKS_TOLD,)
        reasons = tuple(dict.fromkeys(item.reason for item in missing))
        return reasons, tuple(dict.fromkeys(hint for item in missing for hint in self._near(item)))

    def _near(self, item: Missing) -> tuple[str, ...]:
        hints = self.judge.hints
        if item.place is None:
            return tuple(f"a changed file: {path}" for path in hints.paths(item.cited.where))
        if item.place.block != "file":
            return ()
        lines = hints.lines(item.place.path, item.cited.quote)
        return tuple(f"a line of {item.place.path}: {line}" for line in lines)
