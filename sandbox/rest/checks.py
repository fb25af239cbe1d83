"""Check runs: what an app says beside a commit. Nobody can delete one."""

from __future__ import annotations

from typing import Any

from sandbox.calls import REPO, Answer, Call, Route
from sandbox.discussion import CheckRun
from sandbox.refused import Refused
from sandbox.shapes.people import stamp

# https://docs.github.com/en/rest/checks/runs
SUMMARY_LIMIT = 65_535
_CONCLUSIONS = frozenset(
    {"action_required", "cancelled", "failure", "neutral", "success", "skipped", "stale", "timed_out"}
)
_STATES = frozenset({"queued", "in_progress", "completed"})


def create_run(call: Call) -> Answer:
    """Say something beside a commit; each call makes another run, also of the same name."""
    sha = call.text("head_sha")
    if sha not in call.repository.commits:
        raise Refused(422, f"No commit found for SHA: {sha}")
    run = CheckRun(next(call.state.large_ids), sha, call.text("name"), call.state.app.id)
    _say(call, run)
    call.repository.check_runs[run.id] = run
    return Answer(_shown(call, run), 201)


def update_run(call: Call) -> Answer:
    """Say something else in a run; only the app that made it may."""
    run = call.repository.check_runs.get(call.number("check_run_id"))
    if run is None:
        raise Refused(404, "Not Found")
    if run.app_id != call.caller.app_id:
        raise Refused(403, "Resource not accessible by integration")
    _say(call, run)
    return Answer(_shown(call, run))


def list_runs(call: Call) -> Answer:
    """The runs of a commit, as one object with a list in it; ``filter=all`` shows all of a name."""
    name = call.request.query.get("check_name")
    found = [
        run
        for run in call.repository.check_runs.values()
        if run.head_sha == call.request.match_info["ref"] and name in {None, run.name}
    ]
    if call.request.query.get("filter", "latest") == "latest":
        found = list({run.name: run for run in found}.values())
    page = call.paged(found, lambda run: _shown(call, run))
    return Answer({"total_count": len(found), "check_runs": page.body}, headers=page.headers)


def _say(call: Call, run: CheckRun) -> None:
    """Take over what was sent, checked as GitHub does."""
    body = call.body
    status, conclusion = body.get("status", run.status), body.get("conclusion", run.conclusion)
    if status not in _STATES or (conclusion is not None and conclusion not in _CONCLUSIONS):
        raise Refused.invalid("conclusion", "invalid", resource="CheckRun")
    output = body.get("output", run.output)
    if not isinstance(output, dict) or not output.get("title") or not isinstance(output.get("summary"), str):
        raise Refused.invalid("output", "missing_field", resource="CheckRun")
    if len(output["summary"]) > SUMMARY_LIMIT:
        message = f"summary exceeds a maximum of {SUMMARY_LIMIT} characters"
        raise Refused.invalid("output", "custom", message, resource="CheckRun")
    run.status, run.conclusion, run.output = status, conclusion, dict(output)
    run.external_id = body.get("external_id", run.external_id)
    run.updated_at = call.state.now()


def _shown(call: Call, run: CheckRun) -> dict[str, Any]:
    """The run as JSON, as far as anybody reads it."""
    url = f"{call.api}/repos/{call.repository.full_name}/check-runs/{run.id}"
    return {
        "id": run.id,
        "name": run.name,
        "head_sha": run.head_sha,
        "external_id": run.external_id,
        "url": url,
        "html_url": f"{call.state.html_url}/{call.repository.full_name}/runs/{run.id}",
        "status": run.status,
        "conclusion": run.conclusion,
        "completed_at": stamp(run.updated_at) if run.updated_at else None,
        "output": {**run.output, "text": None, "annotations_count": 0},
        "app": {"id": run.app_id, "slug": call.state.app.slug},
    }


_FIELDS = ("name", "head_sha", "external_id", "status", "conclusion", "output")
_MANY = f"{REPO}/check-runs"

ROUTES = (
    Route("POST", _MANY, create_run, ("checks:write",), fields=_FIELDS, creates_content=True),
    Route("PATCH", f"{_MANY}/{{check_run_id}}", update_run, ("checks:write",), fields=_FIELDS),
    Route(
        "GET",
        f"{REPO}/commits/{{ref}}/check-runs",
        list_runs,
        ("checks:read",),
        ("check_name", "filter", "page", "per_page"),
    ),
)
