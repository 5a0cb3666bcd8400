"""``quotestance report``: a ledger as one self-contained page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quotestance.cli.common import fail, say
from quotestance.cli.track import (
    By,
    Count,
    Counts,
    Issues,
    LedgerFile,
    Mode,
    Modes,
    Outlets,
    Since,
    Speakers,
    Targets,
    Until,
    chosen,
    opened,
)
from quotestance.errors import InputError, QuotestanceError


def report(
    ledger: LedgerFile,
    output: Annotated[
        Path, typer.Option("--output", metavar="FILE", help="Where to write the page.")
    ] = Path("report.html"),
    speaker: Speakers = None,
    target: Targets = None,
    outlet: Outlets = None,
    mode: Modes = Mode.SPEECH,
    since: Since = None,
    until: Until = None,
    issues: Issues = False,
    by: Annotated[By, typer.Option("--by", help="Length of a period.")] = By.MONTH,
    count: Counts = Count.GROUPS,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE", help="How the classifier errs, as measured."),
    ] = None,
) -> None:
    """Write one page: timeline, turns, comparisons, and the quotes behind every point.

    Without speaker and target it is an overview of the ledger. The page holds all it needs and
    loads nothing.
    """
    from quotestance.track.html import report as page

    try:
        which = chosen(speaker, target, outlet, mode, since, until, issues)
        text = page(opened(ledger), by=by.value, count=count.value, errors=errors, **which)
        try:
            output.write_text(text, encoding="utf-8", newline="\n")
        except OSError as error:
            raise InputError(f"cannot be written: {error.strerror}", file=output) from None
    except QuotestanceError as error:
        fail(error)
    say(f"{output}: written")
