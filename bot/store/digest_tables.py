"""The tables of digests: what they say, the issues they became, and the register of open risks."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import RowId, metadata

# ``repository_id`` is where the digest is published; ``facts`` are there while it is made, ``facts_at`` is
# when the reading of them began. ``language`` is that of its text.
digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("installation_id", sa.BigInteger),
    sa.Column("scope", sa.String(255), nullable=False),
    sa.Column("period", sa.String(255), nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("until", sa.Float, nullable=False),
    sa.Column("language", sa.String(16)),
    sa.Column("facts", sa.Text),
    sa.Column("facts_at", sa.Float),
    sa.Column("data", sa.Text),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.UniqueConstraint("repository_id", "scope", "period"),
)

# The publish row of a digest: each change is a compare-and-set on ``fence``.
digest_issues = sa.Table(
    "digest_issues",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("scope", sa.String(255), nullable=False),
    sa.Column("period", sa.String(255), nullable=False),
    sa.Column("since", sa.Float, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("attempted_at", sa.Float),
    sa.Column("issue_number", sa.BigInteger),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("posted_sha256", sa.String(64)),
    sa.Column("closed", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.UniqueConstraint("repository_id", "scope", "period"),
)

# ``number`` is what people see (R12); ``fingerprint`` tells that a risk is there already.
registered_risks = sa.Table(
    "registered_risks",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("pull", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("severity", sa.String(16), nullable=False),
    sa.Column("path", sa.Text),
    sa.Column("opened_at", sa.Float, nullable=False),
    sa.Column("closed_at", sa.Float),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.UniqueConstraint("repository_id", "number"),
    sa.UniqueConstraint("repository_id", "fingerprint"),
    sa.Index(None, "repository_id", "state"),
    sa.Index(None, "repository_id", "pull"),
)
