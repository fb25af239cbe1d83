"""Which versions of its language the software runs on, when that changes."""

from __future__ import annotations

import re

from bot.inference.lines import Line, added_lines, evidence_of, removed_lines
from bot.inference.messages import counted
from bot.inference.rules.finding import Context, Finding
from bot.model import FileChange, FileKind, RiskKey, Severity

_DECLARED = {
    "pyproject.toml": re.compile(r"\s*(?:requires-python|python)\s?="),
    "setup.py": re.compile(r"\s*python_requires\s?="),
    "setup.cfg": re.compile(r"\s*python_requires\s?="),
    "package.json": re.compile(r"\s*\"node\"\s?:"),
    "cargo.toml": re.compile(r"\s*(?:rust-version|edition)\s?="),
    "go.mod": re.compile(r"go\s\d"),
    "pom.xml": re.compile(r"\s*<(?:java\.version|maven\.compiler\.(?:release|target)|release)>"),
    "build.gradle": re.compile(r"\s*(?:source|target)Compatibility\b"),
    "build.gradle.kts": re.compile(r"\s*(?:source|target)Compatibility\b"),
}


def runtime_versions(context: Context) -> Finding | None:
    """The declared range of Python, Node, Rust, Go or Java versions is another one than before."""
    found = [line for file in context.facts.files for line in _changed(file)]
    lines = context.standing(found)
    if not lines:
        return None
    return Finding(
        rule="runtime-versions",
        key=RiskKey.COMPATIBILITY,
        severity=Severity.MEDIUM,
        explanation=counted("insight.risk.runtime", len(lines), path=lines[0].path),
        evidence=evidence_of(lines),
    )


def _changed(file: FileChange) -> list[Line]:
    pattern = _DECLARED.get(file.path.rsplit("/", 1)[-1].lower())
    if pattern is None or file.kind not in {FileKind.CONFIG, FileKind.SOURCE}:
        return []
    removed = {text.strip() for text in removed_lines(file) if pattern.match(text)}
    added = [line for line in added_lines(file) if pattern.match(line.text)]
    return [line for line in added if line.text.strip() not in removed] if removed else []
