"""What was done, in steps: the commits' headlines, or the list that the description gives."""

from __future__ import annotations

import re

from bot.inference.prose import Passage, passages
from bot.inference.sentences import clip, is_wide
from bot.inference.titles import read_title
from bot.model import PullFacts, Quote, Source

FEWEST = 2
MOST = 10
FEWEST_WORDS = 3
_NOISE = re.compile(
    r"merge\b|revert \"|(?:fixup|squash|amend)!|wip\b|tmp\b|temp\b|debug\b|(?:bump|update|"
    r"change)\s(?:the\s)?version\W*$|initial commit|init$|"
    r"(?:fix|fixed|fixes|run|apply|applied)?:?\s*(?:the\s+)?(?:lint(?:er|ing)?|automated fixes|"
    r"format(?:ting)?|pre-?commit|style|"
    r"typos?|ci|tests?|conflicts?|nits?|review|comments?|bugs?|isort|black|ruff|prettier)(?:\s+(?:errors?|issues?|"
    r"fix(?:es)?|changes?|checks?))?\W*$|"
    r".{0,20}\b(?:ruff|black|isort|yapf|prettier|clang-format|eslint|pre-?commit|linter)\b.{0,40}$|"
    r"(?:address|resolve|apply|adopt|handle)\w*:?\s.{0,20}(?:review|comment|feedback|suggestion|conflict|nit)|"
    r"(?:update|fix|fixed|change|changes|clean ?up|refactor|test|tests|address|polish|more|minor|misc)\W*$|"
    r"(?:update|create|delete|rename|add) \S{1,100}\.\w{1,5}$|applied suggestion|co-authored|"
    r"修复格式|格式化|合并|临时|\W*$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\w+")
_CHANGES = re.compile(
    r"^$|chang|what|implement|design|summary|overview|description|details|modif|改动|变更|实现|修改|内容|概述|说明",
    re.IGNORECASE,
)


def steps(facts: PullFacts) -> tuple[Quote, ...]:
    """Two to ten steps: meaningful commits, else items of the description's list; else none."""
    return _within(_from_commits(facts)) or _within(_from_body(facts))


def _within(quotes: list[Quote]) -> tuple[Quote, ...]:
    return tuple(quotes) if FEWEST <= len(quotes) <= MOST else ()


def _from_commits(facts: PullFacts) -> list[Quote]:
    if facts.commit_count > len(facts.commits):
        return []
    return _telling([commit.headline for commit in facts.commits], facts.title, Source.COMMIT)


def _telling(headlines: list[str], title: str, source: Source) -> list[Quote]:
    """The headlines that say something which neither the title nor an earlier one says."""
    seen = {_key(title)}
    quotes: list[Quote] = []
    for headline in headlines:
        words = read_title(headline).rest
        key = _key(headline)
        if key in seen or _NOISE.match(words) or _NOISE.match(headline) or not _says_enough(words):
            continue
        seen.add(key)
        quotes.append(Quote(text=clip(words), source=source))
    return quotes


def _says_enough(words: str) -> bool:
    wide = sum(1 for character in words if is_wide(character))
    return len(words.split()) >= FEWEST_WORDS or wide >= 2 * FEWEST_WORDS


def _key(headline: str) -> str:
    without_number = re.sub(r"\s*\(#\d{1,9}\)\s*$", "", read_title(headline).rest)
    return " ".join(_WORDS.findall(without_number.lower()))


def _from_body(facts: PullFacts) -> list[Quote]:
    lists: dict[str, list[Passage]] = {}
    for part in passages(facts.body):
        if part.is_item and _CHANGES.search(part.heading):
            lists.setdefault(part.heading, []).append(part)
    items = next((found for found in lists.values() if len(found) >= FEWEST), [])
    return _telling([item.sentences[0] for item in items], facts.title, Source.BODY)
