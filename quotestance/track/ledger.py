"""The ledger of quotes: add records, query them, follow stances over time."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from quotestance.errors import InputError
from quotestance.records import AnnotatedArticle, Article
from quotestance.track import duplicates, queries, rows
from quotestance.track.rows import Entry
from quotestance.track.store import Store

if TYPE_CHECKING:
    import pandas as pd

BATCH = 1000


@dataclass
class Added:
    """What became of the records given to a ledger.

    Args:
        added: Ids of articles that were new.
        unchanged: Ids of articles that the ledger had as they are.
        replaced: Ids of articles whose quotes were replaced; the old ones are in the history.
        kept: Ids of articles that a person labelled or corrected, or that a newer model read,
            so that the record given did not replace them.
        failed: Id and reason of each record that could not be stored.
    """

    added: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    failed: list[tuple[str, InputError]] = field(default_factory=list)

    def __str__(self) -> str:
        names = ("added", "unchanged", "replaced", "kept", "failed")
        return ", ".join(f"{len(getattr(self, name))} {name}" for name in names)


@dataclass(frozen=True)
class _Known:
    """What the ledger holds of an article."""

    key: int
    text_hash: str
    model: tuple[str | None, str | None]
    by_hand: bool
    revision: int
    facts: tuple[Any, ...]
    record: str


class Ledger:
    """Quotes of many articles, in one DuckDB file.

    Args:
        path: The file; made where there is none.
        memory: The most memory that DuckDB may hold, such as ``1GB``.

    Raises:
        LedgerError: The file is no ledger or of a newer schema.
        MissingExtraError: DuckDB is not installed.
    """

    def __init__(self, path: str | Path, memory: str = "1GB") -> None:
        self.store = Store(path, memory)

    def __repr__(self) -> str:
        return f"Ledger({str(self.store.path)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Nothing to close: the file is open only during a query or a transaction."""

    def add(self, doc: AnnotatedArticle) -> str:
        """Store one record, in one transaction.

        Args:
            doc: The record; known by its id and the hash of its text.

        Returns:
            ``added``, ``unchanged``, ``replaced`` or ``kept`` (see ``Added``).

        Raises:
            InputError: The record cannot be stored; names id, field, offset and character.
            LedgerError: Another writer is at work.
        """
        outcome = self.add_many([doc])
        if outcome.failed:
            raise outcome.failed[0][1]
        names = ("added", "unchanged", "replaced", "kept")
        return next(name for name in names if getattr(outcome, name))

    def add_many(self, docs: Iterable[AnnotatedArticle], batch: int = BATCH) -> Added:
        """Store records, one transaction a batch; a killed run leaves whole batches only.

        Args:
            docs: The records; a generator is read as it goes.
            batch: Articles a transaction, at least 1.

        Raises:
            LedgerError: Another writer is at work.
        """
        outcome = Added()
        source = iter(docs)
        with self.store.sole_writer():
            while given := list(islice(source, batch)):
                self._add_batch(given, outcome)
        return outcome

    def _add_batch(self, docs: Sequence[AnnotatedArticle], outcome: Added) -> None:
        ready: dict[str, Entry] = {}
        for doc in docs:
            try:
                entry = rows.entry(doc)
            except InputError as error:
                outcome.failed.append((rows.id_of(doc), error))
                continue
            if entry.id in ready:  # the same article twice: one after the other
                self._store(ready, outcome)
                ready = {}
            ready[entry.id] = entry
        self._store(ready, outcome)

    def _store(self, ready: Mapping[str, Entry], outcome: Added) -> None:
        verdicts: list[tuple[str, str]] = []
        with self.store.writing() as con:
            known = _known(con, list(ready))
            for id, entry in ready.items():
                verdicts.append((id, _verdict(entry, known.get(id))))
            changed = {id: verdict for id, verdict in verdicts if verdict in ("added", "replaced")}
            now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
            loose = _retire(con, [known[id] for id in changed if id in known], now)
            fresh = _insert(con, [(ready[id], known.get(id)) for id in changed], now)
            duplicates.add(con, fresh, loose)
        for id, verdict in verdicts:
            getattr(outcome, verdict).append(id)

    def holds(self, article: Article, model: Mapping[str, str] | None) -> bool:
        """Whether reading the article with this model would change nothing.

        Args:
            article: An article that is not yet read for quotes.
            model: Name and version of the model that would read it.
        """
        id = rows.id_of(article)
        with self.store.reading() as con:
            known = _known(con, [id]).get(id)
        if known is None:
            return False
        if known.by_hand:
            return True
        same_text = known.text_hash == rows.text_hash(article.text)
        same_model = known.model == rows.model_of(model) or _is_newer(known.model, model)
        return same_text and same_model and known.facts == _facts(article)

    def get(self, id: str) -> AnnotatedArticle:
        """The record of one article, as it was added.

        Raises:
            KeyError: The ledger has no article of that id.
        """
        with self.store.reading() as con:
            row = con.execute("SELECT text, record FROM articles WHERE id = ?", [id]).fetchone()
        if row is None:
            raise KeyError(id)
        return rows.document(*row)

    def __iter__(self) -> Iterator[AnnotatedArticle]:
        """The records in the order in which they were added; a hundred in memory at a time."""
        last = -1
        while True:
            with self.store.reading() as con:
                found = con.execute(
                    "SELECT key, text, record FROM articles WHERE key > ? ORDER BY key LIMIT 100",
                    [last],
                ).fetchall()
            if not found:
                return
            yield from (rows.document(text, record) for _, text, record in found)
            last = found[-1][0]

    def __len__(self) -> int:
        with self.store.reading() as con:
            return int(con.execute("SELECT count(*) FROM articles").fetchone()[0])

    def history(self, id: str) -> list[AnnotatedArticle]:
        """The earlier records of an article, oldest first."""
        with self.store.reading() as con:
            found = con.execute(
                "SELECT text, record FROM history WHERE id = ? ORDER BY revision", [id]
            ).fetchall()
        return [rows.document(*row) for row in found]

    def sql(self, query: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        """The answer to a query of your own; the tables are in ``docs/ledger-schema.md``.

        Args:
            query: SQL as DuckDB reads it; ``?`` for each parameter. It cannot change the ledger.
            parameters: Values for the question marks.

        Raises:
            InputError: DuckDB refuses the query; says why.
        """
        with self.store.reading() as con:
            return queries.frame(con, query, parameters)

    def summary(self) -> dict[str, Any]:
        """Counts of what the ledger holds: articles, undated ones, quotes, outlets, models."""
        with self.store.reading() as con:
            return queries.summary(con)


def _known(con: Any, ids: list[str]) -> dict[str, _Known]:
    found = con.execute(
        "SELECT id, key, text_hash, model_name, model_version, by_hand, revision, "
        "outlet, date, title, record FROM articles WHERE id IN (SELECT unnest(?::VARCHAR[]))",
        [ids],
    ).fetchall()
    return {
        row[0]: _Known(row[1], row[2], (row[3], row[4]), row[5], row[6], row[7:10], row[10])
        for row in found
    }


def _facts(article: Article) -> tuple[Any, ...]:
    date = None if article.date is None else datetime.date.fromisoformat(article.date)
    return article.outlet, date, article.title


def _verdict(entry: Entry, known: _Known | None) -> str:
    """What adding ``entry`` does to what is known of its article.

    Probabilities of one model differ in the last digits from run to run, so a model's record
    is told by text, model and the facts of the article; a person's by all that is in it.
    """
    if known is None:
        return "added"
    same_text = known.text_hash == entry.text_hash
    if entry.by_hand:
        return "unchanged" if same_text and known.record == entry.record else "replaced"
    if known.by_hand:
        return "kept"
    if same_text and known.facts == _facts(entry.doc):
        if known.model == entry.model:
            return "unchanged"
        if _is_newer(known.model, entry.doc.model):
            return "kept"
    return "replaced"


def _is_newer(known: tuple[str | None, str | None], model: Mapping[str, str] | None) -> bool:
    """Whether what is known came from a later version of the same model than ``model``."""
    name, version = rows.model_of(model)
    if known[0] != name or known[1] is None or version is None:
        return False
    have, given = (re.findall(r"\d+", v) for v in (known[1], version))
    return [int(n) for n in have] > [int(n) for n in given]


def _retire(con: Any, known: Sequence[_Known], now: datetime.datetime) -> list[int]:
    """Move what is replaced to the history; return the quotes that were grouped with its own."""
    keys = [k.key for k in known]
    if not keys:
        return []
    loose = duplicates.remove(con, keys)
    chosen = "IN (SELECT unnest(?::BIGINT[]))"
    con.execute(
        "INSERT INTO history SELECT id, revision, text_hash, model_name, model_version, by_hand, "
        f"added_at, ?, text, record FROM articles WHERE key {chosen} ORDER BY key",
        [now, keys],
    )
    con.execute(
        "DELETE FROM speakers WHERE quote IN "
        f"(SELECT key FROM quotes WHERE article {chosen})", [keys]
    )  # fmt: skip
    con.execute(f"DELETE FROM quotes WHERE article {chosen}", [keys])
    con.execute(f"DELETE FROM articles WHERE key {chosen}", [keys])
    return loose


def _insert(
    con: Any, entries: Sequence[tuple[Entry, _Known | None]], now: datetime.datetime
) -> list[int]:
    """Store new rows; return the keys of their quotes."""
    article_key, quote_key = con.execute(
        "SELECT (SELECT coalesce(max(key), 0) FROM articles), "
        "(SELECT coalesce(max(key), 0) FROM quotes)"
    ).fetchone()
    article_key = max([article_key, *(known.key for _, known in entries if known)])
    keyed: list[tuple[Entry, int, int]] = []
    quotes: list[dict[str, Any]] = []
    speakers: list[dict[str, Any]] = []
    for entry, known in entries:
        if known is None:
            article_key += 1
        key = article_key if known is None else known.key
        keyed.append((entry, key, 1 if known is None else known.revision + 1))
        for quote in entry.doc.quotes:
            quote_key += 1
            quotes.append(rows.quote_row(quote, quote_key, key))
            speakers.extend(rows.speaker_rows(quote, quote_key))
    rows.insert(con, "articles", rows.article_rows(keyed, now))
    rows.insert(con, "quotes", quotes)
    rows.insert(con, "speakers", speakers)
    return [row["key"] for row in quotes]
