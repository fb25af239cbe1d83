"""The repository's configuration file as people write it: every key, its bounds, and what to write there."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, StringConstraints, Tag

from bot.model.base import Frozen
from bot.model.commands import CommandName, Role
from bot.model.taxonomy import OWN_RISK_KEY, RiskKey

# An owner's or a repository's name, a little wider than GitHub has them.
_NAME = r"[A-Za-z0-9_.-]{1,100}"
MOST_ITEMS = 200
# For a small change one question holds some 40,000, its answer included: less would be no model at all, and
# for that there is model.size.
LEAST_TOKENS = 50_000


def _printable(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError("has spaces around it, or characters that cannot be seen")
    return value


def _glob(value: str) -> str:
    if value.startswith("!"):
        raise ValueError("begins with an exclamation mark, which means nothing here")
    return _printable(value)


def _path(value: str) -> str:
    value = value.strip("/")
    if {"", ".", ".."} & set(value.split("/")):
        raise ValueError("is no path below the top of the repository")
    return _printable(value)


def known_time_zone(value: str) -> str:
    """Check an IANA name. Raises ``ValueError``."""
    try:
        ZoneInfo(value)
    except (OSError, ValueError, LookupError):
        raise ValueError("is not a known time zone") from None
    return value


def _prefix(value: str) -> str:
    if not value.isprintable() or value != value.lstrip() or "," in value or "@" in value:
        raise ValueError("begins with a space, or has a character that a label's beginning must not have")
    return value


def _true_or_false(value: object) -> object:
    # Every scalar of the file is a string; "no" and "on" stay what they are.
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return value == "true"


def _repository(value: str) -> str:
    if {".", ".."} & set(value.split("/")):
        raise ValueError("is not the name of a repository")
    return value


def _own_risk(value: str) -> str:
    if value in set(RiskKey):
        raise ValueError("is the name of a risk that PRHub has itself")
    return value


def _kind(value: object) -> str:
    return "added" if isinstance(value, dict | Added) else "listed"


Glob = Annotated[str, StringConstraints(min_length=1, max_length=256), AfterValidator(_glob)]
Path = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_path)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_printable)]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,60}(\[bot\])?$")]
Zone = Annotated[str, StringConstraints(max_length=60), AfterValidator(known_time_zone)]
Tokens = Annotated[int, Field(ge=LEAST_TOKENS, le=1_000_000_000)]
RiskName = Annotated[str, StringConstraints(pattern=OWN_RISK_KEY), AfterValidator(_own_risk)]
RepositoryName = Annotated[
    str, StringConstraints(pattern=rf"^({_NAME}/)?{_NAME}$"), AfterValidator(_repository)
]


class Added(Frozen):
    """Items to put before and after the list that would hold without this key."""

    prepend: Annotated[tuple[str, ...], Field(max_length=MOST_ITEMS)] = ()
    append: Annotated[tuple[str, ...], Field(max_length=MOST_ITEMS)] = ()


class AddedGlobs(Added):
    """Globs to put before and after those that would hold without this key."""

    prepend: Annotated[tuple[Glob, ...], Field(max_length=MOST_ITEMS)] = ()
    append: Annotated[tuple[Glob, ...], Field(max_length=MOST_ITEMS)] = ()


class AddedLogins(Added):
    """Logins to put before and after those that would hold without this key."""

    prepend: Annotated[tuple[Login, ...], Field(max_length=MOST_ITEMS)] = ()
    append: Annotated[tuple[Login, ...], Field(max_length=MOST_ITEMS)] = ()


class AddedWords(Added):
    """Labels to put before and after those that would hold without this key."""

    prepend: Annotated[tuple[Word, ...], Field(max_length=MOST_ITEMS)] = ()
    append: Annotated[tuple[Word, ...], Field(max_length=MOST_ITEMS)] = ()


class AddedPaths(Added):
    """Folders to put before and after those that would hold without this key."""

    prepend: Annotated[tuple[Path, ...], Field(max_length=MOST_ITEMS)] = ()
    append: Annotated[tuple[Path, ...], Field(max_length=MOST_ITEMS)] = ()


_Some = Field(max_length=MOST_ITEMS)
_LISTED, _ADDED, _WHICH = Tag("listed"), Tag("added"), Discriminator(_kind)
Globs = Annotated[
    Annotated[tuple[Glob, ...], _Some, _LISTED] | Annotated[AddedGlobs, _ADDED],
    _WHICH,
]
Logins = Annotated[Annotated[tuple[Login, ...], _Some, _LISTED] | Annotated[AddedLogins, _ADDED], _WHICH]
Words = Annotated[Annotated[tuple[Word, ...], _Some, _LISTED] | Annotated[AddedWords, _ADDED], _WHICH]
Paths = Annotated[Annotated[tuple[Path, ...], _Some, _LISTED] | Annotated[AddedPaths, _ADDED], _WHICH]


def _key(write: str, **bounds: Any) -> Any:
    """Give a key that may be left out; ``write`` completes the sentence "… is wrong: write …"."""
    return Field(None, description=write, **bounds)


class IgnorePart(Frozen):
    """What is left out."""

    paths: Globs | None = _key("a list of globs as in CODEOWNERS, such as docs/ or *.snap")
    authors: Logins | None = _key("a list of logins such as octo-dev or octo-helper[bot]")
    labels: Words | None = _key("a list of labels")


class LabelsPart(Frozen):
    """The labels on pull requests."""

    enabled: Annotated[bool, BeforeValidator(_true_or_false)] | None = _key("true or false")
    prefix: Annotated[str, StringConstraints(min_length=2, max_length=20), AfterValidator(_prefix)] | None = (
        _key('2 to 20 characters in quotes, such as "risk: "')
    )
    max: int | None = _key("a whole number from 0 to 20", ge=0, le=20)


class DigestPart(Frozen):
    """When digests are written, and what is in them."""

    schedule: Annotated[str, StringConstraints(max_length=200)] | None = _key(
        'five fields of cron in quotes, such as "0 9 * * 1", or off'
    )
    period: Literal["week", "month"] | None = _key("week or month")
    time_zone: Zone | None = _key("an IANA name such as UTC or Asia/Shanghai")
    highlights: int | None = _key("a whole number from 0 to 30", ge=0, le=30)
    threshold: float | None = _key("a number from 0 to 10", ge=0, le=10, allow_inf_nan=False)
    publish: Literal["issue", "none"] | None = _key("issue or none")
    paths: Paths | None = _key("a list of folders such as services/api")


class RiskPart(Frozen):
    """A risk of the repository's own: a pull request has it that changes one of its paths."""

    name: Word = Field(description="a name of 1 to 60 characters")
    description: Annotated[str, StringConstraints(max_length=100), AfterValidator(_printable)] = Field(
        "", description="at most 100 characters"
    )
    color: Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{6}$")] = Field(
        "ededed", description='six hexadecimal digits in quotes, such as "d93f0b"'
    )
    paths: Annotated[tuple[Glob, ...], Field(min_length=1, max_length=MOST_ITEMS)] = Field(
        description="a list of globs as in CODEOWNERS, such as db/migrations/"
    )


class ModelPart(Frozen):
    """How large a model is asked, of those that the operator has set."""

    size: Literal["off", "small", "medium", "large"] | None = _key("off, small, medium or large")


class BudgetPart(Frozen):
    """How many tokens may be spent, the operator's own limits aside."""

    tokens_per_pull: Tokens | None = _key("a whole number from 50000")
    tokens_per_day: Tokens | None = _key("a whole number from 50000")


class RepoConfig(Frozen):
    """The file ``.github/prhub.yml``. Every key may be left out; it then has no say."""

    extends: RepositoryName | None = Field(
        None,
        alias="_extends",
        description="the name of a repository of the same owner, such as octo-org/rules",
    )
    language: Literal["en", "zh-CN"] | None = _key("en or zh-CN")
    publish: Literal["comment", "check", "none"] | None = _key("comment, check or none")
    min_importance: float | None = _key("a number from 0 to 10", ge=0, le=10, allow_inf_nan=False)
    time_zone: Zone | None = _key("an IANA name such as UTC or Asia/Shanghai")
    ignore: IgnorePart | None = _key("the keys paths, authors, labels")
    modules: dict[Word, Globs] | None = _key("names, each with a list of globs", max_length=MOST_ITEMS)
    core_paths: Globs | None = _key("a list of globs as in CODEOWNERS, such as src/engine/")
    risks: dict[RiskName, RiskPart] | None = _key(
        "names such as slow-path, each with name, description, color, paths", max_length=30
    )
    labels: LabelsPart | None = _key("the keys enabled, prefix, max")
    digest: DigestPart | None = _key(
        "the keys schedule, period, time_zone, highlights, threshold, publish, paths"
    )
    commands: dict[CommandName, Role] | None = _key("names of commands, each with the least role")
    model: ModelPart | None = _key("the key size")
    budget: BudgetPart | None = _key("the keys tokens_per_pull, tokens_per_day")
