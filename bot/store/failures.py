"""Failures of the store in plain words, for people who look at readiness or a log line."""

from __future__ import annotations

# What the databases say, and what it means; SQLite's words first.
_WORDS = (
    ("database or disk is full", "the disk is full: make room"),
    ("no space left", "the disk is full: make room"),
    ("database is locked", "the database is locked by another process"),
    ("lock timeout", "the database is locked by another process"),
    ("readonly database", "the database may not be written: check the rights of file and folder"),
    ("read-only", "the database may not be written: it is read-only"),
    ("unable to open database file", "the database file cannot be opened: check file and folder"),
    ("disk i/o error", "the disk does not take writes: see whether it is full"),
    ("malformed", "the database file is damaged: restore a backup"),
    ("not a database", "the database file is damaged: restore a backup"),
    ("password authentication failed", "the database refuses the password: check DATABASE_URL"),
    ("connection refused", "the database cannot be reached: check that it runs"),
    ("timeout expired", "the database cannot be reached: check that it runs"),
    ("too many clients", "the database has no connection left: raise max_connections"),
    ("too many connections", "the database has no connection left: raise max_connections"),
)


def in_words(error: BaseException) -> str:
    """Tell in one line what is wrong; nothing of what the database said is passed on, only its kind."""
    return _known(error) or type(error).__name__


def unusable(error: BaseException) -> str:
    """Tell whoever started a command why the store cannot be used, and what to do."""
    told = _known(error)
    if told is not None:
        return f"DATABASE_URL cannot be used: {told}."
    cause = str(getattr(error, "orig", error)).partition("\n")[0]
    return f"DATABASE_URL cannot be used ({cause}): check the address and its rights."


def _known(error: BaseException) -> str | None:
    if isinstance(error, TimeoutError):
        return "the database does not answer in time"
    said = str(getattr(error, "orig", None) or error).lower()
    return next((told for words, told in _WORDS if words in said), None)
