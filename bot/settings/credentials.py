"""Checks secrets: tokens, and what the server stands on, the webhook secrets and the app's private key."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import SecretStr

MOST_SECRETS = 3
LEAST_BYTES = 32
_LEAST_STEPS = 8
_LARGEST_KEY_FILE = 64 * 1024

# What tutorials, templates and hurried people write; a secret made of these is no secret.
_WELL_KNOWN = re.compile(
    r"development|production|change[-_ ]?me|change[-_ ]?it|replace[-_ ]?me|place[-_ ]?holder|default|example"
    r"|it'?s[-_ ]?a[-_ ]?secret[-_ ]?to[-_ ]?everybody|git[-_ ]?hub|webhook|secret|password|passw0rd|admin"
    r"|letmein|qwertyuiop|asdfghjkl|zxcvbnm|qwerty|test|demo|your|goes|here|this|that|must|with|please|long"
    r"|string|random|value|token|key|app|prhub|probot",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[!-~]{1,2048}")
_PEM = re.compile(r"-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\s]*)-----END \1-----")

_SECRET_HINT = "write the output of `openssl rand -hex 32` here and into the app's settings"  # noqa: S105
_KEY_HINT = "write the RSA key that GitHub generated for the app, as PEM (or that in base64)"


def token(value: SecretStr) -> SecretStr:
    """Return a token or key for a header: visible ASCII in one piece. Raises ``ValueError``."""
    if _TOKEN.fullmatch(value.get_secret_value()) is None:
        raise ValueError("is not a token")
    return value


def webhook_secrets(value: str) -> tuple[bytes, ...]:
    """Return the one to three secrets of a comma-separated list.

    Raises ``SettingsError`` for fewer, more, or a weak one: shorter than 32 bytes, or predictable.
    """
    secrets = [part.strip() for part in value.split(",")]
    if len(secrets) > MOST_SECRETS:
        raise SettingsError(f"WEBHOOK_SECRET has more than {MOST_SECRETS} secrets: leave the newest ones.")
    for secret in secrets:
        if len(secret.encode()) < LEAST_BYTES:
            raise SettingsError(
                f"WEBHOOK_SECRET has a secret shorter than {LEAST_BYTES} bytes: {_SECRET_HINT}."
            )
        if _is_predictable(secret):
            raise SettingsError(f"WEBHOOK_SECRET has a secret that can be guessed: {_SECRET_HINT}.")
    return tuple(secret.encode() for secret in secrets)


def _is_predictable(secret: str) -> bool:
    """Whether it repeats itself, or little is left of it without well-known words and sequences.

    Counted are the different steps between neighbouring characters: ``aaaa`` has one, ``abcd`` has
    one. 32 random hex digits have about twenty.
    """
    if secret in (secret + secret)[1:-1]:
        return True
    rest = _WELL_KNOWN.sub("", secret)
    return len({ord(right) - ord(left) for left, right in pairwise(rest)}) < _LEAST_STEPS


def private_key(text: str) -> str:
    """Return the app's key as PEM text.

    Its newlines may be written as backslash and n, be spaces, or be missing; base64 around the
    whole is taken off. Raises ``SettingsError`` that shows nothing of the key.
    """
    pem = _pem(text) or _pem(_from_base64(text))
    if pem is None or not _is_rsa(pem):
        raise SettingsError(f"PRIVATE_KEY is not an RSA private key: {_KEY_HINT}.")
    return pem


def private_key_file(path: Path) -> str:
    """Return the key in a file; raises ``SettingsError`` if it cannot be read or holds no RSA key."""
    hint = "write the path of the .pem file that GitHub generated for the app"
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_KEY_FILE)
    except OSError as error:
        raise SettingsError(f"PRIVATE_KEY_PATH cannot be read ({error.strerror}): {hint}.") from None
    except ValueError:
        raise SettingsError(f"PRIVATE_KEY_PATH is not a path: {hint}.") from None
    pem = _pem(data.decode("utf-8", "replace"))
    if pem is None or not _is_rsa(pem):
        raise SettingsError(f"PRIVATE_KEY_PATH names a file without an RSA private key: {hint}.")
    return pem


def _pem(text: str) -> str | None:
    match = _PEM.search(text.replace("\\r", "").replace("\\n", "\n"))
    if match is None:
        return None
    kind, inside = match[1], "".join(match[2].split())
    lines = [inside[start : start + 64] for start in range(0, len(inside), 64)]
    return "\n".join([f"-----BEGIN {kind}-----", *lines, f"-----END {kind}-----", ""])


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _is_rsa(pem: str) -> bool:
    # Here, so that commands without an app never load it.
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    try:
        # The key is the operator's own, so that nobody gains by primes that are none; looking for such
        # takes 20 ms each time. TypeError: it is encrypted, and there is no password.
        key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return isinstance(key, RSAPrivateKey)
