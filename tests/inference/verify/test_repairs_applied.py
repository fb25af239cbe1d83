"""Failed claims are put right once, by name; what is given up is emptied and leaves no trace."""

from bot.inference.verify import apply_repairs, check_report
from bot.model import Cited, FileClaim, RepairClaims, Repaired, SymbolClaim
from tests.fakes.claims import check, cited, claim, report_claims, risk_claim, store_facts, topic


def repair(claims, *answers):
    """Check, apply these repairs, and check again."""
    failures = check_report(claims, store_facts(), "en").failures
    repaired = RepairClaims(
        claims=tuple(Repaired(id=name, text=text, evidence=tuple(places)) for name, text, *places in answers)
    )
    return check_report(apply_repairs(claims, failures, repaired), store_facts(), "en")


def test_a_claim_put_right_stands():
    """Text and evidence are replaced, then checked like any other."""
    claims = report_claims(steps=(claim(), claim("Calls `ghost`.", cited("ghost.py"))))
    result = repair(claims, ("Steps 2", "Calls `_write`.", cited(quote="if self._write(target, step):")))
    assert [step.message.text for step in result.insights.steps] == ["Saves are retried.", "Calls `_write`."]
    assert result.failures == ()


def test_a_repair_that_is_wrong_again_is_left_out():
    """There is no third try."""
    result = repair(report_claims(steps=(claim("Calls `ghost`."),)), ("steps 1", "Calls `ghost_two`."))
    assert result.insights.steps == ()
    assert [failure.claim for failure in result.failures] == ["steps 1"]


def test_what_is_given_up_leaves_no_trace():
    """No answer or an empty one empties the claim; the others keep their names."""
    claims = report_claims(
        summary=claim("Calls `ghost`."),
        steps=(claim("Calls `ghost`."), claim("Calls `ghost_two`.")),
        risks=(risk_claim(text="It costs 4711 ms."),),
    )
    result = repair(claims, ("steps 1", ""), ("steps 2", "Saving fails late."))
    assert [step.message.text for step in result.insights.steps] == ["Saving fails late."]
    assert result.insights.summary is None
    assert result.insights.risks == ()
    assert result.failures == ()


def test_only_what_failed_is_touched():
    """An answer to a claim that stood, or to none, changes nothing."""
    claims = report_claims(steps=(claim(),))
    result = repair(
        claims, ("steps 1", "Something else."), ("steps 99", "x"), ("__class__ 1", "x"), ("", "x")
    )
    assert result.insights.steps[0].message.text == "Saves are retried."


def test_places_of_every_kind_are_put_right():
    """A path, a symbol, a thread, a line: each comes from what the repair cites."""
    claims = report_claims(
        files=(FileClaim(path="engine/stores.py", change="Retries.", why=""),),
        symbols=(SymbolClaim(path="engine/store.py", name="init", note="Takes a folder."),),
        topics=(topic("thread 9"),),
        checks=(check("thread 3", "fixed", "nobody wrote this"),),
    )
    result = repair(
        claims,
        ("files 1", "Retries saves.", cited(quote="")),
        ("symbols 1", "Takes a folder.", Cited(where="engine/store.py", quote="__init__")),
        ("topics 1", "It was added.", Cited(where="thread 1", quote="")),
        ("checks 1", "It is caught.", Cited(where="engine/store.py", quote="except ImportError:")),
    )
    assert result.failures == ()
    assert result.insights.files[0].path == "engine/store.py"
    assert result.insights.symbols[0].name == "SnapshotStore.__init__"
    assert result.insights.topics[0].thread_ids == (701,)
    assert result.insights.checks[0].state == "fixed"


def test_a_check_that_is_not_put_right_stays_unknown():
    """A remark keeps its place in the report though nothing could be shown."""
    result = repair(report_claims(checks=(check("thread 3", "fixed", "nobody wrote this"),)))
    assert [item.state for item in result.insights.checks] == ["unknown"]
    assert [failure.claim for failure in result.failures] == ["checks 1"]
