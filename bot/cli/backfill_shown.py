"""What ``prhub backfill`` says: the estimate, how far a run is that goes on, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.cli.stored import printable
from bot.model.backfills import PullState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model.backfills import Spend
    from bot.settings import Settings
    from bot.store.backfill_rows import BackfillPull
    from bot.workflows.backfill_estimate import Estimate

_MADE = (PullState.MADE, PullState.POSTED, PullState.DONE)
_MOST_NAMED = 20


def unpriced(settings: Settings) -> str | None:
    """Give a model that is asked and has no price, or ``None``."""
    if not settings.asks_model:
        return None
    models = (settings.model, settings.model_small)
    return next((name for name in models if name not in settings.prices.models), None)


def estimated(guess: Estimate, settings: Settings, *, now: bool) -> str:
    """Give the estimate in one line, and how the model is asked in another."""
    merges = _counted(guess.merges, "merge")
    if not settings.asks_model:
        return f"{merges} to report on, without a model."
    tokens = f"{guess.usage.tokens_in:,} tokens in and {guess.usage.tokens_out:,} out"
    cost = f", {guess.cost.amount:.2f} {guess.cost.currency}" if guess.cost is not None else ""
    basis = "by this repository's reports so far" if guess.known else "by experience; yours may differ"
    how = "directly, at the full price" if now else "in batches, at half the price; they take up to a day"
    return f"{merges} to report on: about {tokens}{cost} ({basis}).\nThe model is asked {how}."


def resumed(pulls: Sequence[BackfillPull], spend: Spend) -> str:
    """Say how far a run is that goes on."""
    through = sum(one.state not in {PullState.FOUND, PullState.READ} for one in pulls)
    return (
        f"Going on: {through} of {_counted(len(pulls), 'merge')} are through, {spend.spent:,} tokens spent."
    )


def summed_up(pulls: Sequence[BackfillPull], spend: Spend, settings: Settings) -> str:
    """Give what came of a run: counts, what it spent, and whatever was not made, with the reason."""
    counts = Counter(one.state for one in pulls)
    made = sum(counts[state] for state in _MADE)
    money = f", {spend.spent_money:.4f} {settings.currency}" if settings.prices.models else ""
    told = (PullState.SKIPPED, PullState.FAILED, PullState.LEFT)
    others = ", ".join(f"{counts[state]} {state.value}" for state in told)
    lines = [f"{_counted(made, 'report')} made, {others}; {spend.spent:,} tokens spent{money}."]
    lines += _listed(pulls, PullState.FAILED, "failed")
    left = [one for one in pulls if one.state is PullState.LEFT]
    if left:
        why = printable(left[0].reason or "")
        lines.append(f"{len(left)} left for the next run ({why}): run the same command again for them.")
    return "".join(f"{line}\n" for line in lines)


def _listed(pulls: Sequence[BackfillPull], state: PullState, word: str) -> list[str]:
    found = [one for one in pulls if one.state is state]
    lines = [f"  #{one.number} {word}: {printable(one.reason or '')}" for one in found[:_MOST_NAMED]]
    return [*lines, f"  and {len(found) - _MOST_NAMED} more"] if len(found) > _MOST_NAMED else lines


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
