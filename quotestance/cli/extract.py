"""``quotestance extract``: every quote of the articles given."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, TextIO

import typer
from rich.console import Console

from quotestance.articles import STDIN, Failure, check_inputs, read_articles
from quotestance.cli.common import SOME_FAILED, fail, progress, say, show_error
from quotestance.errors import InputError, QuotestanceError
from quotestance.records import ROW_COLUMNS, AnnotatedArticle, Article
from quotestance.render import page_parts, table

_FILE_WIDTH = 120  # columns of a table that goes to a file or a pipe


Format = Literal["table", "json", "jsonl", "csv", "html"]
Device = Literal["auto", "cpu", "cuda"]
Mode = Literal["all", "speech", "thought"]
Keep = Literal["quotes", "attributions"]


def extract(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="Text files, folders of .txt files, tables (.jsonl, .csv, .parquet) with a "
            "text column, or - for the standard input.",
        ),
    ],
    format: Annotated[Format, typer.Option("--format", help="How to write.")] = "table",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where to write; else stdout.")
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="PATH", help="Another model folder.")
    ] = None,
    device: Annotated[Device, typer.Option("--device", help="Where to run.")] = "auto",
    min_confidence: Annotated[
        float,
        typer.Option("--min-confidence", min=0.0, max=1.0, help="Leave out less certain quotes."),
    ] = 0.0,
    mode: Annotated[Mode, typer.Option("--mode", help="Speech, thought, or all.")] = "all",
    keep: Annotated[
        Keep,
        typer.Option("--keep", help='"attributions" adds attributions that are no quotes.'),
    ] = "quotes",
) -> None:
    """Write every quote of the articles: words, speaker, target, stance, offsets, confidence.

    Exit code 0; 1 if some articles failed (each is named, the rest are written); 2 for a bad
    call.
    """
    from quotestance import pipeline

    try:
        check_inputs(inputs)
        _check_output(output, inputs)
        nlp = pipeline.load(model, device=device)
        run = _Run(inputs)
        results = nlp.pipe(run.articles(), keep=keep, on_error="yield")
        docs = (_filtered(doc, min_confidence, mode) for doc in run.succeeded(results))
        with _opened(output) as file:
            _WRITERS[format](progress(docs, "articles"), file)
    except QuotestanceError as error:
        fail(error)
    if run.failed:
        say(f"{run.failed} of {run.count} articles failed")
        raise typer.Exit(SOME_FAILED)


class _Run:
    """Counts articles and reports each failure and warning as it comes."""

    def __init__(self, inputs: list[str]) -> None:
        self.inputs = inputs
        self.count = self.failed = 0
        self.warnings: dict[str, str] = {}

    def articles(self) -> Iterator[Article]:
        for item in read_articles(self.inputs, warn=self._warn):
            self.count += 1
            if isinstance(item, Failure):
                self._fail(item)
            else:
                yield item

    def succeeded(
        self, results: Iterable[AnnotatedArticle | Failure]
    ) -> Iterator[AnnotatedArticle]:
        for result in results:
            if isinstance(result, Failure):
                self._fail(result)
                continue
            for warning in result.warnings:
                say(f"warning: {result.id}: {warning}")
            note = self.warnings.pop(result.id, None)
            if note:
                result = dataclasses.replace(result, warnings=(note, *result.warnings))
            yield result

    def _fail(self, failure: Failure) -> None:
        self.failed += 1
        show_error(failure.error, "error" if _names(failure) else f"error: {failure.id}")

    def _warn(self, id: str, message: str) -> None:
        say(f"warning: {id}: {message}")
        self.warnings[id] = message


def _names(failure: Failure) -> bool:
    """Whether the message says the file, or file and line, that the id is made of."""
    file, line = getattr(failure.error, "file", None), getattr(failure.error, "line", None)
    if file is None:
        return False
    place = Path(file).as_posix()
    told = (place, place if line is None else f"{place}:{line}")
    return any(f"/{words}".endswith(f"/{failure.id}") for words in told)


def _filtered(doc: AnnotatedArticle, min_confidence: float, mode: Mode) -> AnnotatedArticle:
    kept = [
        quote
        for quote in doc.quotes
        if (quote.confidence.quote is None or quote.confidence.quote >= min_confidence)
        and mode in ("all", quote.mode)
    ]
    if len(kept) == len(doc.quotes):
        return doc
    ids = {quote.id for quote in kept}
    # A quote must not say that it stands inside one that was left out.
    whole = (q if q.inside is None or q.inside in ids else q.replace(inside=None) for q in kept)
    return dataclasses.replace(doc, quotes=tuple(whole))


def _check_output(output: Path | None, inputs: list[str]) -> None:
    if output is None:
        return
    if output.is_dir():
        raise InputError("expected a file to write to, found a folder", file=output)
    if not output.parent.is_dir():
        raise InputError("the folder to write to does not exist", file=output, hint="create it")
    for given in inputs:
        if given != STDIN and output.exists() and output.samefile(given):
            raise InputError(
                "expected another file than the input to write to",
                file=output,
                hint="the input would be lost",
            )


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    try:
        raw: BinaryIO = sys.stdout.buffer if output is None else output.open("wb")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=output) from None
    # Words may hold lone surrogates, which UTF-8 cannot: they are written as escapes.
    file = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", newline="")
    try:
        yield file
    finally:
        file.detach() if output is None else file.close()


def _write_jsonl(docs: Iterable[AnnotatedArticle], file: TextIO) -> None:
    for doc in docs:
        file.write(doc.to_json() + "\n")


def _write_json(docs: Iterable[AnnotatedArticle], file: TextIO) -> None:
    before = "[\n"
    for doc in docs:
        file.write(before + json.dumps(doc.to_dict(), indent=1))
        before = ",\n"
    file.write("\n]\n" if before == ",\n" else "[]\n")


def _write_csv(docs: Iterable[AnnotatedArticle], file: TextIO) -> None:
    writer = csv.DictWriter(file, ROW_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for doc in docs:
        writer.writerows(doc.to_rows())


def _write_html(docs: Iterable[AnnotatedArticle], file: TextIO) -> None:
    file.writelines(page_parts(docs))


def _write_table(docs: Iterable[AnnotatedArticle], file: TextIO) -> None:
    console = Console(file=file)
    if not console.is_terminal:
        console = Console(file=file, width=_FILE_WIDTH)
    for doc in docs:
        console.print(table(doc))


_WRITERS: dict[Format, Callable[[Iterable[AnnotatedArticle], TextIO], None]] = {
    "table": _write_table,
    "json": _write_json,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
    "html": _write_html,
}
