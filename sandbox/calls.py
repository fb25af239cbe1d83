"""What a route sees of a request, and what it gives back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox.discussion import Issue, Pull
from sandbox.refused import Refused
from sandbox.shapes.people import Base

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from aiohttp import web

    from sandbox.auth import Caller
    from sandbox.state import Repository, State

REPO = "/repos/{owner}/{repo}"
_PER_PAGE = 30
_MAX_PER_PAGE = 100


@dataclass
class Answer:
    """A route's answer: JSON unless ``raw`` is set; ``later`` runs after it was sent."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    content_type: str = "application/json"
    later: Callable[[], Awaitable[None]] | None = None

    @property
    def payload(self) -> bytes:
        """The bytes of the body."""
        if self.raw is not None:
            return self.raw
        return b"" if self.status in {204, 304} else json.dumps(self.body, ensure_ascii=False).encode()


@dataclass
class Call:
    """One request, with who makes it, the repository it names, and the moment whose state it sees."""

    request: web.Request
    state: State
    caller: Caller
    api: str
    moment: float = 0.0
    body: Mapping[str, Any] = field(default_factory=dict)
    named_repository: Repository | None = None
    operation: str | None = None
    cost: int | None = None
    nodes: int = 0
    unknown: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    rates: Callable[[str], dict[str, Any]] = lambda _: {}

    @property
    def repository(self) -> Repository:
        """The repository that the path names; routes without one must not ask."""
        if self.named_repository is None:
            raise Refused(404, "Not Found")
        return self.named_repository

    @property
    def base(self) -> Base:
        """Where the links in the answer lead."""
        return Base(self.api, self.state.html_url)

    def number(self, name: str = "number") -> int:
        """A number in the path; anything else is a 404."""
        text = self.request.match_info[name]
        if not text.isascii() or not text.isdigit():
            raise Refused(404, "Not Found")
        return int(text)

    def issue(self) -> Issue:
        """The issue or pull request of that number; a 404 if there is none, a 410 if it was deleted."""
        issue = self.repository.issues.get(self.number())
        if self.number() in self.repository.deleted:
            raise Refused(410, "This issue was deleted")
        if issue is None:
            raise Refused(404, "Not Found")
        return issue

    def pull(self) -> Pull:
        """The pull request of that number; a 404 if there is none."""
        pull = self.issue()
        if not isinstance(pull, Pull):
            raise Refused(404, "Not Found")
        return pull

    def positive(self, name: str, default: int) -> int:
        """A positive number from the query, or the default."""
        text = self.request.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and int(text) > 0 else default

    def text(self, name: str, limit: int | None = None) -> str:
        """A string of the body; a 422 if it is missing, empty, no string, or too long."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise Refused.invalid(name, "missing_field")
        if limit is not None and len(value) > limit:
            raise Refused.invalid(name, "custom", f"{name} is too long (maximum is {limit} characters)")
        return value

    def paged(self, items: Sequence[Any], shape: Callable[[Any], Any], most: int | None = None) -> Answer:
        """One page of a list, with the ``Link`` header that leads to the others."""
        items = items[:most]
        size = min(self.positive("per_page", _PER_PAGE), _MAX_PER_PAGE)
        page = self.positive("page", 1)
        last = max(1, -(-len(items) // size))
        shown = [shape(item) for item in items[(page - 1) * size : page * size]]
        pages = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        wanted = [name for name in pages if (page < last if name in {"next", "last"} else page > 1)]
        link = ", ".join(f'<{self._page_url(pages[name])}>; rel="{name}"' for name in wanted)
        return Answer(shown, headers={"Link": link} if link else {})

    def _page_url(self, page: int) -> str:
        """The address of another page, by the repository's id as GitHub has it there."""
        url = self.request.rel_url.update_query(page=str(page))
        path = url.path_qs
        if self.named_repository and "repo" in self.request.match_info:
            info = self.request.match_info
            path = path.replace(
                f"/repos/{info['owner']}/{info['repo']}", f"/repositories/{self.repository.id}", 1
            )
        return f"{self.request.scheme}://{self.request.host}{path}"


@dataclass(frozen=True)
class Route:
    """A route: ``needs`` are alternatives such as ``issues:write``; ``app`` means the app's own JWT.

    An ``anonymous`` one asks for no credentials at all. ``query`` and ``fields`` are the names it knows;
    others are noted in the request log.
    """

    method: str
    path: str
    handler: Callable[[Call], Answer]
    needs: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    app: bool = False
    anonymous: bool = False
    creates_content: bool = False


def paths_of(route: Route) -> tuple[str, ...]:
    """The paths a route answers under: by name and by id for those of a repository."""
    if not route.path.startswith(REPO):
        return (route.path,)
    return (route.path, route.path.replace(REPO, "/repositories/{repository_id}", 1))
