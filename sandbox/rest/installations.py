"""The app's installations as a list, and the repositories of one of them."""

from __future__ import annotations

from sandbox.calls import Answer, Call, Route
from sandbox.refused import Refused
from sandbox.shapes.people import installation_json
from sandbox.shapes.repos import repository_json


def list_installations(call: Call) -> Answer:
    """Every installation, the suspended ones too."""
    installations = sorted(call.state.installations.values(), key=lambda one: one.id)
    return call.paged(installations, lambda one: installation_json(call.state, call.base, one))


def list_repositories(call: Call) -> Answer:
    """The repositories that the token sees, with their number; only an installation may ask."""
    if call.caller.installation is None:
        raise Refused(403, "Resource not accessible by personal access token")
    seen = [one for one in call.state.repositories.values() if call.caller.sees(one)]
    answer = call.paged(seen, lambda one: repository_json(call.base, one))
    answer.body = {
        "total_count": len(seen),
        "repository_selection": "selected",
        "repositories": answer.body,
    }
    return answer


ROUTES = (
    Route("GET", "/app/installations", list_installations, app=True),
    Route("GET", "/installation/repositories", list_repositories),
)
