"""Matters that a sentence about a period must not bring up: faults and effects that no block speaks of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_A: Final = re.IGNORECASE | re.ASCII

_SPEED: Final = (
    r"\bperf(?:ormance)?\b|\bfaster\b|\bslow|\bspeed|\blatenc|\bthroughput|\boverhead|\boptimi[sz](?!er)|"
    r"性能|提速|加速|变慢|吞吐|延迟|开销|优化(?!器)"
)
_BREAKS: Final = r"compatib|\bbreak(?:s|ing)?\b|\bbroken?\b|不兼容|兼容|破坏性"
_FAILS: Final = "报错"
# A sentence that has the words of a row needs material that has words of the same row.
_ROWS: Final = tuple(
    re.compile(words, _A)
    for words in (
        r"\bcrash|\bsegfault|\bpanic|崩溃|段错误",
        r"\bhangs?\b|\bhung\b|\bstuck\b|dead.?lock|卡死|卡住|死锁|挂起",
        r"\bdata.loss|\blos(?:e|es|t|ing)\b[^.;]{0,20}\bdata|corrupt|数据丢失|丢失数据|损坏",
        r"\bdivi(?:de[sd]?|ding|sion)\b[^.;]{0,12}\bzero|\bZeroDivision|除零|除以零|零除",
        r"\bmemor(?:y|ies)\b|\bOOM\b|\bleak|内存|显存|泄[漏露]",
        _SPEED,
        r"\bsecur|vulnerab|\binject|\bunsafe|\buntrusted|\battack|weights_only|安全|漏洞|注入|攻击",
        r"\brac(?:e|es|y)\b|\bconcurren|thread.?safe|竞态|竞争条件|并发|线程安全",
        r"\btime.?outs?\b|超时",
        _BREAKS,
        _FAILS,
        r"\b(?:un|not\s(?:yet\s)?)implemented|\bstubs?\b|未实现|尚未实现|空实现",
        r"\brevert|\broll(?:s|ed|ing)?.?back|回滚|撤销",
        r"deprecat|弃用|废弃",
        r"\bprecision\b|\baccura|精度|不收敛|收敛(?:速度|性|问题)",
        r"\bmigrat|迁移",
        r"\bdefaults?\b|默认",
        r"\bwrong|\bincorrect|\bmistaken|错误",
        r"\bflags?\b|开关",
        r"\b(?:always|never)\b|总是|始终|从不|永远",
        r"\bonly\s(?:support|work|run)s?\b|[只仅](?:支持|适用|能)",
        r"\bexceptions?\b|\w{2,40}Error\b|\braises?\b|异常",
        r"\bencrypt|\bauthenticat|\bauthori[sz]|\bcredential|\bpermission|加密|鉴权|认证|权限|凭证",
    )
)
_MAY_BREAK: Final = re.compile(rf"{_BREAKS}|remove|delete|rename|drop|requir|移除|删除", _A)
# Words of a row that other words bear out: what is gone or renamed breaks those who use it.
_BORNE: Final = {
    _BREAKS: _MAY_BREAK,
    _FAILS: re.compile(
        rf"{_FAILS}|\berror|Error\b|\bfail|exception|raise|错误|失败|异常|{_MAY_BREAK.pattern}", _A
    ),
}
_COMPARED: Final = re.compile(
    r"\b(?:last|previous|prior|past|earlier)\s(?:week|month|period|quarter)|\bcompared\s(?:to|with)\b|"
    r"\bweek.over.week\b|\b(?:up|down)\sfrom\b|\b(?:more|fewer|less)\b[^.;]{0,40}\bthan\s(?:last|before|usual)|"
    r"\b(?:most|majority|half|third|quarter)\sof\s(?:the\s)?(?:pull\srequests|changes|merges|commits|work|PRs?)\b|"
    r"上周|上月|上个月|环比|同比|较上|相比上|大多数|过半|一半|占比|主导了|最多",
    _A,
)
_VAGUE: Final = re.compile(
    r"\b(?:solid|good|strong)\sfoundation|\blay(?:s|ing)?\s(?:a|the)\sfoundation|打下|奠定|"
    r"\bneeds?\s(?:close\s|further\s)?(?:attention|monitoring)|\b(?:should|must)\sbe\s(?:closely\s|carefully\s)?"
    r"(?:monitored|watched|tested\s(?:thoroughly|carefully))|持续(?:关注|监控|观察|优化)|加强(?:测试|监控|管理)|"
    r"密切关注|\boverall\b|整体(?:而言|上|来看)|总体(?:而言|上|来看)|积极|"
    r"(?:improv\w{1,4}|enhanc\w{1,4}|increas\w{1,4})\s(?:the\s|overall\s){0,2}"
    r"(?:stability|maintainability|reliability|robustness|quality|efficiency)|"
    r"simplif\w{1,4}\s(?:the\s)?(?:maintenance|architecture)|reduc\w{1,3}\s(?:the\s|code\s){0,2}complexity|"
    r"简化了?(?:架构|维护)|(?:减少|降低)了?(?:代码)?(?:复杂度|维护)|(?:提升|提高|增强|改善)了?(?:系统)?(?:的)?(?:稳定性|可维护性|可靠性|健壮性|质量|效率)",
    _A,
)
_GUESSED: Final = re.compile(
    r"\bmight\b|\bcould\b|\bmay\s(?!be\b)|\bpotential(?:ly)?\b|\bpossibl[ey]\b|可能|潜在|或将|恐", _A
)
_FIRST: Final = re.compile(r"\bfirst[- ](?:time\b|contribution)|\bnew\scontributor|首次贡献|新贡献者", _A)


def unspoken(text: str, material: str) -> Iterator[str]:
    """Why a sentence may not bring up what it does: nothing of it is in ``material``, or it says nothing."""
    for row in _ROWS:
        found = row.search(text)
        if found and not _BORNE.get(row.pattern, row).search(material):
            yield f"no block of these pull requests speaks of “{found[0]}”"
    found = _COMPARED.search(text)
    if found and found[0].lower() not in material.lower():
        yield f"“{found[0]}” compares or counts: such figures stand beside the text"
    found = _VAGUE.search(text)
    if found and found[0].lower() not in material.lower():
        yield f"“{found[0]}” fits every period: say what changed"


def guessed(text: str) -> str | None:
    """The word by which a sentence says that something may go wrong, if it says so."""
    found = _GUESSED.search(text)
    return found[0].strip() if found else None


def is_of_a_newcomer(text: str) -> bool:
    """Whether a sentence says that somebody contributed for the first time."""
    return bool(_FIRST.search(text))
