"""How a definition looks in each language: one line, one expression, a kind and a name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# Longer lines are data; the cut also bounds what an expression can cost.
LONGEST_LINE = 400


class Found(NamedTuple):
    """A definition in a line; ``owner`` is the type that the line itself says it belongs to."""

    kind: str
    name: str
    owner: str | None
    public: bool


class Language(NamedTuple):
    """The expressions of a language in the order they are tried, and what is public in it.

    An expression has a group ``name``; it may have ``owner`` and ``kind`` (else its own kind holds).
    ``closers`` begin lines that still belong to the definition at whose indent they stand.
    """

    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    is_public: Callable[[str, str], bool]
    closers: tuple[str, ...]

    def find(self, line: str) -> Found | None:
        """The definition that ``line`` begins, or ``None``."""
        text = line[:LONGEST_LINE]
        for kind, pattern in self.patterns:
            match = pattern.match(text)
            if match and match["name"] not in _NO_NAMES:
                groups = match.groupdict()
                public = self.is_public(match["name"], text)
                return Found(groups.get("kind") or kind, match["name"], groups.get("owner"), public)
        return None


# Words that stand before a bracket and define nothing.
_NO_NAMES = frozenset(
    {
        "if", "else", "elif", "for", "foreach", "while", "switch", "catch", "do", "try", "with", "return",
        "new", "throw", "await", "yield", "function", "using", "lock", "fixed", "when", "match", "sizeof",
        "typeof", "super", "this", "assert", "defined", "synchronized", "delete", "case", "until", "unless",
    }
)  # fmt: skip
_WORDS = (
    r"\s*+(?:@[\w.]+(?:\([^()]*\))?\s+){0,4}?(?:(?:public|private|protected|internal|fileprivate|open|static|final"
    r"|abstract|virtual|override|async|sealed|synchronized|native|default|extern|partial|unsafe|readonly|inline"
    r"|suspend|operator|infix|tailrec|data|inner|companion|export|declare|mutating|class|const|required"
    r"|convenience|pub|crate|indirect|local)(?:\([^()]*\))?\s+){0,6}?"
)
_TYPE = _WORDS + r"(?P<kind>%s)\s+(?P<name>[\w$]+)"
_IMPL = r"\s*+(?:unsafe\s+)?impl\b(?:<[^{]*?>)?\s+"
_ARGUMENTS = r"\((?:[^()]|\([^()]*+\))*+\)"
_BRACES = ("}", ")", "]", "{", "#")


def _python_public(name: str, _: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _go_public(name: str, _: str) -> bool:
    return name[:1].isupper()


def _rust_public(_: str, line: str) -> bool:
    return re.match(r"\s*+(?:pub\s|impl\b|unsafe impl\b|macro_rules!)", line) is not None


def _not_private(name: str, line: str) -> bool:
    before = line.partition(name)[0]
    hidden = re.search(r"\b(?:private|fileprivate|internal|protected)\b", before)
    return hidden is None and not name.startswith(("#", "_"))


def _not_static(_: str, line: str) -> bool:
    return not line.startswith("static ")


def _not_underscored(name: str, _: str) -> bool:
    return not name.startswith("_")


def _patterns(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in rows)


PYTHON = Language(
    _patterns(
        ("function", r"\s*+(?:async\s+)?def\s+(?P<name>\w+)"),
        ("class", r"\s*+class\s+(?P<name>\w+)"),
    ),
    _python_public,
    (")", "]", "}"),
)
_SCRIPT = Language(
    _patterns(
        ("function", _WORDS + r"function\b\s*\*?\s*(?P<name>[\w$]+)"),
        ("class", _TYPE % "class|interface|enum|namespace"),
        ("type", _WORDS + r"type\s+(?P<name>[\w$]+)\s*[=<]"),
        (
            "function",
            _WORDS + r"(?:const|let|var)\s+(?P<name>[\w$]+)\s*(?::[^=]*+)?=\s*(?:async\b\s*)?"
            r"(?:function\b|[\w$]+\s*=>|\([^()]*\)\s*(?::[^=]*+)?=>|\(\s*\{?[^(){}=]*\Z)",
        ),
        (
            "function",
            r"\s" + _WORDS + r"(?:[gs]et\s+)?\*?\s*(?P<name>#?[\w$]+)\s*(?:<[^>]*>)?\s*" + _ARGUMENTS
            + r"\s*(?::[^;{}]*)?\{\s*\Z",
        ),
    ),
    _not_private,
    _BRACES,
)  # fmt: skip
_GO = Language(
    _patterns(
        (
            "function",
            r"func\s+(?:\(\s*(?:\w+\s+)?\*?(?P<owner>\w+)(?:\[[^\]]*\])?\s*\)\s*)?(?P<name>\w+)",
        ),
        ("type", r"type\s+(?P<name>\w+)(?:\[[^\]]*\])?\s+(?P<kind>struct|interface)?"),
    ),
    _go_public,
    _BRACES,
)
_RUST = Language(
    _patterns(
        ("function", _WORDS + r"(?:extern\s+\"[^\"]*\"\s+)?fn\s+(?P<name>\w+)"),
        ("type", _TYPE % "struct|enum|trait|union|mod|type"),
        ("trait impl", _IMPL + r"!?[\w:]+(?:<[^{]*?>)?\s+for\s+&?(?:\w+::)*(?P<name>\w+)"),
        ("impl", _IMPL + r"(?:\w+::)*(?P<name>\w+)"),
        ("macro", r"\s*+macro_rules!\s*(?P<name>\w+)"),
    ),
    _rust_public,
    _BRACES,
)
# Java, Kotlin, Scala and C# are near enough to share their expressions.
_CLASSES = Language(
    _patterns(
        ("class", _TYPE % "class|@?interface|enum|record|object|struct|trait"),
        ("function", _WORDS + r"(?:fun|def)\s+(?:<[^>]*>\s*)?(?:[\w<>?]+\.)?(?P<name>\w+)"),
        ("function", r"\s+(?:public|private|protected|internal)\s+(?P<name>\w+)\s*\("),
        (
            "function",
            r"\s" + _WORDS + r"(?:<[^>]*>\s*)?(?:@[\w.]+\s+){0,2}"
            r"(?!(?:return|throw|else|new|case|await|goto|var|in|val)\b)"
            r"[\w.]+(?:<[^()]*?>)?(?:\[\])*\??\s+(?P<name>\w+)\s*\([^;{]*(?:\Z|\{)",
        ),
    ),
    _not_private,
    _BRACES,
)  # fmt: skip
_C = Language(
    _patterns(
        (
            "class",
            (r"\s*+(?:template\s*<[^{;]*>\s*)?(?:typedef\s+)?(?P<kind>class|struct|enum(?: class)?|union)\s+"
            r"(?P<name>\w+)[^;()]*\Z"),
        ),
        ("macro", r"#\s*define\s+(?P<name>\w+)\("),
        (
            "function",
            (r"(?![\s#])(?!(?:return|else|case|goto|typedef|using|throw|delete)\b)(?:[\w:<>,~*&\[\]]+\s+){1,8}?[*&]*"
            r"(?P<name>[\w:~]+)\s*\([^;{]*(?:\Z|\{)"),
        ),
        (
            "function",
            r"\s+(?!(?:return|else|case|goto|throw|delete|new)\b)(?:[\w:<>,*&]+\s+){1,6}?[*&]*(?P<name>[\w~]+)\s*"
            + _ARGUMENTS + r"[\w\s]*\{\s*\Z",
        ),
    ),
    _not_static,
    _BRACES,
)  # fmt: skip
_RUBY = Language(
    _patterns(
        ("function", r"\s*+def\s+(?:self\.)?(?P<name>[\w?!=]+)"),
        ("class", r"\s*+(?P<kind>class|module)\s+(?P<name>[\w:]+)"),
    ),
    _not_underscored,
    ("end", ")", "}", "]"),
)
_PHP = Language(
    _patterns(
        ("function", _WORDS + r"function\s+&?(?P<name>\w+)"),
        ("class", _TYPE % "class|interface|trait|enum"),
    ),
    _not_private,
    _BRACES,
)
_SWIFT = Language(
    _patterns(
        ("function", _WORDS + r"func\s+(?P<name>[\w`]+)"),
        ("class", _TYPE % "class|struct|enum|protocol|extension|actor"),
    ),
    _not_private,
    _BRACES,
)
_SHELL = Language(
    _patterns(
        ("function", r"\s*+(?:function\s+)?(?P<name>[\w:-]+)\s*\(\)"),
        ("function", r"\s*+function\s+(?P<name>[\w:-]+)"),
    ),
    _not_underscored,
    ("}", ")", "{"),
)
_BY_ENDING = {
    "py": PYTHON, "pyi": PYTHON, "pyx": PYTHON,
    "js": _SCRIPT, "jsx": _SCRIPT, "mjs": _SCRIPT, "cjs": _SCRIPT, "ts": _SCRIPT, "tsx": _SCRIPT,
    "mts": _SCRIPT, "cts": _SCRIPT, "vue": _SCRIPT, "svelte": _SCRIPT,
    "go": _GO, "rs": _RUST, "java": _CLASSES, "kt": _CLASSES, "kts": _CLASSES, "cs": _CLASSES,
    "scala": _CLASSES, "groovy": _CLASSES, "c": _C, "h": _C, "cc": _C, "cpp": _C, "cxx": _C, "hpp": _C,
    "hh": _C, "cu": _C, "cuh": _C, "rb": _RUBY, "rake": _RUBY, "php": _PHP, "swift": _SWIFT,
    "sh": _SHELL, "bash": _SHELL, "zsh": _SHELL,
}  # fmt: skip


def language_of(path: str) -> Language | None:
    """The language of the file at ``path`` by its ending; ``None`` if its definitions cannot be told."""
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return _BY_ENDING.get(ending.lower()) if dot else None
