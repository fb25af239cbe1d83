"""Holds the files of a deployment against the checkers that this machine has: no daemon, no network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "docs" / "deploy"
MANIFESTS = DEPLOY / "kubernetes"
WAYS = ("postgresql", "sqlite")
# On systemd's scale from 0 to 10, in tenths; 1.1 is "OK".
MOST_EXPOSED = 15


def main() -> int:
    """Run every checker there is; 1 if one finds a fault, else 0. Those that are missing are named."""
    with tempfile.TemporaryDirectory() as folder:
        results = [*_compose(), *_image(), *_unit(Path(folder)), *_manifests(Path(folder))]
    return int(not all(results))


def _compose() -> list[bool]:
    schema = "vendor.compose-spec"
    return [_run("check-jsonschema", "--builtin-schema", schema, str(ROOT / "compose.yml"))]


def _image() -> list[bool]:
    return [_run("hadolint", str(ROOT / "Dockerfile"))]


def _unit(folder: Path) -> list[bool]:
    """Verify the unit with a program in its place, for systemd looks whether it is there."""
    program = folder / "prhub"
    program.write_text("#!/bin/sh\n", encoding="ascii")
    program.chmod(0o755)
    unit = folder / "prhub.service"
    text = (DEPLOY / "prhub.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/prhub/bin/prhub", str(program)), encoding="utf-8")
    security = ("security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", str(unit))
    return [_run("systemd-analyze", "verify", str(unit)), _run("systemd-analyze", *security)]


def _manifests(folder: Path) -> list[bool]:
    """Build both ways, and hold what comes out against Kubernetes' schemas."""
    if not shutil.which("kubectl"):
        return [_run("kubectl")]
    results = []
    for way in WAYS:
        built = folder / f"{way}.yaml"
        results.append(_run("kubectl", "kustomize", str(MANIFESTS / way), "--output", str(built)))
        if built.exists():
            results.append(_run("kubernetes-validate", "--strict", "--quiet", str(built)))
    return results


def _run(program: str, *arguments: str) -> bool:
    """Run a checker and show what it says if it is not content; a missing one is no fault."""
    found = shutil.which(program)
    if found is None:
        _say(f"not here: {program}")
        return True
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    title = f"{program} {' '.join(Path(argument).name for argument in arguments)}"
    _say(f"{'well' if done.returncode == 0 else 'FAULT'}: {title}")
    if done.returncode:
        _say(done.stdout + done.stderr)
    return done.returncode == 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
