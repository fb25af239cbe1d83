"""Claims for tests: a small pull request with code, a discussion and relations, and answers about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.inference.verify import Corpus
from bot.inference.verify.sentence import Backing, Judge, Judged
from bot.model import (
    BriefClaims,
    CheckClaim,
    Cited,
    Claim,
    FileKind,
    FileStatus,
    LinkedIssue,
    RelatedPull,
    Relation,
    ReportClaims,
    ReviewClaims,
    RiskClaim,
    SymbolChange,
    TopicClaim,
)
from tests.fakes.facts import (
    commit,
    file_change,
    hunk,
    merged_file,
    person,
    pull_facts,
    remark,
    review,
    symbol,
    thread,
)

if TYPE_CHECKING:
    from bot.model import PullFacts

STORE = """\
import json
from pathlib import Path

try:
    from fast_codec import encode_block
except ImportError:
    encode_block = None

RETRY_LIMIT = 3
SAVE_TIMEOUT = 45.5


class SnapshotStore:
    \"\"\"Keeps snapshots.\"\"\"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pending = {}

    def _save_checkpoint(self, step: int) -> None:
        target = self.folder / f"step_{step}.json"
        for attempt in range(RETRY_LIMIT):
            if self._write(target, step):
                return
        raise OSError(f"cannot write {target}")

    def _compute_reward_colocate(self, batch):
        raise NotImplementedError

    def _write(self, target: Path, step: int) -> bool:
        target.write_text(json.dumps({"step": step}))
        return True
"""
_REMOVED = "-        self.folder = str(folder)\n-        self.legacy_mode = True\n"


def _store_hunk() -> str:
    lines = STORE.removesuffix("\n").split("\n")
    context = {1, 2, 13, 14, 31}
    marked = [f"{' ' if number in context else '+'}{line}" for number, line in enumerate(lines, 1)]
    return "\n".join([*marked[:17], *_REMOVED.removesuffix("\n").split("\n"), *marked[17:]])


def store_facts(**changes: Any) -> PullFacts:
    """A change of two files with a discussion: three threads, a comment, a review, two commits."""
    threads = (
        thread(
            remark("`_save_checkpoint` is not implemented: every run loses its state.", id=901),
            remark("WIP, will be added.", id=902, author="octo-dev"),
            id=701,
            path="engine/store.py",
            line=19,
            original_line=19,
            merged_line=20,
            remarked_text="+    def _save_checkpoint(self, step: int) -> None:",
            later_commits=1,
        ),
        thread(
            remark("`_compute_reward_colocate` raises for everybody who sets the option.", id=903),
            id=702,
            path="engine/store.py",
            line=28,
            merged_line=28,
            remarked_text="+    def _compute_reward_colocate(self, batch):",
        ),
        thread(
            remark("Without fast_codec this import raises ImportError everywhere.", id=904),
            remark("Good catch, will revise to a try-catch", id=905, author="octo-dev"),
            remark("We accept the slower path for now, see the roadmap.", id=906, author="octo-lead"),
            id=703,
            path="engine/store.py",
            line=5,
            merged_line=5,
            remarked_text="+from fast_codec import encode_block",
            later_commits=1,
        ),
    )
    fields: dict[str, Any] = {
        "title": "Keep the last snapshot when a save fails",
        "body": "Saving could lose the last 8 snapshots on a full disk.\n\n"
        "We measured 120 ms per save with FP8 codecs. "
        "Closes #7, follows #9. See https://example.com/run for `SNAPSHOT_MODE=fast`.",
        "files": (
            file_change(
                "engine/store.py",
                hunks=(hunk(_store_hunk()),),
                symbols=(
                    symbol("SnapshotStore.__init__", kind="method", line=16),
                    symbol(
                        "SnapshotStore._save_checkpoint", kind="method", line=20, change=SymbolChange.ADDED
                    ),
                    symbol(
                        "SnapshotStore._compute_reward_colocate",
                        kind="method",
                        line=27,
                        change=SymbolChange.ADDED,
                    ),
                ),
            ),
            file_change(
                "engine/old/paths.py", "ROOT = None\n", status=FileStatus.ADDED, kind=FileKind.CONFIG
            ),
        ),
        "merged_files": (merged_file("engine/store.py", STORE),),
        "threads": threads,
        "comments": (remark("Runs on our cluster since 2026-03-02.", id=950, author="octo-user"),),
        "reviews": (review(body="Nice, ship it after the codec fix."),),
        "commits": (
            commit("Write snapshots with retries", sha="ab12cd34" + "0" * 32),
            commit("Guard the import"),
        ),
        "issues": (LinkedIssue(number=7, title="Snapshots vanish", body="All 8 of them."),),
        "related": (RelatedPull(number=9, relation=Relation.MENTIONED, title="Snapshot folders"),),
        "author": person("octo-dev"),
    }
    return pull_facts(**(fields | changes))


def cited(where: str = "engine/store.py", quote: str = "RETRY_LIMIT = 3") -> Cited:
    """A citation that holds in ``store_facts``."""
    return Cited(where=where, quote=quote)


def claim(text: str = "Saves are retried.", *evidence: Cited) -> Claim:
    """A statement with evidence."""
    return Claim(text=text, evidence=evidence or (cited(),))


def report_claims(**changes: Any) -> ReportClaims:
    """An answer that says next to nothing."""
    fields: dict[str, Any] = {
        "summary": claim("Keeps the last snapshot when a save fails."),
        "attention": "normal",
        "action": claim("Read it if you keep snapshots."),
    }
    lists = {name: () for name in ReportClaims.model_fields if name not in fields}
    return ReportClaims(**(fields | lists | changes))


def brief_claims(**changes: Any) -> BriefClaims:
    """A brief answer."""
    fields: dict[str, Any] = {"summary": claim(), "action": claim("Skim it."), "suspicious": ()}
    return BriefClaims(**(fields | changes))


def review_claims(*checks: CheckClaim, topics: tuple[TopicClaim, ...] = (), **changes: Any) -> ReviewClaims:
    """What a discussion adds."""
    fields: dict[str, Any] = {"topics": topics, "checks": checks, "suspicious": ()}
    return ReviewClaims(**(fields | changes))


def check(thread_name: str, state: str, quote: str, **changes: Any) -> CheckClaim:
    """A remark held against the code, with a line of ``engine/store.py``."""
    fields: dict[str, Any] = {
        "thread": thread_name,
        "state": state,
        "where": "engine/store.py",
        "quote": quote,
        "text": "The merged code shows it.",
    }
    return CheckClaim(**(fields | changes))


def topic(*threads: str, **changes: Any) -> TopicClaim:
    """A topic argued in ``threads``."""
    fields: dict[str, Any] = {
        "threads": threads,
        "category": "correctness",
        "outcome": "adopted",
        "text": "Saving was left out at first and added after the remark.",
    }
    return TopicClaim(**(fields | changes))


def risk_claim(**changes: Any) -> RiskClaim:
    """An open risk of medium weight."""
    fields: dict[str, Any] = {
        "key": "error-handling",
        "severity": "medium",
        "state": "open",
        "text": "`_compute_reward_colocate` raises for whoever calls it.",
        "evidence": (cited(quote="raise NotImplementedError"),),
    }
    return RiskClaim(**(fields | changes))


def judge(
    text: str, *, language: str = "en", facts: PullFacts | None = None, files: tuple[str, ...] = ()
) -> Judged:
    """One sentence held against ``store_facts``, or ``facts``."""
    corpus = Corpus(facts or store_facts())
    return Judge(corpus, language).sentence(text, Backing(files=files))
