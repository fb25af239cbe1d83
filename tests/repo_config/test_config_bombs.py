"""Whatever stands in a file, reading it costs at most 100 ms and 16 MB (R110)."""

from __future__ import annotations

import random
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.repo_config import read_config
from tests.fakes.config_bombs import BOMBS

MILLISECONDS = 100
MEGABYTES = 16


@pytest.fixture(scope="module", autouse=True)
def _imported():
    """PyYAML and croniter are imported once a process, not for each file."""
    read_config(b'digest: {schedule: "0 9 * * 1"}')


def cost(data: bytes) -> tuple[float, float]:
    """The milliseconds of this thread, and the most megabytes held at once.

    Of three readings the quickest: in one of them the garbage of a whole test run may be collected.
    """
    spent = min(_seconds(data) for _ in range(3))
    tracemalloc.start()
    try:
        read_config(data)
        return spent * 1000, tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _seconds(data: bytes) -> float:
    started = time.thread_time()
    read_config(data)
    return time.thread_time() - started


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_costs_little(bomb):
    """Time of the processor, not of the clock: other work on the machine does not count."""
    milliseconds, megabytes = cost(bomb.encode())
    assert (milliseconds <= MILLISECONDS, megabytes <= MEGABYTES) == (True, True)


# Without any harm, and without any mistake.
HARMLESS = {"as many lines as fit", "a comment of 16 KiB", "a glob of stars"}
EXPLODING = {name: bomb for name, bomb in BOMBS.items() if name not in HARMLESS}


@pytest.mark.parametrize("bomb", EXPLODING.values(), ids=EXPLODING)
def test_a_bomb_is_not_taken(bomb):
    """It is refused, or all that is unknown in it is left out."""
    read = read_config(bomb.encode())
    assert read.config is None or not any(read.config.model_dump(exclude_none=True).values())
    assert read.problems


WORDS = [
    *("a", "labels", "max", "core_paths", "risks", "digest", "schedule", "_extends", "3", "true", "*", "&x"),
    *(": ", "- ", "? ", "[", "]", "{", "}", ",", "\n", "\n  ", "\t", "|", ">", "'", '"', "!", "%", "@", "`"),
    *("#", "---", "...", "<<", "~", "\\", "\\u", "\ufeff", "\x85", "\u2028", "é", "\U0001f600", "=", "0x1"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_no_text_makes_the_reader_fail(words):
    """It gives a configuration or problems, and each has a place in the text."""
    read = read_config("".join(words).encode())
    assert read.config is not None or read.problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in read.problems)


def test_no_bytes_make_the_reader_fail():
    """Also such as no text has."""
    chance = random.Random(7)
    for _ in range(300):
        read = read_config(chance.randbytes(chance.randrange(60)))
        assert read.config is not None or read.problems
