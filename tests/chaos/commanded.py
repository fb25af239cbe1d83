"""Commands while servers die: each is carried out, marked once, and answered in one comment."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandbox.build import add_user
from sandbox.payloads import issue_comment_payload
from sandbox.talk import add_comment, merge_pull, open_pull
from tests.chaos.failpoints import each_of
from tests.chaos.plan import COMMAND_POINTS, Plan, add_faults, deaths
from tests.chaos.run import LONGEST_WAIT, LOOK_SECONDS, PATIENCE, Site, site
from tests.chaos.verdict import judged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sandbox.discussion import Comment, Issue
    from tests.chaos.figures import Figures

# What is said in turn; ``open`` pull requests get the preview of a report.
SAID = ("help", "report", "status", "open", "config", "risks", "ignore", "digest 2024-W02")
# The others are passed only where GitHub takes something away in the middle of a command, or shows nothing.
POINTS = tuple(one for one in COMMAND_POINTS if not one.endswith(("_failed", "_untold")))
_MARKER = "<!-- prhub:answer:v1 "
_FINAL = {"rocket", "confused"}


@dataclass(frozen=True)
class Said:
    """A command in a comment."""

    text: str
    pull: Issue
    comment: Comment

    def answers(self, app_id: int) -> list[Comment]:
        """The app's comments beside it, a report among them."""
        return [one for one in self.pull.comments.value if one.app_id == app_id]

    def wrong(self, app_id: int) -> str | None:
        """Say what became of it if it is not what was promised."""
        mine = next(one for one in self.pull.comments.value if one.id == self.comment.id)
        reactions = [reaction.content for reaction in mine.reactions]
        answers = self.answers(app_id)
        if len(_FINAL.intersection(reactions)) != 1 or len(reactions) != len(set(reactions)):
            return f"{self.text}: marked {reactions}"
        if len(answers) > 1:
            return f"{self.text}: {len(answers)} comments"
        if self.text != "ignore" and "rocket" in reactions and not answers:
            return f"{self.text}: no answer"
        return None


async def one_point(plan: Plan, point: str) -> Figures:
    """Let servers die at one point of a command's work until the plan's kills are used up."""
    plan = replace(plan, name=point, points=(point,), only_points=True)
    async with site(plan) as here:
        add_faults(here.world.github.faults, plan)
        here.fleet.idle = lambda: False
        here.fleet.start(deaths(plan))
        await here.fleet.up()
        said = await _feed(here, _fitting(point))
        wrong = await _settled(here, said)
        passed = here.plan.kills - sum(kill.where == point for kill in here.fleet.kills)
        if passed:
            wrong.append(f"{point} was not passed {passed} times")
        figures = await judged(here, broken=tuple(wrong))
        answers = sum(len(one.answers(here.world.state.app.id)) for one in said)
        posted = figures.comments + figures.ever
        return replace(figures, comments=answers, ever=posted - answers)


async def each_command_point(plan: Plan) -> Figures:
    """Do this for each of the plan's points; the figures are sums."""
    return await each_of(plan, one_point)


def _fitting(point: str) -> Sequence[str]:
    """Give the commands that pass a point."""
    step = point.partition("_")[2]
    kinds = {"refuse": ("report",), "look": ("report", "open"), "preview": ("open",)}
    if step in ("carry", "answer"):
        return tuple(one for one in SAID if one not in ("report", "open", "ignore"))
    return kinds.get(step, SAID)


async def _feed(here: Site, texts: Sequence[str]) -> list[Said]:
    said: list[Said] = []
    sending = []
    while not here.fleet.over:
        one, payload = _say(here, len(said), texts[len(said) % len(texts)])
        said.append(one)
        sending.append(asyncio.create_task(here.world.tell("issue_comment", payload)))
        await asyncio.sleep(1 / here.plan.rate)
    await asyncio.gather(*sending)
    return said


def _say(here: Site, number: int, text: str) -> tuple[Said, dict[str, object]]:
    """Write a command on a pull request of its own, as a person of its own: no quota is touched."""
    state = here.world.state
    repository = here.world.usual[number % len(here.world.usual)]
    pull = open_pull(state, repository, {f"engine/part_{number}.py": f"ROW = {number}\n"})
    if text != "open":
        merge_pull(repository, pull, add_user(state, "octo-lead"), state.now(), "squash")
    login = f"octo-{number}"
    add_user(state, login)
    repository.roles[login] = "write"
    comment = add_comment(state, pull, login, f"/prhub {'report' if text == 'open' else text}")
    return Said(text, pull, comment), issue_comment_payload(state, repository, pull.number, comment)


async def _settled(here: Site, said: Sequence[Said]) -> list[str]:
    """Wait until every command came to its end; give what did not."""
    app_id, end = here.world.state.app.id, time.monotonic() + PATIENCE + LONGEST_WAIT / here.plan.factor
    while time.monotonic() < end:
        wrong = [found for one in said if (found := one.wrong(app_id)) is not None]
        if not wrong and here.busy == 0:
            break
        here.fleet.check()
        await asyncio.sleep(LOOK_SECONDS)
    return wrong
