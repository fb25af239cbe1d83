"""Whether a sentence says what a pull request does not: that it adds, removes, keeps, takes back or mends."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_A: Final = re.IGNORECASE | re.ASCII


class _Direction(NamedTuple):
    """A direction as a clause says it, and what of a pull request bears it out: its words or its tags."""

    said: re.Pattern[str]
    borne: re.Pattern[str]
    tags: frozenset[str]


def _direction(said: str, more: str = "", *tags: str) -> _Direction:
    return _Direction(
        re.compile(said, _A), re.compile(f"{said}|{more}" if more else said, _A), frozenset(tags)
    )


_ALL: Final = (
    _direction(
        r"\badd(?:s|ed|ing)?\b|\bintroduc(?:e|es|ed|ing)\b|\bcreat(?:es|ed)\b|\bgains?\b|新增|添加|引入|增加了?(?!了?[^，。]{0,6}[%倍])",
        r"\bnew\b|\bsupport|\ballow|\benabl|\bimplement|\bfeat|\baccept|\bus(?:e|es|ing)\b|\bswitch|支持|启用|允许|实现|采用|改用",
        "feature",
    ),
    _direction(
        r"\benabl(?:e|es|ed|ing)\b|启用|开启", r"\ballow|\bsupport|\badd|\bturn(?:s|ed)? on|支持|允许"
    ),
    _direction(
        r"\bremov(?:e|es|ed|ing|al)\b|\bdelet(?:e|es|ed|ing|ion)\b|\bdrop(?:s|ped|ping)?\b|\babandon(?:s|ed)?\b|"
        r"移除|删除|去掉|放弃|废除",
        r"\bgone\b|\bno longer\b|\bclean|\breplac|清理|不再",
        "cleanup",
    ),
    _direction(r"\bdisabl(?:e|es|ed|ing)\b|禁用|停用|关闭了", r"\boff\b|\bskip|\bremove|关闭|移除"),
    _direction(r"\bke(?:ep|eps|pt)\b|\bretain(?:s|ed)?\b|\bpreserv(?:es|ed)\b|保留"),
    _direction(
        r"\brevert(?:s|ed|ing)?\b|\broll(?:s|ed|ing)?\sback\b|\breturn(?:s|ed)?\s(?:from|to)\b|\bdowngrad(?:es|ed)\b|"
        r"\brestor(?:es|ed)\b|回滚|回退|撤销|撤回|降级|恢复到",
        "",
        "revert",
    ),
    _direction(
        r"\bfix(?:es|ed|ing)?\b|\brepair(?:s|ed)?\b|\bresolv(?:es|ed)\b|修复|修正",
        r"\bbug|\bhot.?fix|wrong|incorrect|broken|fail|error|crash|错误|失败",
        "bugfix",
    ),
)


_SIGNS: Final = {
    "+": re.compile(
        r"\badd(?:s|ed|ing)?\b|\bintroduc(?:e|es|ed|ing)\b|\benabl(?:e|es|ed|ing)\b|\bsupport(?:s|ed)?\b|"
        r"\ballow(?:s|ed)?\b|\bke(?:ep|eps|pt)\b|新增|添加|引入|启用|开启|支持|保留|允许",
        _A,
    ),
    "-": re.compile(
        r"\bremov(?:e|es|ed|ing|al)\b|\bdelet(?:e|es|ed|ing)\b|\bdrop(?:s|ped|ping)?\b|\bdisabl(?:e|es|ed|ing)\b|"
        r"移除|删除|去掉|放弃|禁用|停用|关闭",
        _A,
    ),
}
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,60}", re.ASCII)


def unborne(clause: str, material: str, tags: Collection[str]) -> Iterator[str]:
    """Why ``clause`` says of one pull request what neither its words nor its ``tags`` bear out."""
    for direction in _ALL:
        said = direction.said.search(clause)
        if said and not direction.tags.intersection(tags) and not direction.borne.search(material):
            yield f"“{said[0]}”: its block does not say so"


def turned(clause: str, own: str) -> str | None:
    """Why ``clause`` says the opposite of what a pull request says (``own``) of the same things.

    What stands in ``own`` after a word such as ``disable`` is disabled, up to the next such word.
    """
    says = {sign for sign, pattern in _SIGNS.items() if pattern.search(clause)}
    if len(says) != 1:
        return None
    words = {word.lower() for word in _WORD.findall(clause)}
    found = {sign for word, sign in _signed(own) if word in words}
    (said,) = says
    if found and said not in found:
        return f"its block says the opposite of “{clause.strip()[:60]}”"
    return None


def _signed(own: str) -> Iterator[tuple[str, str]]:
    """The words of a text that stand after one that adds or removes, and which of both it is."""
    marks = sorted(
        (match.start(), sign) for sign, pattern in _SIGNS.items() for match in pattern.finditer(own)
    )
    for (start, sign), (end, _) in pairwise([*marks, (len(own), "")]):
        yield from ((word.lower(), sign) for word in _WORD.findall(own[start:end])[1:])
