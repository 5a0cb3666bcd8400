"""Out of a ledger and back without loss: Parquet, CSV, JSON lines.

An export is a folder. ``articles`` and ``history`` carry whole records and are what an import
reads; ``quotes`` and ``speakers`` (Parquet and CSV) are flat tables for other tools.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from quotestance.errors import InputError
from quotestance.jsonl import read_jsonl
from quotestance.track import rows
from quotestance.track.extras import need
from quotestance.track.schema import VERSION, LedgerError
from quotestance.track.store import Store

FORMATS = ("parquet", "csv", "jsonl")
MANIFEST = "ledger.json"
_CHUNK = 500
_TABLES = {"articles": "key", "history": "id, revision", "quotes": "key",
           "speakers": "quote, position"}  # fmt: skip


def write(store: Store, folder: str | Path, format: str) -> dict[str, int]:
    """Write the ledger into a new or empty folder.

    Args:
        store: The ledger.
        folder: Where to; made where it is not there.
        format: ``parquet``, ``csv`` or ``jsonl``.

    Returns:
        Rows written, by table.

    Raises:
        InputError: Another format, or a folder that holds something.
    """
    if format not in FORMATS:
        raise InputError(f"expected one of {', '.join(FORMATS)}, found {format!r}", field="format")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InputError("expected a new or empty folder", file=folder, hint="name another one")
    with store.reading() as con:
        tables = [t for t in _TABLES if format != "jsonl" or t in ("articles", "history")]
        for table in tables:
            _write_table(con, table, folder / f"{table}.{format}", format)
        counts = {t: con.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}
    manifest = {"format": "quotestance-ledger", "schema": VERSION, "files": format, "rows": counts}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return counts


def _write_table(con: Any, table: str, path: Path, format: str) -> None:
    query = f"SELECT * FROM {table} ORDER BY {_TABLES[table]}"
    if format == "jsonl":
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in _rows_of(con, query):
                record = {**json.loads(row["record"]), "text": row["text"]}
                times = {k: row[k].isoformat() for k in ("added_at", "replaced_at") if k in row}
                record["ledger"] = {"revision": row["revision"], **times}
                file.write(json.dumps(record, ensure_ascii=True) + "\n")
        return
    options = (
        "FORMAT parquet, COMPRESSION zstd"
        if format == "parquet"
        else ("FORMAT csv, HEADER, FORCE_QUOTE *")
    )
    place = str(path).replace("'", "''")
    con.execute(f"COPY ({query}) TO '{place}' ({options})")


def _rows_of(con: Any, query: str) -> Iterator[dict[str, Any]]:
    result = con.execute(query)
    names = [column[0] for column in result.description]
    while chunk := result.fetchmany(_CHUNK):
        yield from (dict(zip(names, row, strict=True)) for row in chunk)


def read(store: Store, folder: str | Path, put: Callable[[Any, list[Any]], None]) -> int:
    """Fill an empty ledger from an export.

    Args:
        store: The ledger.
        folder: What ``write`` made, in any of its formats.
        put: Stores restored rows (of ``articles`` or ``history``) in a transaction.

    Returns:
        How many articles it read.

    Raises:
        InputError: The folder is no export, or a row of it is malformed; names file and row.
        LedgerError: The ledger is not empty.
    """
    folder = Path(folder)
    format = _format_of(folder)
    with store.sole_writer():
        with store.reading() as con:
            if con.execute("SELECT count(*) FROM articles").fetchone()[0]:
                raise LedgerError(
                    f"{store.path}: expected an empty ledger to import into, found articles",
                    hint="name a new file; `quotestance track add` merges records into a ledger",
                )
        count = 0
        with store.writing() as con:  # one transaction: all of it or nothing
            source = _restored(folder / f"articles.{format}", format)
            while chunk := list(islice(source, _CHUNK)):
                put(con, chunk)
                count += len(chunk)
            _put_history(con, folder / f"history.{format}", format)
    return count


def _format_of(folder: Path) -> str:
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        format, schema = manifest["files"], manifest["schema"]
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            f"expected a folder of `quotestance track export`, found none with {MANIFEST}",
            file=folder,
        ) from None
    if format not in FORMATS or not isinstance(schema, int) or schema > VERSION:
        raise InputError(
            f"expected files of {', '.join(FORMATS)} of schema {VERSION} or older, "
            f"found {format!r} of schema {schema!r}",
            file=folder / MANIFEST,
            hint="upgrade quotestance",
        )
    return str(format)


def _restored(path: Path, format: str) -> Iterator[rows.Restored]:
    readers = {"parquet": _from_parquet, "csv": _from_csv, "jsonl": _from_jsonl}
    for number, row in readers[format](path):
        try:
            yield rows.restored(row)
        except (KeyError, TypeError, ValueError) as error:
            reason = f"expected a row of an export, found a fault: {error!r}"
            raise InputError(reason, file=path, line=number) from None
        except InputError as error:
            raise error.at(path, number) from None


def _from_parquet(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    with need("pyarrow.parquet").ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_CHUNK):
            for row in batch.to_pylist():
                number += 1
                yield number, row


def _from_csv(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(max(csv.field_size_limit(), 2**31 - 1))
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        yield from ((reader.line_num, row) for row in reader)


def _from_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, data in read_jsonl(path, dict):
        ledger, text = data.pop("ledger"), data.pop("text")
        yield number, {**ledger, "text": text, "record": json.dumps(data, ensure_ascii=False)}


def _put_history(con: Any, path: Path, format: str) -> None:
    source = _restored(path, format)
    while chunk := list(islice(source, _CHUNK)):
        table = [
            {
                "id": r.entry.id,
                "revision": r.revision,
                "text_hash": r.entry.text_hash,
                "model_name": r.entry.model[0],
                "model_version": r.entry.model[1],
                "by_hand": r.entry.by_hand,
                "added_at": r.added_at,
                "replaced_at": r.replaced_at,
                "text": r.entry.doc.text,
                "record": r.entry.record,
            }
            for r in chunk
        ]
        rows.insert(con, "history", table)
