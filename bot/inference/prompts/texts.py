"""The prompts' texts: templates in ``prompts/``, by task and version, and the digests that freeze them."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import bot

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSIONS: Final[Mapping[str, str]] = {
    "report": "v1",
    "brief": "v1",
    "review": "v1",
    "notes": "v1",
    "repair": "v1",
    "digest": "v1",
    "headline": "v1",
}
# What a stored reading must have been made with to be carried on.
CURRENT: Final[frozenset[str]] = frozenset(f"{task}/{VERSIONS[task]}" for task in ("report", "brief"))
LOCK: Final = "lock.toml"


def folder() -> Path:
    """Where the templates are: beside the package ``bot``, in a checkout and where a wheel puts them."""
    return Path(bot.__file__).parents[1] / "prompts"


@cache
def environment() -> Environment:
    """The one environment of this process; a name that a template lacks is an error."""
    return Environment(
        loader=FileSystemLoader(folder()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - this is plain text; foreign text stands in fences
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(task: str, part: str, values: Mapping[str, object], block: str | None = None) -> str:
    """The text of ``prompts/<task>/<version>/<part>.md.j2``, or of one block of it.

    Raises ``jinja2.UndefinedError`` if the template uses a name that is not in ``values``, and
    ``jinja2.TemplateNotFound`` if there is none: both are mistakes of ours.
    """
    template = environment().get_template(f"{task}/{VERSIONS[task]}/{part}.md.j2")
    if block is None:
        return template.render(values).strip("\n")
    return "".join(template.blocks[block](template.new_context(dict(values)))).strip("\n")


def digests() -> dict[str, str]:
    """The SHA-256 of every template, by its path under ``prompts/``; line ends count as git keeps them."""
    root = folder()
    files = sorted(root.rglob("*.j2"))
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(
            file.read_bytes().replace(b"\r\n", b"\n")
        ).hexdigest()
        for file in files
    }


def locked() -> dict[str, str]:
    """The digests in ``prompts/lock.toml``: those of the released versions, which never change."""
    found: dict[str, str] = tomllib.loads((folder() / LOCK).read_text("utf-8"))["sha256"]
    return found
