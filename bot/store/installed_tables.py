"""The tables of what PRHub is installed on, and of the sweeps that find what never arrived."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import RowId, metadata

# A row outlives its installation: without it a late delivery would begin anew what was ended.
# ``changed_at`` is when the standing changed here, ``told_at`` when GitHub says it last did.
installations = sa.Table(
    "installations",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("account", sa.String(255)),
    sa.Column("standing", sa.String(16), nullable=False),
    sa.Column("first_seen_at", sa.Float, nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Column("told_at", sa.Float, nullable=False),
)

# ``scanned_until`` is the newest update a scan has seen through; reports older than ``public_from`` were
# written while the repository was private.
repositories = sa.Table(
    "repositories",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("full_name", sa.String(255)),
    sa.Column("standing", sa.String(16), nullable=False),
    sa.Column("private", sa.Boolean),
    sa.Column("archived", sa.Boolean),
    sa.Column("public_from", sa.Float),
    sa.Column("first_seen_at", sa.Float, nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Column("told_at", sa.Float, nullable=False),
    sa.Column("scan_at", sa.Float, nullable=False),
    sa.Column("scanned_until", sa.Float),
    sa.Column("etag", sa.String(255)),
    sa.Index(None, "installation_id"),
    sa.Index(None, "standing", "scan_at"),
)

# Deliveries that GitHub was asked to send again.
redeliveries = sa.Table(
    "redeliveries",
    metadata,
    sa.Column("guid", sa.String(64), primary_key=True),
    sa.Column("delivered_at", sa.Float, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("tried_at", sa.Float, nullable=False),
    sa.Index(None, "tried_at"),
)

# Moments that all processes share: how far a sweep has come, and when one was last at it.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)

# When no process ran, and what was recovered of that time.
gaps = sa.Table(
    "gaps",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("down_from", sa.Float, nullable=False),
    sa.Column("down_to", sa.Float, nullable=False),
    sa.Column("recovered", sa.Integer),
)
