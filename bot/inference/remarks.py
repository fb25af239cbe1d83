"""What a review remark says in a sentence or two, and whether it is praise, thanks or an acknowledgement."""

from __future__ import annotations

import re
from itertools import islice

from bot.inference.prose import passages, without_markup
from bot.inference.sentences import clip, plain

REMARK_LIMIT = 240
_MOST_LINES = 200  # of a remark that says nothing, so many lines are looked at
_SUGGESTION = re.compile(r"```[ \t]{0,4}suggestion[^\n]{0,50}\n")
_BADGE_WORDS = frozenset(
    {
        "potential",
        "issue",
        "nitpick",
        "nit",
        "major",
        "minor",
        "critical",
        "trivial",
        "high",
        "medium",
        "low",
        "priority",
    }
    | {
        "refactor",
        "suggestion",
        "security",
        "warning",
        "bug",
        "outside",
        "diff",
        "range",
        "verification",
        "agent",
        "p0",
    }
    | {
        "p1",
        "p2",
        "p3",
        "severity",
        "info",
        "important",
        "quick",
        "win",
        "heavy",
        "lift",
        "poor",
        "tradeoff",
        "effort",
    }
)
_LETTERS = re.compile(r"[^\W_]+")
_PRAISE = re.compile(
    r"(?:\W++|lgtm|looks? (?:very )?(?:good|great|fine|nice)|sgtm|sounds good|ship it|nice(?: one|"
    r" work| catch| job)?|great(?: work| job| catch)?|"
    r"good(?: job| work| catch)?|awesome|cool|love (?:it|this)|perfect|well done|"
    r"thanks?(?: you)?(?: a lot| so much| very much)?|thx|"
    r"ty|to me|approved?|不错|很好|赞|好的|感谢|谢谢|辛苦了|没问题|可以)++",
    re.IGNORECASE,
)
_ACKNOWLEDGED = re.compile(
    r"\W{0,5}(?:ok(?:ay)?|done|fixed|addressed|added|updated|removed|changed|renamed|moved|resolved|reverted|applied|implemented|"
    r"good (?:catch|point|idea)|great (?:catch|point|idea)|nice catch|makes sense|make sense|got it|"
    r"i see|agreed?|sure|will (?:do|fix|"
    r"revise|change|update|add|remove)|thanks?|thank you|sounds good|lgtm|sgtm|fair(?: enough|"
    r" point)?|right|yes|yep|yeah|no problem|"
    r"np|never ?mind|this is (?:fixed|done)|it is (?:fixed|done)|已|好的|收到|改了|修复|谢谢|感谢|"
    r"明白|了解|没问题|同意|可以)",
    re.IGNORECASE,
)


def excerpt(body: str) -> str:
    """The first sentences of a remark, word for word, in at most 240 characters; may be empty.

    Badges, images, HTML, folded details, quoted text and code blocks are left out. A remark that is
    only a suggestion gives the first line that it suggests, one that is only code its first line.
    """
    found = passages(body, has_template=False)
    kept = [
        sentence
        for part in found
        if not part.is_quote
        for sentence in part.sentences
        if not _is_badge(sentence)
    ]
    if not kept:
        return clip(_suggested(body) or _first_words(body), REMARK_LIMIT)
    text = kept[0]
    for sentence in kept[1:]:
        if len(text) + 1 + len(sentence) > REMARK_LIMIT:
            break
        text = f"{text} {sentence}"
    return clip(text, REMARK_LIMIT)


def _is_badge(sentence: str) -> bool:
    words = [word.lower() for word in _LETTERS.findall(sentence)]
    return not words or (len(words) <= 8 and all(word in _BADGE_WORDS for word in words))


def _suggested(body: str) -> str:
    match = _SUGGESTION.search(body.replace("\r\n", "\n"))
    if match is None:
        return ""
    lines = body.replace("\r\n", "\n")[match.end() :].split("```", 1)[0].split("\n")
    return next((line.strip() for line in lines if line.strip()), "")


def _first_words(body: str) -> str:
    """The first line of a remark that is only code, a list of tasks or a heading."""
    lines = (line.strip() for line in without_markup(body).split("\n"))
    said = islice((line for line in lines if line and not line.startswith(("```", "~~~"))), _MOST_LINES)
    found = (plain(line.lstrip("#>|-*+ ")) for line in said)
    return next((words for words in found if _LETTERS.search(words) and not _is_badge(words)), "")


def is_praise(text: str) -> bool:
    """Whether a remark is nothing but approval or thanks."""
    return bool(_PRAISE.fullmatch(text.strip()[:REMARK_LIMIT]))


def acknowledges(text: str) -> bool:
    """Whether a reply opens with thanks, agreement or the report that it is done."""
    return bool(_ACKNOWLEDGED.match(text)) or is_praise(text)
