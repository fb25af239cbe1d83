"""Importance and insight; docs/scores.md publishes the tables, and a test compares the two."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING

from bot.inference.folders import is_aside
from bot.inference.history import core_files
from bot.inference.interface import interface_symbols, moved_names
from bot.inference.judged import added_importance, insight, judged
from bot.inference.lines import added_lines, is_telling, removed_lines
from bot.inference.manifests import dependency_changes
from bot.inference.reviews import people_reviewing
from bot.inference.rules.breaking import breaking_change
from bot.inference.settings_lines import is_defaults_file, is_settings_file, setting_changes
from bot.inference.sizes import weighted
from bot.inference.titles import read_title
from bot.model import Feature, FileChange, FileKind, PullFacts, Relation, RubricAnswer, Scores, SymbolChange

if TYPE_CHECKING:
    from bot.inference.rules.finding import Context

SCORES_VERSION = 2
HIGHEST = 10.0
FULL_SIZE = 2_000  # weighted lines that give all points for size
MAXIMUM = {
    "size": 5.0,
    "files": 0.8,
    "core": 1.2,
    "public_api": 1.2,
    "breaking": 1.2,
    "configuration": 0.5,
    "dependencies": 0.5,
    "discussion": 0.8,
    "reviewers": 0.4,
    "revert": 0.6,
}
FULL = {  # the value from which a feature gives all of its points
    "files": 10,
    "core": 1,
    "public_api": 10,
    "breaking": 1,
    "configuration": 3,
    "dependencies": 2,
    "discussion": 10,
    "reviewers": 3,
    "revert": 1,
}


def score(context: Context, rubric: tuple[RubricAnswer, ...] = ()) -> Scores:
    """Importance from 0 to 10 with one decimal, and every feature with its value and points.

    What a model answered to the ``rubric`` adds to it, and makes up the insight.
    """
    facts = context.facts
    values = {
        "size": _size(context),
        "files": _files(facts),
        "core": _core_share(facts),
        "public_api": _public_symbols(facts),
        "breaking": float(breaking_change(context) is not None),
        "configuration": _settings(facts),
        "dependencies": len(list(dependency_changes(facts.files))),
        "discussion": _remarks_of_people(facts),
        "reviewers": len(people_reviewing(facts)),
        "revert": float(_is_revert(facts)),
    }
    features = tuple(
        Feature(name=name, value=round(value, 2), points=round(points(name, value), 2))
        for name, value in values.items()
    )
    answers = judged(rubric, facts)
    total = sum(feature.points for feature in features) + added_importance(answers)
    insightful, insight_features = insight(answers, facts)
    return Scores(
        version=SCORES_VERSION,
        importance=round(min(HIGHEST, total), 1),
        insight=insightful,
        features=features,
        insight_features=insight_features,
        rubric=answers,
    )


def points(name: str, value: float) -> float:
    """The points of one feature, up to its maximum; size counts by its logarithm, others in proportion."""
    share = log10(1 + value) / log10(1 + FULL_SIZE) if name == "size" else value / FULL[name]
    return MAXIMUM[name] * min(1.0, max(0.0, share))


def _size(context: Context) -> float:
    """The weighted changed lines, without those that were only moved."""
    added = {line.text.strip() for file in context.facts.files for line in added_lines(file)}
    return sum(weighted(file, *_moved(context, file, added)) for file in context.facts.files)


def _moved(context: Context, file: FileChange, added: set[str]) -> tuple[int, int]:
    """How many of the lines that a file gained and lost are found on the other side of the change."""
    gained = sum(1 for line in added_lines(file) if context.was_moved(line.text))
    lost = sum(1 for text in removed_lines(file) if is_telling(text) and text.strip() in added)
    return gained, lost


def _files(facts: PullFacts) -> int:
    kinds = {FileKind.SOURCE, FileKind.CONFIG}
    return sum(1 for file in facts.files if file.kind in kinds and not is_aside(file.path))


def _core_share(facts: PullFacts) -> float:
    """The share of the changed source lines that are in core files."""
    core = {item.path for item in core_files(facts)}
    sources = [file for file in facts.files if file.kind is FileKind.SOURCE]
    total = sum(file.additions + file.deletions for file in sources)
    touched = sum(file.additions + file.deletions for file in sources if file.path in core)
    return touched / total if total else 0.0


def _public_symbols(facts: PullFacts) -> int:
    """Public symbols of the interface that are new, gone, moved (each once), or have another signature."""
    moved = moved_names(facts.files)
    return sum(
        1
        for file in facts.files
        for symbol in interface_symbols(file)
        if (symbol.change is not SymbolChange.MODIFIED or symbol.signature_changed)
        and not (symbol.change is SymbolChange.ADDED and symbol.name in moved)
    )


def _settings(facts: PullFacts) -> int:
    changed = sum(1 for file in facts.files for _ in setting_changes(file) if not is_defaults_file(file))
    new_files = sum(1 for file in facts.files if is_settings_file(file))
    return max(changed, new_files)


def _remarks_of_people(facts: PullFacts) -> int:
    remarks = [remark for thread in facts.threads for remark in thread.remarks] + list(facts.comments)
    reviews = sum(1 for review in facts.reviews if review.body.strip() and not review.author.is_bot)
    return reviews + sum(1 for remark in remarks if not remark.author.is_bot and not remark.minimized)


def _is_revert(facts: PullFacts) -> bool:
    relations = {item.relation for item in facts.related}
    return read_title(facts.title).reverts or bool(relations & {Relation.REVERTS, Relation.REVERTED_BY})
