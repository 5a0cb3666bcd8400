"""Reading articles: every kind of input, and every way it can be wrong."""

import datetime
import io
import json
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.articles import Failure, InputWarning, as_articles, read_articles
from quotestance.errors import InputError
from quotestance.records import Article


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def lines(path, *rows):
    return write(path, "".join(json.dumps(row) + "\n" for row in rows))


def only(items):
    (item,) = items
    return item


def test_a_text_file_is_read_as_it_stands(tmp_path):
    path = write(tmp_path / "one.txt", b"A line.\r\nAnother.\rA third.\n\x00 \xf0\x9f\x9a\xa2")
    article = only(read_articles([path]))
    assert article == Article("A line.\r\nAnother.\rA third.\n\x00 🚢", id="one.txt")


def test_a_folder_is_read_below_and_in_order(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/y.TXT", "c.md", "a.txt"):
        write(tmp_path / name, name)
    found = list(read_articles([tmp_path]))
    assert [article.id for article in found] == ["a.txt", "a/y.TXT", "a/z.txt", "b.txt"]
    assert [article.text for article in found] == ["a.txt", "a/y.TXT", "a/z.txt", "b.txt"]


def test_standard_input():
    article = only(read_articles(["-"], stdin=io.BytesIO("“Yes,” he said.".encode())))
    assert article == Article("“Yes,” he said.", id="stdin")


def test_a_byte_order_mark_is_dropped_and_reported(tmp_path):
    text = write(tmp_path / "bom.txt", b"\xef\xbb\xbfText")
    table = write(tmp_path / "bom.csv", b"\xef\xbb\xbftext\nText\n")
    rows = write(tmp_path / "bom.jsonl", b'\xef\xbb\xbf{"text": "Text"}\n')
    told = []
    found = read_articles([text, table, rows], warn=lambda id, message: told.append((id, message)))
    assert [article.text for article in found] == ["Text"] * 3
    assert [id for id, _ in told] == ["bom.txt", "bom.csv", "bom.jsonl"]
    assert all("byte-order mark at the start was dropped" in message for _, message in told)
    with pytest.warns(InputWarning, match="bom.txt: a byte-order mark"):
        list(read_articles([text]))


def test_undecodable_bytes_name_file_and_byte_and_the_rest_go_on(tmp_path):
    write(tmp_path / "a.txt", b"caf\xe9")
    write(tmp_path / "b.txt", b"fine")
    bad, good = read_articles([tmp_path])
    assert bad.id == "a.txt"
    assert str(bad.error) == f"{tmp_path / 'a.txt'}: expected UTF-8, found byte 0xe9 at byte 3"
    assert "iconv" in bad.error.hint
    assert good == Article("fine", id="b.txt")


def test_json_lines_fill_the_article_and_meta(tmp_path):
    path = lines(
        tmp_path / "a.jsonl",
        {"id": "n1", "text": "T", "title": "H", "date": "2031-01-02", "outlet": "O", "tag": [1]},
        {"id": 7, "text": "U", "meta": {"desk": "city"}, "page": 3},
    )
    write(path, path.read_bytes() + b'\n{"text": "no id \\ud800"}\n')
    assert list(read_articles([path])) == [
        Article("T", "n1", "H", "O", "2031-01-02", {"tag": [1]}),
        Article("U", "7", meta={"desk": "city", "page": 3}),
        Article("no id \ud800", "a.jsonl:4"),
    ]


def test_labelled_records_are_read_as_articles_without_their_labels(tmp_path):
    path = lines(tmp_path / "g.jsonl", {"id": "g", "text": "T", "quotes": [], "format": 1, "x": 2})
    assert only(read_articles([path])) == Article("T", "g", meta={"x": 2})


def test_bad_lines_are_named_and_the_rest_go_on(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        b'{"text": "one"}\n{"text": \n["text"]\n{"id": "n4", "body": "x"}\n'
        b'{"id": "n5", "text": "x", "date": "2 May"}\n{"text": "\xff"}\n{"text": "last"}\n'
        b'{"id": true, "text": "x"}\n{"text": "x", "title": 4}\n{"text": null}\n',
    )
    found = list(read_articles([path]))
    assert [a.text for a in found if isinstance(a, Article)] == ["one", "last"]
    faults = {f.id: str(f.error).removeprefix(f"{path}:") for f in found if isinstance(f, Failure)}
    assert faults["a.jsonl:2"] == (
        "2: field 'record': expected one JSON object a line, found a fault at column 10: "
        "Expecting value"
    )
    assert faults["a.jsonl:3"] == "3: expected a JSON object, found list"
    assert faults["n4"] == "4: field 'text': expected a string, found the keys 'id', 'body'"
    assert faults["n5"].startswith("5: field 'date': expected a date as YYYY-MM-DD or null")
    assert faults["a.jsonl:6"].startswith("6: expected UTF-8, found byte 0xff at byte ")
    assert faults["a.jsonl:8"] == "8: field 'id': expected a string, found bool"
    assert faults["a.jsonl:9"] == "9: field 'title': expected a string or null, found int"
    assert faults["a.jsonl:10"] == "10: field 'text': expected a string, found NoneType"


def test_the_keys_of_an_object_without_text_are_told(tmp_path):
    path = lines(tmp_path / "a.jsonl", {"title": "T"}, {}, {"title": "T", "body": "x"})
    found = [str(failure.error).partition("found ")[2] for failure in read_articles([path])]
    assert found == ["the key 'title'", "no keys", "the keys 'title', 'body'"]


def test_the_bad_byte_is_counted_from_the_start_of_the_file(tmp_path):
    path = write(tmp_path / "a.jsonl", b'{"text": "one"}\n{"text": "\xff"}\n')
    failure = list(read_articles([path]))[1]
    assert "byte 0xff at byte 26" in str(failure.error)
    assert path.read_bytes()[26] == 0xFF


def test_csv_keeps_every_character_of_the_text(tmp_path):
    path = write(
        tmp_path / "a.csv",
        "id,text,date,outlet,desk\r\n"
        'n1,"He said ""no"",\r\nthen left\rat once.",2031-01-02,,city\r\n'
        "n2,,,,\r\n",
    )
    first, second = read_articles([path])
    assert first == Article(
        'He said "no",\r\nthen left\rat once.', "n1", None, None, "2031-01-02", {"desk": "city"}
    )
    assert second == Article("", "n2")


def test_csv_cells_may_be_longer_than_the_csv_module_likes(tmp_path):
    path = write(tmp_path / "a.csv", "text\n" + "x" * 300_000 + "\n")
    assert len(only(read_articles([path])).text) == 300_000


def test_csv_rows_are_named_by_the_line_they_start_in(tmp_path):
    path = write(tmp_path / "a.csv", 'text,desk\n"two\nlines",a\nalone\n\nlast,b\n')
    first, bad, last = read_articles([path])
    assert first.id == "a.csv:2"
    assert (bad.id, str(bad.error)) == ("a.csv:4", f"{path}:4: expected 2 cells, found 1")
    assert last.text == "last"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("body,id\nx,1\n", "field 'text': expected a column of that name, found 'body', 'id'"),
        ("", "field 'text': expected a column of that name, found none"),
        ("text,text\na,b\n", "field 'text': expected one column of that name, found more"),
        ('text\n"never closed\n', "2: expected comma-separated cells, found a fault: unexpected"),
        ("text\ncaf\udce9\n", "expected UTF-8, found byte 0xe9 at byte 8"),
    ],
)
def test_csv_that_cannot_be_read_on(tmp_path, data, message):
    path = write(tmp_path / "a.csv", data.encode("utf-8", "surrogateescape"))
    failure = list(read_articles([path]))[-1]
    assert failure.id == "a.csv"
    assert message in str(failure.error)
    assert str(path) in str(failure.error)


def test_parquet_rows_with_typed_columns(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    columns = {
        "text": ["T", None],
        "id": [1, 2],
        "date": [datetime.date(2031, 1, 2), None],
        "seen": [datetime.datetime(2031, 1, 2, 3, 4), None],
        "score": [float("nan"), 0.5],
    }
    parquet.write_table(pyarrow.table(columns), path)
    good, bad = read_articles([path])
    assert good == Article(
        "T", "1", date="2031-01-02", meta={"seen": "2031-01-02T03:04:00", "score": None}
    )
    assert (bad.id, str(bad.error)) == (
        "2", f"{path}:2: field 'text': expected a string, found NoneType",
    )  # fmt: skip


def test_parquet_that_is_none_or_lacks_text(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    broken = write(tmp_path / "a.parquet", b"not at all")
    assert "expected a Parquet file" in str(only(read_articles([broken])).error)
    parquet.write_table(pyarrow.table({"body": ["x"]}), tmp_path / "b.parquet")
    failure = only(read_articles([tmp_path / "b.parquet"]))
    assert "field 'text': expected a column of that name, found 'body'" in str(failure.error)


def test_a_repeated_id_fails_that_article_only(tmp_path):
    path = lines(tmp_path / "a.jsonl", *({"id": id, "text": id} for id in "aba"))
    first, second, again = read_articles([path])
    assert (first.id, second.id) == ("a", "b")
    assert again.id == "a"
    assert str(again.error) == (
        f"{path}:3: field 'id': expected an id of its own, found 'a', which an earlier article has"
    )


def test_a_repeated_id_of_any_input_is_named_by_its_file(tmp_path):
    write(tmp_path / "x/a.txt", "one")
    table = write(tmp_path / "rows.csv", "id,text\nstdin,two\n")
    inputs = [tmp_path / "x/a.txt", tmp_path / "x", "-", table]
    _, again, _, row = read_articles(inputs, stdin=io.BytesIO(b"three"))
    assert str(again.error).startswith(f"{tmp_path / 'x/a.txt'}: field 'id': expected an id of")
    assert str(row.error).startswith(f"{table}:2: field 'id': expected an id of its own")
    _, twice = as_articles([{"id": "n", "text": "one"}, {"id": "n", "text": "two"}])
    assert str(twice.error).startswith("field 'id': expected an id of its own, found 'n'")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone.txt", "gone.txt: no such file or folder"),
        ("a.json", "a.json: expected a text file, .jsonl, .csv or .parquet, found .json"),
        ("empty", "empty: expected .txt files in the folder or below it, found none"),
    ],
)
def test_inputs_are_checked_before_any_is_read(tmp_path, name, message):
    write(tmp_path / "a.json", "[]")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        read_articles([tmp_path / "a.json" if name == "a.json" else tmp_path / name])
    assert str(caught.value).endswith(message)
    assert caught.value.hint


def test_no_input_at_all():
    with pytest.raises(InputError, match="expected at least one file or folder, found none"):
        read_articles([])


def test_iterables_of_every_kind():
    given = ["one", Article("two", "n2"), {"text": "three", "id": "n3", "desk": "city"}, 4]
    one, two, three, bad = as_articles(given)
    assert (one, two) == (Article("one"), Article("two", "n2"))
    assert three == Article("three", "n3", meta={"desk": "city"})
    assert bad.id == "[3]"
    assert "expected a string, an Article or a mapping with a text, found int" in str(bad.error)


def test_an_endless_generator_is_read_one_at_a_time():
    taken = []

    def endless():
        for n in range(10**9):
            taken.append(n)
            yield {"text": "x", "id": str(n)}

    stream = as_articles(endless())
    assert [next(stream).id for _ in range(3)] == ["0", "1", "2"]
    assert len(taken) == 3


def test_data_frames_and_datasets():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"text": ["T", "U"], "id": [1, 2], "date": [pandas.Timestamp("2031-01-02"), pandas.NaT]}
    )
    expected = [Article("T", "1", date="2031-01-02"), Article("U", "2")]
    assert list(as_articles(frame)) == expected
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what datasets warns of at import is not ours
        datasets = pytest.importorskip("datasets")
        data = datasets.Dataset.from_dict(
            {"text": ["T", "U"], "id": [1, 2], "date": ["2031-01-02", None]}
        )
        assert list(as_articles(data)) == expected
        with pytest.raises(InputError, match="DatasetDict with keys 'train'") as caught:
            as_articles(datasets.DatasetDict(train=data))
    assert "dataset['train']" in caught.value.hint


@pytest.mark.parametrize("source", ["one text", b"bytes", Article("x"), 5, {"text": "x"}])
def test_what_is_no_batch_is_refused(source):
    with pytest.raises(InputError, match="expected an iterable of articles, found"):
        as_articles(source)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_file_comes_back_unchanged(tmp_path_factory, text):
    path = write(tmp_path_factory.mktemp("any") / "a.txt", text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InputWarning)
        assert only(read_articles([path])).text == text.removeprefix("\ufeff")
