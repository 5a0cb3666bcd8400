"""Reading roster files: CSV, JSON and JSON lines; every fault names file, line and field."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from quotestance.errors import InputError
from quotestance.jsonl import decode
from quotestance.stages.offices import Period

COLUMNS = ("name", "aliases", "role", "country", "start", "end", "wikidata", "source", "as_of")
_REQUIRED = ("name",)
_HINT = (
    "columns: name (required), aliases (split by |), role, country, start, end, wikidata, "
    "source, as_of; dates as YYYY, YYYY-MM or YYYY-MM-DD"
)


def read_rows(path: str | Path) -> Iterator[dict[str, str]]:
    """Checked rows of a roster file.

    Args:
        path: ``.csv`` with a header, ``.json`` (a list of objects) or ``.jsonl``.

    Raises:
        InputError: The file cannot be read, or a row cannot be used.
    """
    path = Path(path)
    try:
        text = decode(path.read_bytes(), path).removeprefix("\ufeff")
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", file=path, hint="check the path"
        ) from None
    suffix = path.suffix.lower()
    readers = {".csv": _csv_rows, ".json": _json_rows, ".jsonl": _jsonl_rows}
    if suffix not in readers:
        raise InputError(
            f"expected a file that ends in .csv, .json or .jsonl, found {suffix or 'no ending'}",
            file=path,
            hint=_HINT,
        )
    return readers[suffix](text, path)


def _csv_rows(text: str, path: Path) -> Iterator[dict[str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [column.strip() for column in next(reader, [])]
        _check_header(header, path)
        for row in reader:
            if not row:
                continue
            if len(row) > len(header):
                raise InputError(
                    f"expected {len(header)} fields, found {len(row)}",
                    file=path, line=reader.line_num, hint="quote a field that holds a comma",
                )  # fmt: skip
            yield _checked(dict(zip(header, row, strict=False)), path, reader.line_num)
    except csv.Error as error:
        raise InputError(f"not a CSV row: {error}", file=path, line=reader.line_num) from None


def _check_header(header: Sequence[str], path: Path) -> None:
    for column in _REQUIRED:
        if column not in header:
            found = ", ".join(header[:10]) or "an empty file"
            raise InputError(
                f"expected a column {column!r}, found {found}",
                file=path, line=1, field=column, hint=_HINT,
            )  # fmt: skip


def _json_rows(text: str, path: Path) -> Iterator[dict[str, str]]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", file=path, line=error.lineno) from None
    if not isinstance(rows, list):
        raise InputError(
            f"expected a list of objects, found {type(rows).__name__}", file=path, hint=_HINT
        )
    for i, row in enumerate(rows):
        yield _checked(_json_row(row, path, None, f"[{i}]"), path, None, f"[{i}].")


def _jsonl_rows(text: str, path: Path) -> Iterator[dict[str, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"not JSON: {error.msg}", file=path, line=number) from None
        yield _checked(_json_row(row, path, number, "row"), path, number)


def _json_row(row: object, path: Path, line: int | None, where: str) -> dict[str, str]:
    if not isinstance(row, dict):
        raise InputError(
            f"expected an object, found {type(row).__name__}",
            file=path, line=line, field=where, hint=_HINT,
        )  # fmt: skip
    out: dict[str, str] = {}
    for key, value in row.items():
        if key == "aliases" and isinstance(value, list):
            value = "|".join(a for a in value if isinstance(a, str))
        if value is not None and key in COLUMNS and not isinstance(value, str):
            raise InputError(
                f"expected a string, found {value!r}", file=path, line=line, field=key, hint=_HINT
            )
        out[key] = value if isinstance(value, str) else ""
    return out


def _checked(row: dict[str, str], path: Path, line: int | None, prefix: str = "") -> dict[str, str]:
    if not row.get("name", "").strip():
        raise InputError(
            "expected a name, found none", file=path, line=line, field=f"{prefix}name", hint=_HINT
        )
    for column in ("start", "end", "as_of"):
        value = row.get(column, "")
        if value and not Period.valid(value):
            raise InputError(
                f"expected a date as YYYY, YYYY-MM or YYYY-MM-DD, found {value!r}",
                file=path, line=line, field=f"{prefix}{column}", hint=_HINT,
            )  # fmt: skip
    start, end = row.get("start", ""), row.get("end", "")
    if start and end and Period.of(start, end).empty:
        raise InputError(
            f"expected an end on or after the start {start!r}, found {end!r}",
            file=path, line=line, field=f"{prefix}end",
        )  # fmt: skip
    return row
