"""Sends webhooks as GitHub does: signed, once, with ten seconds to answer, and noted."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp

from sandbox.state import Attempt, State

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMESPACE = uuid.UUID("6f1f6f0e-52a0-4a7e-9b4c-3f0d2f9f8a11")


def encode(payload: Mapping[str, Any]) -> bytes:
    """The body: compact JSON in UTF-8."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass")


def headers_of(state: State, event: str, guid: str, body: bytes) -> dict[str, str]:
    """The headers of a delivery, with both signatures if a secret is set."""
    headers = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/5ab0cde",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": guid,
        "X-GitHub-Hook-ID": str(state.app.hook_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-GitHub-Hook-Installation-Target-ID": str(state.app.id),
    }
    if state.app.webhook_secret:
        key = state.app.webhook_secret.encode()
        headers["X-Hub-Signature"] = "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest()
        headers["X-Hub-Signature-256"] = "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest()
    return headers


def note(state: State, event: str, payload: Mapping[str, Any], guid: str | None = None) -> Attempt:
    """Put a delivery on the list that was not (yet) sent; its status is ``pending``."""
    number = next(state.large_ids)
    attempt = Attempt(
        id=number,
        guid=guid or str(uuid.uuid5(_NAMESPACE, str(number))),
        event=event,
        action=payload.get("action"),
        body=encode(payload),
        installation_id=payload.get("installation", {}).get("id"),
        repository_id=payload.get("repository", {}).get("id"),
        delivered_at=state.now(),
    )
    state.deliveries.append(attempt)
    return attempt


async def deliver(state: State, event: str, payload: Mapping[str, Any], guid: str | None = None) -> Attempt:
    """Send a webhook to the app's address, once; the result says how it went.

    Raises ``ValueError`` if the app has no webhook address.
    """
    attempt = note(state, event, payload, guid)
    await _send(state, attempt)
    return attempt


async def redeliver(state: State, attempt: Attempt) -> None:
    """Send a delivery again under its GUID; this is noted as a delivery of its own."""
    again = replace(attempt, id=next(state.large_ids), delivered_at=state.now(), redelivery=True)
    state.deliveries.append(again)
    await _send(state, again)


async def _send(state: State, attempt: Attempt) -> None:
    """Send what was noted, and note how it ended."""
    url = state.app.webhook_url
    if not url:
        raise ValueError("the app has no webhook address; set state.app.webhook_url")
    started = time.monotonic()
    headers = headers_of(state, attempt.event, attempt.guid, attempt.body)
    timeout = aiohttp.ClientTimeout(total=state.app.webhook_timeout)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=attempt.body, headers=headers, allow_redirects=False) as answer,
        ):
            await answer.read()
            attempt.status_code = answer.status
            accepted = answer.ok and answer.status < HTTPStatus.MULTIPLE_CHOICES
            attempt.status = "OK" if accepted else f"Invalid HTTP Response: {answer.status}"
    except TimeoutError:
        attempt.status = "timed out"
    except aiohttp.ClientError:
        attempt.status = "failed to connect to host"
    attempt.duration = time.monotonic() - started
