"""What holds for one repository, from the operator's settings and its file, with the source of each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from bot.model.base import Frozen
from bot.model.commands import COMMANDS, CommandName, Role
from bot.model.config_file import RepoConfig

CONFIG_PATH = ".github/prhub.yml"


class Source(StrEnum):
    """Who has decided about a value: PRHub, the operator, the repository's file, or the one it extends."""

    DEFAULT = "default"
    OPERATOR = "operator"
    EXTENDS = "extends"
    FILE = "file"


class PublishMode(StrEnum):
    """How a report is shown on its pull request."""

    COMMENT = "comment"
    CHECK = "check"
    NONE = "none"


class ModelSize(StrEnum):
    """How large a model is asked, of those that the operator has set; ``off`` asks none."""

    OFF = "off"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class Problem(Frozen):
    """What is wrong in a configuration file, and where. ``text`` never shows a value of the file.

    ``line`` and ``column`` count from 1. ``place`` is the repository; it is empty for a local file. A
    file with an ``error`` is not taken; a ``warning`` only leaves one key out.
    """

    severity: Literal["error", "warning"]
    place: str = ""
    line: int
    column: int
    key: str
    text: str


class Loaded(Frozen):
    """What a repository's file says as far as it holds now, and what is wrong with what stands there.

    ``file`` is the repository's own file, or without one that of the owner's ``.github`` repository;
    ``base`` is what it extends. ``places`` are the repositories they are from. ``current`` tells whether
    that is what stands there now: if not it is the last that was good. ``version`` names the contents that
    were read, and ``read_at`` (epoch seconds) is when they were read first.
    """

    file: RepoConfig | None = None
    base: RepoConfig | None = None
    places: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    current: bool = True
    version: str = ""
    read_at: float | None = None

    @property
    def broken(self) -> bool:
        """Whether the file that stands there now cannot be taken."""
        return any(problem.severity == "error" for problem in self.problems)


class IgnoreChoice(Frozen):
    """What is left out: globs as in ``CODEOWNERS``, logins and labels (both without regard to case)."""

    paths: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class OwnRisk(Frozen):
    """A risk of the repository's own: a change below one of ``paths`` has it. ``color`` is six hex digits."""

    key: str
    name: str
    description: str
    color: str
    paths: tuple[str, ...]


class LabelChoice(Frozen):
    """Whether labels are set, what they begin with, and how many there may be."""

    enabled: bool = True
    prefix: str
    max: int


class DigestChoice(Frozen):
    """When a digest is written (cron, or ``off``) and what is in it; see ``DigestingSettings``."""

    schedule: str
    period: Literal["week", "month"]
    time_zone: str
    highlights: int
    threshold: float
    publish: Literal["issue", "none"]
    paths: tuple[str, ...] = ()


class BudgetChoice(Frozen):
    """The most tokens for one pull request and for a day; ``None`` where nobody has set a limit."""

    tokens_per_pull: int | None = None
    tokens_per_day: int | None = None


class ChoiceRow(Frozen):
    """One value for people to read: its key with dots, itself as text, and who has decided."""

    key: str
    value: str
    source: Source


class Choices(Frozen):
    """All that holds for one repository.

    ``modules`` are names with globs, ``commands`` names with the least role where the file has raised it.
    ``sources`` has the keys that anybody has set, with dots: ``digest.schedule``, ``modules.api``. What is
    not in it is a default. ``narrowed`` are the keys where the operator allows less than the file asks for.
    """

    language: Literal["en", "zh-CN"]
    publish: PublishMode
    min_importance: float
    time_zone: str
    ignore: IgnoreChoice
    modules: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    core_paths: tuple[str, ...] = ()
    risks: tuple[OwnRisk, ...] = ()
    labels: LabelChoice
    digest: DigestChoice
    commands: dict[CommandName, Role] = Field(default_factory=dict)
    model: ModelSize
    budget: BudgetChoice
    sources: dict[str, Source] = Field(default_factory=dict)
    narrowed: tuple[str, ...] = ()

    def minimum(self, name: CommandName) -> Role:
        """Give the least role that may give a command: the table's, or a higher one of the file."""
        return self.commands.get(name, COMMANDS[name].role)

    def source(self, key: str) -> Source:
        """Give who has decided about a key, such as ``labels.max``."""
        return self.sources.get(key, Source.DEFAULT)

    def rows(self) -> tuple[ChoiceRow, ...]:
        """Give every value with its source, in the order of the documentation."""
        return tuple(
            ChoiceRow(key=key, value=_text(value), source=self.source(key)) for key, value in self._leaves()
        )

    def _leaves(self) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for name in type(self).model_fields:
            value = getattr(self, name)
            if name in ("sources", "narrowed"):
                continue
            if name == "risks":
                found += [(f"risks.{risk.key}", risk.paths) for risk in self.risks]
            elif name == "model":
                found.append(("model.size", value))
            elif isinstance(value, Frozen):
                found += [(f"{name}.{inner}", one) for inner, one in value]
            elif isinstance(value, dict):
                found += [(f"{name}.{inner}", one) for inner, one in value.items()]
            else:
                found.append((name, value))
        return found


def _text(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)
