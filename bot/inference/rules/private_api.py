"""What another module keeps private, used where a line shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bot.inference.lines import Line, evidence_of, is_code, new_side, suffix
from bot.inference.messages import counted, names
from bot.inference.rules.finding import Context, Finding
from bot.model import FileChange, PullFacts, RiskKey, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

_FROM = re.compile(r"\s*from\s+([A-Za-z_][\w.]{0,200})\s+import\s+\(?([\w*, ]{1,500})")
_IMPORT = re.compile(r"\s*import\s+([A-Za-z_][\w.]{0,200})(?:\s+as\s+(\w+))?")
_ACCESS = re.compile(r"(?<![\w.])([A-Za-z]\w{0,80})((?:\.[A-Za-z]\w{0,80}){0,4}\._[A-Za-z]\w{0,80})\b")
_REFLECTION = re.compile(r"\.setAccessible\(\s?true\b|\bBindingFlags\.NonPublic\b")
# Underscored by history, and yet documented for use.
_DOCUMENTED = frozenset(
    {"os._exit", "sys._getframe", "sys._current_frames", "sys._MEIPASS", "ctypes._SimpleCData"}
)


class _Use(NamedTuple):
    line: Line
    name: str
    foreign: bool


def private_api(context: Context) -> Finding | None:
    """Added code imports a ``_private`` name, or reaches into a ``_private`` attribute of a library."""
    own = _own_packages(context.facts)
    uses = [use for file in context.sources() for use in _uses(context, file, own)]
    uses.sort(key=lambda use: not use.foreign)
    if not uses:
        return None
    foreign = uses[0].foreign
    shown = [use for use in uses if use.foreign is foreign]
    return Finding(
        rule="private-names",
        key=RiskKey.PRIVATE_API,
        severity=Severity.MEDIUM if foreign else Severity.LOW,
        explanation=counted(
            "insight.risk.private.foreign" if foreign else "insight.risk.private.own",
            len(shown),
            symbols=names([use.name for use in shown]),
        ),
        evidence=evidence_of(use.line for use in uses),
    )


def _own_packages(facts: PullFacts) -> frozenset[str]:
    """The names under which the repository's own code may be imported, as far as its paths tell."""
    parts = {part for file in facts.files for part in file.path.split("/")[:3]}
    stems = {part.rsplit(".", 1)[0] for part in parts}
    return frozenset(stems | {facts.repository.full_name.rsplit("/", 1)[-1].replace("-", "_").lower()})


def _uses(context: Context, file: FileChange, own: frozenset[str]) -> Iterator[_Use]:
    ending = suffix(file.path)
    if ending in {"java", "kt", "cs"}:
        for line in context.standing(context.new_code(file)):
            match = _REFLECTION.search(line.text)
            if match:
                yield _Use(line, match.group().strip(".("), foreign=True)
    if ending != "py":
        return
    code = context.standing(line for line in context.new_code(file) if "_" in line.text)
    if not code:
        return
    modules = _imported(context, file, own)
    package = file.path.rsplit("/", 1)[0].replace("/", ".")
    for line in code:
        yield from _imports(line, own, package)
        yield from _accesses(line, modules)


def _imports(line: Line, own: frozenset[str], package: str) -> Iterator[_Use]:
    match = _FROM.match(line.text)
    if match is None:
        return
    module = match.group(1)
    foreign = module.split(".", 1)[0] not in own and not module.startswith("_")
    parts = [part for part in module.split(".") if _is_private(part)]
    taken = [name.strip().split(" ", 1)[0] for name in match.group(2).split(",")]
    wanted = [name for name in taken if _is_private(name)]
    if not foreign and (not wanted or package.endswith(module.rsplit(".", 1)[0]) or module.startswith("_")):
        return
    if parts or wanted:
        yield _Use(line, f"{module}.{(wanted or taken)[0]}", foreign)


def _accesses(line: Line, modules: dict[str, str]) -> Iterator[_Use]:
    for match in _ACCESS.finditer(line.text):
        module = modules.get(match.group(1))
        if module is None or not is_code(line, match.start()):
            continue
        name = module + match.group(2)
        if name not in _DOCUMENTED:
            yield _Use(line, name, foreign=True)


def _imported(context: Context, file: FileChange, own: frozenset[str]) -> dict[str, str]:
    """The foreign modules that ``file`` imports whole, by the name it uses for them."""
    merged = context.texts.get(file.path)
    lines = merged.lines if merged else [line.text for line, _ in new_side(file)]
    found: dict[str, str] = {}
    for text in lines:
        match = _IMPORT.match(text[:300])
        if match and match.group(1).split(".", 1)[0] not in own:
            module = match.group(1) if match.group(2) else match.group(1).split(".", 1)[0]
            found[match.group(2) or module] = module
    return found


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and len(name) > 1
