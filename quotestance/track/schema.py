"""The tables of a ledger and the migrations from older ones; ``docs/ledger-schema.md`` in SQL."""

from __future__ import annotations

from typing import Any

from quotestance.errors import QuotestanceError
from quotestance.track import duplicates
from quotestance.track.extras import need

FORMAT = "quotestance-ledger"


class LedgerError(QuotestanceError):
    """A ledger file that cannot be used: no ledger, of a newer schema, or in use."""


# One entry a schema version, in order; each is applied in one transaction and never edited
# once it has been released.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE articles (
        key BIGINT NOT NULL, id VARCHAR NOT NULL, text_hash VARCHAR NOT NULL,
        outlet VARCHAR, date DATE, title VARCHAR, text VARCHAR NOT NULL,
        model_name VARCHAR, model_version VARCHAR, by_hand BOOLEAN NOT NULL,
        quotes INTEGER NOT NULL, revision INTEGER NOT NULL, added_at TIMESTAMP NOT NULL,
        record JSON NOT NULL
    );
    CREATE TABLE quotes (
        key BIGINT NOT NULL, article BIGINT NOT NULL, id VARCHAR NOT NULL,
        kind VARCHAR, content VARCHAR NOT NULL, source VARCHAR, cue VARCHAR, via VARCHAR[],
        polarity VARCHAR, mode VARCHAR,
        target VARCHAR, target_id VARCHAR, target_type VARCHAR,
        stance VARCHAR, p_supportive DOUBLE, p_neutral DOUBLE, p_critical DOUBLE, score DOUBLE,
        "start" INTEGER, "end" INTEGER,
        confidence DOUBLE, speaker_confidence DOUBLE, stance_confidence DOUBLE,
        is_quote BOOLEAN NOT NULL
    );
    CREATE TABLE speakers (
        quote BIGINT NOT NULL, position INTEGER NOT NULL,
        name VARCHAR, id VARCHAR, type VARCHAR NOT NULL, role VARCHAR, mention VARCHAR,
        confidence DOUBLE
    );
    CREATE TABLE history (
        id VARCHAR NOT NULL, revision INTEGER NOT NULL, text_hash VARCHAR NOT NULL,
        model_name VARCHAR, model_version VARCHAR, by_hand BOOLEAN NOT NULL,
        added_at TIMESTAMP NOT NULL, replaced_at TIMESTAMP NOT NULL,
        text VARCHAR NOT NULL, record JSON NOT NULL
    );
    CREATE VIEW appearances AS
        SELECT a.id AS article, a.outlet, a.date, q.id AS quote, q.kind, q.content,
               s.name AS speaker, s.id AS speaker_id, s.type AS speaker_type,
               s.role AS speaker_role, q.source, q.cue, q.via, q.polarity, q.mode,
               q.target, q.target_id, q.target_type, q.stance, q.score,
               q.p_supportive, q.p_neutral, q.p_critical, q."start", q."end",
               q.confidence, q.speaker_confidence, q.stance_confidence, q.is_quote,
               a.model_name, a.model_version, a.by_hand, a.title,
               q.key AS quote_key, a.key AS article_key
        FROM quotes q JOIN articles a ON a.key = q.article
        LEFT JOIN speakers s ON s.quote = q.key;
    """,
    # 2: near-duplicate quotes.
    """
    CREATE TABLE bands (band UINTEGER NOT NULL, quote BIGINT NOT NULL, date DATE);
    CREATE TABLE duplicates (quote BIGINT NOT NULL, group_key BIGINT NOT NULL);
    CREATE OR REPLACE VIEW appearances AS
        SELECT a.id AS article, a.outlet, a.date, q.id AS quote, q.kind, q.content,
               s.name AS speaker, s.id AS speaker_id, s.type AS speaker_type,
               s.role AS speaker_role, q.source, q.cue, q.via, q.polarity, q.mode,
               q.target, q.target_id, q.target_type, q.stance, q.score,
               q.p_supportive, q.p_neutral, q.p_critical, q."start", q."end",
               q.confidence, q.speaker_confidence, q.stance_confidence, q.is_quote,
               a.model_name, a.model_version, a.by_hand, a.title,
               coalesce(d.group_key, q.key) AS group_key,
               q.key AS quote_key, a.key AS article_key
        FROM quotes q JOIN articles a ON a.key = q.article
        LEFT JOIN speakers s ON s.quote = q.key
        LEFT JOIN duplicates d ON d.quote = q.key;
    """,
)
# What a migration does beside its SQL, by the version that it leads to.
_AFTER = {2: duplicates.rebuild}
VERSION = len(MIGRATIONS)


def create(con: Any) -> None:
    """Make the tables of an empty ledger on a DuckDB connection, at the newest version."""
    con.execute("CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL)")
    con.execute("INSERT INTO meta VALUES ('format', ?), ('schema', '0')", [FORMAT])
    migrate(con)


def version_of(con: Any, path: object) -> int:
    """Schema version of an open database.

    Raises:
        LedgerError: It is no ledger, or one of a newer schema; names the file.
    """
    duckdb = need("duckdb")
    try:
        meta = dict(con.execute("SELECT key, value FROM meta").fetchall())
    except duckdb.Error:
        meta = {}
    if meta.get("format") != FORMAT:
        raise LedgerError(
            f"{path}: expected a ledger of quotestance, found another DuckDB database",
            hint="name a file that `quotestance track add` made, or a new one",
        )
    found = int(meta["schema"])
    if found > VERSION:
        raise LedgerError(
            f"{path}: expected a ledger of schema {VERSION} or older, found schema {found}",
            hint="the ledger was written by a newer quotestance: "
            "pip install --upgrade 'quotestance[track]'",
        )
    return found


def migrate(con: Any) -> None:
    """Bring an open, writable ledger to the newest version, one transaction a version."""
    (found,) = con.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
    for version in range(int(found), VERSION):
        con.execute("BEGIN")
        con.execute(MIGRATIONS[version])
        if version + 1 in _AFTER:
            _AFTER[version + 1](con)
        con.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [str(version + 1)])
        con.execute("COMMIT")
