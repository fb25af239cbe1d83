"""What a report with a model costs: CPU and memory beside an instant model, tokens, and the checks alone."""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

from bot.inference import prompts, verify
from bot.inference.read import read
from bot.inference.report import build_report
from bot.llm import Answer
from bot.markdown.lint import lint_report
from bot.markdown.report import Style
from bot.model import Usage
from sandbox import messages
from sandbox.github import running
from sandbox.limits import LENIENT
from sandbox.messages import Asked, plausible
from sandbox.sample import FEATURED, REPOSITORY, sample_state
from tests.benchmarks.figures import Figure
from tests.benchmarks.process import cpu_seconds, megabytes, server
from tests.benchmarks.reports import REPORTS, module, report
from tests.fakes.github import engine_state, make_key
from tests.fakes.insights import NOW
from tests.fakes.process import own_comments, send_merge, until
from tests.fakes.prompts import large_pull, terms

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.llm import Question
    from bot.model import PullFacts, Reading
    from sandbox.discussion import Pull
    from sandbox.messages import Messages
    from sandbox.state import Repository

_LETTERS = 4  # a token, as the stand-in counts
_ROUNDS = 20


async def run_usual(folder: Path) -> list[Figure]:
    """CPU and memory of the server process for the changes of ``reports.run_usual``, told by a model."""
    key = make_key()
    async with (
        messages.running() as model,
        running(engine_state(key.public), limits=LENIENT) as github,
        server(github, key, folder, **_asking(model)) as process,
    ):
        held = [megabytes(process)]
        await report(github, {"engine/warm.py": module(0, 12)})
        held.append(megabytes(process))
        before = cpu_seconds(process)
        for number in range(REPORTS):
            await report(github, {f"engine/part_{number}_{part}.py": module(number, 12) for part in range(4)})
        each = (cpu_seconds(process) - before) / REPORTS
        held.append(megabytes(process))
    shown = " / ".join(f"{value:.0f}" for value in held)
    return [
        Figure("CPU for it with an instant model", f"{each * 1000:.0f} ms", "<= 200 ms", each),
        Figure(f"memory before and after the first question, after {REPORTS}", f"{shown} MB", ""),
    ]


def _asking(model: Messages) -> dict[str, str]:
    return {"ANTHROPIC_API_KEY": "sk-ant-of-a-benchmark", "ANTHROPIC_BASE_URL": model.url}


async def run_tokens(folder: Path) -> list[Figure]:
    """Tokens for the sample repository's reports, and how much of the prompts they have in common."""
    key = make_key()
    async with (
        messages.running() as model,
        running(sample_state(key.public), limits=LENIENT) as github,
        server(github, key, folder, **_asking(model)) as process,
    ):
        repository = github.state.repository(REPOSITORY)
        assert repository is not None
        ratios: list[float] = []
        for number in FEATURED:
            pull, before = repository.pulls[number], model.calls
            assert await send_merge(github, REPOSITORY, pull) == 202
            await until(lambda pull=pull: bool(own_comments(github, pull)) or _is_bot(pull))  # type: ignore[misc]
            if asked := model.asked[before:]:
                ratios.append(sum(map(_fresh, asked)) / _material(repository, pull))
        assert process.is_running()
    reports = [asked for asked in model.asked if asked.schema.get("title") == "ReportClaims"]
    shared = statistics.median(len(asked.system) / (len(asked.system) + _length(asked)) for asked in reports)
    return [
        Figure("input over diff and discussion, median", f"{statistics.median(ratios):.2f}", "<= 1.25"),
        Figure("fixed part of a prompt, from the cache", f"{len(reports[0].system) / 1000:.1f} kB", ""),
        Figure("share of it in a report's prompt, median", f"{shared:.0%}", ""),
    ]


def _is_bot(pull: Pull) -> bool:
    """Whether it gets a report without a comment."""
    return pull.user is not None and pull.user.is_bot


def _length(asked: Asked) -> int:
    return sum(map(len, asked.parts))


def _fresh(asked: Asked) -> float:
    """Tokens that no cache has."""
    return _length(asked) / _LETTERS


def _material(repository: Repository, pull: Pull) -> float:
    """Tokens of the diff and of all that people wrote."""
    texts = [pull.title, pull.body or "", *(review.body for review in pull.reviews)]
    texts += [comment.body for comment in pull.comments.value if comment.app_id is None]
    texts += [remark.body for thread in pull.threads for remark in thread.comments]
    texts += [repository.commits[sha].message for sha in repository.commits_of(pull)]
    diffs = [line for file in repository.files(pull) for hunk in file.hunks for line in hunk.lines]
    return (sum(map(len, texts)) + sum(len(line) + 1 for line in diffs)) / _LETTERS


async def run_checks(_folder: Path) -> list[Figure]:
    """CPU of the stages around one answer, for 300 lines in four files and for 3,000 in forty."""
    return [figure for size in ((4, 75), (40, 75)) for figure in await _stages(*size)]


async def _stages(files: int, lines: int) -> list[Figure]:
    facts = large_pull(files, lines)
    answers: list[str] = []

    async def ask(question: Question) -> Answer:
        answers.append(json.dumps(_claim(question)))
        return Answer(answers[-1], "a-model", Usage(calls=1))

    found = (await read(facts, None, terms(), ask)).reading
    assert found is not None
    claims = verify.parse(answers[0], prompts.plan(facts, terms()).questions[0].shape)
    size = f"{files * lines:,} lines"
    return [
        _timed(f"prompt for {size}", lambda: prompts.plan(facts, terms())),
        _timed(f"reading the answer for {size}", lambda: verify.parse(answers[0], type(claims.claims))),
        _timed(f"its verification for {size}", lambda: _checked(claims.claims, facts)),
        _timed(f"the report for {size}", lambda: _built(facts, found)),
        _timed(f"the lint for {size}", _linting(facts, found)),
    ]


def _claim(question: Question) -> object:
    """What the stand-in answers to a question, without HTTP."""
    content = [{"type": "text", "text": text} for text in (question.data, question.ask)]
    schema = {"format": {"schema": question.shape.model_json_schema()}}
    body = {"messages": [{"role": "user", "content": content}], "output_config": schema}
    return json.loads(plausible(Asked(1, {}, body)).text)


def _checked(claims: object, facts: PullFacts) -> object:
    return verify.check_report(claims, facts, "en")  # type: ignore[arg-type]


def _built(facts: PullFacts, found: Reading) -> object:
    return build_report(facts, now=NOW, version="0.0.0", reading=found)


def _linting(facts: PullFacts, found: Reading) -> Callable[[], object]:
    made = build_report(facts, now=NOW, version="0.0.0", reading=found)
    return lambda: lint_report(made, Style(language="en"), verify.known(facts))


def _timed(name: str, work: Callable[[], object]) -> Figure:
    """The median of twenty rounds, after one that fills what is filled once."""
    work()
    rounds = []
    for _ in range(_ROUNDS):
        before = time.process_time()
        work()
        rounds.append(time.process_time() - before)
    each = statistics.median(rounds)
    return Figure(name, f"{each * 1000:.1f} ms", "", each)
