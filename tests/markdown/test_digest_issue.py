"""What the issue of a digest says, where, and in which words."""

from __future__ import annotations

import pytest

from bot.markdown.digest import DigestLinks, render_document, render_issue
from bot.markdown.report import Style
from bot.model import (
    Digest,
    Message,
    NoReport,
    Provenance,
    RegisterView,
    Told,
    WithoutModel,
)
from tests.fakes.periods import NOW, digest, period_facts, pull, ref, week
from tests.fakes.reports import repository

ENGLISH, CHINESE = Style(), Style(language="zh-CN")
GITHUB = "https://redirect.github.com/octo-org/engine/pull"


def body(made: Digest, style: Style = ENGLISH, links: DigestLinks | None = None) -> str:
    """The issue's body."""
    return render_issue(made, style, links or DigestLinks()).body


def visible(made: Digest, style: Style = ENGLISH) -> str:
    """What a reader sees without opening anything."""
    return body(made, style).split("<details>")[0]


def test_equal_digests_have_equal_texts() -> None:
    """Nothing is written twice because of a text that only looks new."""
    assert render_issue(digest(), ENGLISH, DigestLinks()) == render_issue(digest(), ENGLISH, DigestLinks())


def test_neighbours_are_linked() -> None:
    """The digests before and after this one, without a backlink where that can be done."""
    made = body(digest(), links=DigestLinks(previous=12, following=14))
    issues = "https://redirect.github.com/octo-org/engine/issues"
    assert f"← Previous digest: [#12]({issues}/12) · Next digest: [#14]({issues}/14) →" in made
    assert "Previous digest" not in body(digest())


def test_thirty_seconds() -> None:
    """Above the folds: the sentence, the numbers, the themes, the highlights, the risks."""
    seen = visible(digest())
    assert "**In one sentence:** The legacy router is gone, and rollouts can be traced." in seen
    assert "| This\u00a0week | 9 | +1,913\u00a0−1,975 | 5 | 20\u00a0h |" in seen
    assert "| Change | −3 |" in seen
    assert "| Mean\u00a0of\u00a0four | 10.2 |" in seen
    assert f"Reports on 8 of 9 merged pull requests. Without one: [#1236]({GITHUB}/1236)" in seen
    assert "- **One router instead of two** — " in seen
    assert f"1. [#1232]({GITHUB}/1232) **feat(router)!: remove the legacy router** — Whoever" in seen
    assert "**Contract changed:** The title marks it as breaking · by octo-lead · importance 7.5" in seen
    assert "Register: 2 new, 1 still open, 1 closed; 3 open in all." in seen


def test_without_a_model_the_numbers_speak() -> None:
    """The deterministic digest opens with computed sentences instead of a model's."""
    seen = visible(digest(told=False))
    assert "In one sentence" not in seen
    assert (
        "9 pull requests were merged, by 5 authors, 2 of them for the first time. "
        "That is 3 fewer than the week before (12). There were 3 bug fixes, 2 features, 1 " in seen
    )
    assert "共合并 9 个 PR，来自 5 位作者，其中 2 位是首次贡献。比上周（12）少 3 个。" in visible(
        digest(told=False), CHINESE
    )


@pytest.mark.parametrize(
    ("why", "said"),
    [
        pytest.param(WithoutModel.UNAVAILABLE, "The model could not be reached", id="away"),
        pytest.param(WithoutModel.UNUSABLE, "did not stand up to checking", id="unusable"),
        pytest.param(WithoutModel.REFUSED, "did not stand up to checking", id="refused"),
        pytest.param(WithoutModel.OFF, None, id="no key: nobody expects one"),
    ],
)
def test_a_missing_model_is_named(why: WithoutModel, said: str | None) -> None:
    """A reader who expects a model's part is told at once that it is missing."""
    made = Provenance(generated_at=NOW, version="0.1.0", rules=1, without_model=why)
    seen = visible(digest(told=False, provenance=made))
    assert said is None or said in seen
    assert ("*The model" in seen or "*What the model" in seen) == (said is not None)


def test_what_is_empty_is_not_shown() -> None:
    """No heading stands over nothing, no dash for a number that nobody could compute."""
    facts = period_facts(
        pulls=(pull(1, title="Fix it"),), before=None, mean=None, trend=(), risks=(), hot_files=()
    )
    nothing = {"themes": (), "risk_watch": (), "highlights": (), "follow_ups": ()}
    text = body(digest(told=False, facts=facts, risk_register=RegisterView(), **nothing))
    for title in (
        "Key changes",
        "Highlighted",
        "Risk watch",
        "Risk register",
        "Follow-ups",
        "mermaid",
        "Change |",
    ):
        assert title not in text.split("Modules and topics")[0]
    assert "| This\u00a0week | 1 |" in text
    assert "Reports on" not in text.split("<details>")[0]


def test_every_merge_is_listed() -> None:
    """The most important first, one without a report last and with why."""
    listed = body(digest()).split("All merged pull requests")[1].split("</details>")[0]
    order = [
        line.split("]")[0].removeprefix("| [#") for line in listed.split("\n") if line.startswith("| [#")
    ]
    assert order == ["1232", "1234", "1230", "1235", "1237", "1238", "1233", "1231", "1236"]
    assert "| – | PRHub was not told of the merge |" in listed


def test_missing_reports_are_grouped_by_reason() -> None:
    """Forty merges from before the installation are one reason, not forty."""
    old = tuple(pull(number, why=NoReport.BEFORE_INSTALLATION) for number in range(1, 21))
    seen = visible(digest(facts=period_facts(pulls=(*old, *week()))))
    assert "Reports on 8 of 29" in seen
    assert seen.count("merged before PRHub was installed") == 1
    assert "and 15 more (merged before" in seen


def test_people_are_not_mentioned() -> None:
    """First-time contributors are named, and nobody is notified."""
    text = body(digest())
    assert f"First contributions: newcomer-ada ([#1231]({GITHUB}/1231)), newcomer-ben" in text
    assert "Reviewers: octo-reviewer (7), octo-dev (1), octo-lead (1)." in text
    assert "@" not in text


def test_several_repositories() -> None:
    """References name their repository, in a model's sentence too, and each links to its own."""
    docs = repository(id=5, full_name="octo-org/docs", url="https://github.com/octo-org/docs")
    pulls = (pull(7, repository="octo-org/engine"), pull(7, repository="octo-org/docs", title="Another"))
    made = digest(
        facts=period_facts(repositories=(repository(), docs), pulls=pulls),
        headline=Told(text="octo-org/docs#7 explains what octo-org/engine#7 and octo-org/else#7 did."),
        highlights=(),
    )
    text = body(made)
    linked = "[octo-org/docs#7](https://redirect.github.com/octo-org/docs/pull/7)"
    assert f"{linked} explains what [octo-org/engine#7]({GITHUB}/7) and octo-org/else\\#\u200b7 did" in text
    assert "Over 2 repositories: `octo-org/engine`, `octo-org/docs`." in text
    assert "`octo-org/engine R12`" in text


def test_enterprise_server_gets_no_links_to_pull_requests() -> None:
    """Where no redirect leaves out the backlink, a number is code."""
    here = repository(url="https://ghe.example.org/octo-org/engine")
    text = body(digest(facts=period_facts(repositories=(here,))))
    assert "1. `#1232` **feat(router)!" in text
    assert "/pull/" not in text


def test_coverage() -> None:
    """What the digest cannot know is said: a partial list, merges that may not belong to the path."""
    facts = period_facts(path="src", uncertain=(ref(1236),), partial="GitHub stopped at 10,000")
    text = body(digest(facts=facts)).split("Coverage and provenance")[1]
    assert "The list of merges may not be whole: GitHub stopped at 10,000" in text
    assert "Whether this one belongs here is not known" in text
    assert "Merged from 2026-03-23 to 2026-03-29, days in the time zone UTC." in text


def test_unknown_words_do_not_break_a_digest() -> None:
    """A sentence whose key a newer version stored is left out; the rest stands."""
    theme = (
        digest()
        .themes[0]
        .model_copy(update={"title": Message(key="insight.theme.of_tomorrow"), "text": None})
    )
    assert "[#1232]" in visible(digest(themes=(theme,)))


def test_a_shortened_issue_says_what_is_missing() -> None:
    """The full list gives way, and a visible line names it."""
    facts = period_facts(pulls=tuple(pull(number, title="x" * 90) for number in range(1, 900)))
    text = body(digest(facts=facts))
    assert "*Shortened to fit GitHub’s size limit: All merged pull requests.*" in text.split("<details>")[0]
    assert "more items were left out here to fit GitHub’s size limit.*\n\n</details>" in text


def test_the_document() -> None:
    """For a terminal or a file: nothing folded, no marker, every merge."""
    text = render_document(digest(), CHINESE)
    assert text.startswith("# 周报 2026-W13（03-23 – 03-29）\n")
    assert "<details>" not in text
    assert "<!--" not in text
    assert "## 全部合并的 PR · 9 个\n" in text
