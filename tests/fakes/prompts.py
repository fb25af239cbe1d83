"""Small builders for questions: terms, blocks read back from a question, and a change of any size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.inference.prompts import Terms
from tests.fakes.facts import file_change, pull_facts

if TYPE_CHECKING:
    from bot.llm import Question
    from bot.model import FileChange, PullFacts

SECRET = b"an operator's secret of 32 bytes"
_LINES = (
    "import snapshots",
    "def save(self, path, state):",
    '    """Write the state."""',
    "    temporary = path + '.new'",
    "    try:",
    "        write(temporary, state)",
    "    except OSError:",
    "        self.failures += 1",
    "        raise",
    "    os.replace(temporary, path)",
)


def terms(**changes: Any) -> Terms:
    """English, 120,000 tokens in, 16,000 out."""
    fields: dict[str, Any] = {
        "language": "en",
        "max_input_tokens": 120_000,
        "max_output_tokens": 16_000,
        "secret": SECRET,
    }
    return Terms(**(fields | changes))


def blocks(question: Question) -> dict[str, str]:
    """The blocks of a question by their heads, without the boundary, as a reader of the rule finds them."""
    boundary, _, _ = question.data.partition(" ")
    found: dict[str, list[str]] = {}
    head = ""
    for line in question.data.split("\n"):
        if line.startswith(boundary):
            head = line[len(boundary) + 1 :]
            assert head not in found, head
            found[head] = []
        else:
            found[head].append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def block(question: Question, name: str) -> str:
    """The text of the one block whose head begins with ``name``."""
    found = [text for head, text in blocks(question).items() if head == name or head.startswith(f"{name} ")]
    assert len(found) == 1, (name, list(blocks(question)))
    return found[0]


def source(path: str, lines: int, **changes: Any) -> FileChange:
    """A source file that gained so many lines, no two of them alike."""
    added = "\n".join(f"{_LINES[number % len(_LINES)]}  # {number}" for number in range(lines))
    return file_change(path, added, **changes)


def large_pull(files: int, lines: int, **changes: Any) -> PullFacts:
    """The facts of a change with so many source files of so many lines each, ten to a module."""
    made = tuple(
        source(f"engine/part_{number // 10}/file_{number}.py", lines, module=f"engine/part_{number // 10}")
        for number in range(files)
    )
    return pull_facts(**({"files": made} | changes))
