"""The last look at a digest before it is posted, and a digest without what a model told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.markdown.digest import DigestLinks, render_document, render_issue
from bot.markdown.lint import lint_posted
from bot.model import FollowUp, Gist, Highlight, PeriodPull, RegisteredRisk, Risk, Theme, Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.markdown.report import Style
    from bot.model import Digest, Insight, RegisterView

_CHART: Final = re.compile(r"^```mermaid\n.*?^```$", re.MULTILINE | re.DOTALL)
_NOTHING: Final = Told(text="")


def lint_digest(digest: Digest, style: Style, known: Callable[[str], bool]) -> tuple[str, ...]:
    """What stands in the issue of ``digest`` and neither its computed part nor ``known`` bears out.

    As ``lint``: the tokens, each once, in order. The computed part is the digest without a model's
    sentences, those of its reports included. Charts are not looked at: they hold nothing foreign.
    """
    text = _CHART.sub("", render_issue(digest, style, DigestLinks()).body)
    plain = _CHART.sub("", render_document(hollow_digest(digest), style))
    return lint_posted(text, plain, style, known)


def hollow_digest(digest: Digest) -> Digest:
    """``digest`` with every sentence of a model's taken out; what is computed stays where it is."""
    facts = digest.facts
    return digest.model_copy(
        update={
            "facts": facts.model_copy(update={"pulls": tuple(map(_pull, facts.pulls))}),
            "headline": None,
            "summary": (),
            "themes": tuple(map(_theme, digest.themes)),
            "risk_watch": tuple(map(_theme, digest.risk_watch)),
            "highlights": tuple(map(_highlight, digest.highlights)),
            "follow_ups": tuple(map(_follow_up, digest.follow_ups)),
            "risk_register": _register(digest.risk_register),
        }
    )


def _theme(theme: Theme) -> Theme:
    """A theme with its computed words and its pull requests."""
    title = _NOTHING if isinstance(theme.title, Told) else theme.title
    text = None if isinstance(theme.text, Told) else theme.text
    return theme.model_copy(update={"title": title, "text": text})


def _highlight(found: Highlight) -> Highlight:
    """A highlight with its rule."""
    return found.model_copy(update={"told": None})


def _follow_up(item: FollowUp) -> FollowUp:
    """A computed follow-up as it is, a model's without its words."""
    return item.model_copy(update={"text": _NOTHING}) if isinstance(item.text, Told) else item


def _register(view: RegisterView) -> RegisterView:
    """The register with its computed explanations."""
    return view.model_copy(
        update={
            "new": tuple(map(_registered, view.new)),
            "still_open": tuple(map(_registered, view.still_open)),
            "closed": tuple(map(_registered, view.closed)),
        }
    )


def _registered(risk: RegisteredRisk) -> RegisteredRisk:
    """A registered risk without a model's explanation."""
    return risk.model_copy(update={"explanation": _NOTHING}) if isinstance(risk.explanation, Told) else risk


def _pull(pull: PeriodPull) -> PeriodPull:
    """A merge whose report has nothing of a model's."""
    return pull.model_copy(update={"gist": _gist(pull.gist)}) if pull.gist else pull


def _gist(gist: Gist) -> Gist:
    """What was computed of a report."""
    return gist.model_copy(
        update={
            "sentence": _NOTHING if isinstance(gist.sentence, Told) else gist.sentence,
            "risks": tuple(map(_risk, gist.risks)),
            "topics": (),
            "for_users": _computed(gist.for_users),
            "follow_ups": _computed(gist.follow_ups),
        }
    )


def _risk(risk: Risk) -> Risk:
    """A risk without a model's words."""
    said = _NOTHING if isinstance(risk.explanation, Told) else risk.explanation
    return risk.model_copy(update={"explanation": said, "told": None})


def _computed(insights: tuple[Insight, ...]) -> tuple[Insight, ...]:
    """The insights that rules found."""
    return tuple(insight for insight in insights if not isinstance(insight.message, Told))
