"""``quotestance agreement``: how far two annotators agree, and where they do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from quotestance.cli.common import console, fail, say
from quotestance.errors import InputError, QuotestanceError
from quotestance.records import read_records


def agreement(
    first: Annotated[Path, typer.Argument(metavar="A.jsonl", help="Labels of one annotator.")],
    second: Annotated[Path, typer.Argument(metavar="B.jsonl", help="Labels of the other.")],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write figures and differences.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE.html", help="Write a page.")
    ] = None,
) -> None:
    """Agreement of two annotators over the articles that both labelled.

    Pairwise F1 of the benchmark metrics, Cohen's kappa, Krippendorff's alpha, and every
    disagreement side by side.
    """
    from quotestance.evaluation.agreement import agreement as compare

    try:
        result = compare(read_records(first), read_records(second))
        console.print(result)
        for ids, file in ((result.only_first, first), (result.only_second, second)):
            if ids:
                say(f"{len(ids)} articles only in {file}, left out: {', '.join(ids[:5])}")
        if json_file is not None:
            _write(json_file, json.dumps(result.to_dict(), indent=2) + "\n")
        if html is not None:
            _write(html, result.to_html())
    except QuotestanceError as error:
        fail(error)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        hint = "check the folder and its permissions"
        raise InputError(f"cannot be written: {error.strerror}", file=file, hint=hint) from None
