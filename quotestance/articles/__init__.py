"""Reading and checking articles: text files, folders, stdin, JSON lines, CSV, Parquet, iterables.

One article that cannot be read becomes a ``Failure`` in its place; the rest go on.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from quotestance.articles.files import Warn, from_bytes, from_file
from quotestance.articles.rows import Failure, article_of, build_article
from quotestance.errors import InputError
from quotestance.records import Article

__all__ = ["Failure", "InputWarning", "article_of", "as_articles", "check_inputs", "read_articles"]

STDIN = "-"
Placed = tuple[Article | Failure, str | Path | None, int | None]  # with its file and line
_REFUSED = {
    ".json": "write one article a line as .jsonl",
    ".tsv": "convert it to .csv, cells separated by commas",
    ".xlsx": "save it as .csv with UTF-8",
}


class InputWarning(UserWarning):
    """Something about the input that a reader of the results should know."""


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

    def read() -> Iterator[Placed]:
        for given in inputs:
            path = Path(given)
            if str(given) == STDIN:
                item = from_bytes("stdin", "stdin", (stdin or sys.stdin.buffer).read, warn)
                yield item, "stdin", None
            elif path.is_dir():
                yield from _from_folder(path, warn)
            else:
                yield from ((item, path, line) for item, line in from_file(path, warn))

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
    return _unique((item, None, None) for item in _from_items(source))


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


def _from_items(source: Iterable[Any]) -> Iterator[Article | Failure]:
    for index, item in enumerate(_rows_of(source)):
        if isinstance(item, Article | Failure):
            yield item
        elif isinstance(item, Mapping):
            yield build_article(item, "", f"[{index}]")
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


def _unique(items: Iterable[Placed]) -> Iterator[Article | Failure]:
    # Hashes, so that an endless stream costs a few bytes an article whatever its ids are.
    seen: set[int] = set()
    for item, file, line in items:
        if isinstance(item, Article) and item.id:
            key = hash(item.id)
            if key in seen:
                error = InputError(
                    f"expected an id of its own, found {item.id!r}, which an earlier article has",
                    file=file,
                    line=line,
                    field="id",
                    hint="give each article its own id; for files of one name in several "
                    "folders, pass the folder above them",
                )
                yield Failure(item.id, error)
                continue
            seen.add(key)
        yield item


def _from_folder(folder: Path, warn: Warn) -> Iterator[Placed]:
    for path in _text_files(folder):
        id = path.relative_to(folder).as_posix()
        yield from_bytes(id, path, path.read_bytes, warn), path, None


def _text_files(folder: Path) -> list[Path]:
    found = (
        Path(root, name)
        for root, _, names in os.walk(folder)
        for name in names
        if PurePath(name).suffix.lower() == ".txt"
    )
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())
