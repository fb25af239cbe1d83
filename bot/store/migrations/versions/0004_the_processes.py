"""Several processes on one database: their heartbeats, and turns by installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of processes, and the index that finds each installation's next trigger."""
    op.create_table(
        "processes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("keeper", sa.String(length=64), nullable=True),
        sa.Column("kept_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_processes"),
    )
    op.create_table(
        "deaths",
        sa.Column("workflow_id", sa.String(length=300), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("workflow_id", name="pk_deaths"),
    )
    op.create_index(
        "ix_triggers_state_installation_id_id", "triggers", ["state", "installation_id", "id"], unique=False
    )
