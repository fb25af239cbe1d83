"""What each command does; run twice, each leaves the same. Reports and digests are made elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bot.markdown.answers import Status, config_text, risks_text, says, status_text
from bot.markdown.commands import help_text
from bot.markdown.escape import code
from bot.markdown.explained import explain_text
from bot.model import CommandName, PersonsWord, RegisterState, TriggerKind, Verb
from bot.model.labelling import Labelling
from bot.model.repo_config import CONFIG_PATH, ModelSize
from bot.repo_config import effective
from bot.store.feedback import Saying
from bot.workflows.command_digest import digest
from bot.workflows.commanded import Asked, Told
from bot.workflows.services import services
from bot.workflows.showing import why_not_shown

if TYPE_CHECKING:
    from bot.markdown.escape import Safe

_RISKS: Final = code("/prhub risks")
Action = Callable[[Asked], Awaitable[Told]]


async def helped(asked: Asked) -> Told:
    """Tell what can be commanded, or what was wrong with a line."""
    floors = {name.value: role.value for name, role in asked.choices.commands.items()}
    wrong = asked.request.misunderstood
    return Told(done=wrong is None, body=help_text(asked.choices.language, wrong, floors))


async def status(asked: Asked) -> Told:
    """Tell the version, what waits in this repository, and its budgets."""
    trigger, here, settings = asked.item.trigger, services(), effective(services().settings, asked.choices)
    number = asked.number if asked.request.is_pull else 0
    budgets = await here.ledger.standings(trigger.installation_id, asked.repository_id, number, settings.caps)
    told = Status(
        version=here.version,
        waiting=await here.commands.waiting(asked.repository_id),
        model=None if here.model is None or asked.choices.model is ModelSize.OFF else settings.model,
        budgets=budgets,
        unshown=await why_not_shown(asked.repository_id, number, asked.choices) if number else None,
    )
    return Told(body=status_text(asked.choices.language, told))


async def risks(asked: Asked) -> Told:
    """List the risks that the pull request brought, and count those of the repository."""
    register = services().register
    found = await register.of_pull(asked.repository_id, asked.number)
    shown = [risk for risk in found if risk.state is not RegisterState.WITHDRAWN]
    count = len(await register.open_risks(asked.repository_id))
    return Told(body=risks_text(asked.choices.language, shown, count))


async def explain(asked: Asked) -> Told:
    """Tell how the scores and labels of the report came about."""
    stored = await services().reports.get(asked.repository_id, asked.number)
    if stored is None:
        return Told(done=False, body=says(asked.choices.language, "answer.none"))
    labels = await services().publications.labels(asked.repository_id, asked.number)
    states = {name: label.state.value for name, label in labels.items()}
    return Told(body=explain_text(stored.report, states, asked.style, Labelling.of(asked.choices)))


async def risk(asked: Asked) -> Told:
    """Accept a risk or open it again, for the person who says so; the register keeps their words."""
    request, register = asked.request, services().register
    number, at = request.command.number or 0, request.created_at or asked.item.requested_at
    word = PersonsWord(
        by=request.author_login, reason=request.command.text or "", at=datetime.fromtimestamp(at, UTC)
    )
    decide = register.accept if request.command.verb is Verb.ACCEPT else register.reopen
    if await decide(asked.repository_id, number, word) is not None:
        return Told()
    body = says(asked.choices.language, "answer.no_risk", id=code(f"R{number}"), risks=_RISKS)
    return Told(done=False, body=body)


async def ignore(asked: Asked) -> Told:
    """Make no report on the pull request any more, and feature it in no digest."""
    await services().pull_choices.set(asked.repository_id, asked.number, ignored=True)
    return Told()


async def unignore(asked: Asked) -> Told:
    """Make reports on the pull request again; one that is merged gets its report now."""
    await services().pull_choices.set(asked.repository_id, asked.number, ignored=False)
    if asked.request.merged is not False:
        key = f"report:{asked.repository_id}:{asked.number}:command-{asked.request.comment_id}"
        changes = {"kind": TriggerKind.REPORT, "key": key, "command": None, "round": 0}
        await services().triggers.add(asked.item.trigger.model_copy(update=changes), asked.item.guid)
    return Told()


async def highlight(asked: Asked) -> Told:
    """Feature the pull request in its digest, from the next time that is written."""
    await services().pull_choices.set(asked.repository_id, asked.number, featured=True)
    return Told()


async def unhighlight(asked: Asked) -> Told:
    """Leave it to the rules again whether a digest features the pull request."""
    await services().pull_choices.set(asked.repository_id, asked.number, featured=False)
    return Told()


async def feedback(asked: Asked) -> Told:
    """Keep what somebody says about the report."""
    request = asked.request
    said = Saying(
        number=asked.number,
        comment_id=request.comment_id,
        author=request.author_login,
        text=request.command.text or "",
        at=request.created_at or asked.item.requested_at,
    )
    await services().feedback.add(asked.repository_id, said)
    return Told()


async def config(asked: Asked) -> Told:
    """Tell what holds in the repository, and who has decided so."""
    return Told(body=_config(asked))


def _config(asked: Asked) -> Safe:
    broken = CONFIG_PATH if asked.loaded.broken else None
    return config_text(asked.choices.language, asked.choices, broken=broken)


ACTIONS: Final[Mapping[CommandName, Action]] = MappingProxyType(
    {
        CommandName.HELP: helped,
        CommandName.STATUS: status,
        CommandName.RISKS: risks,
        CommandName.EXPLAIN: explain,
        CommandName.CONFIG: config,
        CommandName.RISK: risk,
        CommandName.IGNORE: ignore,
        CommandName.UNIGNORE: unignore,
        CommandName.HIGHLIGHT: highlight,
        CommandName.UNHIGHLIGHT: unhighlight,
        CommandName.FEEDBACK: feedback,
        CommandName.DIGEST: digest,
    }
)
