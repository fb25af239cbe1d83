"""ModelCall and KeptAnswer: what a call of the Messages API cost, and the answer that is kept of it."""

from __future__ import annotations

from uuid import uuid4

from pydantic import Field

from bot.model.base import Frozen
from bot.model.report import Usage


class KeptAnswer(Frozen):
    """An answer that was paid for before: its text as it came, who gave it, and what it cost then."""

    text: str
    model: str
    usage: Usage


class ModelCall(Frozen):
    """One call that reached a model, for the ledger.

    ``content`` is the SHA-256 of the question in hex, ``prompt`` the task with its version
    (``report/v1``). ``installation_id``, ``repository_id`` and ``number`` say for which pull request it
    was made; an installation of 0 is none, as on the command line. ``outcome`` is one short word, such as
    ``answered`` or ``refused``. ``batch`` says that it was one of a batch. ``id`` is the call's own, so
    that writing it down twice counts it once.
    """

    content: str
    task: str
    prompt: str
    model: str
    installation_id: int
    repository_id: int
    number: int
    outcome: str
    usage: Usage
    batch: bool = False
    id: str = Field(default_factory=lambda: uuid4().hex)
