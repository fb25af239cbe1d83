"""The deterministic report holds what the facts hold, and no facts make it fail."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.inference.report import build_report
from bot.markdown.catalogue import load, placeholders
from bot.model import (
    CheckSummary,
    FileChange,
    FileKind,
    FileStatus,
    LinkedIssue,
    PullFacts,
    ReadAs,
    RelatedPull,
    Relation,
    ReviewState,
    Source,
    SymbolChange,
)
from tests.fakes.facts import (
    commit,
    file_change,
    hunk,
    merged_file,
    pull_facts,
    remark,
    review,
    symbol,
    thread,
)
from tests.fakes.insights import NOW, report_on, said


def test_identity_is_copied() -> None:
    """The head says what GitHub said."""
    facts = pull_facts(files=(file_change(added="a = 1"), file_change("web/a.js", added="a\nb")))
    head = report_on(facts).head
    assert (head.number, head.title, head.merge_sha) == (12, facts.title, facts.merge_sha)
    assert (head.changed_files, head.additions, head.modules) == (2, 3, ("web", "engine"))


def test_provenance_names_no_model() -> None:
    """A deterministic report says so."""
    report = build_report(pull_facts(redactions=3), now=NOW, version="1.2.3")
    assert (report.provenance.model, report.provenance.version, report.provenance.redactions) == (
        None,
        "1.2.3",
        3,
    )
    assert report.provenance.generated_at == NOW


def test_the_summary_is_the_titles_own_words() -> None:
    """The prefix goes, the words stay; a very long title is cut."""
    summary = report_on(pull_facts(title="[store] fix: keep `__init__` as it is")).summary
    assert (summary.sentence.text, summary.sentence.source) == ("keep __init__ as it is", Source.TITLE)
    long = report_on(pull_facts(title="word " * 40)).summary.sentence.text
    assert len(long.split()) == 30
    assert long.endswith("…")


def test_coverage_counts_every_file() -> None:
    """Groups by how and why, and what GitHub did not list."""
    files = (
        file_change(),
        file_change("a.png", kind=FileKind.BINARY, read_as=ReadAs.FILTERED, read_reason="binary"),
        file_change("b.png", kind=FileKind.BINARY, read_as=ReadAs.FILTERED, read_reason="binary"),
    )
    coverage = report_on(pull_facts(files=files, changed_files=5, partial="unlisted")).coverage
    assert [(group.read_as.value, group.reason, group.count) for group in coverage.groups] == [
        ("whole", None, 1),
        ("filtered", "binary", 2),
    ]
    assert (coverage.total, coverage.unlisted, coverage.partial) == (5, 2, "unlisted")


def test_each_related_number_appears_once() -> None:
    """The strongest relation wins, other repositories' issues are left out."""
    related = (
        RelatedPull(number=3, relation=Relation.MENTIONED, title="[Plan](x)"),
        RelatedPull(number=3, relation=Relation.REVERTS),
        RelatedPull(number=12, relation=Relation.SAME_FILES),
        RelatedPull(number=4, relation=Relation.SAME_FILES, paths=tuple("abcdefg")),
    )
    issues = (LinkedIssue(number=8, title="Lost"), LinkedIssue(number=9, title="x", repository="a/b"))
    found = report_on(pull_facts(related=related, issues=issues)).related
    assert [(item.number, item.relation.value) for item in found] == [
        (3, "reverts"),
        (8, "closes"),
        (4, "same_files"),
    ]
    assert found[2].paths == tuple("abcde")


def test_impact_is_counted_from_the_change() -> None:
    """New symbols, flags, variables and settings are named."""
    code = 'parser.add_argument("--fast")\nmode = os.environ.get("ENGINE_MODE")\n'
    files = (
        file_change(added=code, symbols=(symbol("load", change=SymbolChange.ADDED, line=4),)),
        file_change("a.yaml", hunks=(hunk("-port: 1\n+host: 2"),), kind=FileKind.CONFIG),
    )
    found = {said(item).key: item for item in report_on(pull_facts(files=files)).impact}
    assert said(found["insight.impact.added"]).params["symbols"] == "load"
    assert said(found["insight.impact.flags_added"]).params["symbols"] == "--fast"
    assert found["insight.impact.variables_added"].evidence[0].line == 2
    assert said(found["insight.impact.settings_added"]).params["symbols"] == "host"
    assert said(found["insight.impact.settings_removed"]).params["symbols"] == "port"


def test_a_change_of_one_kind_says_so() -> None:
    """Only documentation changed, its picture included."""
    files = (
        file_change("a.md", added="a", kind=FileKind.DOCS),
        file_change("a.png", kind=FileKind.BINARY),
    )
    assert [said(item).key for item in report_on(pull_facts(files=files)).impact] == [
        "insight.impact.only_docs"
    ]


def test_follow_ups_name_what_is_left() -> None:
    """Open threads, failed checks, marks in the code, missing tests."""
    code = "# TODO: lock it\nTODO = 1\n" + "\n".join(f"value_{n} = {n}" for n in range(20))
    report = report_on(
        pull_facts(
            files=(file_change(added=code),),
            threads=(thread(),),
            checks=CheckSummary(total=3, failed=("lint",), pending=1),
        )
    )
    assert [said(item).key.rsplit(".", 1)[-1] for item in report.follow_ups] == [
        "threads",
        "checks_failed",
        "checks_pending",
        "marks",
        "tests",
    ]
    assert report.follow_ups[3].evidence[0].quote == "# TODO: lock it"
    assert said(report.follow_ups[3]).params["count"] == 1


TEXT = st.text(max_size=300) | st.sampled_from(
    [
        "```",
        "<!--",
        "<details>",
        "- [x] Breaking change",
        "[BREAKING] x",
        "`",
        "**",
        "> x",
        "LGTM",
        "[a](b)",
        "\r\n",
        "feat!: x",
    ]
)
LINES = st.lists(
    st.sampled_from("+- ").flatmap(lambda mark: TEXT.map(lambda text: mark + text.replace("\n", " ")))
)
PATHS = st.sampled_from(
    [
        "a.py",
        "src/a.js",
        "b/c.yaml",
        "requirements.txt",
        "Dockerfile",
        ".github/workflows/x.yml",
        "db/migrate/1.sql",
        "x",
        "a//b",
        "config/a.py",
    ]
)


@st.composite
def changes(draw: st.DrawFn) -> FileChange:
    lines = tuple(draw(LINES))
    return file_change(
        draw(PATHS),
        hunks=(hunk("\n".join(lines), new_start=draw(st.integers(0, 9)), section=draw(TEXT)),)
        if lines
        else (),
        kind=draw(st.sampled_from(FileKind)),
        status=draw(st.sampled_from(FileStatus)),
        symbols=tuple(
            symbol(
                draw(TEXT) or "x",
                change=draw(st.sampled_from(SymbolChange)),
                line=draw(st.none() | st.integers(1, 9)),
                signature=draw(TEXT),
                signature_changed=draw(st.booleans()),
            )
            for _ in range(draw(st.integers(0, 2)))
        ),
    )


@st.composite
def hostile_facts(draw: st.DrawFn) -> PullFacts:
    files = tuple(draw(st.lists(changes(), max_size=4)))
    remarks = [remark(draw(TEXT), author=draw(st.sampled_from(["octo-dev", "ghost"]))) for _ in range(2)]
    return pull_facts(
        title=draw(TEXT),
        body=draw(TEXT),
        number=draw(st.none() | st.just(1)),
        head_ref=draw(TEXT),
        files=files,
        changed_files=draw(st.integers(0, 9)),
        labels=(draw(TEXT),),
        commits=(commit(draw(TEXT), body=draw(TEXT)), commit(draw(TEXT))),
        threads=(
            thread(*remarks, outdated=draw(st.booleans()), remarked_text=draw(TEXT), line=None),
            thread(id=2),
        ),
        reviews=(review(draw(st.sampled_from(ReviewState)), body=draw(TEXT)),),
        merged_files=tuple(merged_file(file.path, draw(TEXT)) for file in files[:1]),
        issues=(LinkedIssue(number=1, title=draw(TEXT)),),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile_facts())
def test_no_facts_make_it_fail(facts: PullFacts) -> None:
    """Whatever GitHub holds, there is a report, and every sentence in it has all of its values."""
    report = build_report(facts, now=datetime(2026, 1, 1, tzinfo=UTC), version="0")
    messages = [said(risk) for risk in report.risks]
    messages += [said(item) for item in (*report.impact, *report.follow_ups)]
    messages += [
        *report.summary.reasons,
        *(reason for file in report.implementation.files for reason in file.why),
    ]
    for message in messages:
        template = load("en").templates[message.key]
        assert placeholders(template) <= set(message.params), message.key
    assert all(len(quote.text) <= 300 for quote in (*report.motivation, *report.implementation.steps))
