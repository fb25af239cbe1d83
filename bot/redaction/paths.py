"""Files that hold secrets by their name: their text is never read, shown or sent."""

from __future__ import annotations

_NAMES = frozenset(
    {
        "credentials", "credentials.csv", "credentials.json", "credentials.toml", "credentials.xml",
        "credentials.yaml", "credentials.yml", "credentials.ini", "client_secret.json", "kubeconfig",
        ".git-credentials", ".htpasswd", ".netrc", "_netrc", ".npmrc", ".pypirc", ".pgpass", ".my.cnf",
        ".dockercfg", ".dockerconfigjson", ".s3cfg", ".boto", ".vault-token", ".vault_pass", ".bash_history",
        "secret.json", "secret.toml", "secret.yaml", "secret.yml",
    }
)  # fmt: skip
_ENDINGS = (
    ".pem", ".key", ".p12", ".pfx", ".p8", ".pkcs12", ".jks", ".keystore", ".ppk", ".kdbx", ".ovpn",
    ".tfstate", ".tfstate.backup", ".tfvars", ".tfvars.json", ".env", ".secret", ".secrets",
    "-secrets.yaml", "-secrets.yml", ".secrets.yaml", ".secrets.yml", "-secret.yaml", "-secret.yml",
)  # fmt: skip
_EXAMPLES = (".example", "-example", "_example", ".sample", ".template", ".tmpl", ".dist", ".pub")
_FOLDERS = frozenset({".ssh", ".gnupg", ".envs", ".secrets"})
_PLACES = (
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".gem/credentials",
    ".cargo/credentials.toml",
)
_SSH_KEYS = ("id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "id_xmss")


def is_secret_path(path: str) -> bool:
    """Whether the file at ``path`` (with ``/`` between folders) holds secrets by its name or folder.

    The names are R80's with those of the same kind; case does not count. Examples and
    templates (``.env.example``) and public keys (``.pub``) are ordinary files; so are source
    files whose name only begins like a key's (``id_map.py``). ``secrets.*`` is all of it, ``secrets.py`` too.
    """
    *folders, name = path.lower().split("/")
    if name.endswith(_EXAMPLES):
        return False
    return (
        name in _NAMES
        or name.startswith((".env", "secrets."))
        or name.endswith(_ENDINGS)
        or _is_ssh_key(name)
        or not _FOLDERS.isdisjoint(folders)
        or path.lower().endswith(_PLACES)
        or ("service" in name and "account" in name and name.endswith(".json"))
    )


def _is_ssh_key(name: str) -> bool:
    if not name.startswith("id_"):
        return False
    stem, dot, ending = name.partition(".")
    return not dot or (stem in _SSH_KEYS and ending not in {"py", "go", "rs", "ts", "js", "md"})
