"""Which files stand aside from the software: examples, documentation, benchmarks, patches."""

from __future__ import annotations

_ASIDE = frozenset(
    "example examples demo demos doc docs benchmark benchmarks playground playgrounds recipes samples".split()
)
_PATCHES = (".patch", ".diff")


def is_aside(path: str) -> bool:
    """Whether ``path`` is in a folder of examples, documentation or benchmarks."""
    return bool(_ASIDE.intersection(path.lower().split("/")[:-1]))


def is_patch(path: str) -> bool:
    """Whether ``path`` is itself a patch, whose lines belong to other files."""
    return path.endswith(_PATCHES)
