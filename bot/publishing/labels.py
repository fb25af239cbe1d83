"""Risk labels: added together, removed one by one, and never put back when a person took them off."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import failpoint
from bot.errors import Gone, Invalid
from bot.model import LABEL_PREFIX, RiskState
from bot.store import LabelState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import PullReport, RiskLabel
    from bot.model.labelling import Labelling
    from bot.publishing.place import Place, Writer
    from bot.store import AppliedLabel, Publications

_REPOSITORY_LABELS = "/repos/{owner}/{repo}/labels"
_LABELS = "/repos/{owner}/{repo}/issues/{number}/labels"


@dataclass(frozen=True)
class SeenLabels:
    """The labels on the pull request and of the repository, as read at ``read_at`` (epoch seconds)."""

    on_pull: frozenset[str]
    of_repository: frozenset[str]
    read_at: float

    def shows(self, name: str) -> bool:
        """Tell whether the pull request has the label; to GitHub, letter case makes no other label."""
        return name.lower() in {label.lower() for label in self.on_pull}

    def exists(self, name: str) -> bool:
        """Tell whether the repository has the label, in whatever case."""
        return name.lower() in {label.lower() for label in self.of_repository}


def wanted_labels(report: PullReport, labelling: Labelling) -> tuple[RiskLabel, ...]:
    """Give the labels of the open risks, the heaviest first, each once, at most ``labelling.most``."""
    open_risks = [risk for risk in report.risks if risk.state is RiskState.OPEN]
    ranked = sorted(open_risks, key=lambda risk: risk.severity.rank)
    keys = list(dict.fromkeys(risk.key for risk in ranked))[: labelling.most]
    return tuple(map(labelling.label, keys))


@dataclass(frozen=True)
class LabelPublisher:
    """Brings PRHub's own labels on one pull request to what its report wants.

    ``quarantine`` is how many seconds what was read may lag behind what was written. Labels that do not
    begin with ``prefix`` stay as they are.
    """

    writer: Writer
    rows: Publications
    place: Place
    quarantine: float
    prefix: str = LABEL_PREFIX

    async def publish(self, wanted: Sequence[RiskLabel], seen: SeenLabels) -> tuple[str, ...]:
        """Add and remove labels; give the names that were added. Running it twice adds nothing."""
        known = await self.rows.labels(self.place.repository_id, self.place.number)
        taken_off = self._taken_off(known, seen)
        await self._note(taken_off, LabelState.REMOVED_BY_PERSON)
        # An answer was lost, and GitHub shows the label: it is ours.
        begun = _in_state(known, LabelState.ADDING, LabelState.REMOVING)
        arrived = {name for name in begun if seen.shows(name)}
        await self._note(arrived, LabelState.APPLIED)
        applied = (_in_state(known, LabelState.APPLIED) | arrived) - taken_off
        not_again = taken_off | _in_state(known, LabelState.REMOVED_BY_PERSON) | applied
        missing = [label for label in wanted if label.name not in not_again]
        new = [label for label in missing if not seen.shows(label.name)]
        found = {label.name for label in missing if label not in new}
        await self._note(found - _in_state(known, LabelState.FOUND), LabelState.FOUND)
        added = await self._add(new, seen)
        leaving = applied | _in_state(known, LabelState.REMOVING)
        for name in sorted(leaving - {label.name for label in wanted}):
            await self._remove(name)
        return added

    def _taken_off(self, known: dict[str, AppliedLabel], seen: SeenLabels) -> set[str]:
        """Find labels that were there well before the reading, which does not show them any more."""
        return {
            name
            for name, label in known.items()
            if label.state in {LabelState.APPLIED, LabelState.FOUND}
            and label.since + self.quarantine < seen.read_at
            and not seen.shows(name)
        }

    async def _add(self, labels: Sequence[RiskLabel], seen: SeenLabels) -> tuple[str, ...]:
        if not labels:
            return ()
        for label in labels:
            if not seen.exists(label.name):
                failpoint.reached("before_label_created")
                await self._create(label)
        names = [label.name for label in labels]
        await self._note(set(names), LabelState.ADDING)
        failpoint.reached("before_label")
        try:
            await self.writer.post(_LABELS, self.place.url_vars, data={"labels": names})
        except Invalid:
            # An issue takes 100 labels. The report stands without ours; a later one may find room.
            await self._note(set(names), LabelState.WITHDRAWN)
            return ()
        failpoint.reached("after_label")
        await self._note(set(names), LabelState.APPLIED)
        return tuple(names)

    async def _create(self, label: RiskLabel) -> None:
        try:
            await self.writer.post(
                _REPOSITORY_LABELS, self.place.url_vars, data=label.model_dump(mode="json")
            )
        except Invalid:
            # Somebody created it since we looked. If it is refused for another reason, adding it
            # to the pull request says so.
            return

    async def _remove(self, name: str) -> None:
        if not name.startswith(self.prefix):
            return
        # Noted before: killed in between, we would take ourselves for the person who removed it.
        await self._note({name}, LabelState.REMOVING)
        with suppress(Gone):  # it is off, by whoever
            await self.writer.delete(f"{_LABELS}/{{name}}", {**self.place.url_vars, "name": name})
        await self._note({name}, LabelState.WITHDRAWN)

    async def _note(self, names: set[str], state: LabelState) -> None:
        await self.rows.note_labels(self.place.repository_id, self.place.number, sorted(names), state)


def _in_state(known: dict[str, AppliedLabel], *states: LabelState) -> set[str]:
    return {name for name, label in known.items() if label.state in states}
