"""What has been said is not said again."""

from __future__ import annotations

import pytest

from bot.markdown.repeats import repeats
from bot.model import Message, Told


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Fix a typo", "Fix a typo.", True, id="punctuation does not count"),
        pytest.param("fix: A Typo", "Fix a typo", True, id="nor do capitals"),
        pytest.param("Fix a typo", "Fix a race in the writer", False, id="other words do"),
        pytest.param("修复权重加载", "修复权重加载。", True, id="Chinese"),
        pytest.param("修复权重加载", "修复检查点保存", False, id="another Chinese sentence"),
        pytest.param("", "", False, id="nothing repeats nothing"),
        pytest.param("", "Fix", False, id="nothing repeats no sentence"),
    ],
)
def test_sentences_are_compared_by_their_words(one: str, other: str, *, same: bool) -> None:
    """Nearly all words the same is the same."""
    assert repeats(Told(text=one), other) is same
    assert repeats(other, Told(text=one)) is same


def test_a_computed_sentence_is_never_a_repetition() -> None:
    """It is written in another language for every reader."""
    assert not repeats(Message(key="insight.impact.only_docs"), Message(key="insight.impact.only_docs"))
