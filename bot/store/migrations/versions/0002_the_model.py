"""The model: its answers, the ledger of its calls, and what was read of each pull request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add three tables, and drop an index that no query uses."""
    _answers()
    _model_calls()
    op.create_table(
        "readings",
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", name="pk_readings"),
    )
    op.drop_index("ix_reports_repository_id_merge_sha", table_name="reports")


def _answers() -> None:
    """What a model answered, by the SHA-256 of the question."""
    op.create_table(
        "answers",
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("prompt", sa.String(length=64), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        *_usage(),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("content", "model", name="pk_answers"),
    )
    op.create_index("ix_answers_created_at", "answers", ["created_at"], unique=False)
    op.create_index("ix_answers_repository_id", "answers", ["repository_id"], unique=False)


def _model_calls() -> None:
    """Every call with its cost, to be summed by installation, repository and time."""
    op.create_table(
        "model_calls",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("prompt", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        *_usage(),
        sa.PrimaryKeyConstraint("id", name="pk_model_calls"),
    )
    op.create_index("ix_model_calls_at", "model_calls", ["at"], unique=False)
    op.create_index(
        "ix_model_calls_installation_id_at", "model_calls", ["installation_id", "at"], unique=False
    )
    op.create_index("ix_model_calls_repository_id_at", "model_calls", ["repository_id", "at"], unique=False)


def _usage() -> list[sa.Column[int]]:
    """What a call cost, in calls and tokens."""
    names = ("calls", "tokens_in", "tokens_out", "cache_read", "cache_written")
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]
