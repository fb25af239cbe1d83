"""A period of a part of the repository: what touches a folder or a file."""

from __future__ import annotations

import pytest

from bot.facts.period import build_period
from bot.model import FileKind, FileStatus, Implementation, KeyFile
from tests.fakes.merged_week import gist, merge, of, source
from tests.fakes.periods import period

WEEK = period()


@pytest.mark.parametrize(
    ("path", "touched", "belongs"),
    [
        pytest.param("services/api", "services/api/app.py", True, id="a file in the folder"),
        pytest.param("services/api/", "services/api/v1/app.py", True, id="deeper, and a slash at the end"),
        pytest.param("./services//api", "services/api/app.py", True, id="written carelessly"),
        pytest.param("services/api", "services/api", True, id="the file itself"),
        pytest.param("services/api", "services/api2/app.py", False, id="a name that begins the same"),
        pytest.param("services/api", "old/services/api/app.py", False, id="the same folder elsewhere"),
        pytest.param("services/api", "services/API/app.py", False, id="git minds the case"),
        pytest.param("/", "anything.py", True, id="the root is everything"),
        pytest.param("", "anything.py", True, id="no path is everything"),
        pytest.param("a*c", "abc", False, id="no pattern, only a name"),
    ],
)
def test_a_pull_request_belongs_to_a_path_if_it_touches_it(path, touched, belongs):
    """Folders are compared by their names, one by one."""
    read = gist(1, paths=("README.md", touched))
    facts = build_period(WEEK, [source(merge(1), gists={1: read})], path=path)
    assert (of(facts), facts.uncertain) == ([1] if belongs else [], ())


def test_without_a_report_the_list_of_changed_files_decides_and_without_both_nobody_knows():
    """What may have touched it is named, and not counted."""
    merges = [merge(1, paths=("api/a.py",)), merge(2, hours=2, paths=("web/b.ts",)), merge(3, hours=3)]
    facts = build_period(WEEK, [source(*merges)], path="api")
    assert (of(facts), [one.number for one in facts.uncertain], facts.numbers.pulls) == ([1], [3], 1)


def test_a_file_that_was_moved_out_was_touched():
    """Its old name is in the report, not among the changed paths."""
    moved = KeyFile(
        path="web/a.py", previous_path="api/a.py", status=FileStatus.RENAMED, kind=FileKind.SOURCE,
        module="web", additions=0, deletions=0,
    )  # fmt: skip
    read = gist(1, paths=("web/a.py",), implementation=Implementation(files=(moved,)))
    assert of(build_period(WEEK, [source(merge(1), gists={1: read})], path="api")) == [1]


def test_files_and_modules_are_those_of_the_path():
    """What the same pull requests touched elsewhere is of another digest."""
    paths = ("api/a.py", "web/b.ts")
    reports = {number: gist(number, paths=paths, modules=("web", "api", "else")) for number in (1, 2)}
    facts = build_period(WEEK, [source(merge(1), merge(2, hours=2), gists=reports)], path="api")
    assert [one.name for one in facts.hot_files] == ["api/a.py"]
    assert [one.name for one in facts.modules] == ["api"]


def test_earlier_periods_are_limited_to_the_path_too():
    """The change is that of the path."""
    merges = [merge(1), merge(2, hours=-100), merge(3, hours=-99)]
    reports = {1: gist(1), 2: gist(2), 3: gist(3, paths=("web/b.ts",))}
    facts = build_period(WEEK, [source(*merges, gists=reports)], path="engine")
    assert facts.before is not None
    assert (facts.path, facts.numbers.pulls, facts.before.pulls) == ("engine", 1, 1)
