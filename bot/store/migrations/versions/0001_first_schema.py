"""The first schema: deliveries, triggers, facts, reports, publishing, limits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    _work()
    _products()
    _publishing()
    _limits()


def _work() -> None:
    """What came in and what it asks for."""
    op.create_table(
        "deliveries",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("app_id", sa.BigInteger(), nullable=False),
        sa.Column("guid", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("app_id", "guid", name="uq_deliveries_app_id_guid"),
    )
    op.create_index("ix_deliveries_body_sha256", "deliveries", ["body_sha256"], unique=False)
    op.create_index("ix_deliveries_received_at", "deliveries", ["received_at"], unique=False)
    op.create_table(
        "triggers",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("guid", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_triggers"),
        sa.UniqueConstraint("key", name="uq_triggers_key"),
    )
    op.create_index(
        "ix_triggers_repository_id_number_kind",
        "triggers",
        ["repository_id", "number", "kind"],
        unique=False,
    )
    op.create_index("ix_triggers_state_due_at", "triggers", ["state", "due_at"], unique=False)
    op.create_table(
        "facts",
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", name="pk_facts"),
    )


def _products() -> None:
    """Reports, and the words they are found by."""
    op.create_table(
        "reports",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=True),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("merged_at", sa.Float(), nullable=False),
        sa.Column("merge_sha", sa.String(length=64), nullable=False),
        sa.Column("importance", sa.Float(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("repository_id", "number", name="uq_reports_repository_id_number"),
    )
    op.create_index("ix_reports_repository_id_author", "reports", ["repository_id", "author"], unique=False)
    op.create_index(
        "ix_reports_repository_id_merge_sha", "reports", ["repository_id", "merge_sha"], unique=False
    )
    op.create_index(
        "ix_reports_repository_id_merged_at", "reports", ["repository_id", "merged_at"], unique=False
    )
    op.create_table(
        "report_terms",
        sa.Column("report_id", ROW_ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["reports.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "kind", "term", name="pk_report_terms"),
    )
    op.create_index(
        "ix_report_terms_repository_id_kind_term",
        "report_terms",
        ["repository_id", "kind", "term"],
        unique=False,
    )


def _publishing() -> None:
    """What was written to GitHub."""
    op.create_table(
        "publications",
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("attempted_at", sa.Float(), nullable=True),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("posted_sha256", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "kind", name="pk_publications"),
    )
    op.create_table(
        "applied_labels",
        sa.Column("repository_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("repository_id", "number", "name", name="pk_applied_labels"),
    )


def _limits() -> None:
    """GitHub's limits, across restarts."""
    op.create_table(
        "pauses",
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("installation_id", name="pk_pauses"),
    )
    op.create_table(
        "writes",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_writes"),
    )
    op.create_index("ix_writes_installation_id_at", "writes", ["installation_id", "at"], unique=False)
