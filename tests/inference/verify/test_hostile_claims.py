"""Answers that lie in every field: nothing invented is shown, and nothing raises."""

import json
import time

import pytest

from bot.inference.verify import Corpus, check_report, parse
from bot.model import FileKind, ReportClaims
from tests.fakes.claims import report_claims, store_facts
from tests.fakes.facts import file_change, pull_facts
from tests.fakes.hostile import ROWS
from tests.fakes.hostile_answers import INVENTED, Source
from tests.fakes.hostile_claims import run, shown, wrong

CORPUS = Corpus(store_facts())


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 4))])
def test_two_thousand_answers_do_no_harm(seed):
    """None raises; what survives holds no untruth and is the same when it is checked again."""
    assert run(500, seed)[1] == []


def everywhere(text):
    """An answer that says ``text`` in every field."""
    place = {"where": "engine/store.py", "quote": "RETRY_LIMIT = 3"}
    said = {"text": text, "evidence": [place, {"where": text, "quote": text}]}
    risk = {"key": "security", "severity": "high", "state": "open"} | said
    return json.dumps(
        {
            "summary": said,
            "attention": text,
            "action": said,
            "motivation": [said],
            "steps": [said],
            "files": [
                {"path": "engine/store.py", "change": text, "why": text},
                {"path": text, "change": text},
            ],
            "symbols": [
                {"path": "engine/store.py", "name": name, "note": text} for name in ("__init__", text)
            ],
            "topics": [{"threads": ["thread 1"], "category": "design", "outcome": "adopted", "text": text}],
            "checks": [{"thread": "thread 2", "state": "open", "where": text, "quote": text, "text": text}],
            "risks": [risk, risk | {"key": text}, risk | {"severity": text}],
            "impact": [{"on": "users"} | said],
            "follow_ups": [said],
            "related": [{"number": 9, "text": text}],
            "rubric": [{"item": "reach", "level": 2, "reason": text}],
            "suspicious": [{"where": text, "quote": text}],
        }
    )


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_hostile_row_in_every_field_does_no_harm(row):
    """The attack rows L1 to L14, in every field at once."""
    claims = parse(everywhere(row), ReportClaims).claims
    assert list(wrong(check_report(claims, CORPUS, "en").insights, CORPUS)) == []


@pytest.mark.parametrize("name", INVENTED)
def test_what_is_invented_is_shown_nowhere(name):
    """Files, lines, advisories, commits, numbers, people that are not there (L10), bare and as code."""
    for text in (
        f"It changes {name} for good.",
        f"It changes `{name}` for good.",
        f"本次改动涉及{name}等内容。",
    ):
        claims = parse(everywhere(text), ReportClaims).claims
        for language in ("en", "zh-CN"):
            insights = check_report(claims, CORPUS, language).insights
            assert not any(name in told for told in shown(insights))


def test_of_a_thousand_invented_references_none_is_shown():
    """R86: invented paths and numbers, made at random."""
    source = Source(5).random
    for _ in range(250):
        word = "".join(source.choices("bcdfghjklmnpqrstvwxz", k=9))
        number = source.randint(10_000, 10**9)
        names = (f"src/{word}/{word}.py", f"{word}_handler", str(number), f"#{number}")
        texts = [f"It changes {name} for good." for name in names]
        steps = [{"text": text, "evidence": [{"where": "title", "quote": ""}]} for text in texts]
        answer = json.dumps({"steps": steps})
        insights = check_report(parse(answer, ReportClaims).claims, CORPUS, "en").insights
        assert insights.steps == ()


def test_the_largest_answer_about_the_largest_change_is_quick():
    """A megabyte of claims about 3,000 files is read and checked within two seconds of CPU."""
    lines = "".join(f"value_{number} = compute_{number}(other)\n" for number in range(60))
    files = tuple(
        file_change(f"engine/deep/file_{number}.py", lines, kind=FileKind.SOURCE) for number in range(3_000)
    )
    facts = pull_facts(files=files)
    said = {
        "text": "`value_1` " * 20 + "ghost_name_x " * 4,
        "evidence": [{"where": f"engine/deep/file_{n}.py", "quote": "compute_59(others)"} for n in range(4)],
    }
    answer = json.loads(report_claims().model_dump_json())
    for name in ("motivation", "steps", "follow_ups", "risks", "impact"):
        answer[name] = [
            said | {"key": "security", "severity": "high", "state": "open", "on": "users", "n": n}
            for n in range(200)
        ]
    text = json.dumps(answer).ljust(1_000_000)[:1_000_000]
    started = time.process_time()
    check_report(parse(text, ReportClaims).claims, facts, "en")
    assert time.process_time() - started < 2
