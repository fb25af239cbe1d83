"""The template engine: it refuses to print any string that was not made safe on purpose."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Undefined

from bot.markdown.escape import Safe, code, joined, snippet, text
from bot.markdown.formats import change, number
from bot.markdown.links import link

_BLANK_LINES: Final = re.compile(r"\n{3,}")
_DOT: Final = Safe(" · ")


@cache
def environment() -> Environment:
    """The one environment of this process; templates are compiled when first used."""
    made = Environment(
        loader=PackageLoader("bot.markdown"),
        undefined=StrictUndefined,
        finalize=_only_safe,
        autoescape=False,  # noqa: S701 - this is Markdown; _only_safe refuses what is not escaped
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(text=text, code=code, snippet=snippet, number=number, link=link)
    made.globals.update(change=change, dots=_dots, ordinal=_ordinal)
    return made


def render(template: str, **values: object) -> Safe:
    """The text of ``templates/<template>.md.j2``, without blank lines around it.

    Raises ``TypeError`` if the template prints anything that is not ``Safe``, and
    ``jinja2.UndefinedError`` if it uses a name that is not there: both are mistakes of ours.
    """
    rendered = environment().get_template(f"{template}.md.j2").render(values)
    return Safe(_BLANK_LINES.sub("\n\n", rendered).strip("\n"))


def _only_safe(value: object) -> object:
    """What a template may print: a ``Safe`` string, nothing else."""
    if isinstance(value, Safe | Undefined):
        return value
    raise TypeError(f"a template printed a {type(value).__name__} that no filter made safe")


def _dots(*parts: Safe | None) -> Safe:
    """The parts that are there, with a middle dot between them."""
    return joined((part for part in parts if part), _DOT)


def _ordinal(index: int) -> Safe:
    """The number of a list item, without separators, which Markdown would not take."""
    return Safe(str(int(index)))
