"""The last look at a digest before it is stored: no secret, and no word of a model's that was not checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.inference.digest import known_period
from bot.markdown.digest_lint import lint_digest
from bot.model import Digest, FollowUp, Highlight, Theme, Told
from bot.redaction import redact_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.markdown.report import Style

# What a digest says beside its facts; those are of GitHub's list and of stored reports, both redacted.
_SAID = ("headline", "summary", "themes", "risk_watch", "highlights", "follow_ups")


@dataclass(frozen=True)
class CheckedDigest:
    """A digest fit to be stored and shown; for the words in ``findings`` sentences were left out."""

    digest: Digest
    findings: tuple[str, ...] = ()


def checked_digest(digest: Digest, style: Style, rebuilt: Callable[[], Digest]) -> CheckedDigest:
    """Look for what slipped through: secrets are redacted, sentences with an unknown word are left out.

    The lint reads the finished text. What it finds costs the sentences that hold it; if it still finds
    something then, the whole of the model's part: ``rebuilt`` gives the digest without it.
    """
    clean = _redacted(digest)
    findings = _lint(clean, style)
    if not findings:
        return CheckedDigest(clean)
    fewer = _without(clean, findings)
    left = _lint(fewer, style)
    return CheckedDigest(_redacted(rebuilt()) if left else fewer, (*findings, *left))


def _lint(digest: Digest, style: Style) -> tuple[str, ...]:
    if digest.provenance.model is None:
        return ()
    return lint_digest(digest, style, known_period(digest.facts))


def _without(digest: Digest, words: tuple[str, ...]) -> Digest:
    """Give the digest without the sentences of the model's that hold one of these words."""

    def kept(said: object) -> bool:
        return not isinstance(said, Told) or not any(word in said.text for word in words)

    def themes(some: tuple[Theme, ...]) -> tuple[Theme, ...]:
        fitting = [theme for theme in some if kept(theme.title)]
        return tuple(
            theme if kept(theme.text) else theme.model_copy(update={"text": None}) for theme in fitting
        )

    def follow_ups(some: tuple[FollowUp, ...]) -> tuple[FollowUp, ...]:
        return tuple(one for one in some if kept(one.text))

    def highlights(some: tuple[Highlight, ...]) -> tuple[Highlight, ...]:
        return tuple(one if kept(one.told) else one.model_copy(update={"told": None}) for one in some)

    return digest.model_copy(
        update={
            "headline": digest.headline if kept(digest.headline) else None,
            "summary": tuple(one for one in digest.summary if kept(one)),
            "themes": themes(digest.themes),
            "risk_watch": themes(digest.risk_watch),
            "highlights": highlights(digest.highlights),
            "follow_ups": follow_ups(digest.follow_ups),
        }
    )


def _redacted(digest: Digest) -> Digest:
    """Give the digest without secrets in what it says beside its facts (R91)."""
    said = digest.model_dump(mode="json", include=set(_SAID))
    clean = redact_all(said)
    if clean == said:
        return digest
    shell = digest.model_dump(mode="json", exclude={"facts"}) | clean
    return Digest.model_validate({**shell, "facts": digest.facts})
