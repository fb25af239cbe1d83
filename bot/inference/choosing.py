"""Which of many items are shown, when some of them have been explained by a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def chosen_of(ranked: Sequence[T], most: int, is_told: Callable[[T], bool]) -> list[T]:
    """At most ``most`` of ``ranked``, in their order: the upper half, the told ones, then the next.

    The upper half stays whatever a model tells, so that nothing can talk the weightiest items away.
    """
    first = range(most // 2)
    places = sorted(
        range(len(ranked)), key=lambda place: (place not in first and not is_told(ranked[place]), place)
    )
    return [ranked[place] for place in sorted(places[:most])]
