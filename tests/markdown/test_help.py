"""Help and the documentation say what the table of commands says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.deliveries import parse_command
from bot.markdown.commands import help_text
from bot.model import COMMANDS, CommandName, Misunderstood, Role, Trouble
from tests.fakes.command_reference import BEGIN, DOCUMENT, END, reference
from tests.fakes.hostile import ROWS
from tests.fakes.rendered import page

if TYPE_CHECKING:
    from bot.markdown.catalogue import Language

LANGUAGES: list[Language] = ["en", "zh-CN"]


def misunderstood(body: str) -> Misunderstood:
    """What a comment got wrong."""
    found = parse_command(body)
    assert isinstance(found, Misunderstood)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_form_of_every_command(language: Language) -> None:
    """As it is written, in code, and in the order of the table."""
    shown = page(help_text(language)).codes
    assert shown == [form for spec in COMMANDS.values() for form in spec.usage]


def test_help_in_chinese_is_chinese() -> None:
    """Each line says in Chinese what its command does."""
    lines = help_text("zh-CN").splitlines()[2:]
    assert len(lines) == len(COMMANDS)
    assert all("：" in line for line in lines)


def test_help_says_which_role_it_takes() -> None:
    """The usual one at the top, and a higher one with the command that a repository asks it for."""
    text = help_text("en", floors={"risk": "maintain", "help": "read"})
    assert "needs the role “write”" in text
    assert next(line for line in text.splitlines() if "(maintain)" in line).startswith("- `/prhub risk R12")
    assert "read)" not in text


def test_a_role_that_all_commands_need_is_the_usual_one() -> None:
    """Then no line has to name it."""
    text = help_text("en", floors=dict.fromkeys(CommandName, "admin"))
    assert text.count("admin") == 1


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        pytest.param("/prhub reprot", "`/prhub reprot` is no command.", id="no such command"),
        pytest.param(
            "/prhub ignore #13",
            "`/prhub ignore #13` is not complete, or has more than the command takes.",
            id="more than it takes",
        ),
        pytest.param(
            "/prhub status" + " " * 200,
            "`/prhub status` is too long. A command has at most 200 characters, and 500 more for a reason or"
            " feedback.",
            id="too long",
        ),
    ],
)
def test_help_says_what_was_wrong(body: str, opening: str) -> None:
    """In its first line."""
    assert help_text("en", misunderstood(body)).splitlines()[0] == opening


def test_help_about_one_command_shows_its_examples() -> None:
    """And how to see all the others."""
    text = help_text("en", misunderstood("/prhub risk R12 accept"))
    accept, reopen = "/prhub risk R12 accept REASON", "/prhub risk R12 reopen [REASON]"
    assert text.splitlines()[2:] == [
        f"- `{accept}`, `{reopen}`: accept a risk, with a reason, or open it again",
        "",
        "For example: `/prhub risk R12 accept the flag is off by default`, `/prhub risk R12 reopen`",
        "",
        "All commands: `/prhub help`",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", [*ROWS.values()], ids=[*ROWS])
def test_what_was_said_is_shown_and_never_acted_on(value: str, language: Language) -> None:
    """As code, whatever it is; and our answer is no command."""
    said = Misunderstood(said=value[:60], trouble=Trouble.UNKNOWN)
    parsed = page(help_text(language, said))
    assert parsed.live == []
    assert (parsed.links, parsed.comments, parsed.unbalanced) == ([], [], False)
    assert [line for line in help_text(language, said).splitlines() if parse_command(line)] == []


@pytest.mark.parametrize(
    ("floors", "least"),
    [
        pytest.param({}, Role.WRITE, id="the table's, without a word of the file"),
        pytest.param({"risk": "maintain"}, Role.MAINTAIN, id="a higher one"),
        pytest.param({"risk": "admin"}, Role.ADMIN, id="the highest"),
        pytest.param({"risk": "read"}, Role.WRITE, id="a lower one has no effect"),
        pytest.param({"risk": "write"}, Role.WRITE, id="the same"),
        pytest.param({"risks": "admin"}, Role.WRITE, id="another command's"),
    ],
)
def test_a_file_can_only_raise_a_role(floors: dict[str, str], least: Role) -> None:
    """What PRHub asks for itself is always needed."""
    assert COMMANDS[CommandName.RISK].least(floors) is least


def test_roles_are_ordered() -> None:
    """Each may what those before it may, and nothing of those behind."""
    order = [Role.NONE, Role.READ, Role.TRIAGE, Role.WRITE, Role.MAINTAIN, Role.ADMIN]
    for place, role in enumerate(order):
        assert [role.allows(minimum) for minimum in order] == [n <= place for n in range(6)]


def test_strangers_may_command_nothing() -> None:
    """Anybody may read a public repository: that is never enough (R68)."""
    assert not any(Role.READ.allows(spec.role) for spec in COMMANDS.values())


def test_the_documentation_has_the_table() -> None:
    """After a change: ``python -m tests.fakes.command_reference``."""
    between = DOCUMENT.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]
    assert between == reference()
    assert list(COMMANDS) == list(CommandName)
