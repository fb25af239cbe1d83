"""The tables of commands: what was commanded, who is muted, and what people decided and said."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import metadata

# One row for each comment that was a command. ``posted_at`` is when an answer to it was posted.
commands = sa.Table(
    "commands",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("author_id", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String(16), nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("tell", sa.Boolean, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("posted_at", sa.Float),
    sa.Index(None, "repository_id", "at"),
    sa.Index(None, "author_id", "at"),
    sa.Index(None, "at"),
)

mutes = sa.Table(
    "mutes",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("until", sa.Float, nullable=False),
    sa.Column("reason", sa.String(255), nullable=False),
)

# What people decided about single pull requests; NULL is left to the rules.
pull_choices = sa.Table(
    "pull_choices",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("ignored", sa.Boolean, nullable=False),
    sa.Column("featured", sa.Boolean, nullable=False),
    sa.Column("language", sa.String(16)),
    sa.Column("updated_at", sa.Float, nullable=False),
)

feedback = sa.Table(
    "feedback",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("comment_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(255), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index(None, "repository_id", "number"),
)

# How often people reacted to the report of a pull request, by reaction, as last read.
report_reactions = sa.Table(
    "report_reactions",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("content", sa.String(16), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)
