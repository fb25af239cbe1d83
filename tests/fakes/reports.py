"""A builder of PullReports for tests: rich by default, any field replaceable."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Any

from pydantic import BaseModel

from bot.model import (
    Attention,
    Coverage,
    CoverageGroup,
    Evidence,
    Feature,
    FileKind,
    FileStatus,
    Head,
    Implementation,
    Insight,
    KeyFile,
    MergeMethod,
    Message,
    Person,
    Provenance,
    PullReport,
    Quote,
    ReadAs,
    Related,
    Relation,
    Repository,
    ReviewOutcome,
    Scores,
    Source,
    Summary,
)
from tests.fakes.report_parts import coverage, decisions, implementation, risks

MERGE_SHA = "4f1d2a90c3b8e7f6a5d4c3b2a1908f7e6d5c4b3a"
MERGED_AT = datetime(2026, 3, 24, 5, 50, 12, tzinfo=UTC)


def repository(**changes: Any) -> Repository:
    """A public repository on github.com."""
    values: dict[str, Any] = {
        "id": 4711,
        "full_name": "octo-org/engine",
        "url": "https://github.com/octo-org/engine",
        "default_branch": "main",
    }
    return Repository(**{**values, **changes})


def head(**changes: Any) -> Head:
    """The head of pull request 1234, squashed into main."""
    values: dict[str, Any] = {
        "repository": repository(),
        "number": 1234,
        "title": "[rollout] fix: quantize weights that arrive asynchronously",
        "author": Person(login="octo-dev"),
        "merged_by": Person(login="octo-lead"),
        "merged_at": MERGED_AT,
        "created_at": datetime(2026, 3, 21, 9, 0, tzinfo=UTC),
        "merge_sha": MERGE_SHA,
        "merge_method": MergeMethod.SQUASH,
        "merge_queue": False,
        "base_ref": "main",
        "head_ref": "fix/async-weights",
        "head_repository": "octo-dev/engine",
        "changed_files": 4,
        "additions": 1286,
        "deletions": 9,
        "commit_count": 3,
        "modules": ("rollout", "utils"),
        "tags": ("bugfix", "performance"),
    }
    return Head(**{**values, **changes})


def pull_report(**changes: Any) -> PullReport:
    """A rich report, deterministic to the last field; ``changes`` replace whole fields."""
    values: dict[str, Any] = {
        "head": head(),
        "summary": Summary(
            sentence=Quote(
                text="Weights that arrive from an asynchronous generator are quantized without a TypeError.",
                source=Source.BODY,
            ),
            attention=Attention.CLOSE,
            reasons=(
                Message(key="insight.attention.risks.high", params={"count": 1}),
                Message(key="insight.attention.open", params={"count": 1}),
            ),
        ),
        "motivation": (
            Quote(text="The trainer crashes when rollout runs fully asynchronously.", source=Source.BODY),
            Quote(
                text="TypeError: 'async_generator' object is not iterable", source=Source.ISSUE, number=1200
            ),
        ),
        "implementation": implementation(),
        "decisions": decisions(),
        "reviews": (
            ReviewOutcome(reviewer=Person(login="octo-reviewer"), state="APPROVED"),
            ReviewOutcome(reviewer=Person(login="review-helper[bot]", is_bot=True), state="COMMENTED"),
        ),
        "risks": risks(),
        "impact": (
            Insight(
                message=Message(
                    key="insight.impact.broken", params={"count": 1, "symbols": "quantize_by_name"}
                )
            ),
        ),
        "follow_ups": (
            Insight(
                message=Message(key="insight.follow_up.threads", params={"count": 1}),
                evidence=(Evidence(path="engine/rollout/__init__.py", line=33, thread_id=9001),),
            ),
        ),
        "related": (
            Related(
                number=1200, relation=Relation.CLOSES, title="Fully asynchronous rollout crashes with FP8"
            ),
            Related(
                number=1187,
                relation=Relation.SAME_FILES,
                title="[utils] feat: quantize by name",
                paths=("engine/utils/weights.py",),
            ),
        ),
        "scores": Scores(
            version=1,
            importance=6.5,
            features=(
                Feature(name="size", value=1295, points=2.5),
                Feature(name="core", value=0.5, points=2),
                Feature(name="discussion", value=4, points=2),
            ),
        ),
        "coverage": coverage(),
        "provenance": Provenance(
            generated_at=datetime(2026, 3, 24, 5, 51, 3, tzinfo=UTC), version="0.1.0", rules=1
        ),
        "paths": ("docs/rollout.md", "engine/rollout/__init__.py", "engine/utils/weights.py", "poetry.lock"),
    }
    return PullReport(**{**values, **changes})


def trivial_report() -> PullReport:
    """A corrected typo that nobody discussed."""
    file = KeyFile(
        path="docs/rollout.md",
        status=FileStatus.MODIFIED,
        kind=FileKind.DOCS,
        module="docs",
        additions=1,
        deletions=1,
        line=4,
    )
    typo = head(
        title="Fix a typo", changed_files=1, additions=1, deletions=1, commit_count=1, modules=("docs",)
    )
    return PullReport(
        head=typo.model_copy(update={"modules": ("docs",), "tags": ("docs",)}),
        summary=Summary(sentence=Quote(text="Fix a typo", source=Source.TITLE), attention=Attention.SKIM),
        implementation=Implementation(files=(file,)),
        scores=Scores(version=1, importance=0),
        coverage=Coverage(total=1, groups=(CoverageGroup(read_as=ReadAs.WHOLE, reason=None, count=1),)),
        provenance=Provenance(generated_at=MERGED_AT, version="0.1.0", rules=1),
        paths=("docs/rollout.md",),
    )


def poisoned(value: Any, text: str) -> Any:
    """``value``, a part of a report, with ``text`` in every field that holds foreign words.

    Optional fields get it too. The repository's address, the commit and the keys of our own sentences
    stay, so that links and sentences are there to be attacked.
    """
    if isinstance(value, BaseModel):
        kept = {"url", "merge_sha", "key"}
        return value.model_copy(
            update={
                name: poisoned(_given(value, name), text)
                for name in type(value).model_fields
                if name not in kept
            }
        )
    if isinstance(value, tuple):
        return tuple(poisoned(item, text) for item in value)
    if isinstance(value, dict):
        return {name: poisoned(item, text) for name, item in value.items()}
    return text if isinstance(value, str) and not isinstance(value, Enum) else value


def _given(value: BaseModel, name: str) -> Any:
    """A field's value; a string where an optional string is missing."""
    found = getattr(value, name)
    return "" if found is None and type(value).model_fields[name].annotation == str | None else found
