"""What adding a record does to a ledger: new, unchanged, replaced, or kept from replacing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quotestance.errors import QuotestanceError
from quotestance.records import Article
from quotestance.track import duplicates, rows
from quotestance.track.rows import Entry


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
class Known:
    """What the ledger holds of an article."""

    key: int
    text_hash: str
    model: tuple[str | None, str | None]
    by_hand: bool
    revision: int
    facts: tuple[Any, ...]
    record: str


def put(con: Any, ready: Mapping[str, Entry]) -> list[tuple[str, str]]:
    """Store records by their ids, within a transaction; return what became of each."""
    have = known(con, list(ready))
    verdicts = [(id, _verdict(entry, have.get(id))) for id, entry in ready.items()]
    changed = [id for id, verdict in verdicts if verdict in ("added", "replaced")]
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    loose = _retire(con, [have[id] for id in changed if id in have], now)
    fresh = _insert(con, [_coming(ready[id], have.get(id), now) for id in changed])
    duplicates.add(con, fresh, loose)
    return verdicts


def known(con: Any, ids: list[str]) -> dict[str, Known]:
    """What the ledger holds of the articles of these ids."""
    # Keys first, from the ids alone: the records of all articles need not be read for a few.
    keys = con.execute(
        "SELECT key FROM articles WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids]
    ).fetchall()
    if not keys:
        return {}
    found = con.execute(
        "SELECT id, key, text_hash, model_name, model_version, by_hand, revision, "
        "outlet, date, title, record FROM articles WHERE key IN (SELECT unnest(?::BIGINT[]))",
        [[key for (key,) in keys]],
    ).fetchall()
    return {
        row[0]: Known(row[1], row[2], (row[3], row[4]), row[5], row[6], row[7:10], row[10])
        for row in found
    }


def covers(known: Known, article: Article, model: Mapping[str, str] | None) -> bool:
    """Whether reading the article with a model would change nothing."""
    if known.by_hand:
        return True
    same_text = known.text_hash == rows.text_hash(article.text)
    same_model = known.model == rows.model_of(model) or _is_newer(known.model, model)
    return same_text and same_model and known.facts == _facts(article)


def _facts(article: Article) -> tuple[Any, ...]:
    date = None if article.date is None else datetime.date.fromisoformat(article.date)
    return article.outlet, date, article.title


def _verdict(entry: Entry, have: Known | None) -> str:
    """What adding ``entry`` does to what the ledger has of its article.

    Probabilities of one model differ in the last digits from run to run, so a model's record
    is told by text, model and the facts of the article; a person's by all that is in it.
    """
    if have is None:
        return "added"
    same_text = have.text_hash == entry.text_hash
    if entry.by_hand:
        return "unchanged" if same_text and have.record == entry.record else "replaced"
    if have.by_hand:
        return "kept"
    if same_text and have.facts == _facts(entry.doc):
        if have.model == entry.model:
            return "unchanged"
        if _is_newer(have.model, entry.doc.model):
            return "kept"
    return "replaced"


def _is_newer(known: tuple[str | None, str | None], model: Mapping[str, str] | None) -> bool:
    """Whether what is known came from a later version of the same model than ``model``."""
    name, version = rows.model_of(model)
    if known[0] != name or known[1] is None or version is None:
        return False
    have, given = (re.findall(r"\d+", v) for v in (known[1], version))
    return [int(n) for n in have] > [int(n) for n in given]


def _retire(con: Any, known: Sequence[Known], now: datetime.datetime) -> list[int]:
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


def _coming(entry: Entry, have: Known | None, now: datetime.datetime) -> _Coming:
    if have is None:
        return _Coming(entry, None, 1, now)
    return _Coming(entry, have.key, have.revision + 1, now)


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


def restore(con: Any, chunk: Sequence[rows.Restored]) -> None:
    """Store records of an export in an empty ledger, within a transaction."""
    fresh = _insert(con, [_Coming(r.entry, None, r.revision, r.added_at) for r in chunk])
    duplicates.add(con, fresh)
