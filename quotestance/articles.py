"""Reading and checking articles: text files, folders, stdin, JSON lines, CSV, Parquet, iterables.

One article that cannot be read becomes a ``Failure`` in its place; the rest go on. Nothing is
rewritten: files are UTF-8 without newline translation, only a byte-order mark is dropped.
"""

from __future__ import annotations

import csv
import datetime
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from quotestance.errors import InputError, MissingExtraError, QuotestanceError
from quotestance.jsonl import decode, parse_line
from quotestance.records import Article

__all__ = ["Failure", "InputWarning", "article_of", "as_articles", "check_inputs", "read_articles"]

STDIN = "-"
BOM = "\ufeff"
_BOM_WARNING = "a byte-order mark at the start was dropped; offsets count from what follows it"
_TABLES = (".jsonl", ".csv", ".parquet")
_REFUSED = {
    ".json": "write one article a line as .jsonl",
    ".tsv": "convert it to .csv, cells separated by commas",
    ".xlsx": "save it as .csv with UTF-8",
}
# What a labelled record holds beside the article itself; never taken for meta data.
_RECORD_KEYS = frozenset({"format", "quotes", "entities", "model", "warnings"})

Warn = Callable[[str, str], None]


class InputWarning(UserWarning):
    """Something about the input that a reader of the results should know."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read or processed, in the place where it stood.

    Args:
        id: Id of the article, or ``FILE:LINE`` or ``[INDEX]`` where it has none.
        error: What was wrong, with a hint.
    """

    id: str
    error: QuotestanceError


def _warn(id: str, message: str) -> None:
    warnings.warn(f"{id}: {message}", InputWarning, stacklevel=2)


def read_articles(
    inputs: Sequence[str | Path], *, warn: Warn = _warn, stdin: BinaryIO | None = None
) -> Iterator[Article | Failure]:
    """Articles of files and folders, one at a time, in the order of ``inputs``.

    Text files get their path under the folder given (or their own name) as id, ``-`` gets
    ``stdin``, rows without an ``id`` get ``FILE:LINE``. Tables (``.jsonl``, ``.csv``,
    ``.parquet``) need a ``text`` column; ``id``, ``title``, ``date`` and ``outlet`` fill the
    article and all other columns go to ``meta``.

    Args:
        inputs: Text files, folders (every ``.txt`` below them, sorted), tables, or ``-``.
        warn: Called with an id and a message where a byte-order mark was dropped.
        stdin: What ``-`` reads; the standard input by default.

    Yields:
        Each article, or a ``Failure`` for one that cannot be read or repeats an earlier id.

    Raises:
        InputError: An input does not exist or is of no known kind (raised before any reading).
    """
    check_inputs(inputs)

    def read() -> Iterator[Article | Failure]:
        for given in inputs:
            if str(given) == STDIN:
                yield _from_bytes("stdin", "stdin", (stdin or sys.stdin.buffer).read, warn)
            elif Path(given).is_dir():
                yield from _from_folder(Path(given), warn)
            else:
                yield from _from_file(Path(given), warn)

    return _unique(read())


def as_articles(source: Any) -> Iterator[Article | Failure]:
    """Articles of anything that iterates over them; never more than one is held.

    Args:
        source: A ``datasets.Dataset``, a pandas ``DataFrame``, or any iterable (a generator
            too) of strings, ``Article`` objects or mappings with a ``text`` key.

    Yields:
        Each article, or a ``Failure`` for an item that is none or repeats an earlier id.

    Raises:
        InputError: ``source`` is a single text or article, or a mapping of splits.
    """
    if isinstance(source, str | bytes | Article):
        raise InputError(
            f"expected an iterable of articles, found one {type(source).__name__}",
            hint="call nlp(text) for one article, or put it in a list",
        )
    if isinstance(source, Mapping):
        keys = ", ".join(repr(key) for key in list(source)[:4])
        raise InputError(
            f"expected an iterable of articles, found a {type(source).__name__} with keys {keys}",
            hint="pick one split, for example dataset['train'], or put the article in a list",
        )
    if not isinstance(source, Iterable):
        raise InputError(f"expected an iterable of articles, found {type(source).__name__}")
    return _unique(_from_items(source))


def check_inputs(inputs: Sequence[str | Path]) -> None:
    """Raise ``InputError`` unless every input exists, is of a known kind and holds something."""
    if not inputs:
        raise InputError("expected at least one file or folder, found none")
    for given in inputs:
        path = Path(given)
        if str(given) == STDIN:
            continue
        if not path.exists():
            raise InputError("no such file or folder", file=path, hint="check the path")
        if path.is_dir():
            if not _text_files(path):
                raise InputError(
                    "expected .txt files in the folder or below it, found none",
                    file=path,
                    hint="name .jsonl, .csv and .parquet files one by one",
                )
        elif path.suffix.lower() in _REFUSED:
            raise InputError(
                f"expected a text file, .jsonl, .csv or .parquet, found {path.suffix}",
                file=path,
                hint=_REFUSED[path.suffix.lower()],
            )


def article_of(row: Mapping[Any, Any], default_id: str = "") -> Article:
    """The article of one row of a table or one JSON object.

    Args:
        row: Has ``text``; ``id``, ``title``, ``date`` and ``outlet`` fill the article, a
            mapping under ``meta`` and every other key go to ``meta``.
        default_id: Id for a row that has none.

    Raises:
        InputError: ``text`` is missing or no string, or another field is malformed; names it.
    """
    data = {str(key): _plain(value) for key, value in row.items()}
    if not isinstance(data.get("text"), str):
        found = type(data["text"]).__name__ if "text" in data else "the keys " + _shown(data)
        raise InputError(f"expected a string, found {found}", field="text")
    if isinstance(data.get("quotes"), list):
        data = {key: value for key, value in data.items() if key not in _RECORD_KEYS}
    text, id, date = data.pop("text"), data.pop("id", None), data.pop("date", None)
    title, outlet = (_text_or_none(data.pop(key, None), key) for key in ("title", "outlet"))
    meta = data.pop("meta") if isinstance(data.get("meta"), dict) else {}
    return Article(
        text=text,
        id=_identifier(id) or default_id,
        title=title,
        outlet=outlet,
        date=None if date == "" else date,
        meta={**meta, **data},
    )


def _from_items(source: Iterable[Any]) -> Iterator[Article | Failure]:
    for index, item in enumerate(_rows_of(source)):
        if isinstance(item, Article | Failure):
            yield item
        elif isinstance(item, Mapping):
            yield _build(item, "", f"[{index}]")
        elif isinstance(item, str):
            yield Article(item)
        else:
            yield Failure(
                f"[{index}]",
                InputError(
                    f"expected a string, an Article or a mapping with a text, "
                    f"found {type(item).__name__}",
                    field=f"[{index}]",
                ),
            )


def _rows_of(source: Any) -> Iterable[Any]:
    if hasattr(source, "itertuples") and hasattr(source, "columns"):  # a pandas DataFrame
        columns = [str(column) for column in source.columns]
        return (dict(zip(columns, v, strict=True)) for v in source.itertuples(False, None))
    return source  # type: ignore[no-any-return]


def _unique(items: Iterable[Article | Failure]) -> Iterator[Article | Failure]:
    # Hashes, so that an endless stream costs a few bytes an article whatever its ids are.
    seen: set[int] = set()
    for item in items:
        if isinstance(item, Article) and item.id:
            key = hash(item.id)
            if key in seen:
                error = InputError(
                    f"expected an id of its own, found {item.id!r}, which an earlier article has",
                    field="id",
                    hint="give each article its own id; for files of one name in several "
                    "folders, pass the folder above them",
                )
                yield Failure(item.id, error)
                continue
            seen.add(key)
        yield item


def _from_folder(folder: Path, warn: Warn) -> Iterator[Article | Failure]:
    for path in _text_files(folder):
        yield _from_bytes(path.relative_to(folder).as_posix(), path, path.read_bytes, warn)


def _text_files(folder: Path) -> list[Path]:
    found = (
        Path(root, name)
        for root, _, names in os.walk(folder)
        for name in names
        if PurePath(name).suffix.lower() == ".txt"
    )
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def _from_file(path: Path, warn: Warn) -> Iterator[Article | Failure]:
    suffix = path.suffix.lower()
    if suffix not in _TABLES:
        yield _from_bytes(path.name, path, path.read_bytes, warn)
        return
    readers = {".jsonl": _from_jsonl, ".csv": _from_csv, ".parquet": _from_parquet}
    try:
        yield from readers[suffix](path, warn)
    except InputError as error:
        yield Failure(path.name, error.at(path))
    except OSError as error:
        yield Failure(path.name, _unreadable(path, error))


def _from_bytes(
    id: str, file: str | Path, read: Callable[[], bytes], warn: Warn
) -> Article | Failure:
    try:
        text = decode(read(), file)
    except InputError as error:
        return Failure(id, error)
    except OSError as error:
        return Failure(id, _unreadable(file, error))
    if text.startswith(BOM):
        warn(id, _BOM_WARNING)
    return Article(text.removeprefix(BOM), id)


def _from_jsonl(path: Path, warn: Warn) -> Iterator[Article | Failure]:
    offset = 0
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            id = f"{path.name}:{number}"
            try:
                line = _without_mark(decode(raw, path, offset), path, warn, number == 1)
                if line.strip():
                    yield _build(_json_object(line), id, id, path, number)
            except InputError as error:
                yield Failure(id, error.at(path, number))
            offset += len(raw)


def _json_object(line: str) -> dict[str, Any]:
    value = parse_line(line)
    if not isinstance(value, dict):
        raise InputError(f"expected a JSON object, found {type(value).__name__}")
    return value


def _from_csv(path: Path, warn: Warn) -> Iterator[Article | Failure]:
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
                    yield _csv_row(header, cells, path, line)
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
    return _build(
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


def _from_parquet(path: Path, warn: Warn) -> Iterator[Article | Failure]:
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
                yield _build(row, id, id, path, number)


def _build(
    row: Mapping[Any, Any], default: str, place: str, path: Path | None = None, line: int = 0
) -> Article | Failure:
    try:
        return article_of(row, default)
    except InputError as error:
        try:
            id = _identifier(_plain(row.get("id")))
        except InputError:
            id = None
        return Failure(id or place, error.at(path, line) if path else error)


def _check_columns(names: Sequence[str], path: Path) -> None:
    if "text" not in names:
        raise InputError(
            "expected a column of that name, found " + (_shown(names) or "none"),
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


def _shown(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in list(names)[:8])


def _identifier(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"expected a string, found {type(value).__name__}", field="id")
    return str(value)


def _text_or_none(value: Any, key: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InputError(f"expected a string or null, found {type(value).__name__}", field=key)
    return value


def _plain(value: Any) -> Any:
    """``value`` as JSON can hold it; a number that is none (NaN) is a missing value."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):  # a datetime or a pandas.Timestamp too
        return _iso(value)
    if hasattr(value, "tolist"):  # a numpy scalar or array
        return _plain(value.tolist())
    return None if value != value else str(value)


def _iso(value: datetime.date) -> str | None:
    if value != value:  # pandas.NaT
        return None
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()  # a column of days, stored as timestamps
    return value.isoformat()
