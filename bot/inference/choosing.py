"""Which of many items are shown, when some of them have been explained by a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def chosen_of(ranked: Sequence[T], most: int, is_told: Callable[[T], bool]) -> list[T]:
    """The upper half of ``most``, all that are told, and the next up to ``most``, in the order of ``ranked``.

    The upper half stays whatever a model tells, so that nothing can talk the weightiest items away.
    """
    taken = [place < most // 2 or is_told(item) for place, item in enumerate(ranked)]
    places = sorted(range(len(ranked)), key=lambda place: (not taken[place], place))
    return [ranked[place] for place in sorted(places[: max(most, sum(taken))])]
