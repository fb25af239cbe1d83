"""The issue about a broken file, as it is posted: in each language, and with hostile keys."""

# ruff: noqa: E501 - posted lines are long

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from inline_snapshot import snapshot

from bot.deliveries import parse_command
from bot.markdown.config_issue import MOST_SHOWN, Broken, broken_issue, mended_issue
from bot.marker import is_config_of
from bot.model.repo_config import Problem
from bot.repo_config import read_config
from tests.fakes.rendered import Page, page

if TYPE_CHECKING:
    from bot.markdown.catalogue import Language

ADDRESS = "https://github.com/octo-org/engine"
FILE = b"""\
language: en
labels:
  max: many
publish: loudly
risks:
  slow-path:
    name: Hot loop
langauge: no
"""
HOSTILE = [
    "@octo-dev #1 GH-2",
    "| a | b |",
    "<img src=x> </details> <!-- prhub:digest:v1 -->",
    "![x](https://evil.example/x) [y](https://evil.example)",
    "`a` ``b``",
    "$x$ :tada: **b**",
    "http://evil.example www.evil.example",
    "/prhub ignore",
]


def broken(data: bytes, *, has_good: bool = True) -> Broken:
    """The mistakes that are found in a file."""
    problems = tuple(one for one in read_config(data, "octo-org/engine").problems if one.severity == "error")
    return Broken(4001, ADDRESS, problems, has_good=has_good)


def test_it_says_what_is_wrong_and_where() -> None:
    """With a link to each line, what holds, and how to mend it; a warning is no mistake."""
    told = broken_issue(broken(FILE), "en")
    assert (told.title, told.body) == snapshot(
        (
            "The file .github/prhub.yml has mistakes and is not taken",
            """\
<!-- prhub:config:v1 repo=4001 -->

PRHub does not take the file [`.github/prhub.yml`](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml) of the default branch: it has 3 mistakes.

| Line | Column | Key | What is wrong |
|---|---|---|---|
| [3](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L3) | 3 | `labels.max` | labels.max is not a whole number: write a whole number from 0 to 20. |
| [4](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L4) | 1 | `publish` | publish is not one of the known values: write comment, check or none. |
| [6](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L6) | 3 | `risks.slow-path` | risks.slow-path has no paths: write the keys name, description, color, paths. |

**Until it is mended**, the configuration that was good last holds. Reports, digests and answers go on.

**To mend it**, correct the file on the default branch. `prhub config check .github/prhub.yml` says before you push whether it is good. `/prhub config` in a comment on a pull request shows what holds now.

PRHub looks at the file with its next report, command or digest. It then brings this issue up to date, at most once an hour, and closes it when the file is good or gone. If you close it yourself, it stays closed until the mistakes change.
""",
        )
    )


def test_it_says_so_in_chinese() -> None:
    """What is wrong with a key is in English everywhere; without a good file before, the settings hold."""
    told = broken_issue(broken(FILE, has_good=False), "zh-CN")
    assert (told.title, told.body) == snapshot(
        (
            "文件 .github/prhub.yml 有错误，未被采用",
            """\
<!-- prhub:config:v1 repo=4001 -->

PRHub 未采用默认分支上的文件 [`.github/prhub.yml`](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml)：其中有 3 处错误。

| 行 | 列 | 键 | 问题 |
|---|---|---|---|
| [3](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L3) | 3 | `labels.max` | labels.max is not a whole number: write a whole number from 0 to 20. |
| [4](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L4) | 1 | `publish` | publish is not one of the known values: write comment, check or none. |
| [6](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L6) | 3 | `risks.slow-path` | risks.slow-path has no paths: write the keys name, description, color, paths. |

**改正之前**，按 PRHub 操作者的设置执行，与没有此文件时相同。报告、简报和回答照常进行。

**改正方法**：在默认分支上修改该文件。推送之前，`prhub config check .github/prhub.yml` 会说明它是否正确。在 PR 的评论中写 `/prhub config` 可查看当前生效的配置。

PRHub 会在下一次生成报告、处理命令或生成简报时查看该文件，然后更新此 issue（每小时至多一次），并在文件正确或不存在时关闭它。如果您自行关闭它，在错误发生变化之前它将保持关闭。
""",
        )
    )


def test_it_says_that_the_file_is_mended() -> None:
    """Under the same marker, with what was wrong folded."""
    before = broken_issue(broken(FILE), "en").body
    assert mended_issue(4001, before, "en") == snapshot("""\
<!-- prhub:config:v1 repo=4001 -->

**Mended:** nothing is wrong in the file any more, or it is gone.

<details>
<summary>What was wrong</summary>

| Line | Column | Key | What is wrong |
|---|---|---|---|
| [3](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L3) | 3 | `labels.max` | labels.max is not a whole number: write a whole number from 0 to 20. |
| [4](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L4) | 1 | `publish` | publish is not one of the known values: write comment, check or none. |
| [6](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L6) | 3 | `risks.slow-path` | risks.slow-path has no paths: write the keys name, description, color, paths. |

</details>
""")


def test_it_says_in_chinese_that_the_file_is_mended() -> None:
    """The same."""
    before = broken_issue(broken(b"[", has_good=False), "zh-CN").body
    assert mended_issue(4001, before, "zh-CN") == snapshot("""\
<!-- prhub:config:v1 repo=4001 -->

**已改正**：文件中不再有错误，或文件已不存在。

<details>
<summary>此前的错误</summary>

| 行 | 列 | 键 | 问题 |
|---|---|---|---|
| [1](https://github.com/octo-org/engine/blob/HEAD/.github/prhub.yml#L1) | 2 | – | The file cannot be read as YAML from here on. |

</details>
""")


@pytest.mark.parametrize("key", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_hostile_key_stays_letters_in_its_cell(key: str, language: Language) -> None:
    """It mentions nobody, links nowhere, opens and closes nothing, and commands nothing."""
    told, tame = (issue_with(one, language) for one in (key, "a.b"))
    for body, usual in (
        (told, tame),
        (mended_issue(4001, told, language), mended_issue(4001, tame, language)),
    ):
        assert is_config_of(body, 4001)
        shown, expected = page(body), page(usual)
        assert _shape(shown) == _shape(expected)
        assert (shown.links, shown.comments) == (expected.links, expected.comments)
        assert (shown.live, shown.unbalanced) == (expected.live, False)
        assert parse_command(body) is None


def _shape(shown: Page) -> list[str]:
    """The elements but for the code in which a key stands."""
    return [one for one in shown.structure if one != "code"]


def issue_with(key: str, language: Language) -> str:
    """An issue about one mistake, at this key."""
    problem = Problem(severity="error", line=3, column=1, key=key, text=f"{key} is not a list.")
    return broken_issue(Broken(4001, ADDRESS, (problem,), has_good=True), language).body


def test_no_value_of_the_file_is_shown() -> None:
    """Neither in a cell nor in a sentence."""
    value = secrets.token_hex(12)
    data = f"publish: {value}\nlabels:\n  prefix: [{value}]\nlanguage: {value}\n"
    told = broken_issue(broken(data.encode()), "en")
    assert value not in told.title + told.body
    assert told.body.count("| [") == 3


def test_the_first_twenty_mistakes_are_listed() -> None:
    """That there may be more is said."""
    data = "risks:\n" + "".join(f"  risk-{number}: no\n" for number in range(60))
    told = broken_issue(broken(data.encode()), "en")
    assert told.body.count("| [") == MOST_SHOWN
    assert "There may be more" in told.body


@pytest.mark.parametrize("address", ["", "javascript:alert(1)//a/b", "https://github.com/../x/y"])
def test_an_odd_address_gives_no_links(address: str) -> None:
    """The place is told without one."""
    one = Problem(severity="error", line=7, column=1, key="a", text="a is wrong.")
    body = broken_issue(Broken(4001, address, (one,), has_good=True), "en").body
    assert "](" not in body
    assert "| 7 | 1 | `a` |" in body
