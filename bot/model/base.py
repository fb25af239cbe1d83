"""The frozen pydantic base that every word of the vocabulary shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """An immutable value with a closed set of fields.

    Unknown keys raise ``pydantic.ValidationError``: what is stored today must be read as
    exactly what was meant, not as a superset of it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
