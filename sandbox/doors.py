"""Who may come in: request headers, the repository a path names, and the permission a route needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.discussion import Pull
from sandbox.refused import Refused

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.calls import Call, Route
    from sandbox.state import Repository

READS = frozenset({"GET", "HEAD"})
_VERSIONS = frozenset({"2022-11-28", "2026-03-10"})


def check_headers(request: web.Request) -> None:
    """GitHub asks for a user agent, and knows its own versions only."""
    if not request.headers.get("User-Agent"):
        raise Refused(403, "Request forbidden by administrative rules. A User-Agent header is required.")
    version = request.headers.get("X-GitHub-Api-Version")
    if version is not None and version not in _VERSIONS:
        raise Refused(400, f"{version} is not a supported version of the REST API.")


def api_base(request: web.Request) -> str:
    """The base address this request came in by, with Enterprise Server's prefix if it had that."""
    prefix = "/api/v3" if request.path.startswith("/api/v3/") else ""
    return f"{request.scheme}://{request.host}{prefix}"


def named_repository(call: Call) -> Repository:
    """The repository in the path; a redirect if it is an old name, a 404 if the caller may not know it."""
    info = call.request.match_info
    if "repository_id" in info:
        text = info["repository_id"]
        repository = call.state.repositories.get(int(text)) if text.isascii() and text.isdigit() else None
    else:
        repository = call.state.repository(f"{info['owner']}/{info['repo']}")
    if repository is None or not (call.caller.kind == "app" or call.caller.sees(repository)):
        raise Refused(404, "Not Found")
    if "repo" in info and repository.full_name.lower() != f"{info['owner']}/{info['repo']}".lower():
        raise _moved(call, repository)
    return repository


def _moved(call: Call, repository: Repository) -> Refused:
    """The redirect to the repository's address by id: 301 for reads, 307 for writes."""
    info = call.request.match_info
    rest = call.request.rel_url.raw_path_qs.split(f"{info['owner']}/{info['repo']}", 1)[1]
    url = f"{call.api}/repositories/{repository.id}{rest}"
    if call.request.method in READS:
        return Refused(301, "Moved Permanently", url=url, headers={"Location": url})
    return Refused(307, "Temporary Redirect", url=url, headers={"Location": url})


def used_permission(route: Route, call: Call, repository: Repository) -> str:
    """The permission that lets the caller in; a 403 if none does.

    A pull request's comments and labels may be used with either permission, an issue's only with
    that for issues.
    """
    needs = route.needs or ("metadata:read",)
    number = call.request.match_info.get("number", "")
    if "/issues/" in route.path and number.isascii() and number.isdigit():
        issue = repository.issues.get(int(number))
        if issue is not None and not isinstance(issue, Pull):
            needs = tuple(need for need in needs if not need.startswith("pull_requests"))
    for need in needs:
        if call.caller.may(need, repository):
            return need
    raise Refused(403, "Resource not accessible by integration")
