"""Which links a text may hold: those of its plain version, and others of the same few kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.markdown.visible import Link

_COMMIT: Final = re.compile(r"(https?://[^\s?#]{1,500})/commit/([0-9a-f]{40}(?:[0-9a-f]{24})?)")
_FILE: Final = re.compile(r"/blob/([0-9a-f]{40,64})/([^?#]+)(?:\?plain=1)?(?:#L(\d+))?")
_PLACE: Final = re.compile(r"/pull/(\d+)(?:#(?:discussion_r|issuecomment-|pullrequestreview-)\d+)?")
_OTHER: Final = re.compile(r"/(?:pull|issues)/(\d+)")
_PULL: Final = re.compile(r"\A<!-- prhub:report:v1 repo=\d+ pull=(\d+) -->")
_GITHUB: Final = "https://github.com/"
_REDIRECT: Final = "https://redirect.github.com/"
_CUT: Final = "…"


@dataclass(frozen=True)
class Addresses:
    """The repository's address, the commits and pull requests that links may name, and whole links."""

    base: str | None
    commits: frozenset[str]
    pulls: frozenset[str]
    urls: frozenset[str]

    @classmethod
    def of(cls, links: list[Link], markdown: str) -> Addresses:
        """What the links of a plain version tell; ``markdown`` is its text, whose marker has the number."""
        urls = frozenset(link.url for link in links)
        commits = [match for url in urls if (match := _COMMIT.fullmatch(url))]
        base = commits[0][1] if commits else None
        marked = _PULL.match(markdown)
        pulls = {match[1] for url in urls if base and (match := _PLACE.fullmatch(url.removeprefix(base)))}
        return cls(
            base,
            frozenset(match[2] for match in commits),
            frozenset(pulls | set(marked.groups() if marked else ())),
            urls,
        )

    def allows(self, link: Link, known: Callable[[str], bool]) -> bool:
        """Whether a link leads to a known file, commit or thread of the repository, or is our redirect."""
        if link.url in self.urls:
            return True
        if self.base is None:
            return False
        if link.url.startswith(f"{self.base}/"):
            return self._inside(link.url.removeprefix(self.base), known)
        through = self.base.replace(_GITHUB, _REDIRECT, 1)
        other = _OTHER.fullmatch(link.url.removeprefix(through))
        return through != self.base and other is not None and link.label == f"#{other[1]}"

    def named_by(self, link: Link) -> bool:
        """Whether the label is only the end of the address: its path with the line, or its commit."""
        if file := _FILE.fullmatch(link.url.removeprefix(self.base or _CUT)):
            place = f"{unquote(file[2])}:{file[3]}" if file[3] else unquote(file[2])
            label = link.label.lstrip(_CUT)
            return link.label in {place, f":{file[3]}"} or (label != link.label and place.endswith(label))
        commit = _COMMIT.fullmatch(link.url)
        return commit is not None and commit[2].startswith(link.label)

    def _inside(self, rest: str, known: Callable[[str], bool]) -> bool:
        """Whether what follows the repository's address is one of our kinds."""
        if file := _FILE.fullmatch(rest):
            path = unquote(file[2])
            climbs = any(part in {"", ".", ".."} for part in path.split("/"))
            return file[1] in self.commits and not climbs and known(path)
        if place := _PLACE.fullmatch(rest):
            return place[1] in self.pulls
        commit = rest.removeprefix("/commit/")
        return commit != rest and (known(commit) or known(commit[:7]))
