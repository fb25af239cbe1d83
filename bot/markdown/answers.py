"""The answers to commands, as Markdown: risks, explanations, the status and the configuration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.catalogue import Catalogue, load
from bot.markdown.cut import COMMENT_LIMIT, shorten
from bot.markdown.escape import Safe, code, joined, text
from bot.markdown.formats import number
from bot.markdown.opening import PREVIEW
from bot.markdown.report import render_comment
from bot.markdown.told import in_brief, told
from bot.marker import answer_marker
from bot.model import RegisterState, Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.markdown.catalogue import Language
    from bot.markdown.report import Style
    from bot.model import BudgetStanding, PullReport, RegisteredRisk
    from bot.model.repo_config import Choices

SHOWN_RISKS: Final = 50
_VALUE_LIMIT: Final = 160
_BRIEF: Final = 200
_PARAGRAPH: Final = Safe("\n\n")
_LINE: Final = Safe("\n")
_DOT: Final = Safe(" · ")
_ROOM: Final = COMMENT_LIMIT - 1_000


@dataclass(frozen=True)
class Status:
    """What ``/prhub status`` tells. ``waiting`` counts one repository's work by its state.

    ``unshown`` is why GitHub does not show this pull request's report.
    """

    version: str
    waiting: Mapping[str, int]
    model: str | None = None
    budgets: tuple[BudgetStanding, ...] = ()
    unshown: str | None = None


def answer_body(place: tuple[int, int], kind: str, body: Safe, language: Language) -> str:
    """Give the whole comment: the marker of a repository's id and a number, and the answer."""
    say = load(language).say
    short = shorten(body, _ROOM, lambda count: say("cut.items", count=count)).body
    return f"{answer_marker(*place, kind)}\n\n{short}\n"


def says(language: Language, key: str, /, **values: str | int) -> Safe:
    """Give one sentence of the catalogue."""
    return load(language).say(key, **values)


def risks_text(language: Language, risks: Sequence[RegisteredRisk], count: int) -> Safe:
    """List the risks that a pull request brought; ``count`` is how many are open in the repository."""
    catalogue = load(language)
    say = catalogue.say
    shown = [Safe(f"- {_risk(risk, catalogue)}") for risk in risks[:SHOWN_RISKS]]
    left = len(risks) - len(shown)
    parts = [
        say("answer.risks.here") if shown else say("answer.risks.none"),
        joined(shown, _LINE),
        say("answer.risks.more", count=left) if left else Safe(),
        say("answer.risks.open", count=count),
    ]
    return joined(parts, _PARAGRAPH)


def digest_text(language: Language, number: int) -> Safe:
    """Tell in which issue a digest is; that is ours, and may be linked like any other."""
    return load(language).say("answer.digest", reference=Safe(f"#{number}"))


def _risk(risk: RegisteredRisk, catalogue: Catalogue) -> Safe:
    say = catalogue.say
    state = say(f"register.state.{risk.state.value}")
    if risk.state is RegisterState.ACCEPTED and risk.accepted is not None:
        state = say("answer.risks.accepted", person=risk.accepted.by)
    line = say(
        "answer.risks.line",
        id=code(risk.id),
        severity=say(f"severity.{risk.severity.value}"),
        name=catalogue.risk_name(risk.key.value, risk.name),
        state=state,
    )
    said = in_brief(risk.explanation)
    why = told(said.text, {}, _BRIEF) if isinstance(said, Told) else catalogue.sentence(said)
    return say("answer.risks.told", line=line, explanation=why) if why else line


def status_text(language: Language, status: Status) -> Safe:
    """Give the version, what waits, the model and the budgets that have a limit."""
    say = load(language).say
    names = {"new": "waiting", "started": "started", "parked": "parked", "dead": "dead"}
    work = [say(f"answer.status.{names[key]}", count=n) for key, n in status.waiting.items() if key in names]
    model = (
        say("answer.status.model", model=code(status.model))
        if status.model
        else say("answer.status.no_model")
    )
    budgets = [
        say(
            "answer.status.budget",
            scope=say(f"answer.scope.{one.scope.value}"),
            used=number(one.spent + one.held),
            cap=number(one.cap),
        )
        # That of the whole server is other people's as well.
        for one in status.budgets
        if one.cap and one.scope.value != "server"
    ]
    lines = [
        say("answer.status.version", version=text(status.version)),
        joined(work, _DOT) or say("answer.status.idle"),
        model,
        *(budgets or [say("answer.status.free")]),
        *([say("answer.status.unshown", reason=status.unshown)] if status.unshown else []),
    ]
    return joined((Safe(f"- {line}") for line in lines), _LINE)


def config_text(language: Language, choices: Choices, *, broken: str | None = None) -> Safe:
    """Give the effective configuration as a table, each value with who has decided.

    ``broken`` is the path of a file that is not taken.
    """
    say = load(language).say
    head = [say(f"answer.config.{name}") for name in ("key", "value", "source")]
    rows = [
        f"| {code(row.key)} | {code(row.value, _VALUE_LIMIT)} | {say(f'answer.source.{row.source.value}')} |"
        for row in choices.rows()
    ]
    table = Safe("\n".join([f"| {' | '.join(head)} |", "|---|---|---|", *rows]))
    keys = joined((code(key) for key in choices.narrowed), say("comma"))
    parts = [
        say("answer.config.broken", path=broken) if broken else Safe(),
        table,
        say("answer.config.narrowed", keys=keys) if keys else Safe(),
    ]
    return joined(parts, _PARAGRAPH)


def preview_text(report: PullReport, style: Style) -> Safe:
    """Give the report of a pull request that is not merged, marked as such, without a report's marker."""
    body = render_comment(report, style.model_copy(update={"note": PREVIEW}))
    return Safe(body.partition("\n")[2].strip("\n"))


def labels_of(states: Mapping[str, str]) -> dict[str, str]:
    """Give of each label's state the word by which the explanation tells it."""
    words = {"found": "found", "applied": "on", "adding": "on", "taken_off": "taken_off"}
    return {name.lower(): words.get(state, "off") for name, state in states.items()}
