"""GitHub says no: the status and the JSON it says it with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

DOCS = "https://docs.github.com/rest"


class Refused(Exception):
    """An answer that is an error; ``errors`` is GitHub's list of what was wrong in a 422."""

    def __init__(self, status: int, message: str, **extra: Any) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers: dict[str, str] = extra.pop("headers", {})
        self.extra = extra

    @classmethod
    def invalid(cls, field: str, code: str, message: str | None = None, resource: str = "Issue") -> Refused:
        """A 422 about one field."""
        error = {"resource": resource, "field": field, "code": code}
        if message:
            error["message"] = message
        return cls(422, "Validation Failed", errors=[error])

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of the answer; GraphQL refuses with status 200 and a list of errors."""
        if self.status == HTTPStatus.OK:
            return self.extra
        return {
            "message": self.message,
            **self.extra,
            "documentation_url": self.extra.get("documentation_url", DOCS),
            "status": str(self.status),
        }
