"""Random secrets of every kind, made when a test runs, so that no file of the project holds one."""

from __future__ import annotations

import random
import string

ALNUM = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + string.digits
URL = ALNUM + "-_"
BASE64 = ALNUM + "+/"

# kind: parts, each a fixed text or (alphabet, length)
FORMS: dict[str, list[str | tuple[str, int]]] = {
    "github-token": ["ghp_", (ALNUM, 36)],
    "github-token ghs": ["ghs_", ("0123456789", 7), "_eyJ", (URL, 60), ".eyJ", (URL, 300), ".", (URL, 86)],
    "github-token gho": ["gho_", (ALNUM, 36)],
    "github-token pat": ["github_pat_", (ALNUM, 22), "_", (ALNUM, 59)],
    "anthropic-key": ["sk-ant-api03-", (URL, 93), "AA"],
    "openai-key": ["sk-proj-", (URL, 48), "T3Blbk", (URL, 48)],
    "openai-key old": ["sk-", (ALNUM, 20), "T3BlbkFJ", (ALNUM, 20)],
    "aws-access-key": ["AKIA", (UPPER, 16)],
    "aws-access-key sts": ["ASIA", (UPPER, 16)],
    "google-key": ["AIza", (URL, 35)],
    "google-oauth": ["GOCSPX-", (URL, 28)],
    "slack-token": ["xoxb-", ("0123456789", 12), "-", ("0123456789", 13), "-", (ALNUM, 24)],
    "slack-webhook": ["hooks.slack.com/services/T", (UPPER, 8), "/B", (UPPER, 10), "/", (ALNUM, 24)],
    "stripe-key": ["sk_live_", (ALNUM, 24)],
    "twilio-key": ["SK", (HEX, 32)],
    "sendgrid-key": ["SG.", (URL, 22), ".", (URL, 43)],
    "npm-token": ["npm_", (ALNUM, 36)],
    "pypi-token": ["pypi-AgEIcHlwaS5vcmc", (URL, 100)],
    "huggingface-token": ["hf_", (ALNUM, 34)],
    "digitalocean-token": ["dop_v1_", (HEX, 64)],
    "gitlab-token": ["glpat-", (URL, 20)],
    "telegram-token": [("123456789", 9), ":AA", (URL, 33)],
    "discord-token": ["M", (ALNUM, 23), ".", (URL, 6), ".", (URL, 27)],
    "databricks-token": ["dapi", (HEX, 32)],
    "shopify-token": ["shpat_", (HEX, 32)],
    "square-token": ["sq0atp-", (URL, 22)],
    "mailgun-key": ["key-", (HEX, 32)],
    "linear-key": ["lin_api_", (ALNUM, 40)],
    "notion-token": ["ntn_", (ALNUM, 46)],
    "sentry-token": ["sntryu_", (HEX, 64)],
    "grafana-token": ["glsa_", (ALNUM, 32), "_", (HEX, 8)],
    "vault-token": ["hvs.", (URL, 90)],
    "docker-token": ["dckr_pat_", (URL, 27)],
    "azure-storage-key": ["AccountKey=", (BASE64, 86), "=="],
    "azure-sas": ["?sv=2024-11-04&sig=", (ALNUM, 43), "%3D"],
    "jwt": ["eyJ", (URL, 34), ".eyJ", (URL, 120), ".", (URL, 43)],
    "url-credentials": ["https://bot:", (ALNUM, 20), "@example.test/x"],
    "aws-secret-key": ["aws_secret_access_key=", (BASE64, 40)],
}
# What of a form is not the secret itself and stays readable.
READABLE = ("AccountKey=", "?sv=2024-11-04&sig=", "https://", "@example.test/x", "aws_secret_access_key=", "hooks.slack.com/services/")


def secret(form: str, rng: random.Random) -> str:
    """A random secret of ``form``, one of the keys of ``FORMS``."""
    return "".join(part if isinstance(part, str) else "".join(rng.choices(*part)) for part in _parts(form))


def _parts(form: str) -> list[str | tuple[str, int]]:
    return FORMS[form]
