"""The table of what each repository's configuration file says."""

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
