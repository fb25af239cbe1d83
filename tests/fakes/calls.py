"""Builders of calls of a model, and of what came of reading a pull request with one."""

from __future__ import annotations

import uuid
from typing import Any

from bot.model import FileReading, Insights, ModelCall, ReadAs, Reading, Told, Usage, Verdict
from bot.model.insights import FileInsight

CONTENT = "ab" * 32
MODEL = "claude-sonnet-5-5"
USAGE = Usage(calls=1, tokens_in=1200, tokens_out=300, cache_read=800, cache_written=100)


def model_call(**changes: Any) -> ModelCall:
    """A call that was answered; its id is new unless given."""
    fields: dict[str, Any] = {
        "id": uuid.uuid4().hex,
        "content": CONTENT,
        "task": "report",
        "prompt": "report/v1",
        "model": MODEL,
        "installation_id": 4242,
        "repository_id": 4001,
        "number": 12,
        "outcome": "answered",
        "usage": USAGE,
    }
    return ModelCall(**(fields | changes))


def reading(**changes: Any) -> Reading:
    """A reading with something of everything that is stored."""
    change = Told(text="`quantize_by_name` is asynchronous.")
    fields: dict[str, Any] = {
        "language": "en",
        "prompt": "report/v1",
        "model": MODEL,
        "change": "c" * 64,
        "threads": {"9001": "d" * 64},
        "insights": Insights(files=(FileInsight(path="engine/utils/weights.py", change=change),)),
        "coverage": {"engine/utils/weights.py": FileReading(read_as=ReadAs.CLIPPED, reason="budget")},
        "usage": USAGE,
        "verified": 7,
        "dropped": 1,
        "verdicts": (Verdict(claim="risks 2", outcome="dropped", text="x", reasons=("no such path",)),),
    }
    return Reading(**(fields | changes))
