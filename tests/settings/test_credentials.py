"""What the server and the command line need before they may act, and what is refused."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import AppCredentials, load_settings
from bot.settings.credentials import webhook_secrets

if TYPE_CHECKING:
    from pathlib import Path

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
PKCS8 = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
ENCRYPTED = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")).decode()
OLD_ENCRYPTED = KEY.private_bytes(
    Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"x")
).decode()
ELLIPTIC = (
    ec.generate_private_key(ec.SECP256R1())
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    .decode()
)
SECRET = "9f8c1d3b7a2e4f60b5d8c7e1a3f90246"


@pytest.mark.parametrize(
    "written",
    [
        pytest.param(PEM, id="as GitHub hands it out"),
        pytest.param(PKCS8, id="in the newer container"),
        pytest.param(PEM.replace("\n", "\\n"), id="with newlines written as backslash and n"),
        pytest.param(PEM.replace("\n", "\r\n"), id="with the newlines of Windows"),
        pytest.param(PEM.replace("\n", " "), id="with spaces for newlines"),
        pytest.param(f'"{PEM}"', id="in quotes that nobody took off"),
        pytest.param(base64.b64encode(PEM.encode()).decode(), id="in base64"),
        pytest.param(base64.encodebytes(PEM.encode()).decode(), id="in base64 of many lines"),
    ],
)
def test_a_private_key_is_read(written: str, tmp_path: Path) -> None:
    """However it is written, the key is the one that was generated."""
    app = load_settings({"APP_ID": "7", "PRIVATE_KEY": written}, tmp_path).require_app()
    key = load_pem_private_key(app.private_key.get_secret_value().encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.private_numbers() == KEY.private_numbers()


BAD_KEYS = [
    pytest.param("hello", id="no key at all"),
    pytest.param("", id="nothing in it"),
    pytest.param(PEM[:400], id="half a key"),
    pytest.param(PEM.replace("A", "B"), id="a damaged key"),
    pytest.param(ENCRYPTED, id="a key with a passphrase"),
    pytest.param(OLD_ENCRYPTED, id="a key with a passphrase, older form"),
    pytest.param(ELLIPTIC, id="a key of another kind"),
    pytest.param(base64.b64encode(b"\xff" * 99).decode(), id="base64 of no key"),
]


@pytest.mark.parametrize("written", BAD_KEYS[:1] + BAD_KEYS[2:])
def test_a_bad_private_key_is_refused(written: str, tmp_path: Path) -> None:
    """The line names PRIVATE_KEY and shows nothing of it."""
    settings = load_settings({"APP_ID": "7", "PRIVATE_KEY": written}, tmp_path)
    with pytest.raises(SettingsError, match=r"^PRIVATE_KEY is not an RSA private key: write .*\.$") as caught:
        settings.require_app()
    assert written[40:80] not in str(caught.value) or len(written) < 40


def test_a_key_file_is_relative_to_the_folder(tmp_path: Path) -> None:
    """PRIVATE_KEY_PATH is looked up beside .env."""
    (tmp_path / "app.pem").write_text(PEM, "utf-8")
    settings = load_settings({"APP_ID": "7", "PRIVATE_KEY_PATH": "app.pem"}, tmp_path)
    assert settings.require_app().private_key.get_secret_value() == PEM


@pytest.mark.parametrize("written", BAD_KEYS)
def test_a_bad_key_file_is_refused(written: str, tmp_path: Path) -> None:
    """The line names PRIVATE_KEY_PATH."""
    (tmp_path / "app.pem").write_text(written, "utf-8")
    settings = load_settings({"APP_ID": "7", "PRIVATE_KEY_PATH": "app.pem"}, tmp_path)
    with pytest.raises(SettingsError, match=r"^PRIVATE_KEY_PATH names a file without"):
        settings.require_app()


@pytest.mark.parametrize("path", ["missing.pem", ".", "x" * 5000])
def test_an_unreadable_key_file_is_refused(path: str, tmp_path: Path) -> None:
    """A file that is not there, a folder, an impossible name: one line each."""
    settings = load_settings({"APP_ID": "7", "PRIVATE_KEY_PATH": path}, tmp_path)
    with pytest.raises(SettingsError, match=r"^PRIVATE_KEY_PATH cannot be read \(.+\): write"):
        settings.require_app()


def _server(secret: str) -> dict[str, str]:
    return {"APP_ID": "7", "PRIVATE_KEY": PEM, "WEBHOOK_SECRET": secret}


def test_the_server_gets_its_secrets_in_order(tmp_path: Path) -> None:
    """Up to three secrets are in force during a rotation, the newest first."""
    three = [SECRET, SECRET[::-1], secrets.token_urlsafe(32)]
    server = load_settings(_server(", ".join(three)), tmp_path).require_server()
    assert [secret.get_secret_value().decode() for secret in server.webhook_secrets] == three
    assert server.app.app_id == 7
    assert SECRET not in repr(server)
    assert "BEGIN" not in repr(server)


@pytest.mark.parametrize(
    ("name", "others"),
    [
        pytest.param("APP_ID", ("PRIVATE_KEY", "WEBHOOK_SECRET"), id="no app"),
        pytest.param("PRIVATE_KEY", ("APP_ID", "WEBHOOK_SECRET"), id="no key"),
        pytest.param("WEBHOOK_SECRET", ("APP_ID", "PRIVATE_KEY"), id="no secret"),
    ],
)
def test_the_server_does_not_start_without(name: str, others: tuple[str, ...], tmp_path: Path) -> None:
    """What is missing is named."""
    environ = {other: _server(SECRET)[other] for other in others}
    with pytest.raises(SettingsError, match=rf"^{name} is missing: write "):
        load_settings(environ, tmp_path).require_server()


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("development", id="Probot's own default"),
        pytest.param("changeme", id="a placeholder"),
        pytest.param("It's a Secret to Everybody", id="GitHub's example"),
        pytest.param(SECRET[:31], id="one byte too short"),
        pytest.param("a" * 64, id="one character"),
        pytest.param("ab" * 32, id="two characters"),
        pytest.param("x7Kq!p2Zr#" * 4, id="ten characters, four times"),
        pytest.param("development" * 4, id="a default, four times"),
        pytest.param("changeme-changeme_changeme-changeme", id="a placeholder, joined"),
        pytest.param("your-webhook-secret-goes-here-1234567", id="a template's text"),
        pytest.param("It's a Secret to Everybody, it's a secret to everybody", id="GitHub's example, twice"),
        pytest.param("abcdefghijklmnopqrstuvwxyz0123456789", id="the alphabet"),
        pytest.param("qwertyuiopasdfghjklzxcvbnm1234567890", id="the keyboard"),
        pytest.param("0123456789abcdef0123456789abcdef", id="the hex digits"),
        pytest.param(f"{SECRET},", id="an empty one behind a comma"),
        pytest.param(",".join([SECRET] * 4), id="four of them"),
        pytest.param(f"{SECRET},changeme", id="a weak one beside a strong one"),
    ],
)
def test_a_weak_webhook_secret_stops_the_server(secret: str, tmp_path: Path) -> None:
    """The line names WEBHOOK_SECRET and does not repeat it."""
    settings = load_settings(_server(secret), tmp_path)
    with pytest.raises(SettingsError, match=r"^WEBHOOK_SECRET has ") as caught:
        settings.require_server()
    assert secret not in str(caught.value)


def test_random_secrets_are_accepted() -> None:
    """Of some hundred good secrets in the usual alphabets none is taken for a weak one."""
    for _ in range(250):
        good = (secrets.token_hex(16), secrets.token_hex(32), secrets.token_urlsafe(24))
        assert webhook_secrets(",".join(good)) == tuple(secret.encode() for secret in good)


def test_a_token_is_enough_to_read(tmp_path: Path) -> None:
    """The command line reads with the token if there is one, else as the app."""
    both = {"APP_ID": "7", "PRIVATE_KEY": PEM, "GITHUB_TOKEN": "ghp_x"}
    reader = load_settings(both, tmp_path).require_reader()
    assert isinstance(reader, SecretStr)
    assert reader.get_secret_value() == "ghp_x"
    app = load_settings({**both, "GITHUB_TOKEN": ""}, tmp_path).require_reader()
    assert isinstance(app, AppCredentials)


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        pytest.param({}, "GITHUB_TOKEN", id="nothing at all"),
        pytest.param({"APP_ID": "7"}, "PRIVATE_KEY", id="an app without its key"),
        pytest.param({"PRIVATE_KEY": PEM}, "APP_ID", id="a key without its app"),
    ],
)
def test_reading_needs_somebody_to_read_as(environ: dict[str, str], missing: str, tmp_path: Path) -> None:
    """The line names what to add to what is there."""
    with pytest.raises(SettingsError, match=rf"^{missing} is missing: write "):
        load_settings(environ, tmp_path).require_reader()
