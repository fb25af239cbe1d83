"""The command line: one file for each command, none imported before it is asked for."""

from __future__ import annotations

import importlib
import sys

import click

from bot.errors import PRHubError, UserError

# Name, module, and the line that --help shows: importing the modules for it would take seconds.
COMMANDS = {
    "serve": ("bot.cli.serve", "Run the server that takes GitHub's webhooks."),
    "doctor": ("bot.cli.doctor", "Look at everything PRHub stands on, and say what to do."),
    "report": ("bot.cli.report", "Print or publish the report of one merged pull request."),
    "digest": ("bot.cli.digest", "Print or publish the digest of a week, a month, or any other period."),
    "backfill": ("bot.cli.backfill", "Make the reports of past merges, at half price; stopped, it goes on."),
    "risks": ("bot.cli.risks", "List the register of a repository's risks, and what became of them."),
    "feedback": ("bot.cli.feedback", "List what people said of a repository's reports, beside the scores."),
    "config": ("bot.cli.config", "Check a repository's file, or show what holds for a repository."),
    "usage": ("bot.cli.usage", "Sum up what the model's calls came to, and how the budgets stand."),
    "jobs": ("bot.cli.jobs", "List what is open or dead, say why, retry it or drop it."),
    "replay": ("bot.cli.replay", "Take a stored delivery again, or tell what that would do."),
    "forget": ("bot.cli.forget", "Delete all that is kept of a repository."),
    "demo": ("sandbox.demo", "Show PRHub at work on a sample repository, without a key."),
    "schema": ("bot.cli.schema", "Print the JSON Schema of the stored report."),
}


class LazyGroup(click.Group):
    """A group that imports a command when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the commands in the order of their use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import a command, or give ``None`` if there is no such one."""
        if cmd_name not in COMMANDS:
            return None
        try:
            command: click.Command = importlib.import_module(COMMANDS[cmd_name][0]).command
        except ModuleNotFoundError as error:
            if error.name != "graphql":
                raise
            raise UserError('The demo needs its extra: pip install "prhub[demo]".') from error
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="prhub")
def prhub() -> None:
    """PRHub posts one verified report on every merged pull request."""


def main() -> None:
    """Run the command line. Ends with 0, 1 (it failed) or 2 (the user's mistake, in one line)."""
    try:
        prhub.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except UserError as error:
        _fail(str(error), 2)
    except (click.Abort, KeyboardInterrupt):
        _fail("Interrupted.", 1)
    except PRHubError as error:
        _fail(str(error), 1)
    except OSError as error:
        # A full disk behind the output, above all; a reader that went away is click's to handle.
        _fail(f"{error.strerror or error}.", 1)


def _fail(message: str, code: int) -> None:
    click.echo(f"prhub: {' '.join(message.split())}", err=True)
    sys.exit(code)
