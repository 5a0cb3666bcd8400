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

from quotestance.errors import InputError, QuotestanceError
from quotestance.records import AnnotatedArticle, Article
from quotestance.track import changes, compare, duplicates, queries, rows, transfer, trends
from quotestance.track.changes import Change
from quotestance.track.confusion import Confusion
from quotestance.track.rows import Entry
from quotestance.track.store import Store
from quotestance.track.trends import Trend

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
    failed: list[tuple[str, QuotestanceError]] = field(default_factory=list)

    def extend(self, other: Added) -> None:
        """Count what became of further records."""
        for name in ("added", "unchanged", "replaced", "kept", "failed"):
            getattr(self, name).extend(getattr(other, name))

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
            fresh = _insert(con, [_coming(ready[id], known.get(id), now) for id in changed])
            duplicates.add(con, fresh, loose)
        for id, verdict in verdicts:
            getattr(outcome, verdict).append(id)

    def held(self, articles: Sequence[Article], model: Mapping[str, str] | None) -> set[str]:
        """Ids of those articles that reading with a model would change nothing of.

        Args:
            articles: Articles that are not yet read for quotes.
            model: Name and version of the model that would read them.
        """
        if not articles:
            return set()
        with self.store.reading() as con:
            known = _known(con, [rows.id_of(article) for article in articles])
        return {
            id
            for article in articles
            if (have := known.get(id := rows.id_of(article))) and _covers(have, article, model)
        }

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

    def quotes(
        self, *, count: str = "appearances", limit: int | None = None, **filter: Any
    ) -> pd.DataFrame:
        """The quotes, oldest first, one row a quote and speaker.

        Args:
            count: ``appearances``, or ``groups`` for the first appearance of each quote.
            limit: How many rows at most.
            filter: ``speaker``, ``target``, ``outlet``, ``mode``, ``since``, ``until``,
                ``issues`` (see ``queries.Filter``).
        """
        with self.store.reading() as con:
            return queries.quotes(con, queries.chosen(filter), count, limit)

    def frequent(self, side: str, size: int = 10) -> list[tuple[str, int]]:
        """The most frequent names with the number of their quotes.

        Args:
            side: ``speaker``, ``target`` or ``outlet``.
            size: How many.
        """
        with self.store.reading() as con:
            return queries.frequent(con, queries.Filter(), side, size)

    def variants(self, article: str, quote: str) -> pd.DataFrame:
        """How outlets word one quote: its group, with the share of the fullest that each keeps.

        Args:
            article: Id of the article.
            quote: Id of the quote there.

        Raises:
            KeyError: The ledger has no such quote.
        """
        with self.store.reading() as con:
            return duplicates.variants(con, article, quote)

    def trend(
        self,
        *,
        by: str = "month",
        mode: str | None = "speech",
        count: str = "groups",
        errors: Confusion | str | Path | None = None,
        seed: int = 0,
        **filter: Any,
    ) -> Trend:
        """Mean score and shares of the labels by period, with 95 % intervals.

        Args:
            by: ``week``, ``month``, ``quarter`` or ``year``.
            mode: ``speech``, ``thought`` or None for both.
            count: ``groups`` (a quote in many papers counts once) or ``appearances``.
            errors: How the classifier errs, or a file that says so; by default what was
                measured of the shipped model.
            seed: Of the bootstrap.
            filter: ``speaker``, ``target`` (a name, an id or a list), ``outlet``, ``since``,
                ``until``, ``issues`` (see ``queries.Filter``).
        """
        chosen = queries.chosen({**filter, "mode": mode})
        with self.store.reading() as con:
            return trends.trend(con, chosen, by, count, errors, seed)

    def changes(
        self,
        *,
        mode: str | None = "speech",
        count: str = "groups",
        errors: Confusion | str | Path | None = None,
        limit: int = 20,
        seed: int = 0,
        **filter: Any,
    ) -> list[Change]:
        """The strongest turns in tone among all pairs of speaker and target.

        Args:
            mode: ``speech``, ``thought`` or None for both.
            count: ``groups`` or ``appearances``.
            errors: As for ``trend``.
            limit: How many to return.
            seed: Of the permutations.
            filter: As for ``trend``; with a speaker and a target a single pair is tested.
        """
        chosen = queries.chosen({**filter, "mode": mode})
        with self.store.reading() as con:
            return changes.scan(con, chosen, count, trends.resolve(errors), limit, seed)

    def compare(
        self,
        by: str,
        *,
        mode: str | None = "speech",
        count: str = "groups",
        errors: Confusion | str | Path | None = None,
        seed: int = 0,
        **filter: Any,
    ) -> pd.DataFrame:
        """The score of each speaker, outlet or target, and how it differs from the others.

        Args:
            by: ``speaker``, ``outlet`` or ``target``.
            mode: ``speech``, ``thought`` or None for both.
            count: ``groups`` or ``appearances``.
            errors: As for ``trend``.
            seed: Of the bootstrap.
            filter: As for ``trend``.
        """
        chosen = queries.chosen({**filter, "mode": mode})
        with self.store.reading() as con:
            return compare.compare(con, chosen, by, count, trends.resolve(errors), seed)

    def matrix(
        self,
        *,
        size: int = 10,
        mode: str | None = "speech",
        count: str = "groups",
        errors: Confusion | str | Path | None = None,
        seed: int = 0,
        **filter: Any,
    ) -> pd.DataFrame:
        """Who speaks how of whom: one row a pair of the most frequent speakers and targets.

        Args:
            size: How many speakers and targets at most.
            mode: ``speech``, ``thought`` or None for both.
            count: ``groups`` or ``appearances``.
            errors: As for ``trend``.
            seed: Of the bootstrap.
            filter: As for ``trend``.
        """
        chosen = queries.chosen({**filter, "mode": mode})
        with self.store.reading() as con:
            return compare.matrix(con, chosen, count, trends.resolve(errors), size, seed)

    def export(self, folder: str | Path, format: str = "parquet") -> dict[str, int]:
        """Write the whole ledger, its history too, into a folder.

        Args:
            folder: New or empty.
            format: ``parquet``, ``csv`` or ``jsonl``.

        Returns:
            Rows written, by table.
        """
        return transfer.write(self.store, folder, format)

    def restore(self, folder: str | Path) -> int:
        """Fill this empty ledger from what ``export`` wrote; returns how many articles."""
        return transfer.read(self.store, folder, _restore)

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


def _covers(known: _Known, article: Article, model: Mapping[str, str] | None) -> bool:
    if known.by_hand:
        return True
    same_text = known.text_hash == rows.text_hash(article.text)
    same_model = known.model == rows.model_of(model) or _is_newer(known.model, model)
    return same_text and same_model and known.facts == _facts(article)


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


def _coming(entry: Entry, known: _Known | None, now: datetime.datetime) -> _Coming:
    if known is None:
        return _Coming(entry, None, 1, now)
    return _Coming(entry, known.key, known.revision + 1, now)


@dataclass(frozen=True)
class _Coming:
    """A record about to be stored; its key where the article had one already."""

    entry: Entry
    key: int | None
    revision: int
    added_at: datetime.datetime


def _insert(con: Any, coming: Sequence[_Coming]) -> list[int]:
    """Store new rows; return the keys of their quotes."""
    article_key, quote_key = con.execute(
        "SELECT (SELECT coalesce(max(key), 0) FROM articles), "
        "(SELECT coalesce(max(key), 0) FROM quotes)"
    ).fetchone()
    article_key = max([article_key, *(one.key for one in coming if one.key)])
    keyed: list[tuple[Entry, int, int, datetime.datetime]] = []
    quotes: list[dict[str, Any]] = []
    speakers: list[dict[str, Any]] = []
    for one in coming:
        if one.key is None:
            article_key += 1
        key = one.key or article_key
        keyed.append((one.entry, key, one.revision, one.added_at))
        for quote in one.entry.doc.quotes:
            quote_key += 1
            quotes.append(rows.quote_row(quote, quote_key, key))
            speakers.extend(rows.speaker_rows(quote, quote_key))
    rows.insert(con, "articles", rows.article_rows(keyed))
    rows.insert(con, "quotes", quotes)
    rows.insert(con, "speakers", speakers)
    return [row["key"] for row in quotes]


def _restore(con: Any, chunk: Sequence[rows.Restored]) -> None:
    fresh = _insert(con, [_Coming(r.entry, None, r.revision, r.added_at) for r in chunk])
    duplicates.add(con, fresh)
