"""What a trace says of a request's path: GitHub's words, and none of people's."""

from __future__ import annotations

import pytest

from bot.github.transport import _template


@pytest.mark.parametrize(
    ("path", "template"),
    [
        pytest.param("/repos/o/r/pulls/7", "/repos/{}/{}/pulls/{}", id="numbers and names"),
        pytest.param("/repos/o/r/labels/risk%3A%20x", "/repos/{}/{}/labels/{}", id="a label"),
        pytest.param("/repos/o/r/contents/.env.secret", "/repos/{}/{}/contents/{}", id="a file"),
        pytest.param("/api/v3/app/hook/deliveries", "/api/v3/app/hook/deliveries", id="GitHub's words"),
        pytest.param("/repos/o/r/collaborators/me", "/repos/{}/{}/collaborators/{}", id="a login"),
        pytest.param("", "", id="no path"),
    ],
)
def test_names_and_numbers_are_left_out(path, template):
    """A repository named as one of GitHub's words shows no more than that word."""
    assert _template(path) == template
