"""The claims of a digest become a reading: what holds is kept, in the digest's words, and the rest noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.inference.digest.judging import PeriodJudge
from bot.inference.digest.material import Material, words_of
from bot.inference.digest.rules import why
from bot.inference.messages import say
from bot.inference.prompts.period import name_of, risk_lines
from bot.inference.verify import Checked, Failure
from bot.inference.verify.report import one_sentence
from bot.model import Cited, FollowUp, Highlight, Insights, PullRef, Theme, Told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import (
        DigestClaims,
        HeadlineClaims,
        PeriodClaim,
        PickClaim,
        RiskKey,
        ThemeClaim,
        WatchClaim,
    )


@dataclass(frozen=True)
class Kept:
    """What of a digest's claims holds."""

    headline: Told | None = None
    summary: tuple[Told, ...] = ()
    themes: tuple[Theme, ...] = ()
    risk_watch: tuple[Theme, ...] = ()
    picks: tuple[Highlight, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass
class PeriodDesk:
    """Checks the claims of one answer to ``task``; ``kept`` is what held at the last check.

    ``offered`` are the pull requests that may be picked.
    """

    material: Material
    language: str
    task: str = "digest"
    offered: frozenset[PullRef] = frozenset()
    kept: Kept = Kept()
    failures: list[Failure] = field(default_factory=list)
    verified: int = 0

    def __post_init__(self) -> None:
        self._judge = PeriodJudge(self.material, self.language)

    def digest(self, claims: DigestClaims) -> Checked:
        """Check the answer to the task ``digest``."""
        self._begin()
        self.kept = Kept(
            summary=tuple(told for told, _ in self._statements("summary", claims.summary)),
            themes=tuple(self._themes(claims.themes)),
            risk_watch=tuple(self._watch(claims.risk_watch)),
            picks=tuple(self._picks(claims.picks)),
            follow_ups=tuple(
                FollowUp(text=told, pulls=self._ordered(refs))
                for told, refs in self._statements("follow_ups", claims.follow_ups, is_task=True)
            ),
        )
        return self._done()

    def headline(self, claims: HeadlineClaims) -> Checked:
        """Check the answer to the task ``headline``."""
        self._begin()
        claim = claims.headline
        told = self._told("headline", one_sentence(claim.text), claim.pulls)
        self.kept = Kept(headline=told[0] if told is not None else None)
        return self._done()

    def _begin(self) -> None:
        self.failures, self.verified = [], 0

    def _done(self) -> Checked:
        return Checked(Insights(), tuple(self.failures), self.verified)

    def _statements(
        self, name: str, claims: Iterable[PeriodClaim], *, is_task: bool = False
    ) -> Iterator[tuple[Told, frozenset[PullRef]]]:
        seen: set[str] = set()
        for number, claim in enumerate(claims, 1):
            told = self._told(f"{name} {number}", claim.text, claim.pulls, is_task=is_task)
            if told is not None and told[0].text not in seen:
                seen.add(told[0].text)
                yield told

    def _themes(self, claims: Iterable[ThemeClaim]) -> Iterator[Theme]:
        """The themes; one whose heading does not hold goes with it, for its text has no place then."""
        for number, claim in enumerate(claims, 1):
            name = f"themes {number}"
            if not claim.title:
                continue
            told = self._told(name, claim.text, claim.pulls)
            if told is None:
                continue
            title = self._told(
                f"{name} title", claim.title.rstrip(".。"), map(name_of, told[1]), is_heading=True
            )
            if title is not None:
                yield Theme(title=title[0], text=told[0], pulls=self._ordered(told[1]))

    def _watch(self, claims: Iterable[WatchClaim]) -> Iterator[Theme]:
        """Each kind of risk once, with those of the pull requests that have it open."""
        seen: set[RiskKey] = set()
        for number, claim in enumerate(claims, 1):
            name = f"risk_watch {number}"
            if not claim.text or claim.key in seen:
                continue
            told = self._told(name, claim.text, claim.pulls)
            if told is None:
                continue
            having = [ref for ref in self._ordered(told[1]) if self._has(ref, claim.key)]
            if not having or not self._bears(told[0].text, having, claim.key):
                reason = f"no pull request it cites has an open risk {claim.key.value} that it speaks of"
                self._fail(name, claim.text, claim.pulls, ((reason,), ()))
                continue
            seen.add(claim.key)
            yield Theme(
                title=say("insight.watch.kind", risk_symbol=claim.key.value),
                text=told[0],
                pulls=tuple(having),
            )

    def _has(self, ref: PullRef, key: RiskKey) -> bool:
        gist = self.material.pulls[ref].gist
        return gist is not None and any(risk.key is key for risk in gist.risks)

    def _bears(self, text: str, refs: Sequence[PullRef], key: RiskKey) -> bool:
        """Whether the text has a word of a risk of this kind, or of the title of what has it."""
        said = [self.material.pulls[ref].merge.title for ref in refs]
        for ref in refs:
            gist = self.material.pulls[ref].gist
            risks = gist.risks if gist is not None else ()
            said += [line for risk in risks if risk.key is key for line in risk_lines(risk)]
        return bool(words_of(text.replace("`", " ")) & words_of("\n".join(said)))

    def _picks(self, claims: Iterable[PickClaim]) -> Iterator[Highlight]:
        """The picks whose rule holds; without a sentence that holds, the pick alone."""
        seen: set[PullRef] = set()
        for number, claim in enumerate(claims, 1):
            name, ref = f"picks {number}", self.material.find(claim.pull)
            reason = why(claim.rule, self.material.pulls[ref]) if ref in self.offered else None
            if ref is None or reason is None:
                what = "is not in the data" if ref is None else f"may not be featured by {claim.rule.value}"
                self._fail(name, claim.text, (claim.pull,), ((f"“{claim.pull[:60]}” {what}",), ()))
            elif ref not in seen:
                seen.add(ref)
                told = self._told(name, claim.text, (claim.pull,))
                yield Highlight(ref=ref, rule=claim.rule, why=reason, told=told[0] if told else None)

    def _told(
        self, name: str, text: str, pulls: Iterable[str], *, is_heading: bool = False, is_task: bool = False
    ) -> tuple[Told, frozenset[PullRef]] | None:
        """The sentence, and what it is about, if all of it holds; else it is noted as failed."""
        if not text.strip():
            return None
        cited = tuple(pulls)
        found = [self.material.find(one) for one in cited]
        refs = [ref for ref in found if ref is not None]
        judged = self._judge.sentence(text, refs, is_heading=is_heading, is_task=is_task)
        if not judged.holds:
            self._fail(name, text, cited, (judged.reasons, judged.hints))
            return None
        self.verified += judged.found
        return Told(text=judged.text), self._judge.about(text, refs)

    def _fail(
        self, name: str, text: str, pulls: Iterable[str], why_not: tuple[tuple[str, ...], tuple[str, ...]]
    ) -> None:
        reasons, hints = why_not
        cited = tuple(Cited(where=pull, quote="") for pull in pulls)[:4]
        self.failures.append(
            Failure(claim=name, task=self.task, text=text, cited=cited, reasons=reasons, hints=hints[:6])
        )

    def _ordered(self, refs: Iterable[PullRef]) -> tuple[PullRef, ...]:
        return tuple(pull.ref for pull in self.material.of(refs))
