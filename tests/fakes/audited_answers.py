"""What two models answer about the audited pull request: one as the predecessor did, one that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.messages import answer
from tests.fakes.audited import CACHE, OCR, TRAINER

if TYPE_CHECKING:
    from sandbox.messages import Asked, Reply

STUB = "raise NotImplementedError"
REPLACE = 'os.replace(path + ".new", path)'
GUARD = "except ImportError:"
EMPTY = "if not expected:"
TAKE = "return cache[key]"
RUBRIC = ("reach", "consequence", "decision")

Claims = dict[str, Any]


def claim(text: str, where: str = "", quote: str = "", **fields: Any) -> Claims:
    """A statement with one citation, or with none."""
    return {"text": text, "evidence": [{"where": where, "quote": quote}] if where else [], **fields}


def check(number: int, state: str, where: str, quote: str, text: str) -> Claims:
    """A check of one thread."""
    return {"thread": f"thread {number}", "state": state, "where": where, "quote": quote, "text": text}


def risk(key: str, text: str, where: str, quote: str, **fields: str) -> Claims:
    """A risk of medium severity that is open, unless ``fields`` say otherwise."""
    return {"key": key, "severity": "medium", "state": "open", **fields, **claim(text, where, quote)}


def report(**fields: Any) -> Claims:
    """A whole answer: ``fields`` in place of empty lists."""
    lists = ("motivation", "steps", "files", "symbols", "topics", "checks", "risks", "impact")
    empty: Claims = {name: [] for name in (*lists, "follow_ups", "related", "rubric", "suspicious")}
    return {"attention": "close", **empty, **fields}


def honest() -> Claims:
    """What the merged lines bear out."""
    return report(
        summary=claim(
            "`Trainer` writes a checkpoint after every step, so that a crashed run can go on.",
            TRAINER,
            REPLACE,
        ),
        action=claim("Whoever sets `colocate` should read `_compute_reward`.", TRAINER, "if self.colocate:"),
        motivation=[
            claim(
                "A run of three days could not go on after a crash.",
                "description",
                "so that a run of three days can go on after a crash",
            )
        ],
        steps=[
            claim("`_save_checkpoint` writes beside the old file and renames it over.", TRAINER, REPLACE),
            claim("`take` gives the cached value itself, without a clone.", CACHE, TAKE),
        ],
        files=[{"path": TRAINER, "change": "Adds `Trainer`.", "why": "Every run goes through `train`."}],
        symbols=[
            {"path": TRAINER, "name": "Trainer.__init__", "note": "Keeps the folder of the checkpoints."}
        ],
        topics=[
            {
                "threads": ["thread 1"],
                "category": "correctness",
                "outcome": "adopted",
                "text": "octo-review[bot] found no checkpoint written; the author wrote it.",
            }
        ],
        checks=_honest_checks(),
        risks=[
            risk(
                "error-handling",
                "`_compute_reward_colocate` raises for everybody who sets `colocate`.",
                TRAINER,
                STUB,
            )
        ],
        follow_ups=[claim("`_compute_reward_colocate` has to be written.", TRAINER, STUB)],
        rubric=[{"item": item, "level": 1, "reason": ""} for item in RUBRIC],
    )


def _honest_checks() -> list[Claims]:
    return [
        check(1, "fixed", TRAINER, REPLACE, "`_save_checkpoint` writes the file."),
        check(2, "fixed", TRAINER, GUARD, "The import is guarded."),
        check(3, "fixed", OCR, EMPTY, "`score` returns before it divides."),
        check(4, "open", TRAINER, STUB, "`_compute_reward_colocate` raises on every call."),
    ]


def audited() -> Claims:
    """The faults of the audit, one by one, among statements that hold."""
    return report(
        summary=claim(
            "Adds a trainer that leaves `_save_checkpoint` unimplemented.",
            "thread 1",
            "`_save_checkpoint` is not implemented",
        ),
        action=claim("Read `checkpoint_loss_rate` closely.", TRAINER, REPLACE),
        motivation=[
            claim(
                "The `top_tags` of the week show that `hot_files` are touched.",
                "description",
                "writes a checkpoint",
            )
        ],
        steps=[
            claim("The change touches 12 files.", TRAINER, REPLACE),
            claim("`_save_checkpoint` writes its file with 3 retries.", TRAINER, REPLACE),
            claim("`take` gives the cached value itself.", CACHE, TAKE),
        ],
        symbols=[
            {"path": TRAINER, "name": "init", "note": "Sets up the trainer."},
            {"path": TRAINER, "name": "__init__", "note": "Keeps the folder of the checkpoints."},
        ],
        topics=[
            {
                "threads": ["thread 9"],
                "category": "correctness",
                "outcome": "unanswered",
                "text": "The retries were argued.",
            }
        ],
        checks=[
            check(1, "open", TRAINER, "pass  # TODO: later", "`_save_checkpoint` is not implemented."),
            check(2, "open", TRAINER, "import fast_codec", "The import needs ImportError handling."),
            check(3, "open", OCR, "/ len(expected)", "`score` divides by zero."),
        ],
        risks=_audited_risks(),
        impact=[
            claim(
                "Runs without `fast_codec` fail at the import, as in 7 of 9 cases.",
                TRAINER,
                GUARD,
                on="users",
            )
        ],
        follow_ups=[
            claim(
                "Implement `_save_checkpoint`, which is still unimplemented.",
                TRAINER,
                "def _save_checkpoint(self, step):",
            ),
            claim("Add `ImportError` handling.", TRAINER, "import fast_codec"),
            claim("`Trainer` has no tests.", TRAINER, "class Trainer:"),
        ],
    )


def _audited_risks() -> list[Claims]:
    return [
        risk("missing-tests", "The change has no tests.", TRAINER, REPLACE),
        risk("checkpoint-loss-risk", "Checkpoints may be lost.", TRAINER, REPLACE),
        risk(
            "error-handling",
            "`_save_checkpoint` is unimplemented, so runs are lost.",
            TRAINER,
            "pass  # TODO: later",
        ),
        risk("concurrency", "Fixes a race condition in `take`.", CACHE, TAKE),
    ]


REPAIRED = "`_save_checkpoint` writes its file beside the old one and renames it."


def repaired(asked: Asked) -> Claims:
    """One claim put right; the others are given up."""
    assert any("steps 2" in part for part in asked.parts)
    return {"claims": [{"id": "steps 2", **claim(REPAIRED, TRAINER, REPLACE)}]}


def told(claims: Claims) -> Any:
    """A model that answers so, and repairs one claim when asked to."""

    def respond(asked: Asked) -> Reply:
        return answer(repaired(asked) if asked.schema.get("title") == "RepairClaims" else claims)

    return respond
