"""The register in a digest's issue, and which pull request each computed sentence is of."""

from __future__ import annotations

from bot.markdown.digest import DigestLinks, render_issue
from bot.markdown.report import Style
from bot.model import Digest, Message, RegisterState, RegisterView, RiskKey, Severity, Theme, Told
from tests.fakes.periods import NOW, digest, period_facts, ref, registered
from tests.fakes.reports import repository

GITHUB = "https://redirect.github.com/octo-org/engine/pull"


def body(made: Digest) -> str:
    """The issue's body."""
    return render_issue(made, Style(), DigestLinks()).body


def register_of(made: Digest) -> str:
    """The lists of the register."""
    return body(made).split("Risk register")[1].split("</details>")[0]


def visible(made: Digest) -> str:
    """What a reader sees without opening anything."""
    return body(made).split("<details>")[0]


def test_the_register() -> None:
    """New, still open with age, closed by which pull request; each with its place at the merge commit."""
    text = body(digest())
    assert "- `R4` **Medium · Concurrency** — `Rollout` holds every shard until the generator ends\n" in text
    assert (
        f"from [#1101]({GITHUB}/1101) · open for 42 days · looked at again in [#1230]({GITHUB}/1230)" in text
    )
    assert f"closed by [#1235]({GITHUB}/1235) · after 15 days" in text
    assert f"/blob/{1230:040x}/engine/rollout/__init__.py#L33" in text


def test_risks_beyond_those_shown_are_counted() -> None:
    """At most ten of a kind are named, the heaviest; a command lists the others."""
    new = tuple(registered(number) for number in range(1, 15))
    high = registered(40, severity=Severity.HIGH, key=RiskKey.CORE_PATH)
    view = RegisterView(new=(high, *new), open_count=60)
    listed = register_of(digest(risk_register=view))
    assert "**New (15)**" in listed
    assert [line[2:7].strip("` ") for line in listed.split("\n") if line.startswith("- `R")] == [
        "R40", *(f"R{number}" for number in range(1, 10))
    ]  # fmt: skip
    assert "- and 5 more: `prhub risks octo-org/engine`" in listed
    assert "**Still open (45)**" in listed


def test_what_a_newer_entry_says_again_is_only_counted():
    """The risk is not over, and so not closed for a reader; what is closed already is not new."""
    ended = {"state": RegisterState.CLOSED, "closed_by": 1235, "closed_at": NOW}
    again = registered(7, **ended, reason=Message(key="register.closed.carried", params={"path": "a.py"}))
    over = registered(8, **ended, reason=Message(key="register.closed.reverted"))
    made = digest(risk_register=RegisterView(new=(registered(9), over), closed=(again, over), open_count=1))
    assert "Register: 1 new, 1 closed, 1 carried over to newer ones; 1 open in all." in visible(made)
    assert "`R7`" not in body(made)
    assert body(made).count("- `R8`") == 1


def test_a_clone_names_no_command():
    """There is no store that it could ask."""
    new = tuple(registered(number) for number in range(1, 15))
    facts = period_facts(repositories=(repository(full_name="engine", url=None),))
    assert "- and 4 more\n" in body(digest(facts=facts, risk_register=RegisterView(new=new, open_count=14)))


def test_computed_themes_name_each_pull_request_behind_its_own_words():
    """Whoever reads a title knows which number to open; what a model does not name stands behind its text."""
    said = Message(
        key="insight.theme.said_more",
        params={"said_1": "a", "said_2": "b", "said_3": "c", "said_4": "d", "count": 1},
    )
    refs = tuple(ref(number) for number in (1232, 1234, 1230, 1235, 1237))
    themes = (
        Theme(title=Told(text="One"), text=said, pulls=refs),
        Theme(title=Told(text="Two"), text=Told(text="#1232 and more"), pulls=refs[:2]),
    )
    seen = visible(digest(themes=themes))
    named = [f"[#{one.number}]({GITHUB}/{one.number})" for one in refs]
    assert (
        f"“a” ({named[0]}), “b” ({named[1]}), “c” ({named[2]}), “d” ({named[3]}) and one more ({named[4]})"
        in seen
    )
    assert f"{named[0]} and more; also {named[1]}" in seen


def test_a_computed_risk_says_of_which_pull_request_it_is():
    """The first; the others only have the same kind of risk."""
    said = Message(key="insight.risk.core_path", params={
        "count": 1, "path": "engine/loop.py", "pulls": 9, "days": 60, "of": 1})  # fmt: skip
    watch = Theme(title=Told(text="Core"), text=said, pulls=(ref(1234), ref(1235)))
    first, other = (f"[#{number}]({GITHUB}/{number})" for number in (1234, 1235))
    assert f"in 60 days ({first}); also {other}" in visible(digest(risk_watch=(watch,)))
