"""Errors that are hidden, and code that says itself that it is not there yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.lines import Line, evidence_of, is_code, new_side, suffix
from bot.inference.messages import counted, names
from bot.inference.places import Place, python_places
from bot.inference.rules.finding import Context, Finding
from bot.model import FileChange, RiskKey, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_RAISE = re.compile(r"\s*raise NotImplementedError\b")
_ABSTRACT = re.compile(r"abstract|Base|ABC|Protocol|Interface|Mixin|overload")
_CALLED = re.compile(r"(?<!def )\b(\w{1,100})\(")
_BASES = re.compile(r"\bclass \w{1,100}\(([^()]{0,300})")
_WORD = re.compile(r"\w+")
_STUBS = {
    "rs": re.compile(r"\b(?:todo|unimplemented)!\s?\("),
    "kt": re.compile(r"(?<![\w.])TODO\("),
    "cs": re.compile(r"throw new (?:System\.)?NotImplementedException\b"),
    "java": re.compile(r"throw new UnsupportedOperationException\(\"(?i:not (?:yet )?implemented|todo)"),
    "go": re.compile(r"(?<![\w.])panic\(\"(?i:not (?:yet )?implemented|unimplemented|todo)"),
    "swift": re.compile(r"(?<![\w.])fatalError\(\"(?i:not (?:yet )?implemented|todo)"),
}
_SCRIPT_STUB = re.compile(r"throw new Error\([\"'`](?i:[\w. ]{0,40}not (?:yet )?implemented|todo)")
_SCRIPTS = frozenset({"js", "jsx", "ts", "tsx", "mjs", "cjs", "vue", "svelte"})
_BROAD = re.compile(r"\s*except(?:\s+\(?(?:Exception|BaseException)\)?(?:\s+as\s+\w+)?)?\s*:\s*(\S.*)?$")
_NOTHING = frozenset({"pass", "continue", "..."})
_EMPTY_CATCH = re.compile(
    r"\bcatch\s?(?:\([^()]{0,200}\))?\s?\{\s?\}|\.catch\(\s?\(\w{0,20}\)\s?=>\s?\{\s?\}\s?\)"
)
_BRACED = _SCRIPTS | {"java", "cs", "kt", "swift", "dart", "php", "cpp", "cc", "scala"}


class _Stub(NamedTuple):
    line: Line
    name: str
    called: bool


def not_implemented(context: Context) -> Finding | None:
    """A function whose body only says that it is not implemented, outside anything marked abstract."""
    stubs = [stub for file in context.sources() for stub in _stubs(context, file)]
    if not stubs:
        return None
    return Finding(
        rule="not-implemented",
        key=RiskKey.ERROR_HANDLING,
        severity=Severity.MEDIUM if any(stub.called for stub in stubs) else Severity.LOW,
        explanation=counted(
            "insight.risk.not_implemented", len(stubs), symbols=names([stub.name for stub in stubs])
        ),
        evidence=evidence_of(stub.line for stub in stubs),
    )


def _stubs(context: Context, file: FileChange) -> Iterator[_Stub]:
    ending = suffix(file.path)
    if ending == "py":
        yield from _python_stubs(context, file)
        return
    pattern = _SCRIPT_STUB if ending in _SCRIPTS else _STUBS.get(ending)
    if pattern is None:
        return
    for line in context.standing(context.new_code(file)):
        match = pattern.search(line.text)
        if match and is_code(line, match.start()):
            yield _Stub(line, _symbol_above(file, line.number), called=True)


def _symbol_above(file: FileChange, number: int) -> str:
    """The nearest touched symbol that begins above a line; the file's name if there is none."""
    above = [symbol for symbol in file.symbols if symbol.line is not None and symbol.line <= number]
    return max(above, key=lambda symbol: symbol.line or 0).name if above else file.path.rsplit("/", 1)[-1]


def _python_stubs(context: Context, file: FileChange) -> Iterator[_Stub]:
    raising = context.standing(line for line in context.new_code(file) if _RAISE.match(line.text))
    if not raising:
        return
    merged = context.texts.get(file.path)
    places = python_places(file, merged)
    text = merged.text if merged else "\n".join(line.text for line, _ in new_side(file))
    called = set(_CALLED.findall(text))
    bases = {name for found in _BASES.findall(text) for name in _WORD.findall(found)}
    for line in raising:
        place = places.get(line.number)
        if place and place.function and _is_stub(place, bases):
            yield _Stub(line, place.name or place.function.name, called=place.function.name in called)


def _is_stub(place: Place, bases: set[str]) -> bool:
    """Nothing but documentation precedes the line, and neither function nor class serves as a base."""
    if place.in_string or not place.only_docs_above:
        return False
    return not any(_ABSTRACT.search(scope.header) or scope.name in bases for scope in place.scopes)


def swallowed(context: Context) -> Finding | None:
    """A handler for every error that does nothing."""
    hits = context.standing(line for file in context.sources() for line in _swallowed_in(context, file))
    if not hits:
        return None
    return Finding(
        rule="swallowed-errors",
        key=RiskKey.ERROR_HANDLING,
        severity=Severity.MEDIUM if any(_catches_all(line) for line in hits) else Severity.LOW,
        explanation=counted("insight.risk.swallowed", len(hits)),
        evidence=evidence_of(hits),
    )


def _catches_all(line: Line) -> bool:
    stripped = line.text.strip()
    return stripped.startswith(("except:", "except BaseException", "except :"))


def _swallowed_in(context: Context, file: FileChange) -> Iterator[Line]:
    ending = suffix(file.path)
    if ending in _BRACED:
        for line in context.new_code(file):
            match = _EMPTY_CATCH.search(line.text)
            if match and is_code(line, match.start()):
                yield line
    if ending != "py":
        return
    side = list(new_side(file))
    for index, (line, is_added) in enumerate(side):
        match = _BROAD.match(line.text) if is_added else None
        if match and not context.was_moved(line.text) and _does_nothing(side, index, match.group(1)):
            yield line


def _does_nothing(side: list[tuple[Line, bool]], index: int, on_line: str | None) -> bool:
    """Whether the handler's whole body, as far as the hunk shows it, is ``pass`` or the like."""
    if on_line:
        return on_line.split("#", 1)[0].strip() in _NOTHING
    opening = side[index][0]
    depth = len(opening.text) - len(opening.text.lstrip())
    body: list[str] = []
    for expected, (line, _) in enumerate(side[index + 1 : index + 8], opening.number + 1):
        code = line.text.split("#", 1)[0].strip()
        if line.number != expected or (code and len(line.text) - len(line.text.lstrip()) <= depth):
            break
        if code:
            body.append(code)
    return bool(body) and all(code in _NOTHING for code in body)
