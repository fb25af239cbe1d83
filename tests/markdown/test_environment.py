"""The template engine refuses what was not made safe."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from bot.markdown.environment import environment
from bot.markdown.escape import Safe


def shown(source: str, **values: object) -> str:
    """What a template written here prints."""
    return environment().from_string(source).render(values)


@pytest.mark.parametrize(
    "source",
    [
        "{{ x }}",
        "{{ x ~ '' }}",
        "{{ [x]|join(', ') }}",
        "{{ x|upper }}",
        "{{ x|safe }}",
        "{{ x|e }}",
        "{{ 'constant' }}",
        "{{ 1 }}",
        "{{ none }}",
        "{% macro m() %}{{ x|text }}{% endmacro %}{{ m() }}",
    ],
)
def test_unsafe_output_is_refused(source: str) -> None:
    """A plain string, a number, even a constant has to go through a filter of ours."""
    with pytest.raises(TypeError, match="no filter made safe"):
        shown(source, x="*x*")


@pytest.mark.parametrize(
    ("source", "printed"),
    [("{{ x|text }}", r"\*x\*"), ("{{ x|code }}", "`*x*`"), ("{{ 1000|number }}", "1,000")],
)
def test_filters_make_it_safe(source: str, printed: str) -> None:
    """The filters are the way through."""
    assert shown(source, x="*x*") == printed


def test_a_slice_of_safe_text_is_not_safe() -> None:
    """Cutting what was escaped can undo the escaping."""
    with pytest.raises(TypeError):
        shown("{{ x[1:] }}", x=Safe(r"\*x"))


def test_unknown_names_are_errors() -> None:
    """A template never prints nothing for a name that is not there."""
    with pytest.raises(UndefinedError):
        shown("{{ missing }}")
