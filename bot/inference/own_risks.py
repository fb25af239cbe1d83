"""The risks that a repository has defined itself: a pull request that changes one of their paths has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.inference.lines import first_line
from bot.inference.messages import counted, names
from bot.inference.risks import EVIDENCE
from bot.model import Evidence, FileStatus, OwnRiskKey, Risk, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import FileChange, Message, PullFacts
    from bot.model.repo_config import OwnRisk

# The rule's name, as a report and the register tell it.
RULE = "own-paths"


def own_risks(facts: PullFacts) -> Iterator[Risk]:
    """The repository's own risks that changed files have, each with its name; all weigh the same."""
    for risk in facts.choices.risks if facts.choices is not None else ():
        files = [file for file in facts.files if risk.key in file.own_risks]
        if files:
            yield Risk(
                key=OwnRiskKey(risk.key),
                name=risk.name,
                severity=Severity.MEDIUM,
                explanation=_explanation(risk, files),
                evidence=tuple(map(_evidence, files[:EVIDENCE])),
                rule=RULE,
            )


def _explanation(risk: OwnRisk, files: list[FileChange]) -> Message:
    paths = names([file.path for file in files])
    if not risk.description:
        return counted("insight.risk.own", len(files), paths=paths)
    said = risk.description.rstrip(".。")
    return counted("insight.risk.own_described", len(files), paths=paths, description=said)


def _evidence(file: FileChange) -> Evidence:
    line = None if file.status is FileStatus.REMOVED else first_line(file)
    return Evidence(path=file.path, line=line)
