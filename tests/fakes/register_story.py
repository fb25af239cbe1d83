"""A story of seven merges, the register that comes of it, and a desk that tells it in any order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from bot.model import FileStatus, RelatedPull, Relation, Trigger, TriggerKind, WorkItem
from bot.store import Reports, Triggers
from bot.store.register import Register
from bot.workflows.registering import register
from bot.workflows.services import provide
from tests.fakes.facts import file_change, merged_file, pull_facts
from tests.fakes.register import report_of
from tests.fakes.register_merges import STORE, edit

if TYPE_CHECKING:
    from bot.model import PullFacts
    from bot.store import Store

EVAL = "def load(text):\n    return eval(text)\n"
HANDLER = "def save(it):\n    try:\n        put(it)\n    except Exception:\n        pass\n"
BOTH = EVAL + HANDLER
MENDED = EVAL.replace("eval(", "json.loads(") + HANDLER
CORE, DISK = "core/store.py", "engine/disk.py"
PLACE = 4242
# When the story began: lately, so that a late report has others read again.
BEGAN = datetime.fromtimestamp(int(time.time()) - 86_400, UTC)


def _pull(number: int, *files: Any, texts: dict[str, str], **changes: Any) -> PullFacts:
    at = {"merged_at": BEGAN + timedelta(hours=number), "merge_sha": f"{number:040x}"}
    merged = tuple(merged_file(path, text) for path, text in texts.items())
    return pull_facts(number=number, files=files, merged_files=merged, **(at | changes))


def story() -> dict[int, PullFacts]:
    """Seven merges by number, in the order in which they were merged."""
    renamed = file_change(CORE, status=FileStatus.RENAMED, previous_path=STORE)
    back: dict[str, Any] = {"related": (RelatedPull(number=5, relation=Relation.REVERTS),)}
    pulls = [
        _pull(1, file_change(STORE, BOTH), texts={STORE: BOTH}),
        _pull(2, edit("", "x = 1"), texts={STORE: "x = 1\n" + BOTH}),
        _pull(3, renamed, texts={CORE: "x = 1\n" + BOTH}),
        _pull(4, edit(EVAL, MENDED[: -len(HANDLER)], CORE), texts={CORE: "x = 1\n" + MENDED}),
        _pull(5, file_change(DISK, EVAL, status=FileStatus.ADDED), texts={DISK: EVAL}),
        _pull(6, edit(EVAL, "", DISK, status=FileStatus.REMOVED), texts={}, title='Revert "it"', **back),
        _pull(7, edit("x = 1", "y = 1\nz = 1", CORE), texts={CORE: "y = 1\nz = 1\n" + MENDED}),
    ]
    return {pull.number or 0: pull for pull in pulls}


@dataclass
class Desk:
    """Where reports are stored and entered, as a worker does it, from facts that are at hand."""

    store: Store
    pulls: dict[int, PullFacts] = field(default_factory=story)

    def __post_init__(self) -> None:
        known = {"register": Register(self.store), "reports": Reports(self.store)}
        self.services = SimpleNamespace(**known, triggers=Triggers(self.store))
        provide(cast("Any", self.services))

    async def tell(self, number: int) -> None:
        """Store the report of a pull request and enter it, as the step of the workflow does."""
        report = report_of(self.pulls[number])
        await Reports(self.store).save(report, 1)
        await register(self.item(number), self.pulls[number], report)

    def item(self, number: int) -> WorkItem:
        """The work on a pull request."""
        trigger = Trigger(
            kind=TriggerKind.REPORT,
            key=f"report:{PLACE}:{number}:{self.pulls[number].merge_sha}",
            installation_id=1,
            repository_id=PLACE,
            repository="octo-org/engine",
            number=number,
        )
        return WorkItem(trigger=trigger)

    async def read_again(self) -> int:
        """Do what was asked for meanwhile, until nothing is; give how much that was."""
        count = 0
        while asked := await Triggers(self.store).new(100):
            for one in asked:
                await self.tell(one.trigger.number)
                count += 1
            keys = [one.trigger.key for one in asked]
            await Triggers(self.store).mark_started(keys)
        return count

    async def told(self) -> list[tuple[Any, ...]]:
        """The register without its numbers, which follow the order of the reports."""
        found = await Register(self.store).all(PLACE)
        return sorted(
            (
                risk.pull,
                risk.rule,
                risk.state.value,
                risk.closed_by,
                risk.reason.key if risk.reason else None,
                risk.checked_by,
                (risk.now_at.path, risk.now_at.line) if risk.now_at and not risk.closed_by else None,
            )
            for risk in found
        )


# The register of the story: the call was mended, the handler stands where it was moved, the rest reverted.
TOLD = [
    (1, "dangerous-calls", "closed", 4, "register.closed.no_longer_found", 4, None),
    (1, "swallowed-errors", "open", None, None, 7, (CORE, 8)),
    (5, "dangerous-calls", "closed", 6, "register.closed.reverted", 6, None),
]
