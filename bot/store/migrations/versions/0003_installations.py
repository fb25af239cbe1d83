"""What PRHub is installed on, and the sweeps that find what never arrived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables, and say of each delivery whose it is."""
    _installed()
    _sweeps()
    op.add_column("deliveries", sa.Column("installation_id", sa.BigInteger(), nullable=True))
    op.add_column("deliveries", sa.Column("repository_id", sa.BigInteger(), nullable=True))


def _installed() -> None:
    """Installations and their repositories."""
    op.create_table(
        "installations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=255), nullable=True),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("first_seen_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.Column("told_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installations"),
    )
    op.create_table(
        "repositories",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("installation_id", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.String(length=255), nullable=True),
        sa.Column("standing", sa.String(length=16), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=True),
        sa.Column("public_from", sa.Float(), nullable=True),
        sa.Column("first_seen_at", sa.Float(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.Column("told_at", sa.Float(), nullable=False),
        sa.Column("scan_at", sa.Float(), nullable=False),
        sa.Column("scanned_until", sa.Float(), nullable=True),
        sa.Column("etag", sa.String(length=255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_repositories"),
    )
    op.create_index("ix_repositories_installation_id", "repositories", ["installation_id"], unique=False)
    op.create_index("ix_repositories_standing_scan_at", "repositories", ["standing", "scan_at"], unique=False)


def _sweeps() -> None:
    """How far the sweeps have come."""
    op.create_table(
        "redeliveries",
        sa.Column("guid", sa.String(length=64), nullable=False),
        sa.Column("delivered_at", sa.Float(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("guid", name="pk_redeliveries"),
    )
    op.create_index("ix_redeliveries_tried_at", "redeliveries", ["tried_at"], unique=False)
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )
    op.create_table(
        "gaps",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("down_from", sa.Float(), nullable=False),
        sa.Column("down_to", sa.Float(), nullable=False),
        sa.Column("recovered", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
