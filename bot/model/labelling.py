"""Labelling: which labels the risks of a report get in one repository, and how they look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model.taxonomy import LABEL_PREFIX, AnyRiskKey, RiskKey, RiskLabel, label_for

if TYPE_CHECKING:
    from bot.model.repo_config import Choices, OwnRisk

_GREY = "ededed"


@dataclass(frozen=True)
class Labelling:
    """Which labels there may be: at most ``most``, with this ``prefix``; ``own`` risks are as defined."""

    most: int
    prefix: str = LABEL_PREFIX
    own: tuple[OwnRisk, ...] = ()

    def label(self, key: AnyRiskKey) -> RiskLabel:
        """Give the label of a risk; a repository's own that is not defined any more is grey."""
        if isinstance(key, RiskKey):
            return label_for(key, self.prefix)
        name = f"{self.prefix}{key}"
        for risk in self.own:
            if risk.key == key:
                return RiskLabel(name=name, color=risk.color, description=risk.description or risk.name)
        return RiskLabel(name=name, color=_GREY, description="")

    @classmethod
    def of(cls, chosen: Choices) -> Labelling:
        """Give what a repository has chosen; where labels are switched off there may be none."""
        return cls(chosen.labels.max if chosen.labels.enabled else 0, chosen.labels.prefix, chosen.risks)
