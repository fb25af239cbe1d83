"""The decision log with a model's topics, and remarks held against the merged code."""

from __future__ import annotations

from typing import Any

from bot.markdown.report import Style
from bot.model import RemarkCheck, Told, Topic
from tests.fakes.rendered import shortened
from tests.fakes.report_parts import decisions
from tests.fakes.reports import head
from tests.fakes.told_parts import told_report


def comment(**changes: Any) -> str:
    """The comment on the rich report, its addresses shortened."""
    return shortened(told_report(**changes), Style())


def log(text: str) -> str:
    """The section of the decision log."""
    return text.partition("<summary><strong>Review highlights</strong>")[2].partition("</details>")[0]


def test_topics_come_with_their_checks() -> None:
    """What nobody answered first; each check with the line that shows it; the rest in brief."""
    text = log(comment())
    order = [
        "**Open at merge (1)**",
        "**Still so",
        "**Decided (2)**",
        "**Fixed before",
        "**Answered or settled (1)**",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "`async for name, weight in ensure_async_iterator(weights):`" in text
    assert "> “" not in text


def test_whoever_the_topic_names_is_not_named_again() -> None:
    """Only a topic that does not say who raised it says so after it."""
    text = log(comment())
    assert text.count("raised by octo-reviewer") == 2
    assert "([thread](GITHUB/pull/1234#discussion_r9001))" in text


def test_checks_without_topics_stand_beside_their_threads() -> None:
    """And one whose thread the log leaves out stands by itself."""
    lost = RemarkCheck(thread_id=77, state="unknown")
    text = log(comment(topics=(), checks=(*told_report().checks, lost)))
    assert "  Nobody answered; the remarked line stands in the merged code as it was\n  - **Still so" in text
    assert "- [thread](GITHUB/pull/1234#discussion_r77) · **Could not be told from the merged code**" in text


def test_a_remark_that_names_no_fault_is_not_judged() -> None:
    """It was looked at, and there is nothing to say."""
    check = RemarkCheck(thread_id=decisions()[0].thread_id, state="no-fault")
    assert "no fault" not in comment(checks=(check,))


def test_a_topic_of_an_unlinked_repository_has_no_thread() -> None:
    """A local clone has no page to link to."""
    topic = Topic(thread_ids=(9001,), category="docs", outcome="adopted", text=Told(text="Named."))
    text = comment(topics=(topic,), checks=(), head=head(number=None))
    assert "- **Documentation · adopted:** Named\n" in text
