"""The REST routes, one file per kind of thing."""

from sandbox.rest import apps, comments, compare, contents, installations, issues, labels, pulls, repos

ROUTES = (
    *apps.ROUTES,
    *installations.ROUTES,
    *repos.ROUTES,
    *pulls.ROUTES,
    *comments.ROUTES,
    *issues.ROUTES,
    *labels.ROUTES,
    *contents.ROUTES,
    *compare.ROUTES,
)
