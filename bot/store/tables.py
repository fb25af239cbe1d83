"""The tables of the store, one for each thing that must outlive a process."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# GitHub's ids passed 2^31 long ago; SQLite only numbers rows by itself in a plain INTEGER key.
RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("app_id", sa.BigInteger, nullable=False),
    sa.Column("guid", sa.String(64), nullable=False),
    sa.Column("event", sa.String(64), nullable=False),
    sa.Column("action", sa.String(64)),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("body", sa.LargeBinary),
    sa.Column("received_at", sa.Float, nullable=False),
    sa.Column("installation_id", sa.BigInteger),
    sa.Column("repository_id", sa.BigInteger),
    sa.UniqueConstraint("app_id", "guid"),
    sa.Index(None, "body_sha256"),
    sa.Index(None, "received_at"),
)

triggers = sa.Table(
    "triggers",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("key", sa.String(255), nullable=False, unique=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("guid", sa.String(64)),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.Index(None, "state", "due_at"),
    sa.Index(None, "state", "installation_id", "id"),
    sa.Index(None, "repository_id", "number", "kind"),
)

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
)

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("installation_id", sa.BigInteger),
    sa.Column("repository", sa.String(255), nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("schema_version", sa.Integer, nullable=False),
    sa.Column("author", sa.String(255), nullable=False),
    sa.Column("merged_at", sa.Float, nullable=False),
    sa.Column("merge_sha", sa.String(64), nullable=False),
    sa.Column("importance", sa.Float, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
    sa.UniqueConstraint("repository_id", "number"),
    sa.Index(None, "repository_id", "merged_at"),
    sa.Index(None, "repository_id", "author"),
)

# One row for each word a report can be found by: path, tag or risk.
report_terms = sa.Table(
    "report_terms",
    metadata,
    sa.Column("report_id", RowId, sa.ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("kind", sa.String(8), primary_key=True),
    sa.Column("term", sa.Text, primary_key=True),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Index(None, "repository_id", "kind", "term"),
)

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("attempted_at", sa.Float),
    sa.Column("comment_id", sa.BigInteger),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("posted_sha256", sa.String(64)),
    sa.Column("reason", sa.Text),
    sa.Column("updated_at", sa.Float, nullable=False),
)

applied_labels = sa.Table(
    "applied_labels",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("name", sa.String(50), primary_key=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)

# Pauses that GitHub asked for, and the content created lately: both bind a restarted process too.
pauses = sa.Table(
    "pauses",
    metadata,
    sa.Column("installation_id", sa.BigInteger, primary_key=True),
    sa.Column("until", sa.Float, nullable=False),
    sa.Column("strikes", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
)

writes = sa.Table(
    "writes",
    metadata,
    sa.Column("id", RowId, primary_key=True),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("content", sa.Boolean, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
    sa.Index(None, "installation_id", "at"),
)

# What a model answered, found by the SHA-256 of the question.
answers = sa.Table(
    "answers",
    metadata,
    sa.Column("content", sa.String(64), primary_key=True),
    sa.Column("model", sa.String(255), primary_key=True),
    sa.Column("task", sa.String(64), nullable=False),
    sa.Column("prompt", sa.String(64), nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("calls", sa.BigInteger, nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("cache_read", sa.BigInteger, nullable=False),
    sa.Column("cache_written", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Index(None, "created_at"),
    sa.Index(None, "repository_id"),
)

# The ledger: every call that was paid for, with its cost and without any text.
model_calls = sa.Table(
    "model_calls",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
    sa.Column("installation_id", sa.BigInteger, nullable=False),
    sa.Column("repository_id", sa.BigInteger, nullable=False),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("task", sa.String(64), nullable=False),
    sa.Column("prompt", sa.String(64), nullable=False),
    sa.Column("model", sa.String(255), nullable=False),
    sa.Column("outcome", sa.String(32), nullable=False),
    sa.Column("calls", sa.BigInteger, nullable=False),
    sa.Column("tokens_in", sa.BigInteger, nullable=False),
    sa.Column("tokens_out", sa.BigInteger, nullable=False),
    sa.Column("cache_read", sa.BigInteger, nullable=False),
    sa.Column("cache_written", sa.BigInteger, nullable=False),
    sa.Index(None, "at"),
    sa.Index(None, "installation_id", "at"),
    sa.Index(None, "repository_id", "at"),
)

# What came of a model's reading of a pull request, kept between refreshes.
readings = sa.Table(
    "readings",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)

# The servers on this database, and who hands on the work of one that died.
processes = sa.Table(
    "processes",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("mode", sa.String(16), nullable=False),
    sa.Column("place", sa.String(64), nullable=False),
    sa.Column("pid", sa.BigInteger, nullable=False),
    sa.Column("started_at", sa.Float, nullable=False),
    sa.Column("seen_at", sa.Float, nullable=False),
    sa.Column("keeper", sa.String(64)),
    sa.Column("kept_at", sa.Float),
)

# How often a process ended in the middle of the same work: some work kills whoever does it.
deaths = sa.Table(
    "deaths",
    metadata,
    sa.Column("workflow_id", sa.String(300), primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
