"""Failpoints: named moments at which a process can be told to die, so that tests can kill it there.

Nothing happens unless ``PRHUB_FAILPOINT`` names one. Then the process ends itself by SIGKILL when it gets
there: no handler runs, as with a kill from outside.
"""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass

# ``before_`` a step nothing of it is done; ``after_`` it all is, and the engine has not recorded it yet.
_STEPS = ("facts", "insights", "text", "publish", "finish", "close", "model", "tidy")
_STEPS_OF_COMMANDS = ("admit", "carry", "refuse", "look", "preview", "answer", "untold", "done", "failed")
# Of a report that GitHub refuses to show, and of an issue about a broken file.
_STEPS_OF_FEW = ("refused", "inform")
POINTS = frozenset(
    (
        "before_delivery_committed",
        "after_delivery_committed",
        "before_drain",
        "in_drain",
        "after_drain",
        *(f"before_{step}" for step in _STEPS),
        *(f"after_{step}" for step in _STEPS),
        *(f"before_{step}" for step in _STEPS_OF_COMMANDS),
        *(f"after_{step}" for step in _STEPS_OF_COMMANDS),
        *(f"before_{step}" for step in _STEPS_OF_FEW),
        *(f"after_{step}" for step in _STEPS_OF_FEW),
        "before_successor",
        "after_successor",
        "after_model_answer",
        "after_model_kept",
        "before_post",
        "after_post",
        "after_comment_stored",
        "before_update",
        "after_update",
        "before_label_created",
        "before_label",
        "after_label",
        "before_issue_post",
        "after_issue_post",
        "after_issue_stored",
        "before_previous_closed",
        "after_previous_closed",
        "before_handover",
        "after_handover",
        "before_redelivery",
        "after_redelivery",
        "after_batch_intended",
        "before_batch_sent",
        "after_batch_sent",
        "after_batch_stored",
        "after_batch_results",
        "after_batch_entry",
        "after_backfill_read",
        "after_backfill_report",
        "after_backfill_post",
        "after_backfill_register",
    )
)

_COUNT = re.compile(r"[1-9][0-9]{0,5}")


@dataclass
class Failpoint:
    """The point at which this process dies, when it gets there for the ``left``th time."""

    name: str
    left: int = 1


class _Holder:
    """The one place that knows the point: dying is the process's, whatever is wired in it."""

    armed: Failpoint | None = None


def parse(text: str) -> Failpoint:
    """Read ``name`` or ``name:n``. Raises ``ValueError`` if there is no such point."""
    name, colon, number = text.partition(":")
    if name not in POINTS or (colon and not _COUNT.fullmatch(number)):
        raise ValueError("is not a known point")
    return Failpoint(name, int(number or "1"))


def arm(text: str | None) -> None:
    """Choose the point at which this process dies, or with ``None`` that it lives."""
    _Holder.armed = None if text is None else parse(text)


def reached(name: str) -> None:
    """Say that a point is reached; returns unless the process is to die there, now."""
    armed = _Holder.armed
    if armed is None or armed.name != name:
        return
    armed.left -= 1
    if armed.left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
