"""Checks what is said about the way to a model: its name, address, provider and headers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bot.settings import addresses

if TYPE_CHECKING:
    from pydantic import SecretStr, ValidationInfo

OFF = "off"
# Names of models with a vendor, a version or a date, and Amazon's ARNs.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}")
_REGION = re.compile(r"[a-z][a-z0-9-]{1,39}")
_PROJECT = re.compile(r"[a-z0-9][a-z0-9.:-]{2,79}")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_VALUE = re.compile(r"[!-~](?:[ -~]{0,8190}[!-~])?")
_MOST_HEADERS = 32
_LARGEST_HEADERS = 64 * 1024
# These say where a request goes, how it is framed, and what it is: changed, it would be another one.
_OURS = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_NEEDS = {
    "bedrock": {"aws_region": "AWS_REGION"},
    "vertex": {"vertex_region": "CLOUD_ML_REGION", "vertex_project": "ANTHROPIC_VERTEX_PROJECT_ID"},
}


def off(value: object) -> object:
    """Return ``off`` for that word in any letter case, and everything else as it is."""
    return OFF if isinstance(value, str) and value.lower() == OFF else value


def not_off(value: str) -> str:
    """Return a model's name; raises ``ValueError`` for ``off``, which only ``PRHUB_MODEL`` knows."""
    if value.lower() == OFF:
        raise ValueError("cannot be off, as PRHUB_MODEL can")
    return value


def model_name(value: str) -> str:
    """Return what can be a model's name for one of the providers; raises ``ValueError``."""
    if _NAME.fullmatch(value) is None:
        raise ValueError("is not the name of a model")
    return value


def model_address(value: str) -> str:
    """Return the address of a Messages API, as ``addresses.web_address`` does; raises ``ValueError``."""
    address = addresses.web_address(value)
    if address.endswith(("/v1", "/v1/messages")):
        raise ValueError("ends in what PRHub adds to it by itself")
    return address


def region(value: str) -> str:
    """Return a region's name, which becomes a part of a host's name; raises ``ValueError``."""
    if _REGION.fullmatch(value) is None:
        raise ValueError("is not a region")
    return value


def project(value: str) -> str:
    """Return a Google Cloud project's id; raises ``ValueError``."""
    if _PROJECT.fullmatch(value) is None:
        raise ValueError("is not the id of a project")
    return value


def provider(value: str, info: ValidationInfo) -> str:
    """Return a provider; raises ``ValueError`` if a setting it cannot work without is not there.

    A setting that was given and wrong is told by itself, before.
    """
    for field, name in _NEEDS.get(value, {}).items():
        if info.data.get(field, "") is None:
            raise ValueError(f"needs {name} for this provider")
    return value


def headers(value: SecretStr) -> SecretStr:
    """Return a JSON object of headers as it was written; raises ``ValueError`` that shows none of it."""
    parse_headers(value.get_secret_value())
    return value


def parse_headers(text: str) -> dict[str, str]:
    """Return the headers in a JSON object: at most 32, each name once, values of visible ASCII.

    Raises ``ValueError`` for anything else, and for headers that the request itself needs.
    """
    pairs = _pairs(text)
    names = {name.lower() for name, _ in pairs}
    if len(names) < len(pairs) or len(pairs) > _MOST_HEADERS:
        raise ValueError("has a header twice, or too many of them")
    if not all(isinstance(value, str) and _VALUE.fullmatch(value) for _, value in pairs):
        raise ValueError("has a value that a header cannot have")
    if not all(map(_HEADER.fullmatch, names)):
        raise ValueError("has a name that a header cannot have")
    if names & _OURS:
        raise ValueError("has a header that PRHub itself sends")
    return dict(pairs)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        # As pairs, or of two equal names the first would be lost unseen.
        found = json.loads(text, object_pairs_hook=_Pairs) if len(text) <= _LARGEST_HEADERS else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, _Pairs):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - pydantic wants this one
    return found


class _Pairs(list[tuple[str, str]]):
    """What stood in one JSON object; an inner one is no string, and refused as a value."""
