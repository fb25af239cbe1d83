"""Adds lines to ``.env``: all or none of them, readable by its owner alone, and without losing a line."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv.parser import parse_stream

from bot.errors import SettingsError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOUNTS = Path("/proc/self/mountinfo")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+=,~-]+")
_NEWLINE = re.compile(r"\r?\n")


class TakenName(SettingsError):
    """The file has another value for a name by now; it was left as it is."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is in .env already with another value: remove that line, then try again.")
        self.name = name


def check_folder(folder: Path) -> None:
    """See whether ``.env`` can be written in a folder; raises ``UserError`` that says what to do."""
    if _is_mounted((folder / ".env").resolve()):
        raise UserError(
            f"Set-up cannot replace .env in {folder}, because the file is mounted by itself: mount its"
            " folder, or set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET."
        )
    try:
        if (folder / ".env").exists():
            (folder / ".env").read_bytes()
        path = _beside((folder / ".env").resolve())
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        path.unlink()
    except OSError as error:
        raise UserError(
            f"Set-up cannot write .env in {folder} ({error.strerror}): start it in a folder that it may write"
            " to, or set APP_ID, PRIVATE_KEY and WEBHOOK_SECRET."
        ) from None


def extend(path: Path, values: Mapping[str, str], title: str) -> None:
    """Add ``values`` under a comment to the file, which is made if it is not there; its mode is then 0600.

    A name that has the same value there already is left out; an empty one is set by the later line.
    The new file takes the old one's place at once, or not at all. Raises ``TakenName``, and ``OSError``
    if it cannot be written.
    """
    path = path.resolve()
    old = path.read_bytes() if path.exists() else b""
    there = _values(old)
    for name, value in values.items():
        if there.get(name, "") not in ("", value):
            raise TakenName(name)
    lines = [_line(name, value) for name, value in values.items() if there.get(name) != value]
    gap = b"" if not old else b"\n" if old.endswith(b"\n") else b"\n\n"
    block = "\n".join([f"# {' '.join(title.split())}", *lines, ""]).encode()
    _replace(path, old + gap + block if lines else old)


def _is_mounted(path: Path, mounts: Path = _MOUNTS) -> bool:
    """Tell whether a file is a mount point, as containers are given single files: it cannot be renamed to."""
    with suppress(OSError):
        return any(line.split()[4:5] == [str(path)] for line in mounts.read_text("utf-8").splitlines())
    return False


def _values(content: bytes) -> dict[str, str]:
    text = content.decode("utf-8-sig", "replace")
    bindings = parse_stream(StringIO(text))
    return {binding.key: (binding.value or "").strip() for binding in bindings if binding.key}


def _line(name: str, value: str) -> str:
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    # One line, as every program that reads such files understands it; the settings read \n in a key.
    escaped = _NEWLINE.sub(r"\\n", value.strip())
    if '"' in escaped:
        raise SettingsError(f"{name} has a quotation mark in it.")
    return f'{name}="{escaped}"'


def _replace(path: Path, content: bytes) -> None:
    new = _beside(path)
    try:
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
            _keep_owner(path, stream.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    _sync_folder(path)


def _keep_owner(path: Path, file: int) -> None:
    """Leave an old file's owner what it is, where root writes for somebody else."""
    with suppress(OSError):
        owner = path.stat()
        os.fchown(file, owner.st_uid, owner.st_gid)


def _sync_folder(path: Path) -> None:
    with suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _beside(path: Path) -> Path:
    return path.with_name(f".env.{secrets.token_hex(4)}")
