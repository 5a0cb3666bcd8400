"""``quotestance check``: what is wrong with labelled files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quotestance.cli.common import SOME_FAILED, fail, say
from quotestance.errors import InputError, QuotestanceError
from quotestance.render import printable

if TYPE_CHECKING:
    from quotestance.checking import Report


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Labelled .jsonl files.")],
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Write a copy whose offsets count code points."),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            help="Where --repair writes: a file, or a folder for several; "
            "FILE.repaired.jsonl by default, in place only where FILE itself is named."
        ),
    ] = None,
    near: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Resemblance that makes a near duplicate.")
    ] = 0.6,
) -> None:
    """Say everything that is wrong with labelled articles before training on them.

    Exit code 0: clean. 1: faults, each on a line that starts FILE:LINE. 2: bad call.
    """
    from quotestance.checking import check_files

    try:
        if output is not None and not repair:
            raise InputError("expected --repair beside --output", hint="add --repair")
        report = check_files(files, near)
        for fault in report.faults:
            typer.echo(printable(str(fault)))
        _summary(report)
        if repair:
            _repair(files, output)
    except QuotestanceError as error:
        fail(error)
    if not report.clean:
        raise typer.Exit(SOME_FAILED)


def _summary(report: Report) -> None:
    summary = report.summary
    number = len(report.faults)
    say(
        f"{summary.articles} articles, {summary.quotes} quotes, "
        f"{number} fault{'s' if number != 1 else ''}"
    )
    for key, counts in summary.classes.items():
        total = sum(counts.values())
        if total:
            parts = (f"{label} {n} ({n / total:.0%})" for label, n in counts.most_common())
            say(f"  {key}: " + ", ".join(parts))


def _repair(files: list[Path], output: Path | None) -> None:
    from quotestance.checking import repair_file

    for file, target in zip(files, _targets(files, output), strict=True):
        mended = repair_file(file, target)
        say(f"{target}: {len(mended)} records mended")
        for line, unit in mended.items():
            say(f"  line {line}: was in {unit}")


def _targets(files: list[Path], output: Path | None) -> list[Path]:
    if output is None:
        targets = [file.with_name(f"{file.stem}.repaired.jsonl") for file in files]
        for target in targets:
            if target.exists():
                raise InputError("exists already", file=target, hint="name it with --output")
        return targets
    if len(files) == 1 and not output.is_dir():
        return [output]
    if not output.is_dir():
        raise InputError("expected a folder for several files", file=output, hint="create it first")
    return [output / file.name for file in files]
