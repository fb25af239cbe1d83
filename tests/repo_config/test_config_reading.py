"""What a file says, and what is said about a file that is wrong: every mistake with its place."""

from __future__ import annotations

import pytest

from bot.model.commands import CommandName, Role
from bot.repo_config import read_config
from bot.repo_config.keys import REFUSED
from bot.repo_config.reading import MOST_PROBLEMS

ALL = """\
_extends: octo-org/rules
language: zh-CN
publish: check
min_importance: 2.5
time_zone: Asia/Shanghai
ignore: {paths: [docs/], authors: ["octo-helper[bot]"], labels: [no report]}
modules: {api: [services/api/], web: {append: [web/]}}
core_paths: {prepend: [a/], append: [b/]}
risks: {slow-path: {name: Slow, description: Runs often, color: 000000, paths: [hot/]}}
labels: {enabled: false, prefix: "prhub: ", max: 3}
digest: {schedule: 0 9 * * 1, period: month, time_zone: UTC, highlights: 5, threshold: 6, publish: none,
  paths: [a/b/]}
commands: {report: maintain}
model: {size: small}
budget: {tokens_per_pull: 60000, tokens_per_day: 100000}
"""


def test_every_key_can_be_said():
    """And no other: the test below and the page's test hold the list."""
    read = read_config(ALL.encode())
    assert read.problems == ()
    config = read.config
    assert config is not None
    said = config.model_dump()
    assert all(said[name] is not None for name in type(config).model_fields)
    assert (said["risks"]["slow-path"]["color"], said["labels"]["enabled"]) == ("000000", False)
    assert (said["digest"]["paths"], said["min_importance"]) == (("a/b",), 2.5)
    assert config.commands == {CommandName.REPORT: Role.MAINTAIN}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="an empty file"),
        pytest.param("# nothing yet\n", id="a comment"),
        pytest.param("---\n", id="a document without anything"),
        pytest.param("language:\ndigest: ~\nlabels: null\n", id="keys without values"),
        pytest.param("\ufeff\r\n", id="a mark of Windows editors"),
    ],
)
def test_a_file_may_say_nothing(text):
    """Then it has no say."""
    read = read_config(text.encode())
    assert read.problems == ()
    assert read.config is not None
    assert read.config.model_dump(exclude_none=True) == {}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        pytest.param("language: no", (1, 1), "write en or zh-CN", id="no is a string, and no language"),
        pytest.param("\nlabels:\n  max: 12:30:45", (3, 3), "a whole number", id="a time is a string"),
        pytest.param("labels: {max: 0x14}", (1, 10), "a whole number", id="hexadecimal is a string"),
        pytest.param("labels: {max: 21}", (1, 10), "from 0 to 20", id="more labels than there can be"),
        pytest.param("labels: {enabled: on}", (1, 10), "neither true nor false", id="on is a string"),
        pytest.param("labels: {prefix: ' a'}", (1, 10), "begins with a space", id="a prefix nobody sees"),
        pytest.param("labels: {prefix: '@octo-org: '}", (1, 10), "must not have", id="a prefix that calls"),
        pytest.param("labels: {prefix: x}", (1, 10), "too short", id="a prefix that others have too"),
        pytest.param("labels: [a]", (1, 1), "the keys enabled, prefix, max", id="a list in place of keys"),
        pytest.param("min_importance: .nan", (1, 1), "from 0 to 10", id="no number at all"),
        pytest.param("min_importance: inf", (1, 1), "from 0 to 10", id="an endless number"),
        pytest.param("time_zone: ../../etc/passwd", (1, 1), "Asia/Shanghai", id="a path as a time zone"),
        pytest.param("core_paths: src", (1, 1), "a list of globs", id="a value in place of a list"),
        pytest.param("core_paths:\n- a\n- '!b'", (3, 3), "exclamation mark", id="a glob that takes back"),
        pytest.param("core_paths: [a, [b]]", (1, 17), "item 2, is not a single", id="a list within a list"),
        pytest.param("core_paths: ['']", (1, 14), "too short", id="an empty glob"),
        pytest.param('core_paths: ["a\\u202e"]', (1, 14), "cannot be seen", id="a hidden character"),
        pytest.param(f"core_paths: [{'a,' * 201}]", (1, 1), "too many", id="more globs than are read"),
        pytest.param("ignore: {authors: [a b]}", (1, 20), "logins", id="a login with a space"),
        pytest.param("risks: {security: {name: a, paths: [b]}}", (1, 9), "itself", id="a risk of PRHub's"),
        pytest.param("risks: {slow: {paths: [b]}}", (1, 9), "has no name", id="a risk without a name"),
        pytest.param("risks: {Slow: {name: a, paths: [b]}}", (1, 9), "slow-path", id="a risk in capitals"),
        pytest.param("risks: {slow: {name: a, paths: []}}", (1, 25), "too few", id="a risk of no path"),
        pytest.param("digest: {schedule: 0 9 * *}", (1, 10), "five fields", id="a field too few"),
        pytest.param("digest: {schedule: 0 0 31 2 *}", (1, 10), "ever fires", id="the 31st of February"),
        pytest.param("digest: {paths: [../up]}", (1, 18), "below the top", id="a path out of the repository"),
        pytest.param("commands: {report: read}", (1, 12), "one of write,", id="a command for more people"),
        pytest.param("commands: {report: owner}", (1, 12), "one of write,", id="a role there is not"),
        pytest.param("budget: {tokens_per_day: 0}", (1, 10), "from 50000", id="a budget of nothing"),
        pytest.param("model: claude", (1, 1), "the key size", id="the name of a model"),
        pytest.param("_extends: octo/..", (1, 1), "the name of a repository", id="a path as a repository"),
        pytest.param("_extends: a/b/c", (1, 1), "the name of a repository", id="three names"),
    ],
)
def test_a_mistake_is_told_with_its_place(text, place, words):
    """The key, what is wrong, and what to write; the file is not taken."""
    read = read_config(text.encode(), "octo-org/engine")
    assert read.config is None
    (problem,) = read.problems
    assert (problem.severity, problem.place) == ("error", "octo-org/engine")
    assert (problem.line, problem.column) == place
    assert words in problem.text


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        pytest.param("a: &x b\nc: *x", 1, "an anchor or an alias", id="an anchor"),
        pytest.param("a: b\nc: *x", 2, "an anchor or an alias", id="an alias of nothing"),
        pytest.param("a: !!str b", 1, "a tag", id="a tag, even a harmless one"),
        pytest.param("a: b\n<<: {c: d}", 2, "a merge key", id="a merge key"),
        pytest.param("a: b\n'a': c", 2, "a key twice, first in line 1", id="a key twice"),
        pytest.param("? [a]\n: b", 1, "not a word", id="a list as a key"),
        pytest.param("~: b", 1, "not a word", id="nothing as a key"),
        pytest.param("%YAML 1.2\n---\na: b", 1, "a directive", id="a directive"),
        pytest.param("a: b\n---\nc: d", 2, "a second document", id="a second document"),
        pytest.param("- a", 1, "not a mapping", id="a list"),
        pytest.param("publish", 1, "not a mapping", id="a word"),
        pytest.param("a:\n\tb: c", 2, "a tab", id="a tab"),
        pytest.param("a: 'b", 1, "quotes that do not end", id="quotes without an end"),
        pytest.param("a: [b", 1, "a bracket that is not closed", id="a bracket without an end"),
        pytest.param("a: b\nc", 2, "without a colon", id="a line without a colon"),
        pytest.param("a: b: c", 1, "a colon in a place", id="two colons"),
        pytest.param('a: "\\UFFFFFFFF"', 1, "cannot be read", id="an escape of no character"),
        pytest.param('a: "\\ud800"', 1, "half of a character", id="half of a pair"),
        pytest.param("a: b\nc: \x07", 2, "does not allow", id="a bell"),
        pytest.param("a: " + "[" * 10 + "]" * 10, 1, "more than 10 levels", id="eleven levels"),
        pytest.param("a: [" + "b," * 1000 + "]", 1, "over 1000 values", id="too many values"),
        pytest.param("a: " + "b" * 16_382, 1, "larger than 16 KiB", id="one byte too many"),
    ],
)
def test_a_file_that_is_no_plain_yaml_is_not_taken(text, line, words):
    """Whatever a YAML reader would make of it."""
    read = read_config(text.encode())
    (problem,) = read.problems
    assert (read.config, problem.severity, problem.line) == (None, "error", line)
    assert words in problem.text


def test_what_is_not_utf_8_is_not_taken():
    """A picture, for example."""
    (problem,) = read_config(b"a: b\nc: \xff\xd8").problems
    assert (problem.line, problem.text) == (2, "The file is not UTF-8 text.")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("publsh: none", "publish", id="a letter is missing"),
        pytest.param("Language: en", "language", id="a capital letter"),
        pytest.param("min-importance: 3", "min_importance", id="a dash"),
        pytest.param("labels: {maximum: 3}", "labels.max", id="a word that is too long"),
        pytest.param("highlights: 3", "digest.highlights", id="a key in the wrong place"),
        pytest.param(
            "risks: {slow: {name: a, paths: [b], colour: '000000'}}", "risks.slow.color", id="British"
        ),
        pytest.param("commands: {reprot: write}", "commands.report", id="a command with swapped letters"),
        pytest.param("extends: octo-org/rules", "_extends", id="without the first sign"),
    ],
)
def test_an_unknown_key_names_the_one_that_was_meant(text, meant):
    """And everything else in the file holds."""
    read = read_config(f"time_zone: Asia/Tokyo\n{text}".encode())
    (problem,) = read.problems
    assert (problem.severity, problem.line) == ("warning", 2)
    assert problem.text.endswith(f"did you mean {meant}?")
    assert read.config is not None
    assert read.config.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("'[key]': a", id="at the top"),
        pytest.param("commands: {'[key]': write}", id="as a command"),
        pytest.param("risks: {slow: {name: a, paths: [b], '[key]': c}}", id="in a risk"),
        pytest.param("core_paths: {added: {also: [b]}, also: [c]}", id="as a form of a list"),
        pytest.param("core_paths: {listed: [a], append: [b]}", id="as the other form of a list"),
        pytest.param("ignore: {added: {added: {added: b}}, listed: c}", id="over and over"),
        pytest.param("labels: {'': a}", id="as nothing"),
    ],
)
def test_keys_may_be_called_like_the_checkers_own_words(text):
    """They are unknown, and left out."""
    read = read_config(text.encode())
    assert read.config is not None
    assert {problem.severity for problem in read.problems} == {"warning"}


def test_what_is_like_nothing_is_only_left_out():
    """A guess would not help."""
    (problem,) = read_config(b"xyzzy: 1").problems
    assert problem.text == "xyzzy is unknown: it is left out."


@pytest.mark.parametrize("name", REFUSED)
def test_a_key_that_would_widen_is_refused(name):
    """Wherever it stands: no endpoints, models, prompts, tokens, mentions, other repositories (R112)."""
    for text in (f"{name.upper()}: x", f"labels: {{{name}: x}}", f"commands: {{{name}: write}}"):
        (problem,) = read_config(text.encode()).problems
        assert (problem.severity, problem.text.endswith(f"{REFUSED[name]}. Take it out.")) == ("error", True)


def test_no_value_of_the_file_is_told():
    """What is told may be public where the file is not."""
    secret = "hunter2-hunter2"
    text = f"language: {secret}\ncore_paths: '{secret}'\nlabels: {{max: {secret}, prefix: '{secret * 9}'}}"
    read = read_config(text.encode())
    assert len(read.problems) == 4
    assert secret not in repr(read.problems)


def test_only_the_first_mistakes_are_told():
    """Whoever made more mends these first; errors go before warnings."""
    lines = [f"labels{n}: x" for n in range(300)]
    read = read_config("\n".join([*lines, "language: no"]).encode())
    assert len(read.problems) == MOST_PROBLEMS
    assert (read.problems[0].severity, read.problems[0].line) == ("error", 301)


def test_names_are_told_in_visible_signs():
    """A key must not move a terminal's cursor, nor end a piece of code in a comment."""
    (problem,) = read_config('"a`\\e[2J@octo\u202e": 1'.encode()).problems
    assert problem.text == "a??[2J@octo? is unknown: it is left out."
