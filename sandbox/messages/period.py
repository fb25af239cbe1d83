"""Claims about a period: each says of a pull request what one line of its own block says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.messages.material import Material

MAKERS: Final = frozenset({"PeriodClaim", "ThemeClaim", "WatchClaim", "PickClaim"})
_SAID = ("The title of {name} is “{words}”.", "{name} 的标题是“{words}”。")
_OPEN = ("This is open in {name}: {words}.", "{name} 中仍有：{words}。")
_LEFT = ("This is left of {name}: {words}.", "{name} 留下的工作：{words}。")
_MOST = {"summary": 2, "themes": 4, "risk_watch": 3, "picks": 6, "follow_ups": 3}


def headline(known: Material) -> dict[str, Any]:
    """The sentence about the first pull request."""
    found = [_statement(known, name, title, _SAID) for name, title in _lines(known, "title")]
    return found[0] if found else {"text": "", "pulls": []}


def several(key: str, title: str, known: Material) -> list[Any]:
    """As many claims of a list as the blocks bear out."""
    match title:
        case "ThemeClaim":
            made = [_theme(known, name, words) for name, words in _lines(known, "title")]
        case "WatchClaim":
            made = list(_watch(known))
        case "PickClaim":
            made = list(_picks(known))
        case _:
            line, said = ("left", _LEFT) if key == "follow_ups" else ("title", _SAID)
            made = [_statement(known, name, words, said) for name, words in _lines(known, line)]
    return made[: _MOST.get(key, 3)]


def _lines(known: Material, kind: str) -> Iterator[tuple[str, str]]:
    """The first line of a kind that each block has, with the block's name."""
    for name, _, text in known.blocks:
        found = next((line for line in text.split("\n") if line.startswith(f"{kind}: ")), "")
        if "#" in name and found:
            yield name, found.removeprefix(f"{kind}: ")


def _statement(known: Material, name: str, words: str, said: tuple[str, str]) -> dict[str, Any]:
    text = said[known.is_chinese].format(name=name, words=words.rstrip("."))
    return {"text": text, "pulls": [name]}


def _theme(known: Material, name: str, words: str) -> dict[str, Any]:
    heading = f"标题：{words}" if known.is_chinese else words
    return {"title": heading[:80], **_statement(known, name, words, _SAID)}


def _watch(known: Material) -> Iterator[dict[str, Any]]:
    seen = set()
    for name, words in _lines(known, "risk"):
        key, _, said = words.partition(" ")[2].partition(": ")
        if key not in seen:
            seen.add(key)
            yield {"key": key, **_statement(known, name, said, _OPEN)}


def _picks(known: Material) -> Iterator[dict[str, Any]]:
    titles = dict(_lines(known, "title"))
    for name, rules in _lines(known, "rules"):
        said = _statement(known, name, titles.get(name, ""), _SAID)
        yield {"pull": name, "rule": rules.split(", ")[0], "text": said["text"]}
