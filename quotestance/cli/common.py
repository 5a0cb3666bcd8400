"""What the commands share: consoles, error output, progress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from quotestance.errors import QuotestanceError
from quotestance.render import printable

T = TypeVar("T")

OK, SOME_FAILED, BAD_CALL = 0, 1, 2

# Created once; rich looks up sys.stdout and sys.stderr each time it prints.
console = Console()
console_err = Console(stderr=True)


def say(message: str) -> None:
    """Print one message on stderr: no markup, no wrapping, control characters escaped."""
    typer.echo(printable(message), err=True)


def show_error(error: QuotestanceError, label: str = "error") -> None:
    """Print an error and its hint on stderr."""
    say(f"{label}: {error.message}")
    if error.hint:
        say(f"hint: {error.hint}")


def fail(error: QuotestanceError) -> NoReturn:
    """Print an error and its hint on stderr and end with exit code 2."""
    show_error(error)
    raise typer.Exit(BAD_CALL)


def progress(items: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Pass ``items`` through, with a progress bar on stderr when that is a terminal."""
    if not console_err.is_terminal:
        yield from items
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console_err, transient=True) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            yield item
            bar.advance(task)
