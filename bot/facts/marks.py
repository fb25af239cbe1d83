"""What a repository's file says of paths: which are ignored, of the core, or have a risk of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.facts.globs import Globs

if TYPE_CHECKING:
    from bot.model.repo_config import Choices

# No own risk can be called so: their keys have letters, digits and dashes.
_IGNORED: Final = "*ignored"
_CORE: Final = "*core"


class Marks:
    """Tells of one repository's paths what its file says; without ``choices`` it says nothing.

    A file that was renamed has what its new or its former path has. Of the globs with a wildcard the first
    300 count: those of ``ignore.paths``, then of ``core_paths``, then of own risks.
    """

    def __init__(self, choices: Choices | None = None) -> None:
        """Globs are those of ``CODEOWNERS``: a folder means all that is in it."""
        found: list[tuple[str, str]] = []
        if choices is not None:
            found += [(_IGNORED, glob) for glob in choices.ignore.paths]
            found += [(_CORE, glob) for glob in choices.core_paths]
            found += [(risk.key, glob) for risk in choices.risks for glob in risk.paths]
        self._words = [word for word, _ in found]
        self._globs = Globs([glob for _, glob in found], below=True)
        self._known: dict[str, frozenset[str]] = {}

    def is_ignored(self, path: str) -> bool:
        """Whether the file is counted and not read."""
        return _IGNORED in self._of(path)

    def is_core(self, *paths: str) -> bool:
        """Whether one of the paths is named as a part of the core."""
        return any(_CORE in self._of(path) for path in paths)

    def own_risks(self, *paths: str) -> tuple[str, ...]:
        """Give the keys of the repository's own risks that one of the paths has, in the file's order."""
        having = frozenset[str]().union(*map(self._of, paths)) - {_IGNORED, _CORE}
        return tuple(dict.fromkeys(word for word in self._words if word in having)) if having else ()

    def _of(self, path: str) -> frozenset[str]:
        if not self._words:
            return frozenset()
        if path not in self._known:
            self._known[path] = frozenset(self._words[order] for order in self._globs.matches(path))
        return self._known[path]
