"""Commands: what people can ask for in a comment, who may, and what one comment asks for."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field

from bot.model.base import Frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "/prhub"
# A line without its text, which has a limit of its own.
LINE_LIMIT: Final = 200
TEXT_LIMIT: Final = 500


class CommandName(StrEnum):
    """The word after ``/prhub``."""

    REPORT = "report"
    EXPLAIN = "explain"
    RISKS = "risks"
    RISK = "risk"
    DIGEST = "digest"
    IGNORE = "ignore"
    UNIGNORE = "unignore"
    HIGHLIGHT = "highlight"
    UNHIGHLIGHT = "unhighlight"
    FEEDBACK = "feedback"
    CONFIG = "config"
    STATUS = "status"
    HELP = "help"


class Role(StrEnum):
    """What somebody may do in a repository, in GitHub's words; each may all that those before it may."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Its place in the order; the least is 0."""
        return tuple(Role).index(self)

    def allows(self, minimum: Role) -> bool:
        """Whether this role is ``minimum`` or more."""
        return self.rank >= minimum.rank


class CostClass(StrEnum):
    """What a command costs at most: nothing but the store, requests to GitHub, or the model."""

    FREE = "free"
    READS = "reads"
    MODEL = "model"


class CommandPlace(StrEnum):
    """Where a command can be given."""

    PULL = "pull"
    DIGEST_ISSUE = "digest_issue"


class Verb(StrEnum):
    """What a person decides about a risk."""

    ACCEPT = "accept"
    REOPEN = "reopen"


class ArgumentKind(StrEnum):
    """What an argument is made of; ``text`` is all that is left of the line."""

    LANGUAGE = "language"
    NUMBER = "number"
    VERB = "verb"
    PERIOD = "period"
    TEXT = "text"


class Argument(Frozen):
    """One argument of a form; ``verb`` is the very word that it must be. ``label`` names a text in usage."""

    kind: ArgumentKind
    required: bool = True
    verb: Verb | None = None
    label: str = "text"

    @property
    def usage(self) -> str:
        """How it is written: ``R12``, ``[--language en|zh-CN]``."""
        shown = {
            ArgumentKind.LANGUAGE: "--language en|zh-CN",
            ArgumentKind.NUMBER: "R12",
            ArgumentKind.VERB: self.verb or "",
            ArgumentKind.PERIOD: "week|month|RANGE",
            ArgumentKind.TEXT: self.label.upper(),
        }[self.kind]
        return shown if self.required else f"[{shown}]"


Form = tuple[Argument, ...]


class CommandSpec(Frozen):
    """One line of the table. ``role`` is the least one; a repository's file may only raise it.

    ``forms`` are the ways to write the arguments, in their order, options first. ``examples`` are whole
    lines that are understood.
    """

    name: CommandName
    forms: tuple[Form, ...] = ((),)
    role: Role = Role.WRITE
    cost: CostClass = CostClass.FREE
    places: tuple[CommandPlace, ...] = (CommandPlace.PULL,)
    examples: tuple[str, ...]

    @property
    def usage(self) -> tuple[str, ...]:
        """Each form as it is written, with optional arguments in brackets."""
        return tuple(
            " ".join((PREFIX, self.name.value, *(argument.usage for argument in form))) for form in self.forms
        )

    def least(self, floors: Mapping[str, str]) -> Role:
        """The least role where a repository's file has ``floors``, roles by command: the higher of both."""
        floor = Role(floors.get(self.name, self.role))
        return floor if floor.allows(self.role) else self.role


_RISK_NUMBER = Argument(kind=ArgumentKind.NUMBER)
_SPECS = (
    CommandSpec(
        name=CommandName.REPORT,
        forms=((Argument(kind=ArgumentKind.LANGUAGE, required=False),),),
        cost=CostClass.MODEL,
        examples=("/prhub report", "/prhub report --language zh-CN"),
    ),
    CommandSpec(name=CommandName.EXPLAIN, examples=("/prhub explain",)),
    CommandSpec(name=CommandName.RISKS, examples=("/prhub risks",)),
    CommandSpec(
        name=CommandName.RISK,
        forms=(
            (
                _RISK_NUMBER,
                Argument(kind=ArgumentKind.VERB, verb=Verb.ACCEPT),
                Argument(kind=ArgumentKind.TEXT, label="reason"),
            ),
            (
                _RISK_NUMBER,
                Argument(kind=ArgumentKind.VERB, verb=Verb.REOPEN),
                Argument(kind=ArgumentKind.TEXT, label="reason", required=False),
            ),
        ),
        examples=("/prhub risk R12 accept the flag is off by default", "/prhub risk R12 reopen"),
    ),
    CommandSpec(
        name=CommandName.DIGEST,
        forms=((Argument(kind=ArgumentKind.PERIOD, required=False),),),
        cost=CostClass.MODEL,
        places=(CommandPlace.PULL, CommandPlace.DIGEST_ISSUE),
        examples=(
            "/prhub digest",
            "/prhub digest month",
            "/prhub digest 2026-W13",
            "/prhub digest 2026-03-01..2026-03-15",
            "/prhub digest v1.0..v1.1",
        ),
    ),
    CommandSpec(name=CommandName.IGNORE, examples=("/prhub ignore",)),
    CommandSpec(name=CommandName.UNIGNORE, examples=("/prhub unignore",)),
    CommandSpec(name=CommandName.HIGHLIGHT, examples=("/prhub highlight",)),
    CommandSpec(name=CommandName.UNHIGHLIGHT, examples=("/prhub unhighlight",)),
    CommandSpec(
        name=CommandName.FEEDBACK,
        forms=((Argument(kind=ArgumentKind.TEXT),),),
        examples=("/prhub feedback the lock file is not worth a risk",),
    ),
    CommandSpec(name=CommandName.CONFIG, cost=CostClass.READS, examples=("/prhub config",)),
    CommandSpec(name=CommandName.STATUS, examples=("/prhub status",)),
    CommandSpec(name=CommandName.HELP, examples=("/prhub help",)),
)
COMMANDS: Final[Mapping[CommandName, CommandSpec]] = MappingProxyType({spec.name: spec for spec in _SPECS})


class Command(Frozen):
    """One command as understood; only the arguments of its form are set.

    ``number`` is that of ``R12``. ``text`` is a reason or feedback: one line, cleaned, as foreign as any
    other. ``period`` is ``week``, ``month`` or what names a period; whether there is such a week, or such
    a tag, is not known yet.
    """

    name: CommandName
    language: Literal["en", "zh-CN"] | None = None
    number: int | None = Field(default=None, ge=1)
    verb: Verb | None = None
    text: str | None = Field(default=None, max_length=TEXT_LIMIT)
    period: str | None = None


class Trouble(StrEnum):
    """Why a line that is meant as a command is none: no such command, wrong arguments, or too long."""

    UNKNOWN = "unknown"
    ARGUMENTS = "arguments"
    LONG = "long"


class Misunderstood(Frozen):
    """A line that is meant as a command and is none: its answer is help.

    ``said`` is the line's beginning, cleaned. ``about`` is the command that it names.
    """

    said: str
    trouble: Trouble
    about: CommandName | None = None


class CommandRequest(Frozen):
    """What one comment asks for, and who asks. With ``misunderstood`` the command is ``help``.

    ``author_login`` is the name for a request, ``author_id`` who it must belong to. ``issue_number`` is
    that of the pull request, or with ``is_pull`` false of an issue that looks like a digest. ``merged`` is
    ``None`` where the payload does not say. ``created_at`` is in epoch seconds.
    """

    command: Command
    misunderstood: Misunderstood | None = None
    comment_id: int
    author_id: int
    author_login: str
    issue_number: int
    is_pull: bool
    merged: bool | None = None
    created_at: float | None = None
