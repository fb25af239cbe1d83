"""Scaled time: every wait that GitHub's or the model's clock dictates, divided by one factor."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import partial
from importlib import import_module
from typing import Any

from bot.github import PACE
from bot.llm.access import ModelSettings, Timeouts
from bot.model import Pace
from bot.workflows.heartbeat import PULSE, Pulse

# Constants are copied where they are imported by name; each place is listed. What is not listed runs in
# real time: how often our own database is looked at, timeouts of requests to GitHub, the engine's polling.
_WAITS = {
    "bot.github.answers": ("LONGEST_WAIT", "TRANSIENT_WAIT"),
    "bot.github.api": ("RETRY_AFTER", "TRANSIENT_WAIT"),
    "bot.github.gate": ("FIRST_PAUSE", "LONGEST_PAUSE", "LONGEST_WAIT", "PAUSE_MEMORY"),
    "bot.llm.breaker": ("OPEN_SECONDS", "PROBE_SECONDS", "WITHIN"),
    "bot.llm.client": ("ACCESS_SECONDS", "SHORTEST"),
    "bot.llm.gate": ("LONGEST",),
    "bot.llm.outcomes": ("ACCESS_SECONDS", "LONGEST", "SPEND_SECONDS"),
    "bot.llm.waits": ("ACCESS_SECONDS", "LONGEST", "LONGEST_TOLD", "SHORTEST", "SPEND_SECONDS"),
    "bot.publishing.comment": ("REFUSED_SECONDS",),
    "bot.publishing.issue": ("REFUSED_SECONDS",),
    "bot.store.limits": ("LONGEST_PAUSE",),
    "bot.workflows.edge": ("BACKOFF", "NOT_MERGED_WAITS"),
    "bot.workflows.keeper": ("FORGET_SECONDS", "RECONCILE_SECONDS", "RETRY_SECONDS"),
    "bot.workflows.missed": ("OVERLAP_SECONDS", "UNDER_WAY_SECONDS"),
    "bot.workflows.reading": ("COMPLETE_FOR", "LOOK_AGAIN"),
    "bot.workflows.digest_stages": ("TIDY_AFTER",),
    "bot.workflows.schedule": ("GAP_SECONDS",),
    "bot.workflows.stages": ("TIDY_AFTER",),
    "bot.workflows.sweep": (
        "BEAT_SECONDS",
        "DIGEST_SECONDS",
        "DOWN_SECONDS",
        "GAP_MARGIN",
        "LEAST_AGE_SECONDS",
        "LOOK_SECONDS",
        "SCAN_GAP_SECONDS",
        "TROUBLE_SECONDS",
    ),
}
# A beat and what is judged by it need some real time on a busy machine.
_LEAST_BEAT = 0.2
_LEAST_SILENCE = 4.0


def pace_of(factor: float) -> Pace:
    """GitHub's limits as PRHub keeps them, in scaled time."""
    return Pace(
        tuple((seconds / factor, most) for seconds, most in PACE.windows),
        PACE.content_gap / factor,
        PACE.write_gap / factor,
        None if PACE.points is None else PACE.points * factor,
    )


def pulse_of(factor: float) -> Pulse:
    """The heartbeat in scaled time."""
    return Pulse(max(PULSE.beat / factor, _LEAST_BEAT), max(PULSE.silence / factor, _LEAST_SILENCE))


def settings_of(factor: float) -> dict[str, str]:
    """The settings that are waits, in scaled time."""
    defaults = {
        "PRHUB_POSTING_QUARANTINE": 15,
        "PRHUB_REFRESH_DELAY": 300,
        "PRHUB_DELIVERY_POLL": 300,
        "PRHUB_SCAN_INTERVAL": 900,
        "PRHUB_MODEL_PATIENCE": 900,
    }
    return {name: str(seconds / factor) for name, seconds in defaults.items()}


def scale(factor: float) -> None:
    """Divide the waits of this process's modules: called once, before anything of them runs."""
    if factor == 1:
        return
    for name, constants in _WAITS.items():
        module = import_module(name)
        for constant in constants:
            setattr(module, constant, _divided(getattr(module, constant), factor))
    whole = Timeouts()
    timeouts = replace(whole, **{one.name: getattr(whole, one.name) / factor for one in fields(whole)})
    opening: Any = import_module("bot.llm.opening")
    opening.ModelSettings = partial(ModelSettings, timeouts=_bearable(timeouts))


def _bearable(timeouts: Timeouts) -> Timeouts:
    """No shorter than an honest answer takes on a busy machine."""
    return Timeouts(
        max(timeouts.connect, 1.0),
        max(timeouts.first_byte, 1.5),
        max(timeouts.idle, 1.5),
        max(timeouts.total, 4.0),
    )


def _divided(value: Any, factor: float) -> Any:
    return tuple(one / factor for one in value) if isinstance(value, tuple) else value / factor
