"""``prhub usage``: what the model's calls came to, as an operator types it."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from functools import partial

import pytest
from click.testing import CliRunner

from bot.cli.usage import command
from bot.cli.usage_shown import as_csv
from bot.errors import UserError
from bot.model import Prices, Usage
from bot.store import Answers, open_store
from bot.store.installed_tables import installations, repositories
from bot.store.usage import By, Spent, Usages
from tests.fakes.calls import model_call
from tests.fakes.databases import asynchronous

DAYS = [
    datetime(2026, 3, day, hour, tzinfo=UTC).timestamp() for day, hour in ((1, 0), (1, 23), (2, 0), (9, 12))
]
SMALL = {"model": "claude-haiku-5-5", "usage": Usage(calls=1, tokens_in=100, tokens_out=10)}


async def enter(store) -> None:
    """Five calls on four days, of two models, for two repositories of two installations."""
    calls = (
        (DAYS[0], model_call()),
        (DAYS[1], model_call(**SMALL)),
        (DAYS[2], model_call(repository_id=4002, installation_id=4243)),
        (DAYS[3], model_call(repository_id=4002, installation_id=4243, **SMALL)),
        (DAYS[3], model_call(repository_id=4003, installation_id=0, outcome="refused", **SMALL)),
    )
    for at, call in calls:
        await Answers(store, clock=partial(float, at)).charge(call)
    seen = {"standing": "active", "first_seen_at": 1.0, "changed_at": 1.0, "told_at": 1.0}
    async with store.write() as connection:
        await connection.execute(installations.insert(), [{"id": 4242, "account": "octo-org", **seen}])
        row = {"id": 4001, "installation_id": 4242, "full_name": "octo-org/engine", "scan_at": 0.0, **seen}
        await connection.execute(repositories.insert(), [row])


@pytest.fixture
async def filled(sqlite_files, tmp_path, monkeypatch):
    """A database with calls, and the working folder of its operator."""
    url = sqlite_files.migrated()
    store = open_store(asynchronous(url))
    await enter(store)
    await store.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def asked(*arguments: str) -> str:
    """What the command prints since March began. Raises what it raises."""
    given = ("--since", "2026-03-01", *arguments)
    return CliRunner().invoke(command, given, catch_exceptions=False, standalone_mode=False).stdout


ROWS = [
    pytest.param("day", ["2026-03-01", "2026-03-02", "2026-03-09"], [2, 1, 2], id="days, in their order"),
    pytest.param(
        "repository", ["octo-org/engine", "4002", "4003"], [2, 2, 1], id="by name, or by id without one"
    ),
    pytest.param(
        "installation", ["octo-org", "4243", "command line"], [2, 2, 1], id="the account, the most first"
    ),
    pytest.param("model", ["claude-sonnet-5-5", "claude-haiku-5-5"], [2, 3], id="the dearer one first"),
]


@pytest.mark.parametrize(("by", "names", "calls"), ROWS)
def test_calls_are_summed_up(filled, by, names, calls):
    """As JSON and as CSV, the same."""
    rows = json.loads(asked("--by", by, "--json"))
    assert [row[by] for row in rows] == names
    assert [row["calls"] for row in rows] == calls
    lines = list(csv.DictReader(io.StringIO(asked("--by", by, "--csv"))))
    assert [(line[by], int(line["calls"]), int(line["tokens_in"])) for line in lines] == [
        (row[by], row["calls"], row["tokens_in"]) for row in rows
    ]
    assert {line["cost"] for line in lines} == {""}


@pytest.mark.parametrize("by", list(By))
async def test_both_databases_sum_alike(databases, by):
    """A day is a day of UTC on both."""
    store = open_store(asynchronous(databases.migrated()))
    await enter(store)
    found = await Usages(store).by(by, DAYS[0])
    await store.close()
    assert sum((one.usage for one in found), Usage()).calls == 5
    if by is By.DAY:
        assert [(one.key, one.usage.calls) for one in found] == [(20513, 2), (20514, 1), (20521, 2)]


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request, sqlite_files):
    """SQLite always, PostgreSQL unless it cannot be had."""
    return sqlite_files if request.param == "sqlite" else request.getfixturevalue("postgres")


def test_with_prices_it_tells_the_cost(filled, monkeypatch):
    """Each model at its own price; what has none is not guessed."""
    monkeypatch.setenv("PRHUB_PRICES", "claude-sonnet-5-5=3/15/0.3/3.75")
    monkeypatch.setenv("PRHUB_CURRENCY", "EUR")
    rows = {row["model"]: row for row in json.loads(asked("--by", "model", "--json"))}
    once = 300 * 3 + 800 * 0.3 + 100 * 3.75 + 300 * 15
    assert rows["claude-sonnet-5-5"]["cost"] == pytest.approx(2 * once / 1_000_000)
    assert (rows["claude-haiku-5-5"]["cost"], rows["claude-haiku-5-5"]["currency"]) == (None, None)
    table = asked("--by", "model")
    assert "EUR" in table
    assert next(line for line in table.splitlines() if line.startswith("total")).endswith("?")


def test_the_table_ends_with_its_sums_and_the_budgets(filled, monkeypatch):
    """Those that the operator has set, and how full they are."""
    monkeypatch.setenv("PRHUB_BUDGET_PULL", "0")
    monkeypatch.setenv("PRHUB_BUDGET_DAY", "5000000")
    lines = asked().splitlines()
    assert lines[0].split() == ["day", "calls", "tokens", "in", "cached", "tokens", "out"]
    assert lines[4].split() == ["total", "5", "2,700", "1,600", "630"]
    assert lines[-1] == "Budget: everything today has 0 of 5,000,000 tokens."


def test_a_month_without_calls_says_so(filled):
    """Nothing is not an empty table."""
    assert asked("--since", "2026-04-01").startswith("No call was made since 2026-04-01.")


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "2026-3", "12:00"])
def test_a_day_that_is_none_is_refused(filled, day):
    """With what to write."""
    with pytest.raises(UserError, match="YYYY-MM-DD"):
        asked("--since", day)


def test_a_name_is_no_formula_in_a_spreadsheet():
    """Whoever names a model could name it so."""
    spent = Spent("=HYPERLINK(1)", None, {"=HYPERLINK(1)": Usage(calls=1)})
    assert "'=HYPERLINK(1)" in as_csv([spent], By.MODEL, Prices())
