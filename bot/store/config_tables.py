"""The tables of what each repository's configuration file says, and of the issue that tells what is wrong."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.tables import metadata

# ``data`` is what holds, with the last good file while the present one is broken.
repo_configs = sa.Table(
    "repo_configs",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("updated_at", sa.Float, nullable=False),
)

# The publish row of that issue, one for each repository: each change is a compare-and-set on ``fence``.
# ``wish`` counts what it was to say so far; ``open`` tells whether the file is broken, and
# ``problems_sha256`` by what. ``told_at`` is when GitHub was last written to, ``asked_at`` when the work
# for that was last asked for.
config_issues = sa.Table(
    "config_issues",
    metadata,
    sa.Column("repository_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("fence", sa.Integer, nullable=False),
    sa.Column("wish", sa.Integer, nullable=False),
    sa.Column("open", sa.Boolean, nullable=False),
    sa.Column("problems_sha256", sa.String(64), nullable=False),
    sa.Column("attempted_at", sa.Float),
    sa.Column("issue_number", sa.BigInteger),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("posted_sha256", sa.String(64)),
    sa.Column("told_at", sa.Float),
    sa.Column("asked_at", sa.Float),
    sa.Column("reason", sa.Text),
    sa.Column("updated_at", sa.Float, nullable=False),
)
