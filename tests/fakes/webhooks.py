"""Builders of webhook requests about one merged pull request, no larger than what PRHub reads."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

APP_ID = 7
SECRET = b"9f8c1d3b7a2e4f60b5d8c7e1a3f90246"
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
MERGED_AT = "2026-03-25T08:00:00Z"


def pull(**changes: Any) -> dict[str, Any]:
    """A merged pull request; ``changes`` replace fields."""
    return {
        "id": 1001,
        "number": 12,
        "title": "Read less",
        "state": "closed",
        "merged": True,
        "merged_at": MERGED_AT,
        "merge_commit_sha": SHA,
        "user": {"login": "octo-dev", "type": "User"},
        **changes,
    }


def issue(**changes: Any) -> dict[str, Any]:
    """The same pull request as GitHub shows it in comment events."""
    return {"id": 1002, "number": 12, "pull_request": {"merged_at": MERGED_AT}, **changes}


def payload(event: str, action: str, /, **changes: Any) -> dict[str, Any]:
    """The body of an event by a person; ``changes`` replace or add keys at its top."""
    own: dict[str, dict[str, Any]] = {
        "pull_request": {"number": 12, "pull_request": pull()},
        "pull_request_review": {"review": {"id": 2001}, "pull_request": pull()},
        "pull_request_review_comment": {"comment": {"id": 3001}, "pull_request": pull()},
        "pull_request_review_thread": {"thread": {"node_id": "T_1", "comments": []}, "pull_request": pull()},
        "issue_comment": {"comment": {"id": 4001}, "issue": issue()},
        "installation_repositories": {"repositories_added": [], "repositories_removed": []},
    }
    body = {"action": action, **own.get(event, {}), "installation": {"id": 4242}}
    if not event.startswith("installation"):
        body["repository"] = {"id": 500, "full_name": "octo-org/tool", "private": False}
    return {**body, "sender": {"login": "octo-dev", "type": "User"}, **changes}


def encoded(body: dict[str, Any]) -> bytes:
    """The bytes of a body as GitHub sends them."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def signature(body: bytes, secret: bytes = SECRET) -> str:
    """GitHub's SHA-256 signature of a body."""
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def headers(event: str, body: bytes, **changes: str | None) -> list[tuple[str, str]]:
    """The headers GitHub sends; ``changes`` (underscores for hyphens) replace one, ``None`` drops it."""
    sent: dict[str, str | None] = {
        "accept": "*/*",
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/044aadd",
        "x-github-delivery": GUID,
        "x-github-event": event,
        "x-github-hook-id": "1",
        "x-github-hook-installation-target-id": str(APP_ID),
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature": "sha1=" + hmac.new(SECRET, body, hashlib.sha1).hexdigest(),
        "x-hub-signature-256": signature(body),
    }
    sent.update({name.replace("_", "-"): value for name, value in changes.items()})
    return [(name, value) for name, value in sent.items() if value is not None]
