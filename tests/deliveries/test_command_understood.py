"""Lines that are commands, and what each asks for."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from bot.deliveries import parse_command
from bot.model import COMMANDS, Command
from tests.fakes.secret_samples import FORMS, made

ROWS: list[tuple[str, str, dict[str, Any]]] = [
    ("the bare word asks for help", "/prhub", {"name": "help"}),
    ("the bare word with a blank behind it", "/prhub ", {"name": "help"}),
    ("the bare word with a tab behind it", "/prhub\t", {"name": "help"}),
    ("the bare word and a line below", "/prhub\nplease", {"name": "help"}),
    ("the bare word at the limit of a line", "/prhub" + " " * 194, {"name": "help"}),
    ("help", "/prhub help", {"name": "help"}),
    ("explain", "/prhub explain", {"name": "explain"}),
    ("risks", "/prhub risks", {"name": "risks"}),
    ("ignore", "/prhub ignore", {"name": "ignore"}),
    ("unignore", "/prhub unignore", {"name": "unignore"}),
    ("highlight", "/prhub highlight", {"name": "highlight"}),
    ("unhighlight", "/prhub unhighlight", {"name": "unhighlight"}),
    ("config", "/prhub config", {"name": "config"}),
    ("status", "/prhub status", {"name": "status"}),
    ("report", "/prhub report", {"name": "report"}),
    ("several blanks between the words", "/prhub     report", {"name": "report"}),
    ("a tab between the words", "/prhub\treport", {"name": "report"}),
    ("tabs and blanks between the words", "/prhub \t \treport", {"name": "report"}),
    ("a blank at the end", "/prhub report ", {"name": "report"}),
    ("two blanks at the end, a hard break", "/prhub report  \nplease", {"name": "report"}),
    ("a tab at the end", "/prhub report\t", {"name": "report"}),
    ("a line feed at the end", "/prhub report\n", {"name": "report"}),
    ("a Windows line end", "/prhub report\r\n", {"name": "report"}),
    ("a line end of an old Macintosh", "/prhub report\rplease", {"name": "report"}),
    ("an empty line before it", "\n/prhub report", {"name": "report"}),
    ("empty Windows lines before it", "\r\n\r\n/prhub report\r\n", {"name": "report"}),
    ("lines of blanks and tabs before it", "   \n\t\n/prhub report", {"name": "report"}),
    ("more of its paragraph below", "/prhub report\nThank you.", {"name": "report"}),
    ("another paragraph below", "/prhub report\n\nThank you.", {"name": "report"}),
    ("another command below is not looked at", "/prhub report\n/prhub ignore", {"name": "report"}),
    ("another command in a paragraph below", "/prhub report\n\n/prhub ignore", {"name": "report"}),
    ("a quote below", "/prhub report\n> said before", {"name": "report"}),
    ("the mail that was answered below", "/prhub report\n\nOn Monday they wrote:\n> x", {"name": "report"}),
    ("a signature after an empty line", "/prhub report\n\n-- \nOcto", {"name": "report"}),
    ("a list below", "/prhub report\n- one", {"name": "report"}),
    ("a numbered list below", "/prhub report\n1. one", {"name": "report"}),
    ("a heading below", "/prhub report\n# Why", {"name": "report"}),
    ("code below", "/prhub report\n```\nx\n```", {"name": "report"}),
    ("a fence that is never closed below", "/prhub report\n```\n/prhub ignore", {"name": "report"}),
    ("HTML below", "/prhub report\n<details>", {"name": "report"}),
    ("a hidden comment below", "/prhub report\n<!-- x -->", {"name": "report"}),
    ("a rule below", "/prhub report\n***", {"name": "report"}),
    ("stars that are no rule below", "/prhub report\n**", {"name": "report"}),
    ("dashes set in as far as code below", "/prhub report\n    ---", {"name": "report"}),
    ("dashes after an empty line", "/prhub report\n\n---", {"name": "report"}),
    ("a table after an empty line", "/prhub report\n\n|a|\n|-|", {"name": "report"}),
    ("a list that begins like a table's line below", "/prhub report\n- |", {"name": "report"}),
    ("a definition below", "/prhub report\n[a]: /x", {"name": "report"}),
    ("a mention below", "/prhub report\n@octo-dev look", {"name": "report"}),
    ("65,000 characters below", "/prhub report\n" + "word " * 13_000, {"name": "report"}),
    ("a line at the limit of 200", "/prhub report" + " " * 187, {"name": "report"}),
    ("Chinese in the next paragraph", "/prhub report\n\n谢谢", {"name": "report"}),
    ("emoji in the next line", "/prhub report\n🎉", {"name": "report"}),
    ("report in English", "/prhub report --language en", {"name": "report", "language": "en"}),
    ("report in Chinese", "/prhub report --language zh-CN", {"name": "report", "language": "zh-CN"}),
    ("a language in lower case", "/prhub report --language zh-cn", {"name": "report", "language": "zh-CN"}),
    ("a language in upper case", "/prhub report --language EN", {"name": "report", "language": "en"}),
    ("a language behind a sign", "/prhub report --language=zh-CN", {"name": "report", "language": "zh-CN"}),
    ("blanks around a language", "/prhub report   --language   en ", {"name": "report", "language": "en"}),
    ("a tab before a language", "/prhub report\t--language\ten", {"name": "report", "language": "en"}),
    ("a language, and talk below", "/prhub report --language en\nok", {"name": "report", "language": "en"}),
    ("digest", "/prhub digest", {"name": "digest"}),
    ("the last week", "/prhub digest week", {"name": "digest", "period": "week"}),
    ("the last month", "/prhub digest month", {"name": "digest", "period": "month"}),
    ("a week", "/prhub digest 2026-W13", {"name": "digest", "period": "2026-W13"}),
    ("a week in lower case", "/prhub digest 2026-w13", {"name": "digest", "period": "2026-w13"}),
    ("a month", "/prhub digest 2026-03", {"name": "digest", "period": "2026-03"}),
    (
        "days",
        "/prhub digest 2026-03-01..2026-03-15",
        {"name": "digest", "period": "2026-03-01..2026-03-15"},
    ),
    ("two tags", "/prhub digest v1.0..v1.1", {"name": "digest", "period": "v1.0..v1.1"}),
    ("tags that are numbers", "/prhub digest 1.0.0..1.1.0", {"name": "digest", "period": "1.0.0..1.1.0"}),
    ("tags in folders", "/prhub digest api/v1..api/v2", {"name": "digest", "period": "api/v1..api/v2"}),
    ("tags of candidates", "/prhub digest v1-rc.1..v1+b_2", {"name": "digest", "period": "v1-rc.1..v1+b_2"}),
    ("blanks after a period", "/prhub digest week  ", {"name": "digest", "period": "week"}),
    (
        "a week that no year has is found out later",
        "/prhub digest 2026-W99",
        {"name": "digest", "period": "2026-W99"},
    ),
]
RISKS: list[tuple[str, str, tuple[int, str, str | None]]] = [
    ("a risk accepted", "/prhub risk R12 accept known", (12, "accept", "known")),
    ("a risk accepted, in lower case", "/prhub risk r12 accept known", (12, "accept", "known")),
    ("the first risk", "/prhub risk R1 accept known", (1, "accept", "known")),
    ("the largest number", "/prhub risk R999999999 accept x", (999_999_999, "accept", "x")),
    ("a reason of several words", "/prhub risk R12 accept it is off", (12, "accept", "it is off")),
    ("a reason with many blanks", "/prhub risk R12 accept   a \t b  ", (12, "accept", "a b")),
    ("a reason that is a verb", "/prhub risk R12 accept reopen", (12, "accept", "reopen")),
    ("a reason that looks like an option", "/prhub risk R12 accept --force", (12, "accept", "--force")),
    ("a reason in Chinese", "/prhub risk R12 accept 已知问题", (12, "accept", "已知问题")),
    ("a risk opened again", "/prhub risk R12 reopen", (12, "reopen", None)),
    ("a risk opened again, with blanks", "/prhub risk R12 reopen   ", (12, "reopen", None)),
    ("a risk opened again, with a reason", "/prhub risk R12 reopen back on", (12, "reopen", "back on")),
    ("a risk opened again, and a hidden word", "/prhub risk R12 reopen <!-- x -->x", (12, "reopen", "x")),
    ("blanks between all words", "/prhub  risk  R12  accept  x", (12, "accept", "x")),
    ("tabs between all words", "/prhub\trisk\tR12\taccept\tx", (12, "accept", "x")),
    ("a reason, and talk below", "/prhub risk R12 accept x\ny", (12, "accept", "x")),
    ("a reason of 500 characters", f"/prhub risk R12 accept {'x' * 500}", (12, "accept", "x" * 500)),
]
TEXTS: list[tuple[str, str, str]] = [
    ("a word", "good", "good"),
    ("a sentence", "The risk is wrong.", "The risk is wrong."),
    ("a sentence in Chinese", "风险写错了。", "风险写错了。"),
    ("blanks around it", "  good  ", "good"),
    ("blanks within it", "so   good", "so good"),
    ("a line below is not of it", "good\nbad", "good"),
    ("emphasis stays as written", "*very* **good**", "*very* **good**"),
    ("names with underscores", "__init__ is fine", "__init__ is fine"),
    ("code stays code", "`foo()` is fine", "`foo()` is fine"),
    ("code with a backtick", "``a`b`` is fine", "``a`b`` is fine"),
    ("code that is not closed on its line", "`foo is\nbar`", "`foo is"),
    ("a link by its words", "see [this](https://evil.example)", "see this"),
    ("a link to a script is no link", "see [this](javascript:alert(1))", "see [this](javascript:alert(1))"),
    ("an image by its words", "see ![this](https://evil.example/x.png)", "see this"),
    ("an angle link", "<https://a.example>", "https://a.example"),
    ("a bare address", "https://a.example", "https://a.example"),
    ("a tag stays as written", "List<int> is fine", "List<int> is fine"),
    ("a script stays as written", "<script>x</script>", "<script>x</script>"),
    ("a hidden comment is not said", "good <!-- /prhub ignore --> bad", "good bad"),
    ("a hidden comment that is not closed", "good <!-- x", "good <!-- x"),
    ("an entity", "a &amp; b", "a & b"),
    ("an entity for a mention", "&#64;octo", "@octo"),
    ("an escape", r"\*x\*", "*x*"),
    ("a backslash at the end", "x\\", "x\\"),
    ("a mention", "@octo-dev agrees", "@octo-dev agrees"),
    ("a reference", "as in #12", "as in #12"),
    ("another command", "/prhub ignore", "/prhub ignore"),
    ("a zero-width space", "go\u200bod", "good"),
    ("direction marks", "\u202egood\u202c", "good"),
    ("tags that hide words", "good\U000e0041\U000e0042", "good"),
    ("a control character", "go\x07od", "good"),
    ("a NUL", "go\x00od", "go\ufffdod"),
    ("a letter in two pieces", "cafe\u0301", "café"),
    ("a line separator", "a\u2028b", "a b"),
    ("a no-break space", "a\u00a0b", "a b"),
    ("emoji", "👍 good", "👍 good"),
    ("a lone surrogate", "a\ud800b", "ab"),
    ("something like an option", "--language en", "--language en"),
    ("a template", "{{ 7 * 7 }} {said}", "{{ 7 * 7 }} {said}"),
    ("a quotation mark", '"good"', '"good"'),
    ("a pipe", "a | b", "a | b"),
    ("500 characters", "x" * 500, "x" * 500),
    ("500 characters in Chinese", "好" * 500, "好" * 500),
]


@pytest.mark.parametrize(("body", "fields"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_a_line_is_a_command(body: str, fields: dict[str, Any]) -> None:
    """It asks for this and nothing else."""
    assert parse_command(body) == Command(**fields)


@pytest.mark.parametrize(("body", "said"), [pytest.param(*row[1:], id=row[0]) for row in RISKS])
def test_a_risk_is_decided_about(body: str, said: tuple[int, str, str | None]) -> None:
    """By its short id, with a verb and a reason; only opening it again needs none."""
    found = parse_command(body)
    assert isinstance(found, Command)
    assert (found.name, found.number, found.verb, found.text) == ("risk", *said)


@pytest.mark.parametrize(("text", "said"), [pytest.param(*row[1:], id=row[0]) for row in TEXTS])
def test_feedback_is_what_a_reader_sees(text: str, said: str) -> None:
    """One clean line: the words of links, code and emphasis with their signs, nothing hidden."""
    assert parse_command(f"/prhub feedback {text}") == Command(name="feedback", text=said)


@pytest.mark.parametrize(
    ("name", "example"), [(spec.name, example) for spec in COMMANDS.values() for example in spec.examples]
)
def test_every_example_of_the_table_is_understood(name: str, example: str) -> None:
    """As the command that it is an example of."""
    found = parse_command(example)
    assert isinstance(found, Command)
    assert found.name == name
    assert Command.model_validate_json(found.model_dump_json()) == found


@pytest.mark.parametrize("before", ["/prhub feedback see", "/prhub risk R1 accept", "/prhub reprot"])
def test_a_secret_pasted_by_mistake_is_not_kept(before):
    """What a command says is stored: the secret is taken out before."""
    secret = made(FORMS["a GitHub personal token"], Random(7))
    found = parse_command(f"{before} {secret} please")
    assert found is not None
    assert secret not in repr(found)
    assert "REDACTED" in repr(found)
