"""The closed taxonomy of risks: keys, severities, states, and how their labels look."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from pydantic_core import core_schema

from bot.model.base import Frozen

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


class RiskKey(StrEnum):
    """Every risk a report can name."""

    MISSING_TESTS = "missing-tests"
    CORE_PATH = "core-path"
    BREAKING_CHANGE = "breaking-change"
    COMPATIBILITY = "compatibility"
    SECURITY = "security"
    PERFORMANCE = "performance"
    CONCURRENCY = "concurrency"
    ERROR_HANDLING = "error-handling"
    DATA_MIGRATION = "data-migration"
    CONFIGURATION = "configuration"
    DEPENDENCY = "dependency"
    PLATFORM = "platform"
    PRIVATE_API = "private-api"
    OBSERVABILITY = "observability"
    DOCUMENTATION = "documentation"
    UNRESOLVED_REVIEW = "unresolved-review"
    REVERT = "revert"
    PROMPT_INJECTION = "prompt-injection"


class OwnRiskKey(str):
    """The key of a risk that a repository has defined itself, such as ``slow-path``."""

    __slots__ = ()

    @property
    def value(self) -> str:
        """The key as text, as a ``RiskKey`` has it."""
        return str(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read it from a string, and write it as one."""
        text = core_schema.str_schema(pattern=OWN_RISK_KEY)
        return core_schema.no_info_after_validator_function(cls, text)


# As people write it in the repository's file; with the longest prefix a label has 50 characters.
OWN_RISK_KEY = r"^[a-z][a-z0-9-]{0,29}$"
# A risk of the taxonomy, or of a repository's own.
AnyRiskKey = Annotated[RiskKey | OwnRiskKey, Field(union_mode="left_to_right")]
_KEYS = list(RiskKey)
_VALUES = frozenset(RiskKey)


def any_risk_key(text: str) -> AnyRiskKey:
    """Give the key that a text is; what the taxonomy does not have is a repository's own."""
    return RiskKey(text) if text in _VALUES else OwnRiskKey(text)


def place_of(key: AnyRiskKey) -> tuple[int, str]:
    """Give a key's place in the order of the taxonomy; own risks come after all of its."""
    return (_KEYS.index(key), "") if isinstance(key, RiskKey) else (len(_KEYS), key)


class Severity(StrEnum):
    """How much a risk weighs, from the heaviest down."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the heaviest, so that sorting ascending puts the heaviest first."""
        return list(Severity).index(self)


class RiskState(StrEnum):
    """Whether a risk still holds at the merge commit; only ``open`` ones count."""

    OPEN = "open"
    FIXED_BEFORE_MERGE = "fixed_before_merge"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"


class RiskLabel(Frozen):
    """A label on GitHub: name (at most 50 characters), colour (six hex digits), description (100)."""

    name: str
    color: str
    description: str


LABEL_PREFIX = "risk: "

_LOOKS: dict[RiskKey, tuple[str, str]] = {
    RiskKey.MISSING_TESTS: ("fbca04", "Source changed, and no test changed with it"),
    RiskKey.CORE_PATH: ("d93f0b", "Touches files this repository changes most often"),
    RiskKey.BREAKING_CHANGE: ("b60205", "Marked or found to break an interface"),
    RiskKey.COMPATIBILITY: ("d93f0b", "May not work with what was there before"),
    RiskKey.SECURITY: ("b60205", "Touches something security depends on"),
    RiskKey.PERFORMANCE: ("e99695", "May cost time or memory"),
    RiskKey.CONCURRENCY: ("e99695", "Order, locking or parallel execution changed"),
    RiskKey.ERROR_HANDLING: ("e99695", "Errors are hidden, or a path is not implemented"),
    RiskKey.DATA_MIGRATION: ("d93f0b", "Changes stored data or its schema"),
    RiskKey.CONFIGURATION: ("c5def5", "Settings or their defaults changed"),
    RiskKey.DEPENDENCY: ("c5def5", "Dependencies changed"),
    RiskKey.PLATFORM: ("c5def5", "Depends on hardware or platform"),
    RiskKey.PRIVATE_API: ("fbca04", "Uses what another module keeps private"),
    RiskKey.OBSERVABILITY: ("c5def5", "Logs, metrics or traces are affected"),
    RiskKey.DOCUMENTATION: ("c5def5", "Users meet a change the documentation does not name"),
    RiskKey.UNRESOLVED_REVIEW: ("fbca04", "Review remarks were open at the merge"),
    RiskKey.REVERT: ("d93f0b", "Reverts an earlier change, or was reverted"),
    RiskKey.PROMPT_INJECTION: ("5319e7", "Text in it tries to instruct an automatic reader"),
}


def label_for(key: RiskKey, prefix: str = LABEL_PREFIX) -> RiskLabel:
    """The label of a risk; its description is the same English sentence in every language."""
    color, description = _LOOKS[key]
    return RiskLabel(name=f"{prefix}{key.value}", color=color, description=description)
