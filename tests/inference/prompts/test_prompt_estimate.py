"""The estimate of tokens: never too low for what is sent, and cheap."""

from __future__ import annotations

import time

import pytest

from bot.inference.prompts import estimate


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        pytest.param("", 0, 0, id="nothing"),
        pytest.param(
            "The quick brown fox jumps over the lazy dog. " * 100,
            1_000,
            1_500,
            id="English, 10 tokens a line",
        ),
        pytest.param(
            "def save(self, path: str) -> None:\n    os.replace(a_b, path)\n" * 100, 2_000, 3_000, id="code"
        ),
        pytest.param("修复检查点保存时的错误。" * 100, 1_000, 1_600, id="Chinese, about a token a character"),
        pytest.param("9f86d081884c7d659a2feaa0c55ad015" * 100, 1_000, 1_800, id="hashes"),
        pytest.param("\ud800" * 10, 1, 20, id="what is no character"),
    ],
)
def test_estimate(text, low, high):
    """Between what tokenizers count and half as much again."""
    assert low <= estimate(text) <= high


def test_the_whole_is_no_more_than_its_parts():
    """So that blocks can be counted one by one."""
    parts = ["one line\n", "x = f(y)\n", "第二行\n"] * 50
    assert estimate("".join(parts)) <= sum(map(estimate, parts))


def test_two_megabytes_are_counted_at_once():
    """In one pass."""
    started = time.process_time()
    estimate("some words = and_code(1)\n" * 80_000)
    assert time.process_time() - started < 0.5
