"""Backfills: their runs and pull requests, and the questions that were asked for them in batches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _runs()
    _pulls()
    _batches()
    _entries()


def _runs() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("listed_at", sa.Float(), nullable=True),
        sa.Column("holder", sa.String(length=64), nullable=True),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("pid", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.Float(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
    )
    op.create_index("ix_backfills_repository_id_state", "backfills", ["repository_id", "state"])


def _pulls() -> None:
    op.create_table(
        "backfill_pulls",
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("merged_at", sa.Float(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=True),
        sa.Column("read_at", sa.Float(), nullable=True),
        sa.Column("reverts", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=255), nullable=True),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("run", "number", name="pk_backfill_pulls"),
    )
    op.create_index("ix_backfill_pulls_repository_id_number", "backfill_pulls", ["repository_id", "number"])


def _batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("remote", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batches"),
    )
    op.create_index("ix_batches_repository_id_state", "batches", ["repository_id", "state"])


def _entries() -> None:
    op.create_table(
        "batch_entries",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=False),
        sa.Column("batch", sa.String(length=32), nullable=True),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("prompt", sa.String(length=64), nullable=False),
        sa.Column("guarded", sa.Text(), nullable=False),
        sa.Column("max_output", sa.BigInteger(), nullable=False),
        sa.Column("hold", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("held_money", sa.Float(), nullable=False),
        sa.Column("spent_money", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_batch_entries"),
    )
    op.create_index("ix_batch_entries_batch", "batch_entries", ["batch"])
    op.create_index("ix_batch_entries_content_model", "batch_entries", ["content", "model"])
    op.create_index("ix_batch_entries_repository_id", "batch_entries", ["repository_id"])
    op.create_index("ix_batch_entries_run", "batch_entries", ["run"])
