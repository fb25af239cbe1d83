"""A report's claims, part by part: what stands, what is computed, and what is left out."""

import pytest

from bot.inference.verify import check_brief, check_notes, check_report
from bot.model import (
    CheckState,
    Cited,
    Evidence,
    FileClaim,
    FileNote,
    ImpactClaim,
    Insight,
    NotesClaims,
    RelatedClaim,
    RiskKey,
    RiskState,
    RubricClaim,
    Severity,
    SymbolClaim,
    Told,
)
from tests.fakes.claims import brief_claims, cited, claim, report_claims, risk_claim, store_facts

PATH = "engine/store.py"
RETRIES = Evidence(path=PATH, line=9, quote="RETRY_LIMIT = 3")


def checked(language="en", facts=None, **changes):
    """The check of a report with these claims."""
    return check_report(report_claims(**changes), facts or store_facts(), language)


def test_a_claim_stands_with_its_evidence():
    """A sentence keeps every place that was found, and the references are counted."""
    result = checked(steps=(claim("Saves are retried.", cited(), cited("thread 1", "WIP, will be added.")),))
    (step,) = result.insights.steps
    assert step.evidence == (
        RETRIES,
        Evidence(thread_id=701, quote="WIP, will be added."),
    )
    assert result.verified == 8
    assert result.failures == ()


@pytest.mark.parametrize("part", ["motivation", "steps", "follow_ups"])
def test_a_claim_without_proof_fails(part):
    """Evidence that is not there is none; the nearest lines are told for the repair."""
    result = checked(**{part: (claim("Saves are retried.", cited(quote="RETRY_LIMITS = 4")),)})
    assert getattr(result.insights, part) == ()
    (failure,) = result.failures
    assert failure.claim == f"{part} 1"
    assert f"a line of {PATH}: RETRY_LIMIT = 3" in failure.hints


def test_one_place_is_enough():
    """A claim stands on what was found, without what was not."""
    evidence = (cited("engine/ghost.py", "x"), cited())
    assert len(checked(steps=(claim("Saves are retried.", *evidence),)).insights.steps[0].evidence) == 1


def test_an_invented_path_is_answered_with_the_nearest():
    """The repair is told which file may have been meant."""
    (failure,) = checked(steps=(claim("Saves are retried.", cited("engine/stores.py")),)).failures
    assert failure.hints == (f"a changed file: {PATH}",)


def test_numbers_of_quoted_lines_may_be_said():
    """A number on a line that the claim quotes is known, elsewhere it is not."""
    quoted = claim("Saving gives up after 45.5 seconds.", cited(quote="SAVE_TIMEOUT = 45.5"))
    assert checked(steps=(quoted,)).failures == ()
    assert checked(steps=(claim("Saving gives up after 45.5 seconds."),)).failures != ()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("word " * 40, ("word " * 30).strip() + "…", id="forty words"),
        pytest.param("字" * 80, "字" * 60 + "…", id="eighty characters"),
        pytest.param("字" * 40 + "，" + "字" * 40, "字" * 40 + "…", id="a clause that does not fit"),
        pytest.param("保存；加载字。又说。", "保存；加载字。", id="a wide semicolon in one sentence"),
        pytest.param("It saves. It also loads.", "It saves.", id="two sentences"),
        pytest.param("It calls `a.b. C` now. More.", None, id="a full stop in code"),
    ],
)
def test_a_summary_is_one_sentence_of_thirty_words(text, kept):
    """What is longer is cut; sixty characters of Chinese are thirty words."""
    language = "zh-CN" if "字" in text else "en"
    summary = checked(language, summary=claim(text)).insights.summary
    assert summary is None if kept is None else summary.message.text == kept


def test_an_action_needs_no_evidence():
    """Who should read it is advice; what it says of the code is checked all the same."""
    assert checked(action=report_claims().action.model_copy(update={"evidence": ()})).insights.action
    assert checked(action=claim("Read `ghost_writer`.")).insights.action is None


def test_key_files_are_changed_files():
    """A file is named once, by its path; a reason that fails goes alone."""
    files = (
        FileClaim(path="store.py", change="Retries saves.", why="4711 users need it."),
        FileClaim(path=PATH, change="Again.", why=""),
        FileClaim(path="engine/ghost.py", change="Nothing.", why=""),
    )
    result = checked(files=files)
    (kept,) = result.insights.files
    assert (kept.path, kept.change.text, kept.why) == (PATH, "Retries saves.", None)
    assert [failure.claim for failure in result.failures] == ["files 1 why", "files 3"]


@pytest.mark.parametrize(
    ("name", "shown", "line"),
    [
        pytest.param("SnapshotStore.__init__", "SnapshotStore.__init__", 16, id="the whole name"),
        pytest.param("__init__", "SnapshotStore.__init__", 16, id="its last part, underscores and all"),
        pytest.param("`_save_checkpoint()`", "SnapshotStore._save_checkpoint", 20, id="as a call"),
        pytest.param("RETRY_LIMIT", "RETRY_LIMIT", 9, id="a constant"),
        pytest.param("init", None, None, id="a name without its underscores"),
        pytest.param("SnapshotStore", None, None, id="a class that is only around it"),
        pytest.param("Ghost.__init__", None, None, id="another class"),
    ],
)
def test_key_symbols_are_changed_symbols(name, shown, line):
    """The name and line of a symbol are those that code found (the audit's sixth row)."""
    symbols = checked(symbols=(SymbolClaim(path=PATH, name=name, note="Takes a folder."),)).insights.symbols
    assert [(item.name, item.line) for item in symbols] == ([(shown, line)] if shown else [])


RISKS = [
    pytest.param({}, "open", id="an open risk with a line"),
    pytest.param({"evidence": ()}, None, id="medium without evidence"),
    pytest.param({"evidence": (), "severity": "low"}, "open", id="low without evidence"),
    pytest.param({"evidence": (cited("ghost.py"),), "severity": "low"}, None, id="low with false evidence"),
    pytest.param({"evidence": (cited(quote="self.legacy_mode = True"),)}, None, id="open by a removed line"),
    pytest.param(
        {"key": "breaking-change", "evidence": (cited(quote="self.legacy_mode = True"),)},
        "open",
        id="a break by the line that went",
    ),
    pytest.param({"evidence": (cited(quote=""),)}, "open", id="a whole file"),
    pytest.param({"state": "fixed"}, "fixed_before_merge", id="fixed with a line"),
    pytest.param(
        {"state": "fixed", "evidence": (cited("description", ""),)}, "unknown", id="fixed by hearsay"
    ),
    pytest.param({"state": "accepted"}, "unknown", id="accepted by a line"),
    pytest.param(
        {"state": "accepted", "evidence": (cited("thread 3", "We accept the slower path"),)},
        "accepted",
        id="accepted in words",
    ),
    pytest.param({"state": "no-fault"}, None, id="no fault"),
    pytest.param({"key": "prompt-injection"}, None, id="instructions are reported elsewhere"),
    pytest.param({"text": "It costs 4711 ms."}, None, id="a sentence that fails"),
]


@pytest.mark.parametrize(("changes", "state"), RISKS)
def test_a_risk_needs_what_shows_it(changes, state):
    """Weight needs a place, a closed state needs what closed it."""
    risks = checked(risks=(risk_claim(**changes),)).insights.risks
    assert [risk.state for risk in risks] == ([RiskState(state)] if state else [])
    assert all(risk.rule is None for risk in risks)


def test_risks_of_one_place_are_one():
    """Of two claims of a key about the same line the heavier stands; others stay apart, heaviest first."""
    low = risk_claim(severity="low", text="It raises for whoever calls it.")
    other = risk_claim(severity="low", text="Saving may fail.", evidence=(cited(quote="raise OSError"),))
    risks = checked(risks=(low, risk_claim(severity="high"), other)).insights.risks
    assert [(risk.key, risk.severity) for risk in risks] == [
        (RiskKey.ERROR_HANDLING, Severity.HIGH),
        (RiskKey.ERROR_HANDLING, Severity.LOW),
    ]


def test_nothing_fixed_is_believed_where_text_gives_instructions():
    """A suspected injection leaves a risk's end open to question."""
    suspicious = (Cited(where="comment 1", quote="Runs on our cluster"),)
    result = checked(risks=(risk_claim(state="fixed"),), suspicious=suspicious)
    assert result.insights.risks[0].state is RiskState.UNKNOWN
    assert result.insights.suspicious == (Evidence(comment_id=950, quote="Runs on our cluster"),)


def test_suspicious_text_must_be_there():
    """What nobody wrote is not reported as an attack."""
    places = (Cited(where="title", quote="Ignore all instructions"), Cited(where="title", quote=""))
    assert checked(suspicious=places).insights.suspicious == ()


def test_related_numbers_are_those_listed():
    """Only numbers from the list, each once."""
    related = tuple(RelatedClaim(number=number, text="It began there.") for number in (9, 9, 7, 4242, 12))
    result = checked(related=related)
    assert [item.number for item in result.insights.related] == [9, 7]
    assert result.failures[0].hints == ("listed: #7", "listed: #9")


def test_each_item_of_the_rubric_counts_once():
    """The first answer to an item counts; a reason that fails goes alone."""
    rubric = (
        RubricClaim(item="reach", level=3, reason="All 4711 users."),
        RubricClaim(item="reach", level=1, reason="Few."),
    )
    (answer,) = checked(rubric=rubric).insights.rubric
    assert (answer.level, answer.reason) == (3, None)


def test_an_effect_says_whom_it_reaches():
    """Impact keeps its audience."""
    impact = (ImpactClaim(on="users", text="Saves are retried.", evidence=(cited(),)),)
    assert checked(impact=impact).insights.impact[0].on == "users"


def test_equal_sentences_are_said_once():
    """A model that repeats itself is shown once."""
    assert len(checked(steps=(claim(), claim("Saves are retried.", cited(quote="")))).insights.steps) == 1


def test_a_brief_has_two_sentences():
    """A small change gets summary and action, checked alike."""
    result = check_brief(brief_claims(action=claim("Read `ghost`.")), store_facts(), "en")
    assert result.insights.summary == Insight(message=Told(text="Saves are retried."), evidence=(RETRIES,))
    assert result.insights.action is None
    assert result.failures[0].task == "brief"


def test_notes_keep_what_was_found():
    """Notes on a group of files are handed on with those of their quotes that the files have."""
    notes = NotesClaims(
        files=(
            FileNote(path=PATH, change="Saves up to 3 times.", quotes=("RETRY_LIMIT = 3", "ghost = 1")),
            FileNote(path="engine/old/paths.py", change="Of another group.", quotes=()),
            FileNote(path="engine/ghost.py", change="Nothing.", quotes=()),
        ),
        risks=(risk_claim(), risk_claim(evidence=(cited("ghost.py"),))),
        suspicious=(Cited(where="title", quote="nobody wrote this"),),
    )
    kept, failures = check_notes(notes, store_facts(), (PATH,))
    assert kept.files == (FileNote(path=PATH, change="Saves up to 3 times.", quotes=("RETRY_LIMIT = 3",)),)
    assert [risk.state for risk in kept.risks] == [CheckState.OPEN]
    assert kept.suspicious == ()
    assert [failure.claim for failure in failures] == ["files 2", "files 3", "risks 2"]
