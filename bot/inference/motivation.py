"""Why a change was made, in its author's words: sentences of the description, titles of closed issues."""

from __future__ import annotations

import re

from bot.inference.prose import Passage, passages
from bot.inference.sentences import clip, is_wide, plain
from bot.inference.titles import read_title
from bot.model import PullFacts, Quote, Source

QUOTES = 4
ISSUES = 4
_SENTENCE_ENDS = ".!?…。！？"
_PREFERRED = re.compile(
    r"what\b|why\b|motivation|descri|summary|overview|background|context|purpose|problem|goal|rationale|intro|"
    r"概述|背景|动机|目的|描述|说明|简介|问题|摘要|为什么|做了什么",
    re.IGNORECASE,
)
_AVOIDED = re.compile(
    r"test|usage|example|how to|result|performance|benchmark|accuracy|script|screenshot|review|risk|todo|"
    r"follow|related|note|changes?$|file|design|implementation|concept|api|deploy|rollout plan|"
    r"测试|用法|示例|结果|截图|性能|实现|改动|变更|文件|备注|影响",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\(?(?:see|refer to|depends on|(?:stacked |built )?on top of|stacked on(?: top of)?|based on|related|"
    r"relates|part of|follow.?up|fix(?:es|ed)?|close[sd]?|address(?:es|ed)?|resolve[sd]?|ref|refs|"
    r"参见|参考|关联|相关|关闭|修复)\b[\s:：]*(?:(?:issue|pr|pull request|the|rfc|discussion|ticket)\s)?"
    r"(?:[\w./-]{0,80}#\d+|https?://\S+|\(issue\))",
    re.IGNORECASE,
)
_REVERTS = re.compile(r"(?:this )?reverts? (?:commit )?[0-9a-f]{7,64}\b.{0,80}$", re.IGNORECASE)
_EMPTY = frozenset({"n/a", "na", "none", "nothing", "no", "yes", "tbd", "todo", "wip", "same as title", "无"})
_LETTERS = re.compile(r"[^\W_]+")
_FILLER = frozenset({"this", "pr", "pull", "request", "the", "a", "an", "to", "we", "it", "and", "of", "for"})


def motivation(facts: PullFacts, told: tuple[Quote, ...] = ()) -> tuple[Quote, ...]:
    """At most four sentences of the description and the titles of the closed issues; may be empty.

    What is ``told`` already, as a step of the implementation, is not repeated.
    """
    known = {quote.text for quote in told}
    title = _gist(read_title(facts.title).rest)
    quotes = _quoted(facts.body, Source.BODY, title) or _from_commits(facts, title)
    return (*[quote for quote in quotes if quote.text not in known][:QUOTES], *_issues(facts))


def _quoted(text: str, source: Source, title: frozenset[str]) -> list[Quote]:
    found = (sentence for sentence in _candidates(text) if not _repeats(sentence, title))
    return [Quote(text=clip(sentence), source=source) for sentence in dict.fromkeys(found)]


def _from_commits(facts: PullFacts, title: frozenset[str]) -> list[Quote]:
    """What the only commit says in whole sentences; of several, each speaks of a detail."""
    if facts.commit_count != 1 or len(facts.commits) != 1:
        return []
    found = _quoted(facts.commits[0].body, Source.COMMIT, title)
    return [quote for quote in found if quote.text[-1] in _SENTENCE_ENDS]


def _issues(facts: PullFacts) -> tuple[Quote, ...]:
    return tuple(
        Quote(text=clip(plain(issue.title)), source=Source.ISSUE, number=issue.number)
        for issue in facts.issues[:ISSUES]
        if issue.repository is None and issue.title.strip()
    )


def _candidates(body: str) -> list[str]:
    found = passages(body)
    preferred = [part for part in found if _is_preferred(part)]
    chosen = preferred or [part for part in found if not _AVOIDED.search(part.heading)]
    return [
        sentence
        for part in chosen
        for position, sentence in enumerate(part.sentences)
        if _says_something(sentence) and not (part.is_item and position == 0 and _is_label(part, sentence))
    ]


def _is_preferred(part: Passage) -> bool:
    return not part.heading or bool(_PREFERRED.search(part.heading))


def _is_label(part: Passage, sentence: str) -> bool:
    """Whether a list item opens with a heading or a commit's headline, which a step quotes."""
    is_heading = len(part.sentences) > 1 and sentence[-1] not in ".!?。！？"
    return is_heading or bool(read_title(sentence).kinds)


def _says_something(sentence: str) -> bool:
    if sentence.lower().strip(" .:*_-") in _EMPTY or sentence.rstrip().endswith((":", "：")):
        return False
    if _REVERTS.match(sentence) or (_POINTER.match(sentence) and len(sentence) < 120):
        return False
    wide = sum(1 for character in sentence if is_wide(character))
    return len(sentence.split()) >= 4 or wide >= 6


def _gist(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in _LETTERS.findall(text.lower()) if word not in _FILLER)


def _repeats(sentence: str, title: frozenset[str]) -> bool:
    """Whether a sentence says only what the title says."""
    return bool(title) and _gist(sentence) <= title
