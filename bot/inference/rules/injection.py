"""Text that tries to instruct an automatic reader of the pull request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.lines import Line, added_lines, evidence_of
from bot.inference.messages import counted
from bot.inference.prose import without_code
from bot.inference.rules.finding import Context, Finding
from bot.inference.sentences import clip
from bot.model import Evidence, FileKind, PullFacts, RiskKey, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT_LIMIT = 65_536
_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\s(?:\w{1,12}\s){0,4}?(?:previous|prior|above|earlier|preceding|system|existing|your|initial)\s"
    r"(?:\w{1,12}\s){0,2}?(?:instructions?|prompts?|rules|directions|guidelines|constraints)\b|"
    r"(?:忽略|无视|忘记|忘掉|不要理会|绕过|覆盖).{0,6}(?:之前|以上|上述|上面|前面|先前|此前|系统|所有|原有|你的).{0,6}(?:指令|指示|提示词?|规则|要求|设定|约束)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\byou are (?:now|no longer) (?:an?|the|bound|in)\s(?:\w{1,15}\s){0,3}?(?:assistant|ai|model|"
    r"reviewer|bot|agent|admin\w*|by|developer mode|dan)\b|"
    r"\bfrom now on,? you (?:are|must|will|should)\b|(?:你现在是|从现在起?开始?,?，?你(?:是|必须|要|"
    r"将)|你不再是)",
    re.IGNORECASE,
)
_EXTRACT = re.compile(
    r"\b(?:reveal|print|show|output|repeat|leak|dump|disclose)\s(?:\w{1,10}\s){0,3}?(?:your|"
    r"the)\s(?:full\s|entire\s|hidden\s)?(?:system prompt|initial instructions|instructions above)\b|"
    r"(?:输出|打印|泄露|显示|重复|告诉我).{0,6}(?:系统提示|系统指令|初始指令)",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"\b(?:set|mark|rate|report|classify|label|score|assess|treat)\s(?:\w{1,12}\s){0,4}?(?:risks?|"
    r"severity|importance|score|change|pull request|pr|diff)\s(?:\w{1,12}\s){0,2}?(?:to|as|"
    r"at)\s(?:low|none|zero|0|safe|trivial|harmless|minimal|10\b)|"
    r"\b(?:do not|don't|never|must not)\s(?:report|mention|flag|list|raise|"
    r"include)\s(?:\w{1,12}\s){0,4}?(?:risks?|vulnerabilit\w+|findings?|security issues?)\b|"
    r"风险.{0,6}(?:设|标记|评|定|改|降).{0,3}(?:为|成|到).{0,2}(?:低|无|零)|(?:不要|请勿|禁止|不得)(?:报告|提及|标记|指出).{0,6}(?:风险|漏洞|问题)",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(
    r"\b(?:note|message|instructions?|attention|important|notice)\s?(?:to|for)?[:,]?\s(?:all\s|any\s|the\s)?(?:ai|llm|automated|automatic)\s(?:code\s)?(?:review\w*|agents?|assistants?|models?|readers?|tools?|bots?)\b|"
    r"\b(?:ai|llm|automated)\s(?:code\s)?(?:reviewers?|assistants?|agents?|models?|readers?)\s(?:must|"
    r"should|shall|please|have to|are instructed)\b|"
    r"(?:致|给|请)?(?:AI|大模型|自动(?:审查|评审|阅读)).{0,4}(?:必须|应当|请务必|注意[:：])",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"<\|(?:im_start|system|start_header_id)\|>|^\s{0,3}\[/?INST\]|</?(?:system|system_prompt|assistant)>|^\s{0,3}#{0,6}\s?(?:system|assistant)\s?(?:prompt|message)?:\s\S",
    re.IGNORECASE | re.MULTILINE,
)
_PROSE = (_OVERRIDE, _ROLE, _EXTRACT, _LOWER, _ADDRESSED)
_QUICK = re.compile(r"ignore|disregard|forget|override|bypass|忽略|无视|忘|不要理会|绕过|覆盖", re.IGNORECASE)
_QUOTES = "\"'“”‘’「」『』`"
_EVIDENCE = 5


class _Hit(NamedTuple):
    evidence: Evidence
    lowers: bool


def prompt_injection(context: Context) -> Finding | None:
    """Somebody's text tells an automatic reader what to do; heavier when it asks to hide a risk."""
    hits = [*_prose_hits(context.facts), *_line_hits(context)]
    if not hits:
        return None
    return Finding(
        rule="instructions-to-readers",
        key=RiskKey.PROMPT_INJECTION,
        severity=Severity.HIGH if any(hit.lowers for hit in hits) else Severity.MEDIUM,
        explanation=counted("insight.risk.injection", len(hits)),
        evidence=tuple(hit.evidence for hit in hits[:_EVIDENCE]),
    )


def _prose_hits(facts: PullFacts) -> Iterator[_Hit]:
    for text, evidence in _texts(facts):
        yield from _hit_in(text, evidence)


def _texts(facts: PullFacts) -> Iterator[tuple[str, Evidence]]:
    """Everything people wrote about the change; what bots wrote often does address other bots."""
    yield facts.title, Evidence(number=facts.number)
    yield facts.body, Evidence(number=facts.number)
    for commit in facts.commits:
        yield f"{commit.headline}\n{commit.body}", Evidence(commit=commit.sha)
    for comment in facts.comments:
        if not comment.author.is_bot and comment.id != facts.own_comment_id:
            yield comment.body, Evidence(comment_id=comment.id)
    for thread in facts.threads:
        for remark in thread.remarks:
            if not remark.author.is_bot:
                yield remark.body, Evidence(thread_id=thread.id, comment_id=remark.id)
    for review in facts.reviews:
        if not review.author.is_bot:
            yield review.body, Evidence(review_id=review.id)


def _hit_in(text: str, evidence: Evidence) -> Iterator[_Hit]:
    whole = text[:TEXT_LIMIT]
    found = [
        match for pattern in _PROSE if (match := pattern.search(whole)) and not _is_mentioned(whole, match)
    ]
    turn = _TURN.search(without_code(whole))
    if found or turn:
        match = found[0] if found else turn
        quote = _sentence_around(match) if match else ""
        yield _Hit(evidence.model_copy(update={"quote": quote}), lowers=any(m.re is _LOWER for m in found))


def _is_mentioned(text: str, match: re.Match[str]) -> bool:
    """Whether the phrase is only named: it stands by itself between quotes or in a code span."""
    before, after = (
        text[: match.start()].rstrip()[-1:],
        text[match.end() : match.end() + 3].lstrip(" .!…")[:1],
    )
    return bool(before and after) and before in _QUOTES and after in _QUOTES


def _sentence_around(match: re.Match[str]) -> str:
    text = match.string
    start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 80)
    end = text.find("\n", match.end())
    return clip(" ".join(text[start : min(len(text) if end < 0 else end, match.end() + 160)].split()))


def _line_hits(context: Context) -> Iterator[_Hit]:
    """Added lines, where only an override together with a demand about this review counts."""
    hits: list[Line] = []
    for file in context.facts.files:
        if file.kind in {
            FileKind.TEST,
            FileKind.GENERATED,
            FileKind.VENDORED,
            FileKind.LOCK,
            FileKind.BINARY,
            FileKind.IGNORED,
        }:
            continue
        before = ""
        for line in added_lines(file):
            both = before + " " + line.text
            if (
                _QUICK.search(both)
                and _OVERRIDE.search(both)
                and (_LOWER.search(both) or _ADDRESSED.search(both))
            ):
                hits.append(line)
                both = ""
            before = both[-len(line.text) :] if both and line.text else ""
    yield from (_Hit(evidence, lowers=True) for evidence in evidence_of(context.standing(hits)))
