"""Texts that PRHub renders, with commands in every foreign field; none of their lines may be a command.

``python -m tests.fakes.rendered_commands 100000 7`` renders that many from seed 7 and prints what it found.
"""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING

from bot.deliveries import parse_command
from bot.markdown.answers import answer_body, preview_text, risks_text
from bot.markdown.commands import help_text
from bot.markdown.digest import DigestLinks, render_issue
from bot.markdown.digest import render_document as render_digest
from bot.markdown.explained import explain_text
from bot.markdown.report import Style, render_comment, render_document
from bot.model import COMMANDS, CommandName, Misunderstood, Trouble
from bot.model.labelling import Labelling
from tests.fakes.hostile import ROWS
from tests.fakes.periods import digest, registered
from tests.fakes.reports import poisoned, pull_report, trivial_report
from tests.fakes.told_parts import told_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STYLES = (Style(), Style(language="zh-CN", time_zone="Asia/Shanghai"))
_COMMANDS = tuple(example for spec in COMMANDS.values() for example in spec.examples)
_ENDS = ("", "\n", "\r", "\r\n", "\n\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n\n\n", "<br>", "\\\n")
_STARTS = ("", "x", "-->", "</details>", "\n```\n", "|", "|\n", "</p>", "\u200b", "\ufeff", "`", ">", "&#10;")
_RISK = registered()
_RICH, _TOLD, _TRIVIAL, _DIGEST = pull_report(), told_report(), trivial_report(), digest()


def texts(count: int, seed: int) -> Iterator[str]:
    """``count`` rendered texts, always the same for one ``seed``: help, answers, reports and digests."""
    source = random.Random(seed)
    for _ in range(count):
        render = source.choices(_KINDS, _WEIGHTS)[0]
        yield render(_hostile(source), source)


def commands_in(text: str) -> list[str]:
    """The lines of a text that would be a command or be taken for one, and the text if it is one itself."""
    lines = dict.fromkeys((text, *text.splitlines(), *text.replace("\r", "\n").split("\n")))
    return [line for line in lines if parse_command(line) is not None]


def run(count: int, seed: int) -> tuple[float, list[str]]:
    """Seconds, and the commands found in ``count`` texts."""
    started = time.perf_counter()
    found = [command for text in texts(count, seed) for command in commands_in(text)]
    return time.perf_counter() - started, found


def _hostile(source: random.Random) -> str:
    """A string with a command where a line might begin."""
    row = source.choice(tuple(ROWS.values()))
    parts = (source.choice(_STARTS), source.choice(_ENDS), source.choice(_COMMANDS), source.choice(_ENDS))
    return "".join((row[: source.randint(0, 40)], *parts, row[: source.randint(0, 10)]))


def _help(value: str, source: random.Random) -> str:
    said = Misunderstood(
        said=value[:60], trouble=source.choice(tuple(Trouble)), about=source.choice((None, *CommandName))
    )
    return help_text(source.choice(_STYLES).language, source.choice((said, said, None)))


def _issue(value: str, source: random.Random) -> str:
    links = DigestLinks(previous=12, following=14, home=4711, scope="")
    issue = render_issue(poisoned(_DIGEST, value), source.choice(_STYLES), links)
    return source.choice((issue.body, issue.title))


def _answer(value: str, source: random.Random) -> str:
    style = source.choice(_STYLES)
    texts = (
        lambda: risks_text(style.language, (poisoned(_RISK, value),), 3),
        lambda: preview_text(poisoned(_TRIVIAL, value), style),
        lambda: explain_text(poisoned(_RICH, value), {"risk: x": "applied"}, style, Labelling(4)),
    )
    return answer_body((4711, 12), "re:risks", source.choice(texts)(), style.language)


_KINDS: tuple[Callable[[str, random.Random], str], ...] = (
    _help,
    lambda value, source: render_comment(poisoned(_TRIVIAL, value), source.choice(_STYLES)),
    lambda value, source: render_comment(poisoned(_RICH, value), source.choice(_STYLES)),
    lambda value, source: render_comment(poisoned(_TOLD, value), source.choice(_STYLES)),
    lambda value, source: render_document(poisoned(_RICH, value), source.choice(_STYLES)),
    _issue,
    lambda value, source: render_digest(poisoned(_DIGEST, value), source.choice(_STYLES)),
    _answer,
)
_WEIGHTS = (2, 6, 3, 2, 3, 1, 1, 2)

if __name__ == "__main__":
    seconds, wrong = run(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{sys.argv[1]} texts in {seconds:.1f} s, {len(wrong)} commands", *wrong[:20], sep="\n")  # noqa: T201
