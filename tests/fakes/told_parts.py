"""Reports with a model's parts for tests: a rich one, one whose model is away, one it refused."""

from __future__ import annotations

from typing import Any

from bot.model import (
    Audience,
    Category,
    CheckState,
    Evidence,
    Feature,
    Implementation,
    Insight,
    Person,
    Provenance,
    PullReport,
    RemarkCheck,
    Risk,
    RiskKey,
    RiskState,
    RubricAnswer,
    RubricKey,
    Scores,
    Severity,
    Source,
    Told,
    Topic,
    TopicOutcome,
    Usage,
    WithoutModel,
)
from tests.fakes.report_parts import implementation, risks
from tests.fakes.reports import pull_report
from tests.fakes.told_words import CHINESE, ENGLISH

WEIGHTS = "engine/utils/weights.py"
ROLLOUT = "engine/rollout/__init__.py"
USAGE = Usage(calls=2, tokens_in=14203, tokens_out=2045, cache_read=9100)
LOOP = Evidence(path=WEIGHTS, line=14, quote="async for name, weight in ensure_async_iterator(weights):")
SIGNATURE = Evidence(path=WEIGHTS, line=12, quote="async def quantize_by_name(weights, config):")
SUPER = Evidence(path=ROLLOUT, line=33, quote="super().__init__(config)")
DOCS = Evidence(path="docs/rollout.md", line=4, quote="Fully asynchronous rollout")
IMPORT = Evidence(path=ROLLOUT, line=3, quote="import fast_backend")
Words = dict[str, str]


def told_report(language: str = "en", **changes: Any) -> PullReport:
    """The rich report with everything a model can add, in one language."""
    words = CHINESE if language == "zh-CN" else ENGLISH
    plain = pull_report()
    values: dict[str, Any] = {
        "summary": plain.summary.model_copy(
            update={"told": insight(words, "summary", LOOP), "action": insight(words, "action", SUPER)}
        ),
        "reasons": (
            insight(words, "why 1", Evidence(source=Source.BODY, quote="crashes")),
            insight(words, "why 2", Evidence(source=Source.ISSUE, number=1200), Evidence(thread_id=9002)),
        ),
        "implementation": told_implementation(words),
        "topics": topics(words),
        "checks": checks(words),
        "risks": told_risks(words),
        "impact": (*impact(words), *plain.impact),
        "follow_ups": (insight(words, "follow up", IMPORT), *plain.follow_ups),
        "related": (
            plain.related[0],
            plain.related[1].model_copy(update={"told": Told(text=words["related"])}),
        ),
        "scores": scores(words),
        "provenance": provenance(language=language),
    }
    return pull_report(**{**values, **changes})


def without(why: WithoutModel, **changes: Any) -> PullReport:
    """The deterministic report, and why no model added to it."""
    made = pull_report().provenance.model_copy(update={"without_model": why, **changes})
    return pull_report(provenance=made)


def insight(words: Words, key: str, *evidence: Evidence, on: Audience | None = None) -> Insight:
    """What a model told, with what bears it out."""
    return Insight(message=Told(text=words[key]), evidence=evidence, on=on)


def told_implementation(words: Words) -> Implementation:
    """Steps, two of the files and two of the symbols told of."""
    done = implementation()
    told = {name: Told(text=text) for name, text in words.items()}
    weights, rollout, docs = done.files
    quantize, init, load = done.symbols
    return done.model_copy(
        update={
            "told": (
                insight(words, "step 1", SIGNATURE, LOOP),
                insight(words, "step 2", SUPER),
                insight(words, "step 3", DOCS),
            ),
            "files": (
                weights.model_copy(update={"change": told["change weights"], "matters": told["why weights"]}),
                rollout.model_copy(update={"change": told["change rollout"], "matters": told["why rollout"]}),
                docs,
            ),
            "symbols": (
                quantize.model_copy(update={"note": told["note quantize"]}),
                init.model_copy(update={"note": told["note init"]}),
                load,
            ),
        }
    )


def topics(words: Words) -> tuple[Topic, ...]:
    """A topic nobody answered, one adopted and one declined; one thread is left to stand by itself."""
    reviewer, bot = Person(login="octo-reviewer"), Person(login="review-helper[bot]", is_bot=True)
    correct, design = Category.CORRECTNESS, Category.DESIGN
    rows = (
        ("topic 1", 9001, Category.COMPATIBILITY, TopicOutcome.UNANSWERED, reviewer),
        ("topic 2", 9002, correct, TopicOutcome.ADOPTED, bot),
        ("topic 3", 9003, design, TopicOutcome.DECLINED, reviewer),
    )
    return tuple(
        Topic(
            thread_ids=(thread,),
            category=category,
            outcome=outcome,
            raised_by=(by,),
            text=Told(text=words[key]),
        )
        for key, thread, category, outcome, by in rows
    )


def checks(words: Words) -> tuple[RemarkCheck, ...]:
    """A remark in each state."""
    return (
        RemarkCheck(thread_id=9001, state=CheckState.OPEN, evidence=IMPORT, text=Told(text=words["check 1"])),
        RemarkCheck(thread_id=9002, state=CheckState.FIXED, evidence=LOOP, text=Told(text=words["check 2"])),
        RemarkCheck(
            thread_id=9003,
            state=CheckState.ACCEPTED,
            evidence=Evidence(thread_id=9003, quote="Yes, the trainer calls it."),
        ),
        RemarkCheck(thread_id=9004, state=CheckState.UNKNOWN),
        RemarkCheck(thread_id=9005, state=CheckState.NO_FAULT),
    )


def told_risks(words: Words) -> tuple[Risk, ...]:
    """Risks of rules, one with a model's words, and two that only the model found."""
    compatibility, *rest = risks()
    return (
        compatibility.model_copy(update={"told": Told(text=words["risk compatibility"])}),
        *rest,
        Risk(
            key=RiskKey.CONCURRENCY,
            severity=Severity.MEDIUM,
            explanation=Told(text=words["risk concurrency"]),
            evidence=(LOOP,),
        ),
        Risk(
            key=RiskKey.OBSERVABILITY,
            severity=Severity.LOW,
            explanation=Told(text=words["risk fixed"]),
            evidence=(SUPER,),
            state=RiskState.FIXED_BEFORE_MERGE,
        ),
    )


def impact(words: Words) -> tuple[Insight, ...]:
    """An effect on each audience."""
    return (
        insight(words, "impact system", LOOP, on=Audience.SYSTEM),
        insight(words, "impact users", SUPER, on=Audience.USERS),
        insight(words, "impact team", LOOP, on=Audience.TEAM),
    )


def scores(words: Words) -> Scores:
    """Both scores, with computed features and answers to the rubric."""
    rows = (
        (RubricKey.REACH, 2, "reach", 0.4),
        (RubricKey.CONSEQUENCE, 2, "consequence", 0.6),
        (RubricKey.REVERSIBILITY, 1, None, 0.17),
        (RubricKey.DECISION, 2, "decision", 1.33),
        (RubricKey.ASSUMPTION, 0, None, 0),
        (RubricKey.TRANSFER, 1, "transfer", 0.67),
        (RubricKey.ARGUMENT, 1, None, 0.67),
    )
    return Scores(
        version=2,
        importance=6.5,
        insight=3.4,
        features=(
            Feature(name="size", value=1295, points=4.71),
            Feature(name="core", value=0.5, points=0.6),
        ),
        insight_features=(Feature(name="exchanges", value=3, points=0.75),),
        rubric=tuple(
            RubricAnswer(item=item, level=level, reason=Told(text=words[key]) if key else None, points=points)
            for item, level, key, points in rows
        ),
    )


def provenance(**changes: Any) -> Provenance:
    """A model's report: two calls, some claims mended or left out."""
    values: dict[str, Any] = {
        "model": "claude-sonnet-5-5",
        "prompt": "report/v1",
        "usage": USAGE,
        "verified": 41,
        "repaired": 2,
        "dropped": 1,
    }
    return pull_report().provenance.model_copy(update={**values, **changes})
