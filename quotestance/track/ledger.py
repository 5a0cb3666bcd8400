"""The ledger of quotes: add records, query them, follow stances over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from quotestance.errors import InputError
from quotestance.records import AnnotatedArticle, Article
from quotestance.track import adding, changes, compare, duplicates, queries, rows, transfer, trends
from quotestance.track.adding import Added
from quotestance.track.changes import Change
from quotestance.track.confusion import Confusion
from quotestance.track.rows import Entry
from quotestance.track.store import Store
from quotestance.track.trends import Trend

if TYPE_CHECKING:
    import pandas as pd

BATCH = 1000


class Ledger:
    """Quotes of many articles, in one DuckDB file.

    Args:
        path: The file; made where there is none.
        memory: The most memory that DuckDB may hold, such as ``128MB``.

    Raises:
        LedgerError: The file is no ledger or of a newer schema.
        MissingExtraError: DuckDB is not installed.
    """

    def __init__(self, path: str | Path, memory: str = "128MB") -> None:
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
        with self.store.writing() as con:
            verdicts = adding.put(con, ready)
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
            known = adding.known(con, [rows.id_of(article) for article in articles])
        return {
            id
            for article in articles
            if (have := known.get(id := rows.id_of(article)))
            and adding.covers(have, article, model)
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
        return transfer.read(self.store, folder, adding.restore)

    def summary(self) -> dict[str, Any]:
        """Counts of what the ledger holds: articles, undated ones, quotes, outlets, models."""
        with self.store.reading() as con:
            return queries.summary(con)
