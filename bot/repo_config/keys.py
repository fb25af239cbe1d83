"""The keys of the file by name: what to write there, which are refused and why, and which one was meant."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from bot.model.base import Frozen
from bot.model.commands import COMMANDS, Role
from bot.model.config_file import Added, DigestPart, IgnorePart, RepoConfig

if TYPE_CHECKING:
    from bot.model.commands import CommandSpec

# Stands in a key's path for a name that people choose.
ANY = "*"
_BELOW = {
    "modules": "a list of globs as in CODEOWNERS, such as services/api/",
    "risks": "the keys name, description, color, paths",
}
_OPERATORS = "only the operator of PRHub decides that"
_QUIET = "PRHub never addresses anyone"
_HERE = "a file says something about its own repository only"
# R112: a file can only narrow. These are told apart from slips of the pen.
REFUSED = {
    **dict.fromkeys(
        ("llm", "provider", "endpoint", "endpoints", "base_url", "url", "urls", "host", "proxy", "headers"),
        _OPERATORS,
    ),
    **dict.fromkeys(
        (
            "api_key",
            "key",
            "keys",
            "token",
            "tokens",
            "secret",
            "secrets",
            "password",
            "private_key",
            "app_id",
        ),
        "secrets do not belong into a repository",
    ),
    **dict.fromkeys(
        (
            "prompt",
            "prompts",
            "system",
            "system_prompt",
            "instructions",
            "temperature",
            "max_tokens",
            "tools",
        ),
        "what a model is told is a part of PRHub",
    ),
    **dict.fromkeys(
        ("mention", "mentions", "notify", "cc", "assignee", "assignees", "reviewers", "teams"), _QUIET
    ),
    **dict.fromkeys(("repository", "repositories", "repo", "repos", "webhook", "webhooks"), _HERE),
}


@cache
def keys() -> dict[tuple[str, ...], str]:
    """Map the path of every key to what to write there, in the order of the documentation."""
    found: dict[tuple[str, ...], str] = {}
    _collect(RepoConfig, (), found)
    return found


def _collect(model: type[Frozen], path: tuple[str, ...], found: dict[tuple[str, ...], str]) -> None:
    for name, field in model.model_fields.items():
        here = (*path, field.alias or name)
        found[here] = field.description or ""
        if name == "commands":
            found.update({(*here, spec.name.value): _floor(spec) for spec in COMMANDS.values()})
        elif "dict[" in str(field.annotation):
            here = (*here, ANY)
            found[here] = _BELOW[name]
        inner = _inner(field.annotation)
        if inner is not None:
            _collect(inner, here, found)


def _floor(spec: CommandSpec) -> str:
    """Say which roles can be the least one for a command."""
    return f"one of {', '.join(role.value for role in Role if role.allows(spec.role))}"


def _inner(annotation: Any) -> type[Frozen] | None:
    """Give the part that a key holds, if it holds one."""
    if isinstance(annotation, type) and issubclass(annotation, Frozen) and not issubclass(annotation, Added):
        return annotation
    return next((inner for part in get_args(annotation) if (inner := _inner(part)) is not None), None)


def known(path: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give the key that a path in a file leads to, with ``*`` for chosen names; ``None`` if there is none."""
    return next((key for key in keys() if len(key) == len(path) and all(map(_meant, key, path))), None)


def _meant(part: str, name: str) -> bool:
    return part in (ANY, name)


@cache
def _lists() -> frozenset[tuple[str, ...]]:
    """Give the keys that hold a list, or what to put before and after one."""
    parts: dict[tuple[str, ...], type[Frozen]] = {
        (): RepoConfig,
        ("ignore",): IgnorePart,
        ("digest",): DigestPart,
    }
    return frozenset(
        (*above, name, *((ANY,) if "dict[" in str(field.annotation) else ()))
        for above, part in parts.items()
        for name, field in part.model_fields.items()
        if "Added" in str(field.annotation)
    )


def is_list(path: tuple[str, ...]) -> bool:
    """Tell whether a path leads to a list that can be added to."""
    return known(path) in _lists()


def nearest(path: tuple[str, ...]) -> str | None:
    """Give the known key that was most likely meant, with dots; ``None`` if none is near.

    A key beside it is nearer than one of the same name elsewhere.
    """
    name, above = path[-1][:64].lower(), known(path[:-1]) or ()

    def nearness(key: tuple[str, ...]) -> float:
        return SequenceMatcher(None, key[-1], name).ratio() + (0.25 if key[:-1] == above else 0)

    best = max((key for key in keys() if key[-1] != ANY), key=nearness)
    return shown((*path[:-1], best[-1]) if best[:-1] == above else best) if nearness(best) >= 0.75 else None


def shown(path: tuple[Any, ...]) -> str:
    """Give a path with dots, in visible ASCII and at most 100 characters."""
    text = ".".join(str(part) for part in path)
    return "".join(sign if " " <= sign <= "~" and sign != "`" else "?" for sign in text[:100])
