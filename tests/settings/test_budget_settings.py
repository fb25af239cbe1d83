"""What an operator may say about budgets and prices, and what they are told when it is wrong."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError
from bot.model import Caps, Cost, Usage
from bot.settings import load_settings

USAGE = Usage(calls=2, tokens_in=1_000_000, tokens_out=100_000, cache_read=400_000, cache_written=100_000)


def test_only_a_pull_request_is_bounded_by_default(tmp_path):
    """By twenty times of what may be sent to read one, so that it grows with that."""
    assert load_settings({}, tmp_path).caps == Caps(pull=2_400_000)
    assert load_settings({"PRHUB_MAX_INPUT_TOKENS": "1000000"}, tmp_path).caps == Caps(pull=20_000_000)


def test_each_budget_has_a_setting(tmp_path):
    """And 0 is no limit."""
    given = {
        "PRHUB_BUDGET_PULL": "0",
        "PRHUB_BUDGET_REPOSITORY_DAY": "2",
        "PRHUB_BUDGET_INSTALLATION_MONTH": "3",
        "PRHUB_BUDGET_DAY": "4",
    }
    assert load_settings(given, tmp_path).caps == Caps(repository=2, installation=3, server=4)


PRICES = [
    pytest.param("m=3/15/0.3/3.75", 1.5 + 1.5 + 0.12 + 0.375, id="each kind has its price"),
    pytest.param("m=3/15", 3 + 1.5, id="without those of the cache it costs as much as other input"),
    pytest.param(" m=3/15 , other/m-1@x=1/2/3/4 ", 4.5, id="spaces between, and names with a vendor"),
    pytest.param("m=0/0/0/0", 0.0, id="a model of one's own costs nothing"),
    pytest.param("other=3/15", None, id="without a price nothing is said"),
]


@pytest.mark.parametrize(("prices", "amount"), PRICES)
def test_a_usage_has_a_cost(tmp_path, prices, amount):
    """A million tokens in, four tenths of them from the cache and one tenth into it; 100,000 out."""
    settings = load_settings({"PRHUB_PRICES": prices, "PRHUB_CURRENCY": "EUR"}, tmp_path)
    cost = settings.prices.cost({"m": USAGE})
    assert cost == (None if amount is None else Cost(amount=round(amount, 6), currency="EUR"))


def test_nothing_has_no_cost(tmp_path):
    """Nor has anything without prices."""
    assert load_settings({"PRHUB_PRICES": "m=3/15"}, tmp_path).prices.cost({}) is None
    assert load_settings({}, tmp_path).prices.cost({"m": USAGE}) is None


WRONG = [
    pytest.param("PRHUB_PRICES", "m", "is not of the form"),
    pytest.param("PRHUB_PRICES", "m=3", "is not of the form"),
    pytest.param("PRHUB_PRICES", "m=3/15/1", "is not of the form"),
    pytest.param("PRHUB_PRICES", "m=3/-15", "is not of the form"),
    pytest.param("PRHUB_PRICES", "m=3/1e9", "is not of the form"),
    pytest.param("PRHUB_PRICES", "m=3/nan", "is not of the form"),
    pytest.param("PRHUB_PRICES", "m=3/15,", "is not of the form"),
    pytest.param("PRHUB_PRICES", "=3/15", "is not the name of a model"),
    pytest.param("PRHUB_PRICES", "m=3/15,m=1/2", "has a model twice"),
    pytest.param("PRHUB_CURRENCY", "$", "is not the code of a currency"),
    pytest.param("PRHUB_BUDGET_DAY", "-1", "is out of range"),
    pytest.param("PRHUB_BUDGET_DAY", "1M", "is not a whole number"),
    pytest.param("PRHUB_BUDGET_PULL", "10000000000000", "is out of range"),
]


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_what_is_wrong_is_told_in_one_line(tmp_path, name, value, words):
    """With the setting's name and what to write, and without the value."""
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value}, tmp_path)
    assert str(caught.value).startswith(name)
    assert words in str(caught.value)
