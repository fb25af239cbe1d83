"""Files of a repository at any commit."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.objects import SUBMODULE, SYMLINK, Blob, Tree
from sandbox.refused import Refused

if TYPE_CHECKING:
    from sandbox.state import Repository

# https://docs.github.com/en/rest/repos/contents: between 1 and 100 MB only the raw media type answers.
INLINE_BYTES = 1_000_000
_RAW_MEDIA = ("application/vnd.github.raw", "application/vnd.github.v3.raw")
_TYPES = {SYMLINK: "symlink", SUBMODULE: "submodule"}


def resolve(repository: Repository, ref: str | None) -> str | None:
    """The commit that a tag, a branch, ``HEAD`` or an id stands for; ``None`` if none. Tags come first."""
    if ref is None or ref == "HEAD":
        return repository.branches.get(repository.default_branch)
    tag = ref.removeprefix("refs/").removeprefix("tags/")
    if tag in repository.tags:
        return repository.tags[tag]
    name = ref.removeprefix("refs/").removeprefix("heads/")
    if name in repository.branches:
        return repository.branches[name]
    if ref in repository.commits:
        return ref
    return None


def get_contents(call: Call) -> Answer:
    """A file (base64, or raw by the ``Accept`` header), or the list of a folder."""
    path = call.request.match_info["path"].strip("/")
    ref = call.request.query.get("ref")
    sha = resolve(call.repository, ref)
    if sha is None:
        raise Refused(404, f"No commit found for the ref {ref}")
    tree = call.repository.commits[sha].tree
    if path in tree:
        return _file(call, path, tree[path], sha)
    listed = _folder(tree, path)
    if not listed:
        raise Refused(404, "Not Found")
    return Answer([_entry(call, name, blob, sha) for name, blob in listed.items()])


def _file(call: Call, path: str, blob: Blob, sha: str) -> Answer:
    """One file."""
    if any(media in call.request.headers.get("Accept", "") for media in _RAW_MEDIA):
        return Answer(raw=blob.data, content_type="application/vnd.github.raw")
    entry = _entry(call, path, blob, sha)
    if entry["type"] == "symlink":
        return Answer({**entry, "target": blob.data.decode(errors="replace")})
    if entry["type"] == "submodule":
        return Answer({**entry, "submodule_git_url": f"{call.state.html_url}/{path}.git"})
    small = len(blob.data) <= INLINE_BYTES
    content = base64.encodebytes(blob.data).decode() if small else ""
    return Answer({**entry, "content": content, "encoding": "base64" if small else "none"})


def _folder(tree: Tree, path: str) -> dict[str, Blob | None]:
    """The entries of a folder by path; a folder among them has no blob."""
    prefix = f"{path}/" if path else ""
    listed: dict[str, Blob | None] = {}
    for name, blob in sorted(tree.items()):
        if name.startswith(prefix):
            inner, slash, _ = name.removeprefix(prefix).partition("/")
            listed[prefix + inner] = None if slash else blob
    return listed


def _entry(call: Call, path: str, blob: Blob | None, sha: str) -> dict[str, Any]:
    """What a file and a folder's entry have in common."""
    name = call.repository.full_name
    url = f"{call.api}/repos/{name}/contents/{quote(path)}?ref={sha}"
    kind = _TYPES.get(blob.mode, "file") if blob else "dir"
    html = f"{call.state.html_url}/{name}/{'blob' if blob else 'tree'}/{sha}/{quote(path)}"
    git = f"{call.api}/repos/{name}/git/{'blobs' if blob else 'trees'}/{blob.sha if blob else sha}"
    return {
        "name": path.rsplit("/", 1)[-1],
        "path": path,
        "sha": blob.sha if blob else sha,
        "size": len(blob.data) if blob else 0,
        "url": url,
        "html_url": html,
        "git_url": git,
        "download_url": f"{call.state.html_url}/{name}/raw/{sha}/{quote(path)}" if kind == "file" else None,
        "type": kind,
        "_links": {"self": url, "git": git, "html": html},
    }


ROUTES = (Route("GET", f"{REPO}/contents/{{path:.*}}", get_contents, ("contents:read",), ("ref",)),)
