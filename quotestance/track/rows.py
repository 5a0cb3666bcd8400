"""Records as rows of the ledger's tables, in Arrow batches; and rows back as records."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quotestance.errors import InputError
from quotestance.quotes import STANCES, Quote
from quotestance.records import AnnotatedArticle, Article
from quotestance.track.extras import need


@dataclass(frozen=True)
class Entry:
    """One record, checked and ready to store.

    Args:
        doc: The record.
        id: Its id; made from the text where the record has none.
        text_hash: SHA-256 of the text, hexadecimal.
        record: The record as JSON, without the text.
        by_hand: Whether a person made or corrected it.
    """

    doc: AnnotatedArticle
    id: str
    text_hash: str
    record: str
    by_hand: bool

    @property
    def model(self) -> tuple[str | None, str | None]:
        """Name and version of the model that made the record; None and None for none."""
        return model_of(self.doc.model)


def model_of(model: Mapping[str, str] | None) -> tuple[str | None, str | None]:
    """Name and version as the ledger compares them."""
    model = model or {}
    return _text(model.get("name")), _text(model.get("version"))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def text_hash(text: str) -> str:
    """SHA-256 of a text, hexadecimal; a lone surrogate counts by its own code."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def id_of(article: Article) -> str:
    """The id that the ledger knows an article by: its own, or one made from its text."""
    return article.id or "text-" + text_hash(article.text)[:16]


def entry(doc: AnnotatedArticle) -> Entry:
    """Check a record and make it ready to store.

    Args:
        doc: The record; without an id it gets one that is made from its text.

    Raises:
        InputError: A character that the store cannot hold (a lone surrogate), or a value in
            ``meta`` or ``extra`` that JSON cannot hold; names id, field, offset and character.
    """
    data = doc.to_dict()
    text = data.pop("text")
    try:
        record = json.dumps(data, ensure_ascii=False, allow_nan=False)
        record.encode("utf-8")
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise _unholdable(doc) from None
    except (TypeError, ValueError) as error:
        raise InputError(
            f"article {doc.id!r} holds a value that JSON cannot hold: {error}", field="meta"
        ) from None
    by_hand = doc.model is None or doc.extra.get("corrected") is True
    return Entry(doc, id_of(doc), text_hash(text), record, by_hand)


@dataclass(frozen=True)
class Restored:
    """One record of an export, with what the ledger knew of it beside the record."""

    entry: Entry
    revision: int
    added_at: datetime.datetime
    replaced_at: datetime.datetime | None


def restored(row: Mapping[str, Any]) -> Restored:
    """A row of an export.

    Args:
        row: ``text``, ``record``, ``revision``, ``added_at`` and, in the history,
            ``replaced_at``; times and numbers may be given as text.
    """
    replaced = row.get("replaced_at")
    return Restored(
        entry(document(row["text"], row["record"])),
        int(row["revision"]),
        _time(row["added_at"]),
        None if replaced is None else _time(replaced),
    )


def _time(value: Any) -> datetime.datetime:
    return value if isinstance(value, datetime.datetime) else datetime.datetime.fromisoformat(value)


def _unholdable(doc: AnnotatedArticle) -> InputError:
    for place, value in _strings(doc.to_dict(), ""):
        for offset, char in enumerate(value):
            if 0xD800 <= ord(char) <= 0xDFFF:
                return InputError(
                    f"article {doc.id!r} holds a character that the ledger cannot store: "
                    f"lone surrogate U+{ord(char):04X} at offset {offset}",
                    field=place,
                    hint="mend the decoding of the source; a lone surrogate is half a character",
                )
    raise AssertionError("a string that UTF-8 cannot hold has a lone surrogate")


def _strings(value: Any, place: str) -> Iterable[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield place, str(key)
            yield from _strings(item, f"{place}.{key}" if place else str(key))
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _strings(item, f"{place}[{i}]")


def document(text: str, record: str) -> AnnotatedArticle:
    """The record of a row of ``articles`` or ``history``."""
    return AnnotatedArticle.from_dict({**json.loads(record), "text": text})


def article_rows(
    entries: Sequence[tuple[Entry, int, int, datetime.datetime]],
) -> list[dict[str, Any]]:
    """Rows of ``articles``.

    Args:
        entries: Each with its key, its revision and when it came (UTC without a zone).
    """
    return [
        {
            "key": key,
            "id": e.id,
            "text_hash": e.text_hash,
            "outlet": e.doc.outlet,
            "date": None if e.doc.date is None else datetime.date.fromisoformat(e.doc.date),
            "title": e.doc.title,
            "text": e.doc.text,
            "model_name": e.model[0],
            "model_version": e.model[1],
            "by_hand": e.by_hand,
            "quotes": len(e.doc.quotes),
            "revision": revision,
            "added_at": added_at,
            "record": e.record,
        }
        for e, key, revision, added_at in entries
    ]


def quote_row(quote: Quote, key: int, article: int) -> dict[str, Any]:
    """Row of ``quotes``; probabilities are None for hand labels, their score is -1, 0 or 1."""
    stance = quote.stance
    given = stance.probabilities if stance else None
    score = stance.score if stance else None
    if stance and given is None:
        score = float(STANCES[::-1].index(stance.label) - 1)
    row = {
        "key": key,
        "article": article,
        "id": quote.id,
        "kind": quote.kind,
        "content": quote.text,
        "source": " … ".join(s.text for s in quote.source),
        "cue": " … ".join(s.text for s in quote.cue),
        "via": list(quote.via),
        "polarity": quote.polarity,
        "mode": quote.mode,
        "target": quote.target,
        "target_id": quote.target_id,
        "target_type": quote.target_type,
        "stance": stance.label if stance else None,
        "score": score,
        "start": quote.content[0].start if quote.content else None,
        "end": quote.content[-1].end if quote.content else None,
        "confidence": quote.confidence.quote,
        "speaker_confidence": quote.confidence.speaker,
        "stance_confidence": quote.confidence.stance,
        "is_quote": quote.is_quote,
    }
    return row | {f"p_{name}": given[name] if given else None for name in STANCES}


def speaker_rows(quote: Quote, key: int) -> list[dict[str, Any]]:
    """Rows of ``speakers``."""
    return [
        {
            "quote": key,
            "position": position,
            "name": s.name,
            "id": s.id,
            "type": s.type,
            "role": s.role,
            "mention": s.mention.text if s.mention else None,
            "confidence": s.confidence,
        }
        for position, s in enumerate(quote.speakers)
    ]


def insert(con: Any, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Append rows to a table in one Arrow batch."""
    if not rows:
        return
    pa = need("pyarrow")
    kinds = {
        "BIGINT": pa.int64(),
        "INTEGER": pa.int32(),
        "VARCHAR": pa.string(),
        "JSON": pa.string(),
        "DOUBLE": pa.float64(),
        "BOOLEAN": pa.bool_(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
        "VARCHAR[]": pa.list_(pa.string()),
    }
    columns = con.execute(f"SELECT name, type FROM pragma_table_info('{table}')").fetchall()
    batch = pa.table(
        {name: pa.array([row[name] for row in rows], kinds[kind]) for name, kind in columns}
    )
    con.register("batch", batch)
    con.execute(f"INSERT INTO {table} SELECT * FROM batch")
    con.unregister("batch")
