"""Reading roster files: CSV, JSON and JSON lines; every fault names file, line and field."""

from __future__ import annotations

import csv
import io
import json
import operator
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from quotestance.errors import InputError
from quotestance.jsonl import decode
from quotestance.stages.offices import Period

COLUMNS = ("name", "aliases", "role", "country", "start", "end", "wikidata", "source", "as_of")
Row = tuple[str, ...]
"""The fields of ``COLUMNS`` of one row; empty where the file has none."""
_HINT = (
    "columns: name (required), aliases (split by |), role, country, start, end, wikidata, "
    "source, as_of; dates as YYYY, YYYY-MM or YYYY-MM-DD; wikidata as Q42"
)


def read_rows(path: str | Path) -> Iterator[Row]:
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
    return iter(dict.fromkeys(readers[suffix](text, path)))  # twice is no second person


def _csv_rows(text: str, path: Path) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""))
    check = _Check(path)
    try:
        header = [column.strip() for column in next(reader, [])]
        _check_header(header, path)
        place = {column: i for i, column in enumerate(header)}
        width = len(header)
        pick = operator.itemgetter(*(place.get(column, width) for column in COLUMNS))
        for fields in reader:
            if not fields:
                continue
            if len(fields) > width:
                raise InputError(
                    f"expected {width} fields at most, found {len(fields)}",
                    file=path, line=reader.line_num, field="row",
                    hint="quote a field that holds a comma",
                )  # fmt: skip
            row = pick([*fields, *[""] * (width + 1 - len(fields))])
            check(row, reader.line_num)
            yield row
    except csv.Error as error:
        raise InputError(f"not a CSV row: {error}", file=path, line=reader.line_num) from None


def _check_header(header: Sequence[str], path: Path) -> None:
    if "name" not in header:
        found = ", ".join(header[:10]) or "an empty file"
        mark = next((m for m in ";\t|" if any(m in column for column in header)), None)
        hint = _HINT if mark is None else f"separate the columns by commas, not by {mark!r}"
        raise InputError(
            f"expected a column 'name', found {found}",
            file=path, line=1, field="name", hint=hint,
        )  # fmt: skip
    _warn_of_others(header, path)
    for column in header:
        if header.count(column) > 1:
            raise InputError(
                "expected one column of that name, found more", file=path, line=1, field=column
            )


def _warn_of_others(names: Iterable[str], path: Path) -> None:
    """A column that nobody reads may be a role under another name."""
    others = [name for name in names if name not in COLUMNS]
    if others:
        warnings.warn(
            f"{path}: columns that a roster does not read: {', '.join(others[:10])}; {_HINT}",
            stacklevel=2,
        )


def _json_rows(text: str, path: Path) -> Iterator[Row]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", file=path, line=error.lineno) from None
    if not isinstance(rows, list):
        raise InputError(
            f"expected a list of objects, found {type(rows).__name__}", file=path, hint=_HINT
        )
    check = _Check(path)
    _warn_of_others(
        {key: None for fields in rows if isinstance(fields, dict) for key in fields}, path
    )
    for i, fields in enumerate(rows):
        row = _json_row(fields, path, None, f"[{i}]", f"[{i}].")
        check(row, None, f"[{i}]")
        yield row


def _jsonl_rows(text: str, path: Path) -> Iterator[Row]:
    check = _Check(path)
    known: set[str] = set(COLUMNS)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except json.JSONDecodeError as error:
            raise InputError(f"not JSON: {error.msg}", file=path, line=number) from None
        if isinstance(fields, dict) and not known.issuperset(fields):
            _warn_of_others([key for key in fields if key not in known], path)
            known.update(fields)
        row = _json_row(fields, path, number, "row")
        check(row, number)
        yield row


def _json_row(row: object, path: Path, line: int | None, where: str, prefix: str = "") -> Row:
    if not isinstance(row, dict):
        raise InputError(
            f"expected an object, found {type(row).__name__}",
            file=path, line=line, field=where, hint=_HINT,
        )  # fmt: skip
    out = []
    for key in COLUMNS:
        value = row.get(key)
        if key == "aliases" and isinstance(value, list) and all(isinstance(a, str) for a in value):
            value = "|".join(value)
        if value is not None and not isinstance(value, str):
            expected = "a string or a list of strings" if key == "aliases" else "a string"
            raise InputError(
                f"expected {expected}, found {value!r}",
                file=path, line=line, field=f"{prefix}{key}", hint=_HINT,
            )  # fmt: skip
        out.append(value or "")
    return tuple(out)


_NAME, _WIKIDATA = COLUMNS.index("name"), COLUMNS.index("wikidata")
_wikidata_id = re.compile(r"Q\d+", re.ASCII).fullmatch
_dates = operator.itemgetter(*(COLUMNS.index(column) for column in ("start", "end", "as_of")))


class _Check:
    """Says what is wrong with a row; dates that stood together once are not read again.

    Args:
        path: The file, for the message.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._good: set[tuple[str, ...]] = set()

    def __call__(self, row: Row, line: int | None, where: str = "") -> None:
        """Raise an ``InputError`` where the row cannot be used.

        Args:
            row: Its fields.
            line: Where it stands in the file.
            where: Which item of the file it is, where there are no lines.
        """
        prefix = f"{where}." if where else ""
        if not row[_NAME].strip():
            self._fail("expected a name, found none", line, f"{prefix}name")
        wikidata = row[_WIKIDATA]
        if wikidata and not _wikidata_id(wikidata):
            self._fail(f"expected Q and digits, found {wikidata!r}", line, f"{prefix}wikidata")
        dates = _dates(row)
        if dates not in self._good:
            self._check_dates(dates, line, prefix)
            self._good.add(dates)

    def _check_dates(self, dates: Sequence[str], line: int | None, prefix: str) -> None:
        for column, date in zip(("start", "end", "as_of"), dates, strict=True):
            if date and not Period.valid(date):
                self._fail(
                    f"expected a date as YYYY, YYYY-MM or YYYY-MM-DD, found {date!r}",
                    line, f"{prefix}{column}",
                )  # fmt: skip
        start, end, _ = dates
        if start and end and Period.of(start, end).empty:
            message = f"expected an end on or after the start {start!r}, found {end!r}"
            raise InputError(message, file=self.path, line=line, field=f"{prefix}end")

    def _fail(self, message: str, line: int | None, field: str) -> None:
        raise InputError(message, file=self.path, line=line, field=field, hint=_HINT)
