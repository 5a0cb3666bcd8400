"""What ``quotestance track add`` reads: articles, and records whose quotes are already found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from quotestance.articles import STDIN, Failure, article_of, check_inputs, read_articles
from quotestance.errors import InputError
from quotestance.jsonl import parse_line, read_lines
from quotestance.records import AnnotatedArticle, Article
from quotestance.track import rows
from quotestance.track.adding import Added
from quotestance.track.ledger import Ledger

Item = AnnotatedArticle | Article | Failure
Warn = Callable[[str, str], None]
Load = Callable[[], Any]


def read_items(inputs: Sequence[str | Path], warn: Warn) -> Iterator[Item]:
    """Articles and records of files and folders, in order.

    A line of a ``.jsonl`` file that has ``quotes`` is a record; everything else is an article
    as ``read_articles`` reads it. An id that an earlier item has is a ``Failure``.

    Raises:
        InputError: An input does not exist or is of no known kind (before any reading).
    """
    check_inputs(inputs)
    return _unique(item for given in inputs for item in _read(given, warn))


def _read(given: str | Path, warn: Warn) -> Iterator[Item]:
    if str(given) == STDIN or Path(given).suffix.lower() != ".jsonl" or Path(given).is_dir():
        yield from read_articles([given], warn=warn)
        return
    name = Path(given).name
    try:
        for number, line in read_lines(given):
            yield _item(line, given, number, f"{name}:{number}")
    except InputError as error:
        yield Failure(name, error)


def _item(line: str, path: str | Path, number: int, id: str) -> Item:
    try:
        data = parse_line(line)
        if not isinstance(data, dict):
            raise InputError(f"expected a JSON object, found {type(data).__name__}")
        if not isinstance(data.get("quotes"), list):
            return article_of(data, id)
        data.pop("ledger", None)  # what an export adds beside the record
        return AnnotatedArticle.from_dict(data)
    except InputError as error:
        return Failure(id, error.at(path, number))


def _unique(items: Iterable[Item]) -> Iterator[Item]:
    seen: set[int] = set()
    for item in items:
        if not isinstance(item, Failure):
            key = hash(rows.id_of(item))
            if key in seen:
                error = InputError(
                    f"expected an id of its own, found {item.id!r}, which an earlier article has",
                    field="id",
                    hint="give each article its own id",
                )
                yield Failure(rows.id_of(item), error)
                continue
            seen.add(key)
        yield item


def add_items(ledger: Ledger, items: Iterable[Item], load: Load, batch: int) -> Iterator[Added]:
    """Read articles for quotes and add them, one transaction a batch.

    What the ledger has already, as it is, is not read again, so that a run which was
    interrupted goes on where it stopped.

    Args:
        ledger: The ledger.
        items: Articles, records and failures.
        load: Loads the model; called when the first article comes.
        batch: Items a transaction.

    Yields:
        What became of each batch.

    Raises:
        LedgerError: Another writer is at work.
    """
    source, nlp = iter(items), None
    with ledger.store.sole_writer():
        while chunk := list(islice(source, batch)):
            nlp = nlp or (load() if any(type(item) is Article for item in chunk) else None)
            model = {"name": nlp.name, "version": nlp.version} if nlp else None
            outcome = Added()
            docs = _docs(ledger, chunk, nlp, model, outcome)
            outcome.extend(ledger.add_many(docs, batch=batch))
            yield outcome


def _docs(
    ledger: Ledger, chunk: Sequence[Item], nlp: Any, model: dict[str, str] | None, outcome: Added
) -> list[AnnotatedArticle]:
    docs: list[AnnotatedArticle] = []
    fresh: list[Article] = []
    held = ledger.held([item for item in chunk if type(item) is Article], model)
    for item in chunk:
        if isinstance(item, Failure):
            outcome.failed.append((item.id, item.error))
        elif isinstance(item, AnnotatedArticle):
            docs.append(item)
        elif rows.id_of(item) in held:
            outcome.unchanged.append(rows.id_of(item))
        else:
            fresh.append(item)
    for result in nlp.pipe(fresh, on_error="yield") if fresh else ():
        if isinstance(result, Failure):
            outcome.failed.append((result.id, result.error))
        else:
            docs.append(result)
    return docs
