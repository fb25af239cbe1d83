"""Places that are lines of code: what a rule finds, what a model quoted, what a remark is about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.folders import is_aside
from bot.inference.messages import say
from bot.inference.register_change import UNIQUE, Spot, parts_of
from bot.inference.rules.errors import not_implemented, swallowed
from bot.inference.rules.private_api import private_api
from bot.inference.rules.secrets import committed_secrets
from bot.inference.rules.security import dangerous_calls, workflow_triggers
from bot.model import FileKind, FileStatus, RegisteredRisk, RiskPlace, Sighting

if TYPE_CHECKING:
    from bot.inference.register_change import Change, Text
    from bot.inference.rules.finding import Rule
    from bot.model import FileChange

# What these rules find is on one line, and they find it in any text that has it.
OF_LINES: dict[str, Rule] = {
    "dangerous-calls": dangerous_calls,
    "committed-secrets": committed_secrets,
    "workflow-triggers": workflow_triggers,
    "not-implemented": not_implemented,
    "swallowed-errors": swallowed,
    "private-names": private_api,
}
# Merges of one queue are made at one moment, and their times are not in the order of their commits.
SETTLED = timedelta(minutes=10)
_JUDGED = frozenset({FileKind.SOURCE, FileKind.CONFIG, FileKind.CI})


class Look(NamedTuple):
    """One place of a risk, and the file as the merge left it."""

    change: Change
    risk: RegisteredRisk
    place: RiskPlace
    file: FileChange

    @property
    def path(self) -> str:
        """Where the file is now."""
        return self.file.path

    @property
    def parts(self) -> tuple[str, ...]:
        """The lines by which the place is known."""
        return parts_of(self.place.quote or "")

    @property
    def is_removed(self) -> bool:
        """Whether the merge removed the line."""
        return self.change.removes(self.path, self.parts)

    @property
    def may_miss(self) -> bool:
        """Whether what is missing in the text is surely gone: the merge came well after the risk's."""
        return self.is_removed or self.change.facts.merged_at - self.risk.opened_at >= SETTLED

    def here(self, line: int | None = None, text: str | None = None) -> Sighting:
        """The place still stands: at a line, with its new text, or somewhere in the file."""
        quote = self.place.quote if text is None else text
        return Sighting(origin=self.place.origin, path=self.path, line=line, quote=quote)

    def at(self, spot: Spot) -> Sighting:
        """The place is elsewhere now."""
        return Sighting(origin=self.place.origin, path=spot.path, line=spot.line, quote=spot.text)

    def gone(self, how: str) -> Sighting:
        """The place is not there any more; ``how`` is the key of the reason."""
        return Sighting(
            origin=self.place.origin, gone=say(f"register.closed.{how}", path=self.place.path or self.path)
        )


def file_removed(look: Look) -> Sighting | None:
    """The place went with its file, unless its line turns up in another one; ``None``: the file is there."""
    if look.file.status is not FileStatus.REMOVED:
        return None
    spot = look.change.moved(look.path, look.parts) if look.parts else None
    return look.at(spot) if spot else look.gone("file_removed")


def ruled(look: Look, rule: Rule) -> Sighting:
    """A line that a rule found: gone when the rule finds nothing in the file, or the line went for good."""
    if look.file.kind not in _JUDGED or is_aside(look.path):
        return look.here()
    text = look.change.text(look.path)
    if text is not None and look.may_miss and look.change.is_silent(rule, look.path):
        return look.gone("no_longer_found")
    if not look.parts:
        return look.here()
    standing = _standing(look, text)
    if standing is not None:
        return standing
    if _went(look, text) and look.change.is_silent(rule):
        return look.gone("line_removed")
    return look.here()


def quoted(look: Look) -> Sighting:
    """A line that bears a statement out: gone when the text has neither it nor one that is like it."""
    if not look.parts:
        return look.here()
    text = look.change.text(look.path)
    standing = _standing(look, text)
    if standing is not None:
        return standing
    if _went(look, text):
        spot = look.change.edited(look.path, look.parts)
        return look.at(spot) if spot else look.gone("line_removed")
    if text is not None and look.may_miss and not look.is_removed and not text.has_alike(look.parts):
        return look.gone("line_gone")
    return look.here()


def remarked(look: Look) -> Sighting:
    """The line of a review remark: gone when it was changed at all."""
    if not look.parts:
        return look.here()
    text = look.change.text(look.path)
    standing = _standing(look, text)
    if standing is not None:
        return standing
    is_missing = text is not None and look.may_miss
    return look.gone("remark_changed") if is_missing or _went(look, text) else look.here()


def _standing(look: Look, text: Text | None) -> Sighting | None:
    """Where the line stands, in its file or in another one; ``None`` if it does in neither."""
    number = text.find(look.parts, look.place.line) if text is not None else None
    if number is not None:
        return look.here(number or look.place.line)
    spot = look.change.moved(look.path, look.parts) if look.is_removed else None
    return look.at(spot) if spot else None


def _went(look: Look, text: Text | None) -> bool:
    """Whether the merge removed the line; where the text was not read, only a long one is known again."""
    if not look.is_removed:
        return False
    if text is not None:
        return True
    added = [line.text for line in look.change.added.get(look.path, ())]
    is_back = any(part in " ".join(line.split()) for part in look.parts for line in added)
    return not is_back and all(len(part) >= UNIQUE for part in look.parts)
