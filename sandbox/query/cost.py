"""What a query costs, by GitHub's published formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
)

_REQUESTS_PER_POINT = 100


@dataclass
class Cost:
    """Requests that the connections need, and the nodes they may return.

    https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
    """

    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        """A hundred requests are a point; the least is one."""
        return max(1, round(self.requests / _REQUESTS_PER_POINT))


def cost_of(document: DocumentNode, variables: Mapping[str, Any]) -> Cost:
    """The cost of a valid document's operations, taking every connection as full."""
    fragments = {
        part.name.value: part for part in document.definitions if isinstance(part, FragmentDefinitionNode)
    }
    cost = Cost()
    for part in document.definitions:
        if isinstance(part, OperationDefinitionNode):
            _walk(part.selection_set, 1, cost, (fragments, variables))
    return cost


_Known = tuple[Mapping[str, FragmentDefinitionNode], Mapping[str, Any]]


def _walk(selections: SelectionSetNode | None, times: int, cost: Cost, known: _Known) -> None:
    """Add up the connections of a selection that is made ``times`` times."""
    for node in selections.selections if selections else ():
        if isinstance(node, FragmentSpreadNode):
            fragment = known[0].get(node.name.value)
            _walk(fragment.selection_set if fragment else None, times, cost, known)
        elif isinstance(node, FieldNode):
            size = _size(node, known[1])
            if size is not None:
                cost.requests += times
                cost.nodes += times * size
            _walk(node.selection_set, times * (size or 1), cost, known)
        else:
            _walk(getattr(node, "selection_set", None), times, cost, known)


def _size(field: FieldNode, variables: Mapping[str, Any]) -> int | None:
    """The page size a field asks for; ``None`` if it is no connection."""
    for argument in field.arguments or ():
        if argument.name.value in {"first", "last"}:
            if isinstance(argument.value, IntValueNode):
                return int(argument.value.value)
            if isinstance(argument.value, VariableNode):
                value = variables.get(argument.value.name.value)
                return value if isinstance(value, int) else None
    return None
