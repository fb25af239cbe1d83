"""What set-up adds to ``.env``: every line stays, all is written or nothing, and others cannot read it."""

from __future__ import annotations

import os
import stat

import pytest
from dotenv import dotenv_values

from bot.errors import UserError
from bot.setup.env_file import TakenName, _is_mounted, check_folder, extend

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIE+/=\nabc\n-----END RSA PRIVATE KEY-----\n"
ONE_LINE = KEY.strip().replace("\n", "\\n")
VALUES = {"APP_ID": "7", "PRIVATE_KEY": KEY.strip(), "GITHUB_API_URL": "https://git.example/api/v3"}
BLOCK = f'# The app\nAPP_ID=7\nPRIVATE_KEY="{ONE_LINE}"\nGITHUB_API_URL=https://git.example/api/v3\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, BLOCK, id="no file yet"),
        pytest.param("", BLOCK, id="an empty file"),
        pytest.param("A=1\n", f"A=1\n\n{BLOCK}", id="lines of others stay, above a free line"),
        pytest.param("A=1", f"A=1\n\n{BLOCK}", id="a last line without its end gets one"),
        pytest.param("A=1\r\nB=2\r\n", f"A=1\r\nB=2\r\n\n{BLOCK}", id="line ends of Windows stay"),
        pytest.param("\ufeffA=1\n", f"\ufeffA=1\n\n{BLOCK}", id="a byte order mark stays"),
        pytest.param("# APP_ID=5\n", f"# APP_ID=5\n\n{BLOCK}", id="a comment is no value"),
        pytest.param("APP_ID=\n", f"APP_ID=\n\n{BLOCK}", id="an empty value of a template is set below"),
        pytest.param("APP_ID\n", f"APP_ID\n\n{BLOCK}", id="a name alone, too"),
        pytest.param(
            "export APP_ID=7\n",
            "export APP_ID=7\n\n" + BLOCK.replace("APP_ID=7\n", ""),
            id="what is there with the same value is not written twice",
        ),
        pytest.param("MOTD='two\nlines'\n", f"MOTD='two\nlines'\n\n{BLOCK}", id="a value of two lines"),
        pytest.param("钥=值\n", f"钥=值\n\n{BLOCK}", id="text beyond ASCII"),
    ],
)
def test_lines_are_added_and_none_is_lost(tmp_path, before, after):
    """And whoever reads such files finds the values."""
    path = tmp_path / ".env"
    if before is not None:
        path.write_bytes(before.encode())
    extend(path, VALUES, "The app")
    assert path.read_bytes().decode() == after
    extend(path, VALUES, "Another try has nothing to add, not even a comment")
    assert path.read_bytes().decode() == after
    found = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    assert {name: found[name] for name in VALUES} == VALUES
    assert [file.name for file in tmp_path.iterdir()] == [".env"]


@pytest.mark.parametrize(
    "line",
    ["APP_ID=8", "export APP_ID='8'", 'PRIVATE_KEY="x"', " GITHUB_API_URL = https://other.example/api/v3"],
)
def test_another_value_is_never_overwritten(tmp_path, line):
    """The file stays as it is, and the error names the line and shows no value."""
    path = tmp_path / ".env"
    path.write_text(f"A=1\n{line}\n")
    with pytest.raises(TakenName, match=r"is in \.env already with another value: remove") as caught:
        extend(path, VALUES, "The app")
    assert path.read_text() == f"A=1\n{line}\n"
    assert caught.value.name in line
    assert "MIIE" not in str(caught.value)


@pytest.mark.parametrize("mode", [0o644, 0o666, 0o600, 0o400])
def test_nobody_else_can_read_it(tmp_path, mode):
    """Whatever it was before, and whatever the process's mask is."""
    path = tmp_path / ".env"
    path.write_text("A=1\n")
    path.chmod(mode)
    mask = os.umask(0)
    try:
        extend(path, VALUES, "The app")
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_stays_a_link(tmp_path):
    """Where ``.env`` is kept elsewhere, it is written there."""
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "prhub.env").write_text("A=1\n")
    (tmp_path / ".env").symlink_to("kept/prhub.env")
    extend(tmp_path / ".env", VALUES, "The app")
    assert (tmp_path / ".env").is_symlink()
    assert "APP_ID=7" in (tmp_path / "kept" / "prhub.env").read_text()


def test_a_full_disk_leaves_the_old_file_and_nothing_beside_it(tmp_path, monkeypatch):
    """All or nothing."""
    path = tmp_path / ".env"
    path.write_text("A=1\n")

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        extend(path, VALUES, "The app")
    assert path.read_text() == "A=1\n"
    assert [file.name for file in tmp_path.iterdir()] == [".env"]


def test_a_title_cannot_add_a_line(tmp_path):
    """It has the app's name in it, which GitHub gives."""
    extend(tmp_path / ".env", {"APP_ID": "7"}, "x\nAPP_ID=8")
    assert dotenv_values(tmp_path / ".env") == {"APP_ID": "7"}


def test_a_folder_that_cannot_be_written_is_told_before_an_app_is_registered(tmp_path):
    """A file where the folder should be, or a folder where the file should be."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match=r"^Set-up cannot write \.env in .+ \(Not a directory\): start it in"):
        check_folder(tmp_path / "file")
    (tmp_path / ".env").mkdir()
    with pytest.raises(UserError, match="Is a directory"):
        check_folder(tmp_path)


def test_a_file_that_is_mounted_by_itself_is_told_before_an_app_is_registered(tmp_path):
    """As a container is given one: nothing can take its place."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"612 598 8:1 /srv/.env {tmp_path}/.env rw,relatime - ext4 /dev/sda1 rw\n")
    assert _is_mounted(tmp_path / ".env", mounts)
    assert not _is_mounted(tmp_path / "other" / ".env", mounts)
    assert not _is_mounted(tmp_path / ".env", tmp_path / "nowhere")
