"""Which files stand aside from the software: examples, documentation, benchmarks, patches."""

from __future__ import annotations

import re

# fmt: off
_ASIDE = frozenset({
    "example", "examples", "demo", "demos", "doc", "docs", "bench", "benches", "benchmark", "benchmarks",
    "playground", "playgrounds", "recipes", "samples",
})
# fmt: on
_PACKAGES = re.compile(r"(?:^|/)src/\w{1,40}/(?:java|kotlin|scala|groovy)/")
_PATCHES = (".patch", ".diff")


def is_aside(path: str) -> bool:
    """Whether ``path`` is in a folder of examples, documentation or benchmarks; packages are no folders."""
    packages = _PACKAGES.search(path.lower())
    folders = path.lower()[: packages.start() + 1] if packages else path.lower()
    return bool(_ASIDE.intersection(folders.split("/")[:-1]))


def is_patch(path: str) -> bool:
    """Whether ``path`` is itself a patch, whose lines belong to other files."""
    return path.endswith(_PATCHES)
