"""The schema with its resolvers, and how a value finds its type."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from graphql import (
    GraphQLAbstractType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    default_field_resolver,
)

from sandbox.discussion import Issue, Pull
from sandbox.objects import Blob, Commit
from sandbox.query import commits, pulls, repositories
from sandbox.query.connections import In

if TYPE_CHECKING:
    from sandbox.query.fields import Fields, Info

_RESOLVERS: dict[str, Fields] = {
    "Query": repositories.QUERY,
    "Repository": repositories.REPOSITORY,
    "Label": repositories.LABEL,
    "Issue": pulls.ISSUE,
    "PullRequest": pulls.PULL,
    "IssueComment": pulls.COMMENT,
    "PullRequestReview": pulls.REVIEW,
    "PullRequestReviewThread": pulls.THREAD,
    "Commit": commits.COMMIT,
    "Blob": commits.BLOB,
    "Tree": commits.TREE,
}
_TYPES: dict[type, str] = {
    Pull: "PullRequest",
    Issue: "Issue",
    Commit: "Commit",
    Blob: "Blob",
    commits.FolderAt: "Tree",
}


@cache
def schema() -> GraphQLSchema:
    """The schema, built once."""
    text = files("sandbox").joinpath("schema.graphql").read_text(encoding="utf-8")
    built = build_schema(text)
    for kind in built.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            _resolve_fields(kind)
        elif isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            kind.resolve_type = _type_of
    return built


def _resolve_fields(kind: GraphQLObjectType) -> None:
    """Give a type's fields their resolvers.

    A type that has any must have one for every field, so that nothing is answered by accident.
    """
    resolvers = _RESOLVERS.get(kind.name)
    for name, field in kind.fields.items():
        if resolvers is not None:
            field.resolve = _or_plain(resolvers[name])


def _or_plain(resolver: Any) -> Any:
    """The resolver for things of the state; a plain mapping answers for itself."""

    def resolve(source: Any, info: Info, **args: Any) -> Any:
        if source is None or isinstance(source, In):
            return resolver(source, info, **args)
        return default_field_resolver(source, info, **args)

    return resolve


def _type_of(value: Any, _info: Info, _abstract: GraphQLAbstractType) -> str:
    """The name of a value's type."""
    if isinstance(value, In):
        return _TYPES[type(value.thing)]
    name: str = value["__typename"]
    return name
