"""Articles of one file: plain text, JSON lines, CSV, Parquet.

Nothing is rewritten: files are UTF-8 without newline translation, and only a byte-order mark is
dropped.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from quotestance.articles.rows import Failure, build_article, shown_names
from quotestance.errors import InputError, MissingExtraError
from quotestance.jsonl import decode, parse_line
from quotestance.records import Article

TABLES = (".jsonl", ".csv", ".parquet")
BOM = "\ufeff"
_BOM_WARNING = "a byte-order mark at the start was dropped; offsets count from what follows it"

Warn = Callable[[str, str], None]
Rows = Iterator[tuple[Article | Failure, int | None]]
"""Articles with the line (of Parquet: the row) where each stands."""


def from_file(path: Path, warn: Warn) -> Rows:
    """The article of a text file, or the articles of a table."""
    suffix = path.suffix.lower()
    if suffix not in TABLES:
        yield from_bytes(path.name, path, path.read_bytes, warn), None
        return
    readers = {".jsonl": _from_jsonl, ".csv": _from_csv, ".parquet": _from_parquet}
    try:
        yield from readers[suffix](path, warn)
    except InputError as error:
        yield Failure(path.name, error.at(path)), None
    except OSError as error:
        yield Failure(path.name, _unreadable(path, error)), None


def from_bytes(
    id: str, file: str | Path, read: Callable[[], bytes], warn: Warn
) -> Article | Failure:
    """The article that some bytes are; ``read`` is called once."""
    try:
        text = decode(read(), file)
    except InputError as error:
        return Failure(id, error)
    except OSError as error:
        return Failure(id, _unreadable(file, error))
    if text.startswith(BOM):
        warn(id, _BOM_WARNING)
    return Article(text.removeprefix(BOM), id)


def _from_jsonl(path: Path, warn: Warn) -> Rows:
    offset = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            id = f"{path.name}:{number}"
            try:
                line = _without_mark(decode(raw, path, offset), path, warn, number == 1)
                if line.strip():
                    yield build_article(_json_object(line), id, id, path, number), number
            except InputError as error:
                yield Failure(id, error.at(path, number)), number
            offset += len(raw)


def _json_object(line: str) -> dict[str, Any]:
    value = parse_line(line)
    if not isinstance(value, dict):
        raise InputError(f"expected a JSON object, found {type(value).__name__}")
    return value


def _from_csv(path: Path, warn: Warn) -> Rows:
    # The limit is of the whole process; it is only ever raised, to let long articles through.
    csv.field_size_limit(max(csv.field_size_limit(), 2**31 - 1))
    line = 1
    # strict: a stray or missing quotation mark is an error here, not a silently merged row.
    with path.open("rb") as file:
        rows = csv.reader(_decoded(file, path, warn), strict=True)
        try:
            header = next(rows, [])
            _check_columns(header, path)
            line = rows.line_num + 1
            for cells in rows:
                if cells:
                    yield _csv_row(header, cells, path, line), line
                line = rows.line_num + 1
        except csv.Error as error:
            raise InputError(
                f"expected comma-separated cells, found a fault: {error}; "
                "the rows from here on were not read",
                file=path,
                line=line,
                hint='put cells with commas, newlines or quotation marks in "..." and '
                "double the marks inside",
            ) from None


def _csv_row(header: list[str], cells: list[str], path: Path, line: int) -> Article | Failure:
    id = f"{path.name}:{line}"
    if len(cells) != len(header):
        error = InputError(
            f"expected {len(header)} cells, found {len(cells)}",
            hint='put cells with commas in "..."',
        )
        return Failure(id, error.at(path, line))
    row = dict(zip(header, cells, strict=True))
    return build_article(
        {key: value for key, value in row.items() if value or key == "text"}, id, id, path, line
    )


def _decoded(file: BinaryIO, path: Path, warn: Warn) -> Iterator[str]:
    offset = 0
    for raw in file:
        # A carriage return alone ends a line for the csv module, so it must see it as one.
        text = _without_mark(decode(raw, path, offset), path, warn, offset == 0)
        yield from (part for part in _split_returns(text) if part)
        offset += len(raw)


def _split_returns(text: str) -> list[str]:
    body, end = (text[:-2], text[-2:]) if text.endswith("\r\n") else (text, "")
    parts = body.split("\r")
    return [part + "\r" for part in parts[:-1]] + [parts[-1] + end]


def _from_parquet(path: Path, warn: Warn) -> Rows:
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise MissingExtraError("reading .parquet files", "data", "pyarrow") from None
    try:
        file = parquet.ParquetFile(path)
    except pyarrow.ArrowException as error:
        raise InputError(f"expected a Parquet file: {error}", file=path) from None
    with file:
        _check_columns(file.schema_arrow.names, path)
        number = 0
        for batch in file.iter_batches(batch_size=64):
            for row in batch.to_pylist():
                number += 1
                id = f"{path.name}:{number}"
                yield build_article(row, id, id, path, number), number


def _check_columns(names: Sequence[str], path: Path) -> None:
    if "text" not in names:
        raise InputError(
            "expected a column of that name, found " + (shown_names(names) or "none"),
            file=path,
            field="text",
            hint="name the column that holds the articles 'text'",
        )
    repeated = [name for name in names if list(names).count(name) > 1]
    if repeated:
        raise InputError("expected one column of that name, found more", file=path,
                         field=repeated[0])  # fmt: skip


def _without_mark(text: str, path: Path, warn: Warn, first: bool) -> str:
    if first and text.startswith(BOM):
        warn(path.name, _BOM_WARNING)
        return text.removeprefix(BOM)
    return text


def _unreadable(file: str | Path, error: OSError) -> InputError:
    return InputError(f"cannot be read: {error.strerror}", file=file, hint="check the permissions")
