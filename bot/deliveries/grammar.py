"""The grammar of commands: the words of one line, read by the forms of the table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.deliveries.tree import plain_text
from bot.model import COMMANDS, ArgumentKind, Command, CommandName, Misunderstood, Trouble
from bot.model.commands import LINE_LIMIT, PREFIX, TEXT_LIMIT
from bot.redaction import clean_line, redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import CommandSpec
    from bot.model.commands import Argument, Form

_SAID_LIMIT: Final = 60
_BLANKS: Final = " \t"
_WORD: Final = re.compile(r"[^ \t]+")
_OPTION: Final = "--language"
_LANGUAGES: Final = {"en": "en", "zh-cn": "zh-CN"}
_NUMBER: Final = re.compile(r"[Rr]([1-9][0-9]{0,8})")
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN: Final = re.compile(rf"week|month|[0-9]{{4}}-[Ww]?[0-9]{{2}}|{_DATE}\.\.{_DATE}")
# What tags are made of. Without colons, carets and the like, which name other repositories and commits.
_TAG: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_+-]|[./](?=[A-Za-z0-9])){0,79}")

Fields = dict[str, Any]
Taken = tuple[Fields, str]


def understand(line: str) -> Command | Misunderstood | None:
    """Read one line of a paragraph: a command, one that is meant as such, or ``None`` for anything else.

    A keyword that is not ASCII is no command, whatever it looks like. Linear in the line.
    """
    word = _WORD.match(line)
    if word is None or word[0] != PREFIX:
        return None
    keyword, rest = _split(line[word.end() :].lstrip(_BLANKS))
    keyword = keyword or CommandName.HELP
    if not keyword.isascii() or not keyword.isprintable():
        return None
    if keyword not in set(CommandName):
        return _misunderstood(line, Trouble.UNKNOWN)
    spec = COMMANDS[CommandName(keyword)]
    if len(line) > LINE_LIMIT + (TEXT_LIMIT if _takes_text(spec) else 0):
        return _misunderstood(line, Trouble.LONG, spec.name)
    return _with_arguments(spec, rest.rstrip(_BLANKS), line)


def _with_arguments(spec: CommandSpec, rest: str, line: str) -> Command | Misunderstood:
    found = next((fields for form in spec.forms if (fields := _read(form, rest)) is not None), None)
    if found is None:
        return _misunderstood(line, Trouble.ARGUMENTS, spec.name)
    if len(found.get("text") or "") > TEXT_LIMIT:
        return _misunderstood(line, Trouble.LONG, spec.name)
    return Command(name=spec.name, **found)


def _misunderstood(line: str, trouble: Trouble, about: CommandName | None = None) -> Misunderstood:
    # A window: what is cleaned away must not make a long line slow.
    said = clean_line(redact(line[: 8 * _SAID_LIMIT])[0], _SAID_LIMIT)
    return Misunderstood(said=said, trouble=trouble, about=about)


def _takes_text(spec: CommandSpec) -> bool:
    return any(argument.kind is ArgumentKind.TEXT for form in spec.forms for argument in form)


def _read(form: Form, rest: str) -> Fields | None:
    """Give the fields of all arguments; ``None`` unless they are what the form wants and nothing is left."""
    fields: Fields = {}
    for argument in form:
        taken = _READERS[argument.kind](argument, rest)
        if taken is not None:
            fields |= taken[0]
            rest = taken[1]
        elif argument.required:
            return None
    return None if rest else fields


def _split(rest: str) -> tuple[str, str]:
    """The first word, and what follows it."""
    word = _WORD.match(rest)
    return (word[0], rest[word.end() :].lstrip(_BLANKS)) if word is not None else ("", "")


def _language(_: Argument, rest: str) -> Taken | None:
    option, rest = _split(rest)
    name, equals, value = option.partition("=")
    if not equals:
        value, rest = _split(rest)
    language = _LANGUAGES.get(value.lower()) if value.isascii() else None
    return ({"language": language}, rest) if name == _OPTION and language is not None else None


def _number(_: Argument, rest: str) -> Taken | None:
    word, rest = _split(rest)
    match = _NUMBER.fullmatch(word)
    return ({"number": int(match[1])}, rest) if match is not None else None


def _verb(argument: Argument, rest: str) -> Taken | None:
    word, rest = _split(rest)
    return ({"verb": argument.verb}, rest) if word == argument.verb else None


def _period(_: Argument, rest: str) -> Taken | None:
    word, rest = _split(rest)
    return ({"period": word}, rest) if _SPAN.fullmatch(word) or _is_tag_range(word) else None


def _is_tag_range(word: str) -> bool:
    base, dots, head = word.partition("..")
    return bool(dots and _TAG.fullmatch(base) and _TAG.fullmatch(head))


def _text(_: Argument, rest: str) -> Taken | None:
    # It is stored: what somebody pasted by mistake is taken out before. One more than may be: the caller
    # says that it is too long.
    text = clean_line(redact(plain_text(rest))[0], TEXT_LIMIT + 1)
    return ({"text": text}, "") if text else None


_READERS: Final[Mapping[ArgumentKind, Callable[[Argument, str], Taken | None]]] = {
    ArgumentKind.LANGUAGE: _language,
    ArgumentKind.NUMBER: _number,
    ArgumentKind.VERB: _verb,
    ArgumentKind.PERIOD: _period,
    ArgumentKind.TEXT: _text,
}
