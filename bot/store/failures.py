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
    ("disk i/o error", "the disk does not take writes: check the disk"),
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
    said = str(getattr(error, "orig", None) or error).lower()
    if isinstance(error, TimeoutError):
        return "the database does not answer in time"
    return next((told for words, told in _WORDS if words in said), type(error).__name__)
