"""Small helpers that the resolvers share: attributes, permissions, and who somebody is."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from sandbox.query.connections import In, failure, page
from sandbox.shapes.people import stamp

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

    from sandbox.calls import Call
    from sandbox.discussion import User

    Info = GraphQLResolveInfo[Call]

Resolver = Callable[..., Any]
Fields = dict[str, Resolver]


def attribute(path: str) -> Resolver:
    """A resolver that gives an attribute of the thing."""
    get = attrgetter(path)
    return lambda source, _info, **_args: get(source.thing)


def moment(path: str) -> Resolver:
    """A resolver that gives a time of the thing as GitHub writes it."""
    get = attrgetter(path)
    return lambda source, _info, **_args: stamp(get(source.thing))


def large_id(source: In[Any], _info: Info) -> str:
    """The id as GraphQL gives numbers over 32 bits: as text."""
    return str(source.thing.id)


def needs(permission: str, resolver: Resolver) -> Resolver:
    """The resolver, or a FORBIDDEN error for who lacks the permission (or, with ``|``, all of them)."""

    def guarded(source: In[Any], info: Info, **args: Any) -> Any:
        repository, caller = source.repository, info.context.caller
        used = next((one for one in permission.split("|") if caller.may(one, repository)), None)
        if used is None:
            raise failure("FORBIDDEN", "Resource not accessible by integration")
        info.context.used.add(used)
        return resolver(source, info, **args)

    return guarded


def listed(items: Callable[[In[Any], Call], Any]) -> Resolver:
    """A resolver that gives a connection over the things of a list, kept with their repository."""

    def resolve(source: In[Any], info: Info, **args: Any) -> dict[str, Any]:
        answer = page(list(items(source, info.context)), args, info.field_name)
        answer["nodes"] = [In(source.repository, item) for item in answer["nodes"]]
        return answer

    return resolve


def actor(user: User | None) -> dict[str, Any] | None:
    """An account; a bot's login has no ``[bot]`` here, unlike in REST."""
    if user is None:
        return None
    return {
        "__typename": user.kind,
        "databaseId": user.id,
        "login": user.login.removesuffix("[bot]"),
        "name": user.name,
        "url": f"https://github.com/{user.login.removesuffix('[bot]')}",
    }
