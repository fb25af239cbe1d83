"""The issue about a repository's broken configuration file: what is wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.markdown.catalogue import Catalogue, load
from bot.markdown.digest import IssueText
from bot.markdown.escape import Safe, code, joined, text
from bot.markdown.links import link, links_below
from bot.marker import config_marker
from bot.model.repo_config import CONFIG_PATH

if TYPE_CHECKING:
    from bot.markdown.catalogue import Language
    from bot.model.repo_config import Problem

# As many are looked for in a file: of more, these are mended first.
MOST_SHOWN: Final = 20
_PARAGRAPH: Final = Safe("\n\n")
_CHECK: Final = code(f"prhub config check {CONFIG_PATH}")
_COMMAND: Final = code("/prhub config")


@dataclass(frozen=True)
class Broken:
    """A file that is not taken: the repository's id and address, and what is wrong in its own file.

    ``has_good`` tells whether there was a good one before, which holds meanwhile.
    """

    repository_id: int
    address: str
    problems: tuple[Problem, ...]
    has_good: bool


def broken_issue(broken: Broken, language: Language) -> IssueText:
    """Give title and body: at most 20 mistakes, each with its line, column and key, and no value of the file.

    Its length is bounded by what a problem holds. Keys are treated as hostile.
    """
    say = load(language).say
    body = joined(
        (
            say("config_issue.wrong", file=_file(broken), count=len(broken.problems)),
            _table(broken, load(language)),
            say("config_issue.more", count=MOST_SHOWN) if len(broken.problems) >= MOST_SHOWN else Safe(),
            say("config_issue.good_holds" if broken.has_good else "config_issue.settings_hold"),
            say("config_issue.mend", check=_CHECK, command=_COMMAND),
            say("config_issue.later"),
        ),
        _PARAGRAPH,
    )
    title = str(say("config_issue.title", file=Safe(CONFIG_PATH)))
    return IssueText(title=title, body=f"{config_marker(broken.repository_id)}\n\n{body}\n")


def mended_issue(repository_id: int, before: str, language: Language) -> str:
    """Give the body for when nothing is wrong any more; ``before`` is the whole body until then."""
    say = load(language).say
    # Only the table: how to mend it, and what held meanwhile, is over.
    told = "\n".join(line for line in before.split("\n") if line.startswith("|"))
    parts = (
        config_marker(repository_id),
        say("config_issue.mended"),
        f"<details>\n<summary>{say('config_issue.before')}</summary>",
        told,
        "</details>",
    )
    return "\n\n".join(parts) + "\n"


def _table(broken: Broken, catalogue: Catalogue) -> Safe:
    head = " | ".join(catalogue.say(f"config_issue.{name}") for name in ("line", "column", "key", "problem"))
    rows = (_row(problem, broken) for problem in broken.problems[:MOST_SHOWN])
    return Safe("\n".join([f"| {head} |", "|---|---|---|---|", *rows]))


def _row(problem: Problem, broken: Broken) -> str:
    line = Safe(str(int(problem.line)))
    place = links_below(broken.address, redirect=False).file_now(CONFIG_PATH, problem.line)
    key = code(problem.key) if problem.key else Safe("–")
    return f"| {link(line, place)} | {int(problem.column)} | {key} | {text(problem.text)} |"


def _file(broken: Broken) -> Safe:
    place = links_below(broken.address, redirect=False).file_now(CONFIG_PATH)
    return link(code(CONFIG_PATH), place)
