"""What a model tells stands beside what is computed; without it the report is what it was."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import (
    Category,
    FileChange,
    FileKind,
    FileStatus,
    PullReport,
    RelatedPull,
    Relation,
    SymbolChange,
    Topic,
    TopicOutcome,
)
from tests.fakes.facts import file_change, hunk, person, pull_facts, remark, symbol, thread
from tests.fakes.insights import report_on, said
from tests.fakes.readings import (
    PATH,
    check,
    file_insight,
    insight,
    insights,
    reading,
    related_insight,
    rich_insights,
    symbol_insight,
    told,
    topic,
)

FACTS = pull_facts(
    files=(file_change(added="keep = load(path)", symbols=(symbol(),)),),
    threads=(thread(),),
    related=(RelatedPull(number=9, relation=Relation.SAME_FILES),),
)


def report(made_of: Any = FACTS, **told_parts: Any) -> PullReport:
    return report_on(made_of, reading(insights=insights(**told_parts)))


def test_every_kind_of_claim_has_its_place() -> None:
    """Nothing that survived verification is lost."""
    found = report_on(FACTS, reading(insights=rich_insights()))
    said = rich_insights()
    assert (found.summary.told, found.summary.action) == (said.summary, said.action)
    assert (found.reasons, found.implementation.told) == (said.motivation, said.steps)
    (file,) = found.implementation.files
    assert (file.change, file.matters) == (said.files[0].change, said.files[0].why)
    assert found.implementation.symbols[0].note == said.symbols[0].note
    assert found.checks == said.checks
    assert [item.text for item in found.topics] == [said.topics[0].text]
    assert said.risks[0] in found.risks
    assert (found.impact[0], found.follow_ups[0]) == (said.impact[0], said.follow_ups[0])
    assert found.related[0].told == said.related[0].text


def test_an_empty_reading_changes_nothing_but_the_provenance() -> None:
    """A model of which nothing survived leaves the computed report."""
    plain, empty = report_on(FACTS), report()
    assert empty.model_copy(update={"provenance": plain.provenance}) == plain


def test_the_computed_parts_are_still_there() -> None:
    """Quotes, steps and counted effects stay beside what is told."""
    plain, rich = report_on(FACTS), report_on(FACTS, reading(insights=rich_insights(checks=())))
    assert rich.summary.sentence == plain.summary.sentence
    assert rich.motivation == plain.motivation
    assert rich.implementation.steps == plain.implementation.steps
    assert rich.impact[1:] == plain.impact
    assert rich.follow_ups[1:] == plain.follow_ups


def many_files(count: int) -> tuple[FileChange, ...]:
    return tuple(file_change(f"engine/{name}.py", added="a\n" * (30 - name)) for name in range(count))


def test_explained_files_take_the_places_of_the_lower_half() -> None:
    """The order is that of the rank, and the weightiest files cannot be talked away."""
    explained = tuple(file_insight(f"engine/{name}.py") for name in range(8, 16))
    found = report(pull_facts(files=many_files(16)), files=explained).implementation
    shown = [file.path.removeprefix("engine/").removesuffix(".py") for file in found.files]
    assert shown == ["0", "1", "2", "3", "4", "8", "9", "10", "11", "12", "13", "14", "15"]
    assert [file.change is not None for file in found.files] == [False] * 5 + [True] * 8
    assert found.files_left_out == 3


def test_beside_explained_files_the_lower_half_has_no_empty_rows() -> None:
    """A file of which nobody has anything to say is only counted."""
    found = report(pull_facts(files=many_files(16)), files=(file_insight("engine/0.py"),)).implementation
    assert [file.path for file in found.files] == [f"engine/{name}.py" for name in range(5)]
    assert found.files_left_out == 11


def test_an_explained_lock_file_is_a_key_file() -> None:
    """If somebody has something to say about it, it is shown; the files written by hand stay."""
    files = (file_change(added="a"), file_change("uv.lock", kind=FileKind.LOCK, additions=9))
    found = report(pull_facts(files=files), files=(file_insight("uv.lock"),)).implementation
    assert [file.path for file in found.files] == [PATH, "uv.lock"]
    locks = (file_change("a.lock", kind=FileKind.LOCK), file_change("b.lock", kind=FileKind.LOCK))
    found = report(pull_facts(files=locks), files=(file_insight("b.lock"),)).implementation
    assert [file.path for file in found.files] == ["a.lock", "b.lock"]


def symbols(*names: str, **changes: Any) -> FileChange:
    made = tuple(symbol(name, line=at, **changes) for at, name in enumerate(names, 1))
    return file_change(added="a", symbols=made)


@pytest.mark.parametrize(
    ("name", "noted"),
    [
        pytest.param("Store.save", ["Store.save"], id="its whole name"),
        pytest.param("load", ["Store.load"], id="the only one that ends so"),
        pytest.param("save", [], id="two end so"),
        pytest.param("oad", [], id="a part of a word"),
        pytest.param("", [], id="no name"),
        pytest.param("Store.*", [], id="a pattern"),
    ],
)
def test_notes_go_to_symbols_of_the_facts(name: str, noted: list[str]) -> None:
    """A note about a symbol that the change does not touch is left out."""
    files = (symbols("Store.save", "Store.load", "Index.save"),)
    found = report(pull_facts(files=files), symbols=(symbol_insight(name),)).implementation
    assert [item.symbol.name for item in found.symbols if item.note] == noted
    assert len(found.symbols) == 3


def test_an_explained_method_of_a_new_class_is_shown() -> None:
    """A class stands for its methods, except for one of which there is something to say."""
    files = (symbols("Store", "Store.save", "Store.load", change=SymbolChange.ADDED),)
    found = report(pull_facts(files=files), symbols=(symbol_insight("Store.save"),)).implementation
    assert [item.symbol.name for item in found.symbols] == ["Store", "Store.save"]
    assert found.symbols_left_out == 1


def test_explained_symbols_come_in_where_there_is_no_room() -> None:
    """In their order, and the rest is counted."""
    files = (symbols(*(f"f{number:02}" for number in range(20))),)
    found = report(pull_facts(files=files), symbols=(symbol_insight("f19"),)).implementation
    assert [item.symbol.name for item in found.symbols] == [*(f"f{number:02}" for number in range(11)), "f19"]
    assert found.symbols_left_out == 8


def test_an_explained_relation_stays_before_weak_ones() -> None:
    """Ten are shown, in the order of strength, reverts whatever happens."""
    weak = tuple(RelatedPull(number=number, relation=Relation.SAME_FILES) for number in range(20, 40))
    made_of = pull_facts(related=(*weak, RelatedPull(number=1, relation=Relation.REVERTED_BY)))
    found = report(made_of, related=(related_insight(39), related_insight(12))).related
    assert [item.number for item in found] == [1, *range(20, 28), 39]
    assert found[-1].told is not None


def test_whoever_raised_a_topic_is_computed() -> None:
    """The model's word on it is not asked."""
    bot = remark(author=person("octo-bot", is_bot=True))
    threads = (thread(), thread(bot, id=2), thread(id=3))
    claimed = topic(3, 2, 700, 2, raised_by=(person("octo-boss"),))
    (found,) = report(pull_facts(threads=threads), topics=(claimed,)).topics
    assert found.raised_by == (person("octo-reviewer"), person("octo-bot", is_bot=True))
    assert found.thread_ids == (3, 2, 700)


ANSWERED = (remark(), remark("Let us keep it.", author="octo-dev"))


@pytest.mark.parametrize(
    ("remarks", "outcome", "checks", "expected"),
    [
        pytest.param((), TopicOutcome.ADOPTED, (), "unanswered", id="nobody answered"),
        pytest.param((), TopicOutcome.DECLINED, (), "unanswered", id="nobody declined either"),
        pytest.param((), TopicOutcome.ADOPTED, (check("fixed"),), "adopted", id="the code answered"),
        pytest.param(
            (), TopicOutcome.ADOPTED, (check("fixed", evidence=None),), "unanswered", id="no line shows it"
        ),
        pytest.param(ANSWERED, TopicOutcome.DECLINED, (), "declined", id="somebody answered"),
        pytest.param(ANSWERED, TopicOutcome.UNANSWERED, (), "unanswered", id="an answer that says nothing"),
        pytest.param(
            ANSWERED, TopicOutcome.ADOPTED, (check("open"),), "unanswered", id="promised, and not there"
        ),
        pytest.param(
            ANSWERED, TopicOutcome.DECLINED, (check("open"),), "declined", id="declined, and still there"
        ),
    ],
)
def test_outcomes(remarks: Any, outcome: TopicOutcome, checks: Any, expected: str) -> None:
    """What nobody answered and what is not in the code was not adopted."""
    made_of = pull_facts(threads=(thread(*remarks),), files=FACTS.files)
    found = report(made_of, topics=(topic(outcome=outcome),), checks=checks)
    assert found.topics[0].outcome.value == expected


def test_topics_keep_their_order_and_category() -> None:
    """The model says what is to be read first."""
    made = (topic(2, category=Category.NAMING), topic(1, category=Category.SECURITY))
    found = report(pull_facts(threads=(thread(id=1), thread(id=2))), topics=made).topics
    assert [item.category for item in found] == [Category.NAMING, Category.SECURITY]
    assert all(isinstance(item, Topic) for item in found)


def test_a_removed_file_can_be_explained() -> None:
    """It has no line to lead to."""
    gone = file_change(hunks=(hunk("-keep = 1"),), status=FileStatus.REMOVED)
    (found,) = report(
        pull_facts(files=(gone,)), files=(file_insight(text="Its work moved."),)
    ).implementation.files
    assert (found.line, found.change) == (None, told("Its work moved."))


def test_a_summary_alone_is_enough() -> None:
    """A small change gets two sentences and nothing else from a model."""
    found = report(summary=insight("Keeps it."), action=insight("Skim it."))
    assert found.summary.told is not None
    assert (found.scores.insight, found.reasons, found.topics) == (None, (), ())


STUB = """def later():
    raise NotImplementedError

later()
""" + "".join(f"value_{number} = {number}\n" for number in range(20))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param("Clean up at some time.", ["not_implemented", "tests"], id="something else"),
        pytest.param("Cover the loader by tests.", ["not_implemented"], id="tests, in particular"),
        pytest.param("为加载器补充测试。", ["not_implemented"], id="tests, in Chinese"),
        pytest.param("Write the body of `later`.", ["tests"], id="the symbol by its name"),
        pytest.param("Do it later, or `laterally`.", ["not_implemented", "tests"], id="no name"),
        pytest.param("See the latest contest.", ["not_implemented", "tests"], id="parts of words"),
    ],
)
def test_what_is_asked_for_in_particular_is_not_asked_for_in_general(text: str, left: list[str]) -> None:
    """One matter is one follow-up; the rule's risk stays whatever is told."""
    made_of = pull_facts(files=(file_change(added=STUB),))
    found = report(made_of, follow_ups=(insight(text),))
    assert [said(item).key.rsplit(".", 1)[-1] for item in found.follow_ups[1:]] == left
    assert found.risks == report_on(made_of).risks
