import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance.errors import InputError
from quotestance.records import AnnotatedArticle
from quotestance.track.ledger import Ledger
from quotestance.track.schema import LedgerError
from tests.track.making import MODEL, doc

FORMATS = ("parquet", "csv", "jsonl")
# Keys are numbers of the ledger's own; what they stand for is compared.
TABLES = (
    "SELECT * EXCLUDE (key) FROM articles ORDER BY id",
    "SELECT * FROM history ORDER BY id, revision",
    "SELECT a.id AS of, q.* EXCLUDE (key, article) FROM quotes q JOIN articles a "
    "ON a.key = q.article ORDER BY a.id, q.id",
    "SELECT a.id AS of, q.id AS quote, s.* EXCLUDE (quote) FROM speakers s JOIN quotes q "
    "ON q.key = s.quote JOIN articles a ON a.key = q.article ORDER BY ALL",
    "SELECT article, quote, min(article || quote) OVER (PARTITION BY group_key) AS together "
    "FROM appearances ORDER BY ALL",
)


def assert_same(one, other):
    for query in TABLES:
        assert one.sql(query).equals(other.sql(query)), query


@pytest.mark.parametrize("format", FORMATS)
def test_out_and_in_again_loses_nothing(tmp_path, format):
    ledger = Ledger(tmp_path / "quotes.duckdb")
    ledger.add_many([doc("1"), doc("2", outlet=None, date=None), doc("3", "tomorrow we sail")])
    ledger.add(doc("1", "the ferry is late", model={"name": "tiny", "version": "2.0"}))
    ledger.add(ledger.get("fiction-3").with_speaker("q1", "Tam Ostrick"))
    counts = ledger.export(tmp_path / "out", format)
    assert counts["articles"] == 3 and counts["history"] == 2
    back = Ledger(tmp_path / "back.duckdb")
    assert back.restore(tmp_path / "out") == 3
    assert list(back) == list(ledger)
    assert_same(back, ledger)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(TEXTS, st.none() | TEXTS), min_size=1, max_size=3))
def test_any_text_survives_every_format(tmp_path_factory, pairs):
    folder = tmp_path_factory.mktemp("any")
    ledger = Ledger(folder / "quotes.duckdb")
    ledger.add_many(
        AnnotatedArticle(text, f"fiction-{i}", title=title, outlet=text, meta={"k": text},
                         model=MODEL)
        for i, (text, title) in enumerate(pairs)
    )  # fmt: skip
    for format in FORMATS:
        ledger.export(folder / format, format)
        back = Ledger(folder / f"{format}.duckdb")
        back.restore(folder / format)
        assert list(back) == list(ledger)
        assert_same(back, ledger)


def test_the_lines_of_an_export_are_records(tmp_path):
    from quotestance.records import read_records

    ledger = Ledger(tmp_path / "quotes.duckdb")
    ledger.add(doc("1"))
    ledger.export(tmp_path / "out", "jsonl")
    (record,) = read_records(tmp_path / "out" / "articles.jsonl")
    assert record.quotes == doc("1").quotes
    assert record.extra["ledger"]["revision"] == 1


def test_what_is_no_export_or_no_empty_place_is_refused(tmp_path):
    ledger = Ledger(tmp_path / "quotes.duckdb")
    ledger.add(doc("1"))
    ledger.export(tmp_path / "out")
    with pytest.raises(InputError, match="expected a new or empty folder"):
        ledger.export(tmp_path / "out")
    with pytest.raises(InputError, match="expected one of parquet, csv, jsonl, found 'xml'"):
        ledger.export(tmp_path / "xml", "xml")
    with pytest.raises(LedgerError, match="expected an empty ledger to import into"):
        ledger.restore(tmp_path / "out")
    with pytest.raises(InputError, match=r"found none with ledger\.json"):
        Ledger(tmp_path / "new.duckdb").restore(tmp_path)


def test_a_broken_row_is_named_and_leaves_the_ledger_empty(tmp_path):
    ledger = Ledger(tmp_path / "quotes.duckdb")
    ledger.add_many([doc("1"), doc("2")])
    ledger.export(tmp_path / "out", "jsonl")
    file = tmp_path / "out" / "articles.jsonl"
    file.write_text(file.read_text().replace('"revision": 1', '"revision": "x"', 2))
    back = Ledger(tmp_path / "back.duckdb")
    with pytest.raises(InputError, match=r"articles.jsonl:1: expected a row of an export"):
        back.restore(tmp_path / "out")
    assert len(back) == 0
