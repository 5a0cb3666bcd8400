"""``kill -9`` at random moments of ``track add`` leaves whole articles and can be resumed."""

import multiprocessing
import random
import time

import pytest

from quotestance.records import write_records
from quotestance.track.ledger import Ledger
from tests.track.killing import add, content
from tests.track.making import doc

ARTICLES = 1000
STATE = """
    SELECT a.key, a.id, a.text_hash, a.quotes, a.revision, a.record, q.key AS quote, q.content,
           s.name, d.group_key
    FROM articles a LEFT JOIN quotes q ON q.article = a.key
    LEFT JOIN speakers s ON s.quote = q.key LEFT JOIN duplicates d ON d.quote = q.key
    ORDER BY a.key, q.key
"""


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no fork")
def test_twenty_kills_and_a_last_run_end_as_an_undisturbed_run(tmp_path):
    records = tmp_path / "records.jsonl"
    write_records(records, [doc(n, content(n)) for n in range(ARTICLES)])
    started = time.monotonic()
    add(tmp_path / "calm.duckdb", records)
    whole = time.monotonic() - started
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.track.killing", "duckdb", "pyarrow", "datasketch"])
    moments = random.Random(20311105)
    shaken, killed = tmp_path / "shaken.duckdb", 0
    while killed < 20:
        process = context.Process(target=add, args=(shaken, records))
        process.start()
        process.join(moments.uniform(0.02, whole / 6))
        process.kill()
        process.join()
        killed += process.exitcode == -9
        if shaken.exists():
            check_whole(Ledger(shaken))
        if process.exitcode == 0:  # it was done before the moment came: start again
            shaken.unlink()
    add(shaken, records)
    calm = Ledger(tmp_path / "calm.duckdb").sql(STATE)
    assert len(calm) == ARTICLES
    assert calm["group_key"].notna().sum() == 666
    assert Ledger(shaken).sql(STATE).equals(calm)


def check_whole(ledger):
    broken = ledger.sql(
        "SELECT a.id FROM articles a LEFT JOIN quotes q ON q.article = a.key "
        "LEFT JOIN speakers s ON s.quote = q.key GROUP BY a.id, a.quotes "
        "HAVING count(q.key) <> a.quotes OR count(s.quote) <> a.quotes"
    )
    assert broken.empty
    bands = ledger.sql(
        "SELECT count(*) AS n FROM quotes ANTI JOIN bands ON bands.quote = quotes.key"
    )
    assert bands["n"][0] == 0
