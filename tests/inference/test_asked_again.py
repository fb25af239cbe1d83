"""A reading goes on from an earlier one, or with less of the change, and never without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import ModelTooLong
from bot.inference.prompts import change_fingerprint, estimate, thread_fingerprints
from bot.inference.read import MOST_CALLS, read
from bot.model import Usage, WithoutModel
from tests.fakes.prompts import large_pull, terms
from tests.fakes.readings import reading
from tests.fakes.told_pulls import usual

if TYPE_CHECKING:
    from bot.llm import Question


class Deaf:
    """A model that finds every question too long, and remembers them."""

    def __init__(self) -> None:
        self.questions: list[Question] = []

    async def __call__(self, question):
        self.questions.append(question)
        raise ModelTooLong("the answer was cut off")


def earlier(calls, threads):
    """A reading of the usual pull request that cost so many calls."""
    facts = usual()
    return reading(
        prompt="report/v1", change=change_fingerprint(facts), threads=threads, usage=Usage(calls=calls)
    )


@pytest.mark.parametrize("known", [pytest.param(True, id="said"), pytest.param(False, id="new")])
async def test_a_report_that_was_asked_about_often_is_left_as_it_is(known):
    """What was added since stays unread, and the report says so; nothing is paid for."""
    before = earlier(MOST_CALLS, thread_fingerprints(usual()) if known else {})
    model = Deaf()
    found = await read(usual(), before, terms(), model)
    assert (found.reading, model.questions) == (before, [])
    assert found.without is (None if known else WithoutModel.UNAVAILABLE)


async def test_what_did_not_fit_is_asked_once_more_with_half_of_it():
    """Half of what was sent, not of what might have been (R85)."""
    model = Deaf()
    found = await read(large_pull(files=20, lines=60), None, terms(), model)
    first, *later = (estimate(question.data) for question in model.questions)
    assert (found.reading, found.without) == (None, WithoutModel.UNUSABLE)
    assert max(later) <= first * 0.6


async def test_a_small_question_is_not_sent_twice():
    """There is nothing to leave out."""
    model = Deaf()
    assert (await read(usual(), None, terms(), model)).without is WithoutModel.UNUSABLE
    assert len(model.questions) == 1
