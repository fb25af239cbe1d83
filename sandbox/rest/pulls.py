"""Pull requests: the request itself, its diff, files, commits, reviews and remarks."""

from __future__ import annotations

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.diffs import FileDiff, diff_text
from sandbox.refused import Refused
from sandbox.shapes.pulls import pull_json, review_comment_json, review_json, simple_pull_json
from sandbox.shapes.repos import commit_json, file_json

# https://docs.github.com/en/repositories/creating-and-managing-repositories/repository-limits
DIFF_FILES = 300
DIFF_LINES = 20_000
LISTED_FILES = 3_000
LISTED_COMMITS = 250
_DIFF_MEDIA = ("application/vnd.github.diff", "application/vnd.github.v3.diff")


def get_pull(call: Call) -> Answer:
    """A pull request, as JSON or as a diff, by the ``Accept`` header."""
    pull = call.pull()
    accept = call.request.headers.get("Accept", "")
    if any(media in accept for media in _DIFF_MEDIA):
        files = call.repository.files(pull)
        _check_size(files)
        return Answer(raw=diff_text(files), content_type="application/vnd.github.diff")
    return Answer(pull_json(call.base, call.repository, pull))


def _check_size(files: tuple[FileDiff, ...]) -> None:
    """Refuse a diff of too many files or lines (context counts) with a 406."""
    found = None
    if len(files) > DIFF_FILES:
        found = f"exceeded the maximum number of files ({DIFF_FILES})"
    elif sum(file.patch.count(b"\n") + 1 for file in files if file.hunks) > DIFF_LINES:
        found = f"exceeded the maximum number of lines ({DIFF_LINES})"
    if found:
        error = {"resource": "PullRequest", "field": "diff", "code": "too_large"}
        raise Refused(406, f"Sorry, the diff {found}.", errors=[error])


def list_files(call: Call) -> Answer:
    """The changed files, at most 3,000.

    With ``state.sparse_files`` rows past 20,000 patch lines of a page come without figures and patch,
    as was seen on GitHub.
    """
    pull = call.pull()
    answer = call.paged(
        call.repository.files(pull),
        lambda file: file_json(call.base, call.repository, pull.head_sha, file),
        most=LISTED_FILES,
    )
    lines = 0
    for row in answer.body if call.state.sparse_files else ():
        lines += row.get("patch", "").count("\n") + 1
        if lines > DIFF_LINES:
            row.update(additions=0, deletions=0, changes=0)
            row.pop("patch", None)
    return answer


def list_pulls(call: Call) -> Answer:
    """The pull requests, open ones by default, newest first."""
    query = call.request.query
    wanted, field = query.get("state", "open"), query.get("sort", "created")
    found = [
        pull
        for pull in call.repository.pulls.values()
        if wanted in {"all", pull.state} and query.get("base", pull.base_ref) == pull.base_ref
    ]
    newest = query.get("direction", "desc" if field == "created" else "asc") == "desc"
    found.sort(key=lambda pull: (getattr(pull, f"{field}_at", pull.created_at), pull.number), reverse=newest)
    return call.paged(found, lambda pull: simple_pull_json(call.base, call.repository, pull))


def list_commits(call: Call) -> Answer:
    """The commits, oldest first, at most 250."""
    return call.paged(
        call.repository.commits_of(call.pull()),
        lambda sha: commit_json(call.state, call.base, call.repository, call.repository.commits[sha]),
        most=LISTED_COMMITS,
    )


def list_reviews(call: Call) -> Answer:
    """The reviews, oldest first."""
    pull = call.pull()
    return call.paged(pull.reviews, lambda review: review_json(call.base, call.repository, pull, review))


def list_review_comments(call: Call) -> Answer:
    """The remarks of all threads, oldest first."""
    pull = call.pull()
    pairs = [(thread, comment) for thread in pull.threads for comment in thread.comments]
    pairs.sort(key=lambda pair: (pair[1].created_at, pair[1].id))
    return call.paged(pairs, lambda pair: review_comment_json(call.base, call.repository, pull, *pair))


_READ = ("pull_requests:read",)

ROUTES = (
    Route("GET", f"{REPO}/pulls", list_pulls, _READ, ("state", "sort", "direction", "base")),
    Route("GET", f"{REPO}/pulls/{{number}}", get_pull, _READ),
    Route("GET", f"{REPO}/pulls/{{number}}/files", list_files, _READ),
    Route("GET", f"{REPO}/pulls/{{number}}/commits", list_commits, _READ),
    Route("GET", f"{REPO}/pulls/{{number}}/reviews", list_reviews, _READ),
    Route("GET", f"{REPO}/pulls/{{number}}/comments", list_review_comments, _READ),
)
