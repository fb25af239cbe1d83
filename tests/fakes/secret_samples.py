"""Random secrets of every kind, made while a test runs, so that no file of the project holds one."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

ALNUM = string.ascii_letters + string.digits
URL = ALNUM + "-_"
BASE64 = ALNUM + "+/"
UPPER = string.ascii_uppercase + string.digits
DIGITS = string.digits
HEX = "0123456789abcdef"

# What a secret is made of: fixed text, or an alphabet and how many of it.
Part = str | tuple[str, int]
FORMS: dict[str, tuple[Part, ...]] = {
    "a GitHub personal token": ("ghp_", (ALNUM, 36)),
    "a GitHub OAuth token": ("gho_", (ALNUM, 36)),
    "a GitHub user token": ("ghu_", (ALNUM, 36)),
    "a GitHub refresh token": ("ghr_", (ALNUM, 76)),
    "a GitHub installation token": ("ghs_", (ALNUM, 36)),
    "a GitHub installation token of 520": (
        "ghs_",
        (DIGITS, 7),
        "_eyJ",
        (URL, 60),
        ".eyJ",
        (URL, 340),
        ".",
        (URL, 86),
    ),
    "a GitHub fine-grained token": ("github_pat_", (ALNUM, 22), "_", (ALNUM, 59)),
    "an Anthropic key": ("sk-ant-api03-", (URL, 93), "AA"),
    "an OpenAI project key": ("sk-proj-", (URL, 48), (URL, 56)),
    "an OpenAI key of old": ("sk-", (ALNUM, 20), "T3BlbkFJ", (ALNUM, 20)),
    "an AWS access key": ("AKIA", (UPPER, 16)),
    "an AWS session key": ("ASIA", (UPPER, 16)),
    "a Google key": ("AIza", (URL, 35)),
    "a Google client secret": ("GOCSPX-", (URL, 28)),
    "a Slack token": ("xoxb-", (DIGITS, 12), "-", (DIGITS, 13), "-", (ALNUM, 24)),
    "a Stripe key": ("sk_live_", (ALNUM, 24)),
    "a Twilio key": ("SK", (HEX, 32)),
    "a SendGrid key": ("SG.", (URL, 22), ".", (URL, 43)),
    "an npm token": ("npm_", (ALNUM, 36)),
    "a PyPI token": ("pypi-AgEIcHlwaS5vcmc", (URL, 100)),
    "a Hugging Face token": ("hf_", (ALNUM, 34)),
    "a DigitalOcean token": ("dop_v1_", (HEX, 64)),
    "a GitLab token": ("glpat-", (URL, 20)),
    "a Telegram token": (("123456789", 9), ":AA", (URL, 33)),
    "a Discord token": ("M", (ALNUM, 23), ".", (URL, 6), ".", (URL, 27)),
    "a Databricks token": ("dapi", (HEX, 32)),
    "a Shopify token": ("shpat_", (HEX, 32)),
    "a Square token": ("sq0atp-", (URL, 22)),
    "a Mailgun key": ("key-", (HEX, 32)),
    "a Linear key": ("lin_api_", (ALNUM, 40)),
    "a Notion token": ("ntn_", (ALNUM, 46)),
    "a Sentry token": ("sntryu_", (HEX, 64)),
    "a Grafana token": ("glsa_", (ALNUM, 32), "_", (HEX, 8)),
    "a Vault token": ("hvs.", (URL, 90)),
    "a Docker token": ("dckr_pat_", (URL, 27)),
    "a JSON web token": ("eyJ", (URL, 34), ".eyJ", (URL, 120), ".", (URL, 43)),
}
# Secrets that show by what is around them: before, the secret, after.
WRAPPED: dict[str, tuple[str, Part, str]] = {
    "an AWS secret key": ("aws_secret_access_key = ", (BASE64, 40), "\n"),
    "an Azure storage key": ("EndpointSuffix=x;AccountKey=", (BASE64, 86), "=="),
    "an Azure signature": ("https://x.example/c?sv=2024-11-04&sig=", (ALNUM, 43), "%3D"),
    "a Slack webhook": ("https://hooks.slack.com/services/", (UPPER, 44), ""),
    "credentials in an address": ("https://", (ALNUM, 12), ":x-oauth-basic@git.example/a.git"),
    "a password in an address": ("postgresql://app:", (ALNUM, 20), "@db.example/main"),
    "a bearer token": ("Authorization: Bearer ", (ALNUM, 40), "\n"),
}


def made(parts: tuple[Part, ...], rng: Random) -> str:
    """A random secret made of ``parts``."""
    return "".join(
        part if isinstance(part, str) else "".join(rng.choices(part[0], k=part[1])) for part in parts
    )


def private_key(rng: Random, lines: int = 26) -> list[str]:
    """The lines of a PEM private key with a random body."""
    body = ["".join(rng.choices(BASE64, k=64)) for _ in range(lines - 1)]
    return [
        "-----BEGIN RSA PRIVATE KEY-----",
        *body,
        "".join(rng.choices(BASE64, k=40)),
        "-----END RSA PRIVATE KEY-----",
    ]


def leaked(secret: str, text: str, at_least: int = 8) -> bool:
    """Whether any ``at_least`` characters of ``secret`` in a row are left in ``text``."""
    return any(secret[start : start + at_least] in text for start in range(len(secret) - at_least + 1))
