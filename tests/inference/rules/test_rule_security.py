"""Dangerous calls, workflow triggers, secrets and remarks about security raise the security risk."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model import FileKind, RiskKey
from tests.fakes.facts import file_change, hunk, remark, thread
from tests.fakes.insights import risk, said, severity

KEY = RiskKey.SECURITY


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        pytest.param("a.py", "x = pickle.load(f)", "pickle.load", id="pickle"),
        pytest.param(
            "a.py",
            "x = torch.load(f, weights_only=False)",
            "torch.load(weights_only=False)",
            id="torch, said so",
        ),
        pytest.param("a.py", "x = torch.load(f)", "torch.load", id="torch, not said"),
        pytest.param("a.py", "x = torch.load(f, weights_only=True)", None, id="torch, safe"),
        pytest.param(
            "a.py", "x = yaml.load(f, Loader=yaml.FullLoader)", "yaml.unsafe_load", id="an unsafe loader"
        ),
        pytest.param("a.py", "x = yaml.load(f, Loader=yaml.SafeLoader)", None, id="a safe loader"),
        pytest.param("a.py", "x = eval(text)", "eval", id="eval"),
        pytest.param("a.py", "model.eval()", None, id="a method called eval"),
        pytest.param("a.py", "def eval(self, x):", None, id="a definition of eval"),
        pytest.param("a.js", "const m = re.exec(text)", None, id="a regular expression's exec"),
        pytest.param("a.py", "run(cmd, shell=True)", "shell=True", id="a shell"),
        pytest.param("a.py", "os.system('ray stop')", None, id="a constant command"),
        pytest.param("a.py", 'os.system(f"rm {path}")', "os.system", id="a command with a value in it"),
        pytest.param("a.py", "get(url, verify=False)", "verify=False", id="no certificate check"),
        pytest.param("a.tsx", "<p dangerouslySetInnerHTML={x} />", "dangerouslySetInnerHTML", id="React"),
        pytest.param("a.js", "el.innerHTML = value", "innerHTML", id="innerHTML with a value"),
        pytest.param("a.js", "el.innerHTML = '';", None, id="innerHTML emptied"),
        pytest.param(
            "a.py", "hashlib.md5(password.encode())", "weak hash of a secret", id="a password in md5"
        ),
        pytest.param("a.py", "hashlib.md5(content)", None, id="md5 as a checksum"),
        pytest.param("a.go", "tls.Config{InsecureSkipVerify: true}", "InsecureSkipVerify: true", id="Go"),
        pytest.param("a.py", "# never use pickle.load(f)", None, id="a comment"),
        pytest.param("a.py", 'print("use pickle.load(f)")', None, id="a string"),
        pytest.param("a.md", "x = pickle.load(f)", None, id="another kind of file"),
    ],
)
def test_dangerous_calls(path: str, line: str, expected: object) -> None:
    """Each call is told by its own name; what only looks like one is not."""
    found = risk(KEY, files=(file_change(f"engine/{path}", added=line),))
    assert (said(found).params["symbols"] if found else None) == expected


def test_where_content_does_not_count() -> None:
    """Tests, examples, generated and vendored files say nothing."""
    line = "x = pickle.load(f)"
    for kind in (FileKind.TEST, FileKind.GENERATED, FileKind.VENDORED, FileKind.DOCS):
        assert severity(KEY, files=(file_change("a/b.py", added=line, kind=kind),)) is None
    assert severity(KEY, files=(file_change("examples/b.py", added=line),)) is None


def test_an_edited_call_is_not_a_new_one() -> None:
    """The change takes one away and adds one: nothing got worse."""
    edited = hunk("-x = pickle.load(f)\n+y = pickle.load(f)")
    assert severity(KEY, files=(file_change("a/b.py", hunks=(edited,)),)) is None


def test_the_quoted_line_and_its_number_are_the_evidence() -> None:
    """A reader can look at the line."""
    found = risk(KEY, files=(file_change("a/b.py", added="import pickle\nx = pickle.load(f)"),))
    assert found is not None
    assert (found.evidence[0].path, found.evidence[0].line, found.evidence[0].quote) == (
        "a/b.py",
        2,
        "x = pickle.load(f)",
    )


WORKFLOW = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("on:\n  pull_request_target:\n", "medium", id="started by foreign pull requests"),
        pytest.param(
            "on: pull_request_target\nref: ${{ github.event.pull_request.head.sha }}",
            "high",
            id="and runs their code",
        ),
        pytest.param("run: echo ${{ github.event.issue.title }}", "high", id="text in a shell command"),
        pytest.param("TITLE: ${{ github.event.issue.title }}", None, id="text in a variable"),
        pytest.param("permissions: write-all", "medium", id="all permissions"),
        pytest.param("# pull_request_target is not used", None, id="a comment"),
        pytest.param("on: pull_request", None, id="the safe trigger"),
    ],
)
def test_workflows(text: str, expected: object) -> None:
    """A workflow that trusts strangers is told."""
    assert severity(KEY, files=(file_change(WORKFLOW, added=text, kind=FileKind.CI),)) == expected


def test_a_secret_in_an_added_line() -> None:
    """Redaction left its mark: by form it weighs more than by name."""
    token = file_change("a/b.py", added='key = "[REDACTED:github-token]"')
    named = file_change("a/b.py", added='password = "[REDACTED:assigned-secret]"')
    assert severity(KEY, files=(token,)) == "high"
    assert severity(KEY, files=(named,)) == "medium"
    assert severity(KEY, files=(token.model_copy(update={"kind": FileKind.TEST}),)) is None


BADGE = "![security-high](https://x.test/security-high.svg)\n\nThis runs what it loads."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, "medium", id="the line stands"),
        pytest.param({"still_there": False, "later_commits": 1}, None, id="the line was changed"),
        pytest.param({"still_there": None}, None, id="the file was not read"),
        pytest.param({"resolved": True}, None, id="it was resolved"),
    ],
)
def test_remarks_about_security(changes: dict[str, Any], expected: object) -> None:
    """Only a remark whose line the merged file still has is repeated as a risk."""
    assert severity(KEY, threads=(thread(remark(BADGE), **changes),)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("engine/auth/login.py", "low", id="a folder"),
        pytest.param("src/UserPassword.java", "low", id="a word of a name"),
        pytest.param("engine/author.py", None, id="a longer word"),
        pytest.param("engine/tokenizer.py", None, id="no secret at all"),
    ],
)
def test_paths_of_access(path: str, expected: object) -> None:
    """A path that says auth or crypto is looked at."""
    assert severity(KEY, files=(file_change(path, added="x = 1"),)) == expected
