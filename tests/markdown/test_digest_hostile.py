"""A digest made of hostile strings alone is still our digest and nothing else (R88 to R92)."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.markdown.cut import COMMENT_LIMIT, size
from bot.markdown.digest import DigestLinks, render_document, render_issue
from bot.markdown.report import Style
from bot.model import Digest, NoReport, PullRef, Told
from tests.fakes.hostile import ROWS
from tests.fakes.periods import digest, period_facts, pull, register_view, registered
from tests.fakes.rendered import Page, page
from tests.fakes.reports import poisoned, repository

ENGLISH, CHINESE = Style(), Style(language="zh-CN")
OURS = ("https://github.com/octo-org/", "https://redirect.github.com/octo-org/")
MARKER = " prhub:digest:v1 repo=4711 scope= period=2026%2DW13 "
STYLES = pytest.mark.parametrize("style", [ENGLISH, CHINESE], ids=["en", "zh-CN"])
KINDS = pytest.mark.parametrize("kind", ["told", "computed", "several"])
LINKS = DigestLinks(previous=12, following=14, home=4711, scope="")


def several() -> Digest:
    """A digest over two repositories."""
    first, second = "octo-org/engine", "octo-org/docs"
    dead = pull(8, repository=second, why=NoReport.DEAD)
    found = (pull(1230, repository=first), pull(7, repository=second, title="A title"), dead)
    repositories = (repository(), repository(id=4712, full_name="octo-org/docs"))
    view = register_view(new=(registered(3), registered(4, repository_id=4712)))
    facts = period_facts(pulls=found, repositories=repositories, path="src/api", partial="a reason")
    return digest(facts=facts, themes=(), risk_watch=(), highlights=(), risk_register=view)


DIGESTS = {"told": digest(), "computed": digest(told=False), "several": several()}


def unnamed(value: Any) -> Any:
    """``value`` with pull requests of one repository."""
    if isinstance(value, PullRef):
        return PullRef(number=value.number)
    if isinstance(value, BaseModel):
        names = type(value).model_fields
        return value.model_copy(update={name: unnamed(getattr(value, name)) for name in names})
    return tuple(map(unnamed, value)) if isinstance(value, tuple) else value


def hostile(kind: str, value: str) -> Digest:
    """A digest with ``value`` in every foreign field."""
    made: Digest = poisoned(DIGESTS[kind], value)
    return made if kind == "several" else unnamed(made)


def shape(parsed: Page) -> list[str]:
    """The elements of an issue; how many names a sentence has as code is its own affair."""
    return [tag for tag in parsed.structure if tag != "code"]


def body(made: Digest, style: Style) -> str:
    """The issue's body; over several repositories, a number alone is a reference that we make on purpose."""
    links = DigestLinks(home=4711, scope="") if len(made.facts.repositories) > 1 else LINKS
    return render_issue(made, style, links).body


@cache
def harmless(kind: str, style: Style) -> tuple[list[str], int]:
    """The shape of a digest without an attack, and how many charts it has."""
    text = body(hostile(kind, "harmless"), style)
    return shape(page(text)), text.count("\n```mermaid\n")


def wrong_with(value: str, kind: str, style: Style) -> list[object]:
    """Everything that is not ours or could be acted on in an issue with ``value`` in every field."""
    text = body(hostile(kind, value), style)
    parsed = page(text)
    found: list[object] = [*parsed.live]
    found += [link for link in parsed.links if not link.startswith(OURS) or "/../" in link]
    found += [line for line in text.split("\n") if line.lstrip(" >-|*").startswith(("/", "@", "bors", "!"))]
    shown = (shape(parsed), text.count("\n```mermaid\n"))
    found += ["shape"] if shown != harmless(kind, style) or parsed.unbalanced else []
    found += ["comments"] if parsed.comments != [MARKER] or text.count("<!--") != 1 else []
    found += ["too long"] if size(text) > COMMENT_LIMIT else []
    return found


@STYLES
@KINDS
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_attack_rows_in_every_field(value: str, kind: str, style: Style) -> None:
    """Each attack row in all foreign fields at once leaves the shape of a harmless digest."""
    assert wrong_with(value, kind, style) == []


@KINDS
@settings(max_examples=15, deadline=None)
@given(value=st.text(min_size=1, max_size=60))
def test_any_text_in_every_field(value: str, kind: str) -> None:
    """So does any other text."""
    assert wrong_with(f"a{value}", kind, ENGLISH) == []


@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_a_hostile_address_gives_no_links(value: str) -> None:
    """The repository's own address is not trusted either (P2)."""
    facts = period_facts(repositories=(repository(url=value),))
    assert page(body(digest(facts=facts), ENGLISH)).links == []


@KINDS
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_the_document_is_as_safe(value: str, kind: str) -> None:
    """Somebody will paste it into a comment."""
    parsed = page(render_document(hostile(kind, value), ENGLISH))
    assert parsed.live == []
    assert parsed.comments == []
    assert all(link.startswith(OURS) for link in parsed.links)


@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_titles_are_one_short_line(value: str) -> None:
    """A hostile path, tag or owner leaves a title of one line and at most 200 characters."""
    made = hostile("several", value)
    title = render_issue(made, ENGLISH, LINKS).title
    assert title == " ".join(title.split())
    assert 0 < len(title) <= 200
    assert not set(title) & set("\u202e\u2066\x1b\x00")


def huge(value: str, count: int) -> Digest:
    """A digest with ``count`` of everything, and ``value`` in every foreign field."""
    made = DIGESTS["told"]
    names = ("themes", "risk_watch", "highlights", "follow_ups", "summary")
    view = made.risk_register
    risks = {name: getattr(view, name) * count for name in ("new", "still_open", "closed")}
    pulls = tuple(pull(number) for number in range(1, 9 * count))
    facts = period_facts(pulls=pulls).model_copy(update={"contributors": made.facts.contributors * count})
    parts = {name: getattr(made, name) * count for name in names}
    rest = {"risk_register": view.model_copy(update=risks), "facts": facts}
    grown: Digest = unnamed(poisoned(made.model_copy(update={**parts, **rest}), value))
    return grown


@STYLES
@pytest.mark.parametrize(
    ("value", "count"),
    [
        pytest.param("x", 40, id="many small items"),
        pytest.param("words and words " * 20, 20, id="long items"),
        pytest.param("😀" * 400, 20, id="all emoji"),
        pytest.param("$a&b" * 100, 20, id="all characters that grow when escaped"),
        pytest.param("`|" * 100_000, 1, id="many marks in each field"),
    ],
)
def test_an_issue_always_fits(value: str, count: int, style: Style) -> None:
    """At most 60,000 UTF-16 units, every block closed, every chart whole (R92, L12)."""
    text = body(huge(value, count), style)
    parsed = page(text)
    assert size(text) <= COMMENT_LIMIT
    assert not parsed.unbalanced
    assert parsed.elements.count("details") == parsed.elements.count("summary")
    assert text.count("\n```mermaid\n") * 2 == text.count("\n```")


@STYLES
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_attack_rows_in_the_one_sentence(value: str, style: Style) -> None:
    """Nor does what a model says at the top do anything."""
    parsed = page(body(digest(headline=Told(text=value), summary=(Told(text=value),)), style))
    assert parsed.live == []
    assert not parsed.unbalanced
    assert parsed.comments == [MARKER]
    assert all(link.startswith(OURS) for link in parsed.links)
