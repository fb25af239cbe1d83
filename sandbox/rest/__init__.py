"""The REST routes, one file per kind of thing."""

from sandbox.rest import (
    apps,
    checks,
    comments,
    compare,
    contents,
    installations,
    issues,
    labels,
    pulls,
    repos,
)

ROUTES = (
    *apps.ROUTES,
    *installations.ROUTES,
    *repos.ROUTES,
    *pulls.ROUTES,
    *comments.ROUTES,
    *checks.ROUTES,
    *issues.ROUTES,
    *labels.ROUTES,
    *contents.ROUTES,
    *compare.ROUTES,
)
