"""Nothing is posted in a digest that neither its facts nor our own templates bear out."""

from __future__ import annotations

import time

import pytest

from bot.markdown.digest import render_document
from bot.markdown.digest_lint import hollow_digest, lint_digest
from bot.markdown.report import Style
from bot.model import Digest, FollowUp, Theme, Told
from tests.fakes.periods import digest, period_facts, pull, ref
from tests.fakes.reports import repository

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")
STYLES = pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
NAMES = frozenset({"LegacyRouter", "--use-legacy-router", "quantize_by_name"})


def known(token: str) -> bool:
    """Whether the invented week has it."""
    return token in NAMES


def told(words: str) -> Digest:
    """The week with a follow-up of a model's."""
    return digest(follow_ups=(FollowUp(text=Told(text=words), pulls=(ref(1232),)),))


@STYLES
def test_verified_digests_pass(style: Style) -> None:
    """Nothing is found where everything was checked."""
    assert lint_digest(digest(), style, known) == ()


@STYLES
def test_digests_without_a_model_pass(style: Style) -> None:
    """What is computed needs nobody's word, in a week of any size, cut or not."""
    large = period_facts(pulls=tuple(pull(number) for number in range(1, 600)))
    for made in (digest(told=False), digest(told=False, facts=large)):
        assert lint_digest(hollow_digest(made), style, lambda _: False) == ()


def test_several_repositories_pass() -> None:
    """A reference with its repository is known by the list of merges."""
    pulls = (pull(7, repository="octo-org/engine"), pull(7, repository="octo-org/docs"))
    both = (repository(), repository(id=5, full_name="octo-org/docs"))
    said = Told(text="octo-org/docs#7 explains octo-org/engine#7.")
    facts = period_facts(repositories=both, pulls=pulls)
    assert lint_digest(digest(facts=facts, headline=said), ENGLISH, known) == ()


@STYLES
@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("Fixes 77 crashes.", ("77",), id="a number nobody computed"),
        pytest.param("Follows #1999.", ("#1999",), id="a pull request of another period"),
        pytest.param("Ask @octo-dev.", ("@octo-dev",), id="a mention"),
        pytest.param("See `engine/gone.py`.", ("gone",), id="a path nobody changed"),
        pytest.param("Uses top_tags.", ("top_tags",), id="a name of a field of ours"),
        pytest.param("See https://evil.example now.", ("https://evil.example",), id="an address"),
        pytest.param("Belongs to #1232 and #1237.", (), id="pull requests of the period"),
        pytest.param("Removes `LegacyRouter`.", (), id="a name that the reports have"),
    ],
)
def test_what_a_model_adds(words: str, found: tuple[str, ...], style: Style) -> None:
    """A token of a model's sentence is found unless it is known."""
    assert lint_digest(told(words), style, known)[: len(found) or None] == found


def test_hollow_digests_hold_no_word_of_a_model() -> None:
    """Headline, summary, themes, highlights, follow-ups, risks, and what reports tell."""
    text = render_document(hollow_digest(digest()), ENGLISH)
    for words in ("legacy router is gone", "One router instead", "changes often**", "has to remove it",
                  "migration guide", "generator ends", "arrive asynchronously."):  # fmt: skip
        assert words in render_document(digest(), ENGLISH)
        assert words not in text


def test_linear() -> None:
    """Four times the merges take about four times as long."""
    said = Theme(title=Told(text="A theme"), text=Told(text="It is about #1 and #2."), pulls=(ref(1), ref(2)))

    def seconds(count: int) -> float:
        facts = period_facts(pulls=tuple(pull(number) for number in range(1, count)))
        made = digest(facts=facts, themes=(said,) * 8)
        started = time.perf_counter()
        lint_digest(made, ENGLISH, known)
        return time.perf_counter() - started

    seconds(10)
    assert seconds(800) < 12 * max(seconds(200), 0.02)
