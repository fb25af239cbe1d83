"""A line of Python knows its class and function, also where only a hunk was read."""

from __future__ import annotations

from bot.inference.lines import MergedText
from bot.inference.places import Place, python_places
from tests.fakes.facts import file_change, hunk, merged_file

TEXT = '''import os


class Store:
    """Keeps things.

    def not_a_function(): in a docstring
    """

    @property
    def size(
        self,
        unit: str = ":",
    ) -> int:
        """How many."""
        return 1

    def save(self):
        def inner():
            return 2

        return inner

top = 3
'''


def names(places: dict[int, Place], *numbers: int) -> list[str | None]:
    return [places[number].name for number in numbers]


def line_of(text: str) -> int:
    return TEXT.split("\n").index(text) + 1


def test_classes_functions_and_docstrings() -> None:
    """Nested scopes are named; what stands in a docstring opens none."""
    places = python_places(file_change(), MergedText(merged_file(text=TEXT)))
    wanted = [
        line_of(text)
        for text in ("        return 1", "            return 2", "        return inner", "top = 3")
    ]
    assert names(places, *wanted) == ["Store.size", "Store.save.inner", "Store.save", None]
    assert places[7].in_string


def test_the_first_statement_has_only_documentation_above() -> None:
    """A header over several lines and a docstring do not count as statements."""
    places = python_places(file_change(), MergedText(merged_file(text=TEXT)))
    assert places[line_of("        return 1")].only_docs_above
    assert not places[line_of("        return inner")].only_docs_above


def test_a_hunk_begins_in_its_section() -> None:
    """Git's hunk header names the function above the first line."""
    file = file_change(
        hunks=(hunk("+        x = 1\n+\n+def other():\n+    y = 2", new_start=40, section="class Store:"),)
    )
    assert names(python_places(file, None), 40, 43) == ["Store", "other"]


def test_quotes_that_do_not_pair_are_not_believed() -> None:
    """A hunk may begin inside a docstring: then no line is taken for one."""
    file = file_change(hunks=(hunk('+    the end of it."""\n+    x = 1\n+def f():\n+    y = 2'),))
    places = python_places(file, None)
    assert not any(place.in_string for place in places.values())
    assert places[4].name == "f"
