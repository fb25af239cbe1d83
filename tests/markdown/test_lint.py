"""No number, name or link is posted that neither the facts nor our own templates bear out."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.markdown.lint import lint, lint_report
from bot.markdown.report import Style, render_comment, render_document
from bot.markdown.untold import hollow, without_told
from bot.model import Evidence, Insight, PullReport, Told
from tests.fakes.hostile import ROWS
from tests.fakes.report_parts import decision
from tests.fakes.reports import MERGE_SHA, head, poisoned, pull_report, repository, trivial_report
from tests.fakes.told_parts import told_report

ENGLISH, CHINESE = Style(), Style(language="zh-CN", time_zone="Asia/Shanghai")
STYLES = pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
HERE = "github.com/octo-org/engine"
MERGED = """
import fast_backend
async def quantize_by_name(weights, config):
    async for name, weight in ensure_async_iterator(weights):
class Rollout:
    def __init__(self, config):
        super().__init__(config)
        self.quantization_config = config.fp8
TypeError: 'async_generator' object is not iterable, in a plain for loop
"""


def known(token: str) -> bool:
    """Whether the invented change has it, letter by letter."""
    return token.removesuffix("()") in MERGED


def told(words: str, *evidence: Evidence) -> PullReport:
    """The rich report with a follow-up of a model's."""
    return told_report(follow_ups=(Insight(message=Told(text=words), evidence=evidence),))


@STYLES
def test_verified_reports_pass(style: Style) -> None:
    """Nothing is found where everything was checked."""
    assert lint_report(told_report(style.language), style, known) == ()


@STYLES
def test_reports_without_links_pass(style: Style) -> None:
    """The places of a local clone are no links, and their lines no invention."""
    local = head(repository=repository(url=None), number=None)
    assert lint_report(told_report(style.language, head=local), style, known) == ()


@STYLES
def test_reports_without_a_model_pass(style: Style) -> None:
    """What is computed needs nobody's word."""
    for report in (pull_report(), trivial_report(), without_told(told_report())):
        assert lint_report(report, style, lambda _: False) == ()


@STYLES
@pytest.mark.parametrize("count", [400, 3000])
def test_shortened_reports_pass(count: int, style: Style) -> None:
    """How many items were left out is computed too."""
    many = tuple(decision(thread_id=one + 1, remark=f"remark {one} {'x' * 250}") for one in range(count))
    report = told_report(style.language, decisions=many)
    assert "GitHub" in render_comment(report, style).split("<details>")[0]
    assert lint_report(report, style, known) == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param("Add tests for 4321 lines", ("4321",), id="a number"),
        pytest.param("It is 3.75x faster", ("3.75x",), id="a number with its unit"),
        pytest.param("Costs 87,654 tokens", ("87,654",), id="thousands"),
        pytest.param("Needs v9.8.7", ("v9.8.7",), id="a version with its letter"),
        pytest.param("Needs Python3.99 or H999", (), id="a number within a word is the checks' affair"),
        pytest.param("Needs 9.8.7", ("9.8.7",), id="a version"),
        pytest.param("From 2031-05-06 on", ("2031-05-06",), id="a date"),
        pytest.param("因为 4321 行", ("4321",), id="a number in Chinese"),
        pytest.param("See #4321", ("#4321",), id="a pull request"),
        pytest.param("See GH-4321", ("GH-4321",), id="a pull request in other letters"),
        pytest.param("Ask @octo-nobody", ("@octo-nobody",), id="a login"),
        pytest.param("In engine/none.py", ("engine/none.py",), id="a path"),
        pytest.param("In `engine/none.py`", ("none",), id="a path as code, by its unknown parts"),
        pytest.param("Call make_it_up", ("make_it_up",), id="a name with an underscore"),
        pytest.param("Call makeItUp", ("makeItUp",), id="a name with a hump"),
        pytest.param("Call made.up()", ("made.up()",), id="a call"),
        pytest.param("Call a::b", ("a::b",), id="a name of another language"),
        pytest.param("Call `invented`", ("invented",), id="a plain word as code"),
        pytest.param("`invented…` goes on", (), id="a word that was cut is not judged"),
        pytest.param("`4321…` goes on", ("4321",), id="a number is"),
        pytest.param("Since deadbee1", ("deadbee1",), id="a commit"),
        pytest.param("At https://evil.example/x", ("https://evil.example/x",), id="an address"),
        pytest.param("At www.evil.example", ("www.evil.example",), id="another one"),
        pytest.param("As in `Rollout.__init__`", (), id="a known name"),
        pytest.param("TypeErrors end", (), id="a known name in the plural"),
        pytest.param("Read/write and input/output", (), id="a slash between words"),
        pytest.param("E.g. a word, i.e. one; done.Then", (), id="points between words"),
        pytest.param("In 1250 lines", (), id="a number that is computed, in another spelling"),
        pytest.param("Since 2026-03-24", (), id="a date that is computed"),
    ],
)
def test_what_is_found(words: str, found: tuple[str, ...]) -> None:
    """A token that a model made up is named; a word is none."""
    assert lint_report(told(words), ENGLISH, known) == found


def test_an_invented_quote_is_found() -> None:
    """It stands in no template, and the facts do not have it."""
    made_up = Evidence(path="engine/utils/weights.py", line=12, quote="weights = invented_call(99)")
    report = told_report(checks=(told_report().checks[0].model_copy(update={"evidence": made_up}),))
    assert lint_report(report, ENGLISH, known) == ("invented_call", "99")


def test_a_place_in_an_unknown_file_is_found() -> None:
    """With its link and its label."""
    text = told("Fix it", Evidence(path="engine/none.py", line=3))
    base = "https://github.com/octo-org/engine/blob/4f1d2a90c3b8e7f6a5d4c3b2a1908f7e6d5c4b3a"
    assert lint_report(text, ENGLISH, known) == (f"{base}/engine/none.py#L3",)


@pytest.mark.parametrize(
    ("label", "address", "is_found"),
    [
        pytest.param("a", "evil.example", True, id="another host"),
        pytest.param("a", f"{HERE}-evil/pull/1234", True, id="another repository"),
        pytest.param("a", f"{HERE}/pull/1235#discussion_r1", True, id="another pull request"),
        pytest.param("a", f"{HERE}/pull/1234#discussion_r1", False, id="a thread of this one"),
        pytest.param("a", f"{HERE}/settings", True, id="another page of the repository"),
        pytest.param("#1200", f"redirect.{HERE}/pull/1200", False, id="a redirect"),
        pytest.param("#1200", f"redirect.{HERE}/pull/1201", True, id="a redirect with a false label"),
        pytest.param("#1201", f"redirect.{HERE}/pull/1201", True, id="a redirect to what nobody named"),
        pytest.param("#1200", "redirect.github.com/evil/engine/pull/1200", True, id="a redirect elsewhere"),
        pytest.param("`a.py`", f"{HERE}/blob/{'f' * 40}/config.fp8", True, id="a file of another commit"),
        pytest.param("`a.py`", f"{HERE}/blob/{MERGE_SHA}/x/../config.fp8", True, id="a path that climbs"),
    ],
)
def test_where_links_may_lead(label: str, address: str, *, is_found: bool) -> None:
    """To the repository's files, threads and commits, or through our redirect."""
    plain = render_comment(pull_report(), ENGLISH)
    found = lint(f"{plain}\n[{label}](https://{address})\n", plain, lambda _: False)
    assert (f"https://{address}" in found or label in found) is is_found


def test_nothing_is_asked_twice() -> None:
    """Each token costs one look at the facts, and what the templates say costs none."""
    asked: list[str] = []

    def unknown(token: str) -> bool:
        asked.append(token)
        return False

    lint_report(told("`invented` and `invented` and 4321, 4321"), ENGLISH, unknown)
    assert len(asked) == len(set(asked))
    assert "1,250" not in asked


def test_a_long_comment_is_quick() -> None:
    """Twenty milliseconds for a comment that is full; here with room for a slow machine."""
    report = told_report(decisions=told_report().decisions * 200)
    text, plain = render_comment(report, ENGLISH), render_document(hollow(report), ENGLISH)
    assert len(text) > 50_000
    started = time.perf_counter()
    lint(text, plain, known)
    assert time.perf_counter() - started < 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*ROWS.values()]), min_size=1, max_size=4).map("a".join))
def test_hostile_reports_are_read_back(value: str) -> None:
    """Whatever stands in a report, computed parts never count as found."""
    report = poisoned(pull_report(), value)
    assert lint_report(report, ENGLISH, lambda _: False) == ()


@pytest.mark.parametrize(
    "text", ["`" * 60_000, "[" * 60_000, "\\" * 60_000, "a/" * 30_000, "-" * 60_000, "1.1" * 20_000]
)
def test_any_text_is_read_in_linear_time(text: str) -> None:
    """Not only what this stage wrote."""
    started = time.perf_counter()
    lint(text * (60_000 // len(text)), "", lambda _: True)
    assert time.perf_counter() - started < 2
