"""Help: the table of commands as text, and what was wrong with a line that was meant as one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.markdown.catalogue import Catalogue, Language, load
from bot.markdown.escape import Safe, code, joined
from bot.model import COMMANDS, CommandName, Misunderstood, Role
from bot.model.commands import LINE_LIMIT, TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import CommandSpec

_PARAGRAPH: Final = Safe("\n\n")


def help_text(
    language: Language,
    misunderstood: Misunderstood | None = None,
    floors: Mapping[str, str] | None = None,
) -> Safe:
    """Give the help as Markdown: all commands, or of one that was misunderstood what it takes.

    ``floors`` are the roles by command that a repository's file asks for.
    """
    told = _Help(load(language), floors or {})
    if misunderstood is None:
        return told.everything()
    if misunderstood.about is None:
        return joined((told.wrong(misunderstood), told.everything()), _PARAGRAPH)
    return joined((told.wrong(misunderstood), told.one(COMMANDS[misunderstood.about])), _PARAGRAPH)


@dataclass(frozen=True)
class _Help:
    """The sentences of the help in one language, for one repository."""

    catalogue: Catalogue
    floors: Mapping[str, str] = field(default_factory=dict)

    def everything(self) -> Safe:
        """Who may command, and the list of all commands."""
        specs = COMMANDS.values()
        usual = min((spec.least(self.floors) for spec in specs), key=lambda role: role.rank)
        opening = self.catalogue.say("command.help", role=self._role(usual))
        return joined((opening, joined((self._item(spec, usual) for spec in specs), Safe("\n"))), _PARAGRAPH)

    def one(self, spec: CommandSpec) -> Safe:
        """One command with examples, and how to see the others."""
        examples = joined((code(example) for example in spec.examples), self.catalogue.say("comma"))
        (help_line,) = COMMANDS[CommandName.HELP].usage
        return joined(
            (
                self._item(spec, spec.role),
                self.catalogue.say("command.example", examples=examples),
                self.catalogue.say("command.more", help=code(help_line)),
            ),
            _PARAGRAPH,
        )

    def wrong(self, misunderstood: Misunderstood) -> Safe:
        """What is wrong with the line."""
        return self.catalogue.say(
            f"command.wrong.{misunderstood.trouble.value}",
            said=code(misunderstood.said),
            line=LINE_LIMIT,
            text=TEXT_LIMIT,
        )

    def _item(self, spec: CommandSpec, usual: Role) -> Safe:
        """A line of the list; it names the least role where that is not the usual one."""
        forms = joined((code(form) for form in spec.usage), self.catalogue.say("comma"))
        what, least = self.catalogue.say(f"command.what.{spec.name.value}"), spec.least(self.floors)
        if least is not usual:
            what = self.catalogue.say("command.raised", what=what, role=self._role(least))
        return Safe(f"- {forms}{self.catalogue.say('colon')}{what}")

    def _role(self, role: Role) -> Safe:
        return self.catalogue.say(f"command.role.{role.value}")
