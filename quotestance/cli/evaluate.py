"""``quotestance evaluate``: score a model, or predictions, against labelled articles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from quotestance.cli.common import console, fail
from quotestance.errors import InputError, QuotestanceError


def evaluate(
    corpus: Annotated[
        str,
        typer.Option(
            "--corpus",
            metavar="FORMAT",
            help="quotestance, polnear, parc, newsmtsc, dse, gap or gum.",
        ),
    ],
    path: Annotated[Path, typer.Option("--path", metavar="FILE", help="The labelled file.")],
    model: Annotated[
        Path | None, typer.Option("--model", metavar="PATH", help="Another model folder.")
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", metavar="FILE", help="Score these records, no model."),
    ] = None,
    compare: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--compare", metavar="A B", help="Two files of predictions: paired bootstrap test."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", help="Only the first N rows.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the figures there.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option("--errors", metavar="FILE.html", help="Write an error browser there."),
    ] = None,
) -> None:
    """Score a model, or predictions, against labelled articles, with 95 % intervals.

    Exit code 0, or 2 for a bad call or a file that breaks its format (named by file, line and
    field).
    """
    try:
        if compare is not None:
            _check_compare(model, predictions, errors)
            _compare(corpus, path, compare, limit, json_file)
        else:
            _evaluate(corpus, path, model, predictions, limit, json_file, errors)
    except QuotestanceError as error:
        fail(error)


def _evaluate(
    corpus: str,
    path: Path,
    model: Path | None,
    predictions: Path | None,
    limit: int | None,
    json_file: Path | None,
    errors: Path | None,
) -> None:
    from quotestance.evaluation import evaluate as run

    if predictions is not None and model is not None:
        raise InputError(
            "expected --model or --predictions, found both",
            field="--predictions",
            hint="predictions are scored as they are; leave one of the two out",
        )
    result = run(corpus, path, model=model, predictions=predictions, limit=limit)
    console.print(result)
    if json_file is not None:
        _write_json(json_file, result.to_dict())
    if errors is not None:
        _write(errors, result.to_html())


def _check_compare(model: Path | None, predictions: Path | None, errors: Path | None) -> None:
    given = {"--model": model, "--predictions": predictions, "--errors": errors}
    for name, value in given.items():
        if value is not None:
            raise InputError(
                f"expected --compare alone, found {name} too",
                field="--compare",
                hint="--compare A B takes two files of predictions and nothing else to score",
            )


def _compare(
    corpus: str, path: Path, files: tuple[Path, Path], limit: int | None, json_file: Path | None
) -> None:
    from quotestance.evaluation import compare_predictions
    from quotestance.evaluation.report import difference_table, differences_dict

    found = compare_predictions(corpus, path, *files, limit=limit)
    title = f"A: {files[0]}\nB: {files[1]}\n* p < .05, paired bootstrap over {corpus} rows"
    console.print(difference_table(found, title=title))
    if json_file is not None:
        _write_json(json_file, {"corpus": corpus, "differences": differences_dict(found)})


def _write_json(file: Path, value: dict[str, Any]) -> None:
    _write(file, json.dumps(value, indent=2) + "\n")


def _write(file: Path, text: str) -> None:
    try:
        # A lone surrogate of an article cannot be UTF-8; it is written as a question mark.
        file.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=file) from None
