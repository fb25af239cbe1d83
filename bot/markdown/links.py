"""The only links a comment holds: built here, from the repository's address and checked numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from bot.markdown.escape import Safe, code
from bot.model import FileStatus, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import PullReport, Repository

_REPOSITORY: Final = re.compile(r"https?://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:/[A-Za-z0-9._-]{1,100}){2,6}")
_GITHUB: Final = "https://github.com/"
_REDIRECT: Final = "https://redirect.github.com/"
_SHA: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LARGEST: Final = 2**63
_LONGEST: Final = 2000
_RENDERED: Final = frozenset({".md", ".markdown", ".mkd", ".rst", ".adoc", ".asciidoc", ".org", ".textile"})


@dataclass(frozen=True)
class Links:
    """Addresses in one repository. Each method answers ``None`` where no safe link can be built.

    ``base`` is the repository's address, ``redirect`` the address through which pull requests and
    issues are linked without leaving a backlink on them (``None``: they are not linked). ``gone`` are
    paths that the merge commit does not have; of the others, ``known`` ones are there (empty: not told).
    """

    base: str | None
    redirect: str | None
    merge_sha: str | None
    number: int | None
    gone: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()

    def file(self, path: str, line: int | None = None) -> str | None:
        """A file at the merge commit, if it is there; a 1-based ``line`` of it was found in it."""
        if self.base is None or self.merge_sha is None or not self._is_there(path, line):
            return None
        parts = path.split("/")
        if any(part in {"", ".", ".."} for part in parts):
            return None
        url = f"{self.base}/blob/{self.merge_sha}/{_encoded(parts)}{_anchor(path, line)}"
        return url if len(url) <= _LONGEST else None

    def at(self, sha: str) -> Links:
        """The same with files at another commit."""
        return replace(self, merge_sha=sha if _SHA.fullmatch(sha) else None)

    def changes_of(self, path: str) -> str | None:
        """The history of a file on the default branch, whether or not the file is still there."""
        parts = path.split("/")
        if self.base is None or any(part in {"", ".", ".."} for part in parts):
            return None
        url = f"{self.base}/commits/HEAD/{_encoded(parts)}"
        return url if len(url) <= _LONGEST else None

    def file_now(self, path: str, line: int | None = None) -> str | None:
        """A file on the default branch, whatever stands there by then, at a 1-based ``line``."""
        parts = path.split("/")
        if self.base is None or any(part in {"", ".", ".."} for part in parts):
            return None
        url = f"{self.base}/blob/HEAD/{_encoded(parts)}{_anchor(path, line)}"
        return url if len(url) <= _LONGEST else None

    def commit(self, sha: str | None = None) -> str | None:
        """A commit by its whole ``sha``; the merge commit without one."""
        sha = self.merge_sha if sha is None else sha
        return f"{self.base}/commit/{sha}" if self.base and sha and _SHA.fullmatch(sha) else None

    def thread(self, thread_id: int) -> str | None:
        """A review thread of this pull request, by the database id of its first comment."""
        return self._on_pull("discussion_r", thread_id)

    def comment(self, comment_id: int) -> str | None:
        """A comment on this pull request, by its database id."""
        return self._on_pull("issuecomment-", comment_id)

    def review(self, review_id: int) -> str | None:
        """A review of this pull request, by its database id."""
        return self._on_pull("pullrequestreview-", review_id)

    def this_pull(self) -> str | None:
        """The pull request itself."""
        return f"{self.base}/pull/{self.number}" if self.base and self.number else None

    def pull(self, number: int) -> str | None:
        """Another pull request of this repository."""
        return f"{self.redirect}/pull/{number}" if self.redirect and _is_id(number) else None

    def issue(self, number: int) -> str | None:
        """An issue of this repository."""
        return f"{self.redirect}/issues/{number}" if self.redirect and _is_id(number) else None

    def _is_there(self, path: str, line: int | None) -> bool:
        """Whether the merge commit has this path, as far as the report tells."""
        if len(path) > _LONGEST or path in self.gone:
            return False
        return line is not None or not self.known or path in self.known

    def _on_pull(self, anchor: str, database_id: int) -> str | None:
        """A place on this pull request's page."""
        page = self.this_pull()
        return f"{page}#{anchor}{database_id}" if page and _is_id(database_id) else None


def links_for(report: PullReport, *, redirect: bool) -> Links:
    """The links of one report; an address or commit that does not look like one gives no links."""
    head = report.head
    return replace(
        links_to(head.repository, redirect=redirect),
        merge_sha=head.merge_sha if _SHA.fullmatch(head.merge_sha) else None,
        number=head.number if head.number is not None and _is_id(head.number) else None,
        gone=frozenset(report.removed).union(_removed(report)),
        known=frozenset(report.paths),
    )


def links_to(repository: Repository, *, redirect: bool) -> Links:
    """The links of a repository, of no pull request and at no commit."""
    return links_below(repository.url or "", redirect=redirect)


def links_below(address: str, *, redirect: bool) -> Links:
    """The links of the repository that has this address."""
    url = address.rstrip("/")
    base = url if _REPOSITORY.fullmatch(url) and not _climbs(url) else None
    through = redirect and base is not None and base.startswith(_GITHUB)
    return Links(
        base=base,
        redirect=_REDIRECT + url.removeprefix(_GITHUB) if through else None,
        merge_sha=None,
        number=None,
    )


def _removed(report: PullReport) -> Iterator[str]:
    """The key files that were removed."""
    return (file.path for file in report.implementation.files if file.status is FileStatus.REMOVED)


def link(label: Safe, url: str | None) -> Safe:
    """``label`` linked to a ``url`` of this module, or as it is if there is none."""
    return Safe(f"[{label}]({url})") if url else label


def reference(number: int, url: str | None) -> Safe:
    """``#12`` as the label of a link, or as code where there is none."""
    return link(Safe(f"#{int(number)}"), url) if url else code(f"#{int(number)}")


def references(report: PullReport, links: Links) -> dict[int, Safe]:
    """What stands for ``#12`` in a model's sentence, for every number that the report itself names."""
    numbers = {quote.number: links.issue(quote.number) for quote in report.motivation if quote.number}
    for item in report.related:
        is_issue = item.relation is Relation.CLOSES
        numbers[item.number] = links.issue(item.number) if is_issue else links.pull(item.number)
    return {number: reference(number, url) for number, url in numbers.items() if number != links.number}


def _encoded(parts: list[str]) -> str:
    """The parts of a path as an address has them."""
    return "/".join(quote(part, safe="", errors="replace") for part in parts)


def _anchor(path: str, line: int | None) -> str:
    """The line's anchor; files that GitHub shows rendered need their source view for it."""
    if line is None or not _is_id(line):
        return ""
    source_view = "?plain=1" if PurePosixPath(path).suffix.lower() in _RENDERED else ""
    return f"{source_view}#L{line}"


def _climbs(url: str) -> bool:
    """Whether a browser would read the address as another one."""
    return any(part in {".", ".."} for part in url.split("/"))


def _is_id(number: int) -> bool:
    """Whether a number can be a line or GitHub's id of something."""
    return 0 < number < _LARGEST
