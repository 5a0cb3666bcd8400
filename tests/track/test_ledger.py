import dataclasses
import subprocess
import sys
import threading

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotestance.errors import InputError
from quotestance.records import AnnotatedArticle, Article
from quotestance.track import schema
from quotestance.track.ledger import Ledger
from quotestance.track.schema import LedgerError
from tests.track.making import MODEL, doc, quote


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "quotes.duckdb")


def test_the_same_record_from_the_same_model_changes_nothing(ledger):
    assert ledger.add(doc("1")) == "added"
    before = ledger.sql("SELECT * FROM articles")
    again = doc("1", stance="critical")  # the same model, other last digits
    assert ledger.add(again) == "unchanged"
    assert ledger.sql("SELECT * FROM articles").equals(before)
    assert len(ledger) == 1


def test_a_corrected_text_replaces_the_quotes_and_keeps_the_history(ledger):
    first, second = doc("1"), doc("1", content="the river will be shared")
    ledger.add(first)
    assert ledger.add(second) == "replaced"
    assert ledger.get("fiction-1") == second
    assert ledger.history("fiction-1") == [first]
    assert ledger.sql("SELECT content FROM quotes")["content"].tolist() == [
        "the river will be shared"
    ]
    assert ledger.sql("SELECT revision FROM articles")["revision"].tolist() == [2]


def test_a_newer_model_replaces_and_an_older_one_does_not(ledger):
    ledger.add(doc("1"))
    newer = doc("1", model={"name": "tiny", "version": "1.10"})
    assert ledger.add(newer) == "replaced"
    assert ledger.add(doc("1", model={"name": "tiny", "version": "1.9"})) == "kept"
    assert ledger.get("fiction-1").model["version"] == "1.10"


def test_what_a_person_corrected_is_never_overwritten_by_a_model(ledger):
    ledger.add(doc("1"))
    corrected = ledger.get("fiction-1").with_speaker("q1", "Tam Ostrick")
    assert ledger.add(corrected) == "replaced"
    assert ledger.add(corrected) == "unchanged"
    assert ledger.add(doc("1", model={"name": "tiny", "version": "9"})) == "kept"
    assert ledger.add(doc("1", content="another text altogether")) == "kept"
    assert ledger.get("fiction-1").quotes[0].speaker.name == "Tam Ostrick"
    other = corrected.with_speaker("q1", "Bela Quill")
    assert ledger.add(other) == "replaced"


def test_the_same_article_twice_in_one_batch_is_taken_one_after_the_other(ledger):
    outcome = ledger.add_many([doc("1"), doc("2"), doc("1", content="a new text")])
    assert outcome.added == ["fiction-1", "fiction-2"]
    assert outcome.replaced == ["fiction-1"]
    assert str(outcome) == "2 added, 0 unchanged, 1 replaced, 0 kept, 0 failed"


def test_keys_stay_apart_when_the_last_article_is_replaced_beside_a_new_one(ledger):
    ledger.add_many([doc("1"), doc("2")])
    ledger.add_many([doc("3"), doc("2", content="a new text")])
    keys = ledger.sql("SELECT key, id FROM articles ORDER BY key")
    assert keys["id"].tolist() == ["fiction-1", "fiction-2", "fiction-3"]
    assert keys["key"].is_unique


def test_an_article_without_an_id_is_known_by_its_text(ledger):
    nameless = dataclasses.replace(doc("1"), id="")
    assert ledger.add(nameless) == "added"
    assert ledger.add(nameless) == "unchanged"
    assert ledger.sql("SELECT id FROM articles")["id"][0].startswith("text-")


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        (AnnotatedArticle("ab\udc80c", "fiction-x"), "'text'"),
        (AnnotatedArticle("abc", "fiction-x", outlet="ab\udc80"), "'outlet'"),
        (AnnotatedArticle("abc", "fiction-x", meta={"desk": ["ab\udc80"]}), "'meta.desk[0]'"),
    ],
)
def test_a_lone_surrogate_refuses_that_article_by_id_offset_and_character(ledger, broken, field):
    with pytest.raises(InputError) as caught:
        ledger.add(broken)
    message = str(caught.value)
    assert "'fiction-x'" in message and "U+DC80 at offset 2" in message and field in message
    outcome = ledger.add_many([doc("1"), broken])
    assert outcome.added == ["fiction-1"] and outcome.failed[0][0] == "fiction-x"


def test_a_value_that_json_cannot_hold_refuses_that_article(ledger):
    with pytest.raises(InputError, match="'fiction-x' holds a value that JSON cannot hold"):
        ledger.add(AnnotatedArticle("abc", "fiction-x", meta={"weight": float("nan")}))


def test_an_error_in_a_batch_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    ledger.add(doc("1"))
    monkeypatch.setattr("quotestance.track.duplicates.add", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ledger.add(doc("2"))
    assert [d.id for d in ledger] == ["fiction-1"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_any_text_comes_back_as_it_was(tmp_path_factory, texts):
    ledger = Ledger(tmp_path_factory.mktemp("any") / "quotes.duckdb")
    docs = [
        AnnotatedArticle(t, f"fiction-{i}", title=t, meta={t: t}, model=MODEL)
        for i, t in enumerate(texts)
    ]
    ledger.add_many(docs)
    assert list(ledger) == docs


def test_a_file_that_is_no_ledger_is_refused(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("hello " * 5000)
    with pytest.raises(LedgerError, match=r"notes.txt: expected a ledger .* file of another kind"):
        Ledger(text)
    other = tmp_path / "other.duckdb"
    duckdb.connect(str(other)).execute("CREATE TABLE t (x INTEGER)").close()
    with pytest.raises(LedgerError, match="found another DuckDB database"):
        Ledger(other)
    with pytest.raises(LedgerError, match="found a folder"):
        Ledger(tmp_path)
    with pytest.raises(LedgerError, match="the folder does not exist"):
        Ledger(tmp_path / "nowhere" / "quotes.duckdb")


def test_a_newer_schema_is_refused_with_the_way_out(ledger):
    with ledger.store.writing() as con:
        con.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(LedgerError, match="found schema 99") as caught:
        Ledger(ledger.store.path)
    assert "pip install --upgrade" in caught.value.hint


def test_a_ledger_of_the_first_schema_is_brought_up_to_date(ledger, tmp_path):
    ledger.add_many([doc("1"), doc("2", outlet="Vael Herald", date="2031-03-06")])
    old = tmp_path / "old.duckdb"
    con = duckdb.connect(str(old))
    con.execute("CREATE TABLE meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL)")
    con.execute("INSERT INTO meta VALUES ('format', ?), ('schema', '1')", [schema.FORMAT])
    con.execute(schema.MIGRATIONS[0])
    con.execute(f"ATTACH '{ledger.store.path}' AS new (READ_ONLY)")
    for table in ("articles", "quotes", "speakers"):
        con.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")
    con.close()
    opened = Ledger(old)
    assert list(opened) == list(ledger)
    assert opened.sql("SELECT * FROM duplicates").equals(ledger.sql("SELECT * FROM duplicates"))
    assert len(opened.variants("fiction-1", "q1")) == 2
    value = opened.sql("SELECT value FROM meta WHERE key = 'schema'")["value"][0]
    assert value == str(schema.VERSION)


def test_a_second_writer_is_refused_while_readers_are_welcome(ledger):
    ledger.add(doc("1"))
    code = (
        "import sys\nfrom quotestance.track.ledger import Ledger\n"
        "ledger = Ledger(sys.argv[1])\n"
        "with ledger.store.sole_writer():\n"
        "    print('writing', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(ledger.store.path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout.readline() == "writing\n"
        with pytest.raises(LedgerError, match=f"another writer is at work .process {other.pid}."):
            ledger.add(doc("2"))
        assert len(ledger) == 1
        other.communicate("")
    assert ledger.add(doc("2")) == "added"


def test_threads_share_a_ledger(ledger):
    def work(number):
        for i in range(3):
            ledger.add(doc(f"{number}-{i}"))
            assert len(ledger) >= 1

    threads = [threading.Thread(target=work, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger) == 9


def test_sql_answers_but_cannot_change_the_ledger(ledger):
    ledger.add(doc("1"))
    found = ledger.sql("SELECT speaker FROM appearances WHERE target = ?", ["Kestria"])
    assert found["speaker"].tolist() == ["Orla Venn"]
    with pytest.raises(InputError, match="read-only"):
        ledger.sql("DELETE FROM quotes")
    with pytest.raises(InputError, match="DuckDB refused the query") as caught:
        ledger.sql("SELECT nothing FROM nowhere")
    assert "docs/ledger-schema.md" in caught.value.hint


def test_quotes_are_chosen_by_speaker_target_outlet_mode_and_day(ledger):
    ledger.add_many(
        [
            doc("1", content="the first words of them", date="2031-01-01"),
            doc(
                "2", content="some other talk entirely", speaker="Tam Ostrick", outlet="Vael Herald"
            ),
            doc("3", content="a thought about the sea", mode="thought", date=None),
            doc("4", content="it rains in Kestria", is_quote=False),
        ]
    )
    assert ledger.quotes()["article"].tolist() == ["fiction-1", "fiction-2", "fiction-3"]
    assert ledger.quotes(speaker="tam ostrick")["article"].tolist() == ["fiction-2"]
    assert ledger.quotes(outlet=["Vael Herald"])["article"].tolist() == ["fiction-2"]
    assert ledger.quotes(mode="thought")["article"].tolist() == ["fiction-3"]
    assert ledger.quotes(until="2031-01-01")["article"].tolist() == ["fiction-1"]
    assert ledger.quotes(since="2031-01-02")["article"].tolist() == ["fiction-2"]
    assert ledger.quotes(limit=1)["article"].tolist() == ["fiction-1"]
    with pytest.raises(InputError, match="'colour'"):
        ledger.quotes(colour="red")
    with pytest.raises(InputError, match="expected one of speech, thought or None"):
        ledger.quotes(mode="shouted")


def test_issues_count_under_an_entity_only_when_asked(ledger):
    talks = {"target": "Kestria-Vael talks", "target_type": "issue", "target_id": "Q1"}
    ledger.add_many(
        [
            doc("1", content="first", target_id="Q1"),
            doc("2", content="second", **talks),
            doc("3", content="third", target="Kestrian wool", target_type="issue"),
        ]
    )
    assert ledger.quotes(target="Kestria")["article"].tolist() == ["fiction-1"]
    assert ledger.quotes(target="Q1")["article"].tolist() == ["fiction-1"]
    assert ledger.quotes(target="kestria", issues=True)["article"].tolist() == [
        "fiction-1",
        "fiction-2",
    ]
    assert ledger.quotes(target="Kestria-Vael talks")["article"].tolist() == ["fiction-2"]
    assert len(ledger.quotes(target=["Kestria", "Kestria-Vael talks"])) == 2


def test_a_quote_of_two_speakers_is_found_under_each_and_counted_once(ledger):
    base = doc("1")
    both = base.quotes[0].replace(
        speakers=(*base.quotes[0].speakers, *quote(base.text, "said", "Tam Ostrick").speakers)
    )
    ledger.add(dataclasses.replace(base, quotes=(both,)))
    assert len(ledger.quotes(speaker="Tam Ostrick")) == 1
    found = ledger.trend(speaker=["Orla Venn", "Tam Ostrick"], by="year")
    assert found.table["quotes"].tolist() == [1]


def test_held_says_what_need_not_be_read_again(ledger):
    ledger.add(doc("1"))
    article = Article(doc("1").text, "fiction-1", outlet="Dunmarrow Post", date="2031-03-05")
    assert ledger.held([article], MODEL) == {"fiction-1"}
    assert ledger.held([article], {"name": "tiny", "version": "2.0"}) == set()
    assert ledger.held([dataclasses.replace(article, text="new")], MODEL) == set()
    assert ledger.held([dataclasses.replace(article, date="2031-03-06")], MODEL) == set()
    assert ledger.held([], MODEL) == set()


def test_get_of_an_unknown_article(ledger):
    with pytest.raises(KeyError):
        ledger.get("nobody")


def test_summary_counts(ledger):
    ledger.add_many(
        [doc("1"), doc("2", date=None, content="quite other words"), doc("3", model=None)]
    )
    found = ledger.summary()
    assert (found["articles"], found["undated"], found["by_hand"], found["quotes"]) == (3, 1, 1, 3)
    assert found["models"] == [
        {"name": "tiny", "version": "1.0", "articles": 2},
        {"name": None, "version": None, "articles": 1},
    ]
