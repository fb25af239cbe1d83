"""The table of commands as ``docs/commands.md`` has it.

``python -m tests.fakes.command_reference`` writes it there anew.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.markdown.catalogue import load
from bot.model import COMMANDS, CommandPlace, CostClass

if TYPE_CHECKING:
    from bot.model import CommandSpec

DOCUMENT = Path(__file__).parents[2] / "docs" / "commands.md"
BEGIN, END = "<!-- the table of commands -->\n", "<!-- end of the table -->\n"
_COSTS = {CostClass.FREE: "nothing", CostClass.READS: "requests to GitHub", CostClass.MODEL: "the model"}
_PLACES = {CommandPlace.PULL: "pull request", CommandPlace.DIGEST_ISSUE: "digest issue"}


def reference() -> str:
    """The table in English: a row for each command, then its examples."""
    rows = "".join(_row(spec) for spec in COMMANDS.values())
    examples = "".join(f"{example}\n" for spec in COMMANDS.values() for example in spec.examples)
    return (
        "| command | what it is for | least role | costs | where |\n| --- | --- | --- | --- | --- |\n"
        f"{rows}\nEach of these lines is understood:\n\n```text\n{examples}```\n"
    )


def written(document: str, table: str) -> str:
    """``document`` with ``table`` between its marks."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table}{END}{after}"


def _row(spec: CommandSpec) -> str:
    usage = "<br>".join(f"`{form}`".replace("|", "\\|") for form in spec.usage)
    what = load("en").say(f"command.what.{spec.name.value}")
    places = ", ".join(_PLACES[place] for place in spec.places)
    return f"| {usage} | {what} | {spec.role.value} | {_COSTS[spec.cost]} | {places} |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text("utf-8"), reference()), "utf-8")
