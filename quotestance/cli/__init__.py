"""The command line. Each command is a function of its own file; none imports torch to start."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Annotated

import typer

from quotestance.cli.common import BAD_CALL, show_error
from quotestance.errors import QuotestanceError

app = typer.Typer(
    name="quotestance",
    help="Quotes in English news: what was said, who said it, toward what, in what tone.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import quotestance

        typer.echo(f"quotestance {quotestance.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show and exit."),
    ] = False,
) -> None:
    pass


_COMMANDS = ("extract", "doctor", "evaluate", "check", "convert", "agreement", "train", "report")

for _name in _COMMANDS:
    if importlib.util.find_spec(f"quotestance.cli.{_name}"):
        _module = importlib.import_module(f"quotestance.cli.{_name}")
        app.command(_name, cls=getattr(_module, "Command", None))(getattr(_module, _name))
if importlib.util.find_spec("quotestance.cli.track"):
    app.add_typer(importlib.import_module("quotestance.cli.track").app, name="track")


def main() -> None:
    """Run the command line; errors that quotestance raises end it with code 2, no traceback."""
    try:
        app()
    except QuotestanceError as error:
        show_error(error)
        sys.exit(BAD_CALL)
