"""Files that hold secrets are known by their names."""

from __future__ import annotations

import pytest

from bot.redaction import is_secret_path

SECRET = [
    ".env", ".env.local", ".env.production", "deploy/.env", ".envrc", ".ENV", "prod.env",
    "config/.env.test", "server.pem", "certs/tls.key", "a/b/cert.P12", "store.pfx", "app.jks",
    "release.keystore", "AuthKey.p8", "putty.ppk", "vault.kdbx", "id_rsa", "home/id_ed25519",
    "id_ecdsa.bak", "id_dsa.old", "keys/id_deploy", ".ssh/config", ".gnupg/secring.gpg", ".npmrc",
    "web/.npmrc", ".pypirc", ".netrc", "_netrc", ".pgpass", "secrets.yaml", "secrets.py",
    "secrets.enc.json", "k8s/app-secrets.yml", "credentials", "credentials.json", ".aws/credentials",
    "home/.docker/config.json", ".kube/config", "kubeconfig", ".git-credentials", ".htpasswd",
    "terraform.tfstate", "infra/terraform.tfstate.backup", "prod.tfvars", "config/master.key",
    "gcp-service-account.json", "client_secret.json", ".envs/.production/.django",
]  # fmt: skip
ORDINARY = [
    ".env.example", ".env.sample", ".env.template", "deploy/.env.production.example", "id_rsa.pub",
    "id_map.py", "id_utils.ts", "id_rsa.py", "src/keyboard.ts", "environment.yml", "env.py",
    "secret_santa.py", "secretary.md", "monkey.py", "docs/credentials.md", "credentials.py",
    "config.json", "README.md", "key", "pem.go", "docker/config.json", "tokens.css", "", "/",
    "envelope", "src/env/index.ts",
]  # fmt: skip


@pytest.mark.parametrize("path", SECRET)
def test_a_file_of_secrets_is_known(path: str) -> None:
    """It is never read, shown or sent."""
    assert is_secret_path(path)


@pytest.mark.parametrize("path", ORDINARY)
def test_an_ordinary_file_is_not_taken_for_one(path: str) -> None:
    """Examples, public keys and sources with a telling name are read."""
    assert not is_secret_path(path)
