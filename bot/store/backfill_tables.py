"""The tables of backfills: runs, their pull requests, batches, and every question that was asked."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import metadata

# ``options`` is JSON; ``holder`` is who works on the run, until ``held_until`` unless it says so again.
backfills = sa.Table(
    "backfills",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("offered", sa.Boolean, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("listed_at", sa.Float),
    sa.Column("holder", sa.String(64)),
    sa.Column("place", sa.String(64)),
    sa.Column("pid", sa.BigInteger),
    sa.Column("held_until", sa.Float),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Index(None, "repository_id", "state"),
)

# ``facts`` are there from the reading until the register has them; ``quiet`` is a report without a comment.
backfill_pulls = sa.Table(
    "backfill_pulls",
    metadata,
    sa.Column("run", sa.String(32), primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("merged_at", sa.Float, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("quiet", sa.Boolean, nullable=False),
    sa.Column("facts", sa.Text),
    sa.Column("read_at", sa.Float),
    sa.Column("reverts", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("reason", sa.String(255)),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Index(None, "repository_id", "number"),
)

# ``remote`` is the server's name for it, unknown until its answer is stored.
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("run", sa.String(32), nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("remote", sa.String(255)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sent_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Index(None, "repository_id", "state"),
)

# One question, asked once: in a ``batch``, or by itself. ``held`` and ``spent`` are tokens, the others money.
batch_entries = sa.Table(
    "batch_entries",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("run", sa.String(32), nullable=False),
    sa.Column("batch", sa.String(32)),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("model", sa.String(255), nullable=False),
    sa.Column("task", sa.String(64), nullable=False),
    sa.Column("prompt", sa.String(64), nullable=False),
    sa.Column("guarded", sa.Text, nullable=False),
    sa.Column("max_output", sa.BigInteger, nullable=False),
    sa.Column("hold", sa.String(64)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("outcome", sa.String(32)),
    sa.Column("held", sa.BigInteger, nullable=False),
    sa.Column("spent", sa.BigInteger, nullable=False),
    sa.Column("held_money", sa.Float, nullable=False),
    sa.Column("spent_money", sa.Float, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Index(None, "content", "model"),
    sa.Index(None, "run"),
    sa.Index(None, "batch"),
    sa.Index(None, "repository_id"),
)
