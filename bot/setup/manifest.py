"""The GitHub App's manifest: ``app.yml`` of the package, with this server's addresses in it."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import yaml


def app_manifest() -> dict[str, Any]:
    """Give the manifest as it stands in ``app.yml``."""
    manifest: dict[str, Any] = yaml.safe_load(files(__package__).joinpath("app.yml").read_text("utf-8"))
    return manifest


def filled_manifest(webhook_url: str, redirect_url: str) -> str:
    """Give the manifest as GitHub's form takes it: JSON, with where to send webhooks and the browser."""
    manifest = app_manifest()
    hook = {**manifest["hook_attributes"], "url": webhook_url}
    return json.dumps({**manifest, "hook_attributes": hook, "redirect_url": redirect_url})
