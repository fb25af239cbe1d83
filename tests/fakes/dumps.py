"""All that a database holds, the engine's tables included, as a person who searches it would find it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable

_INTERNAL = {"information_schema", "pg_catalog"}


def dump(url: str) -> dict[str, str]:
    """Give every row of every table as text, by table, with what is packed unpacked."""
    address = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = sa.create_engine(address, poolclass=sa.NullPool)
    try:
        with engine.connect() as connection:
            return {
                name: _text(connection.exec_driver_sql(f"SELECT * FROM {name}")) for name in _tables(engine)
            }
    finally:
        engine.dispose()


def holding(url: str, *words: str) -> set[tuple[str, str]]:
    """Tell which tables hold which of these words, in whichever case."""
    return {
        (name, word) for name, text in dump(url).items() for word in words if word.lower() in text.lower()
    }


def _tables(engine: sa.Engine) -> Iterable[str]:
    inspector = sa.inspect(engine)
    for schema in inspector.get_schema_names():
        if schema not in _INTERNAL:
            yield from (f'"{schema}"."{name}"' for name in inspector.get_table_names(schema))


def _text(rows: Iterable[Any]) -> str:
    return "\n".join(" ".join(_value(value) for value in row) for row in rows)


def _value(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        packed = bytes(value)
        try:
            return zlib.decompress(packed).decode("utf-8", "replace")
        except zlib.error:
            return packed.decode("utf-8", "replace")
    return str(value)
