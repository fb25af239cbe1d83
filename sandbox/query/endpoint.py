"""The GraphQL route."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)

from sandbox.calls import Answer, Call, Route
from sandbox.query.cost import cost_of
from sandbox.query.schema import schema
from sandbox.refused import Refused

_NODE_LIMIT = 500_000


def post_graphql(call: Call) -> Answer:
    """Execute a query; errors come with status 200, as on GitHub."""
    text = call.body.get("query")
    if not isinstance(text, str):
        raise Refused(400, "A query attribute must be specified and must be a string.")
    variables: dict[str, Any] = call.body.get("variables") or {}
    name = call.body.get("operationName")
    document, errors = _parsed(text)
    if document is None or errors:
        call.unknown.extend(f"graphql: {error.message}" for error in errors)
        return Answer({"errors": [_error_json(error) for error in errors]})
    cost = cost_of(document, variables)
    call.cost, call.nodes, call.operation = cost.points, cost.nodes, _operation(document)
    if cost.nodes > _NODE_LIMIT:
        message = f"This query requests up to {cost.nodes} possible nodes which exceeds the maximum limit."
        return Answer({"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message}]})
    result = execute_sync(
        schema(), document, context_value=call, variable_values=variables, operation_name=name
    )
    return Answer(_result_json(result))


@lru_cache(maxsize=128)
def _parsed(text: str) -> tuple[DocumentNode | None, list[GraphQLError]]:
    """The document, and what is wrong with it."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return None, [error]
    return document, validate(schema(), document)


def _operation(document: DocumentNode) -> str | None:
    """The name of the first operation."""
    for part in document.definitions:
        if isinstance(part, OperationDefinitionNode):
            return part.name.value if part.name else None
    return None


def _result_json(result: ExecutionResult) -> dict[str, Any]:
    """The answer: data, and errors if there are any.

    A fault of the stand-in itself is raised, not hidden among the errors.
    """
    for error in result.errors or ():
        if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
            raise error.original_error
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_error_json(error) for error in result.errors]
    return body


def _error_json(error: GraphQLError) -> dict[str, Any]:
    """An error as GitHub shows it: its type stands beside the message."""
    shown = error.formatted
    kind = (error.extensions or {}).get("type")
    return {
        **({"type": kind} if kind else {}),
        **{key: shown[key] for key in ("path", "locations") if key in shown},
        "message": error.message,
    }


ROUTES = (Route("POST", "/graphql", post_graphql, fields=("query", "variables", "operationName")),)
