"""PyYAML's safe loader, as far as the file needs it: it stops at the depth that is refused anyway."""

from __future__ import annotations

import yaml


class TooDeep(yaml.MarkedYAMLError):
    """Brackets and braces within each other go too deep."""


class _Loader(yaml.SafeLoader):
    """Counts levels while it scans: it looks ahead, at a cost that grows with the square of them."""

    deepest: int

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        if self.flow_level >= self.deepest:
            raise TooDeep(problem_mark=self.get_mark())
        super().fetch_flow_collection_start(token)


def open_loader(text: str, deepest: int) -> yaml.SafeLoader:
    """Give a loader of a text. It raises ``yaml.YAMLError``, and ``TooDeep`` beyond ``deepest`` levels."""
    loader = _Loader(text)
    loader.deepest = deepest
    return loader
