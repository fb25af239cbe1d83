"""Links are built here or not at all (R89)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.markdown.escape import Safe
from bot.markdown.links import Links, link, links_for
from tests.fakes.reports import MERGE_SHA, head, pull_report, repository

BLOB = f"https://github.com/octo-org/engine/blob/{MERGE_SHA}"
ENTERPRISE = "https://git.example.com:8443/octo-org/engine"


def links(**changes: Any) -> Links:
    """The links of a report with this head, of which nothing says which files are there."""
    return links_for(pull_report(head=head(**changes), paths=()), redirect=True)


@pytest.mark.parametrize(
    ("path", "line", "url"),
    [
        pytest.param("a/b.py", None, f"{BLOB}/a/b.py", id="a file"),
        pytest.param("a/b.py", 12, f"{BLOB}/a/b.py#L12", id="a line"),
        pytest.param("docs/a.md", 3, f"{BLOB}/docs/a.md?plain=1#L3", id="a line of a file shown rendered"),
        pytest.param(
            "a b/c#d?e%f.py", 1, f"{BLOB}/a%20b/c%23d%3Fe%25f.py#L1", id="what an address reads otherwise"
        ),
        pytest.param("a(b)[c].py", None, f"{BLOB}/a%28b%29%5Bc%5D.py", id="what Markdown reads otherwise"),
        pytest.param("文件.py", None, f"{BLOB}/%E6%96%87%E4%BB%B6.py", id="other scripts"),
        pytest.param("a\nb|`c`<d>.py", None, f"{BLOB}/a%0Ab%7C%60c%60%3Cd%3E.py", id="breaks and marks"),
        pytest.param("a\\b.py", None, f"{BLOB}/a%5Cb.py", id="a backslash"),
        pytest.param("\ud800.py", None, f"{BLOB}/%3F.py", id="a lone surrogate"),
        pytest.param("a.py", 0, f"{BLOB}/a.py", id="a line that cannot be"),
        pytest.param("a.py", -3, f"{BLOB}/a.py", id="a negative line"),
        pytest.param("../../evil/x", None, None, id="climbing up"),
        pytest.param("a/./b", None, None, id="a dot"),
        pytest.param("/etc/passwd", None, None, id="an absolute path"),
        pytest.param("", None, None, id="no path"),
        pytest.param("x/" * 2000 + "y", None, None, id="longer than a browser takes"),
    ],
)
def test_file(path: str, line: int | None, url: str | None) -> None:
    """A file at the merge commit, encoded part by part."""
    assert links().file(path, line) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "https://github.com/",
        "https://github.com/octo-org",
        "https://github.com/octo-org/../evil",
        "https://github.com/octo-org/engine?x=1",
        "https://github.com/octo-org/engine) [x](https://evil.example",
        "https://github.com@evil.example/octo-org/engine",
        "https://github.com/octo-org/engine\n",
        "//github.com/octo-org/engine",
    ],
)
def test_no_links_without_a_sound_address(url: str | None) -> None:
    """What does not look like a repository's address is not one (P2)."""
    made = links(repository=repository(url=url))
    assert (made.file("a.py"), made.commit(), made.thread(1), made.pull(2)) == (None, None, None, None)


@pytest.mark.parametrize("sha", ["", "4f1d2a9", "HEAD", "x" * 40, "a" * 40 + "/../..", "A" * 40])
def test_no_file_links_without_a_sound_commit(sha: str) -> None:
    """A file is linked at a full commit id only; the thread does not need one."""
    made = links(merge_sha=sha)
    assert (made.file("a.py"), made.commit()) == (None, None)
    assert made.thread(7) == "https://github.com/octo-org/engine/pull/1234#discussion_r7"


@pytest.mark.parametrize(
    ("path", "line", "linked"),
    [
        pytest.param("docs/rollout.md", None, True, id="a changed file"),
        pytest.param("engine/store.py", None, False, id="a file nobody knows to be there"),
        pytest.param("engine/store.py", 3, True, id="a line that was found"),
        pytest.param("poetry.lock", None, False, id="a removed file"),
        pytest.param("poetry.lock", 3, False, id="a line of a removed file"),
    ],
)
def test_only_what_is_there_is_linked(path: str, line: int | None, *, linked: bool) -> None:
    """A link never leads to a file that the merge commit does not have."""
    made = links_for(pull_report(removed=("poetry.lock",)), redirect=True)
    assert (made.file(path, line) is not None) == linked


def test_places_on_this_pull_request() -> None:
    """Threads and comments of the pull request itself are linked directly: that leaves no backlink."""
    made = links()
    assert made.this_pull() == "https://github.com/octo-org/engine/pull/1234"
    assert made.thread(7) == "https://github.com/octo-org/engine/pull/1234#discussion_r7"
    assert made.comment(8) == "https://github.com/octo-org/engine/pull/1234#issuecomment-8"
    assert made.commit() == f"https://github.com/octo-org/engine/commit/{MERGE_SHA}"


def test_other_threads_are_linked_without_a_backlink() -> None:
    """Pull requests and issues go through GitHub's redirecting host."""
    made = links()
    assert made.pull(9) == "https://redirect.github.com/octo-org/engine/pull/9"
    assert made.issue(9) == "https://redirect.github.com/octo-org/engine/issues/9"


@pytest.mark.parametrize(
    ("url", "redirect"), [(ENTERPRISE, True), ("https://github.com/octo-org/engine", False)]
)
def test_no_links_to_other_threads_where_they_would_leave_a_trace(url: str, *, redirect: bool) -> None:
    """On Enterprise Server, or if the operator says so, they are not linked at all; files still are."""
    made = links_for(pull_report(head=head(repository=repository(url=url)), paths=()), redirect=redirect)
    assert (made.pull(9), made.issue(9)) == (None, None)
    assert made.file("a.py") == f"{url}/blob/{MERGE_SHA}/a.py"


@pytest.mark.parametrize("number", [0, -1, 2**63])
def test_impossible_ids_are_not_linked(number: int) -> None:
    """An id is a positive number of 63 bits."""
    made = links()
    assert (made.pull(number), made.issue(number), made.thread(number)) == (None, None, None)


def test_no_thread_links_without_a_number() -> None:
    """A local clone may not know its pull request."""
    assert links(number=None).thread(7) is None


def test_link_without_an_address_is_its_label() -> None:
    """Nothing is said to lead somewhere when it does not."""
    assert link(Safe("x"), None) == "x"
