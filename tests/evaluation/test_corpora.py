"""Readers of the public corpora, on small files of our own in their formats."""

from __future__ import annotations

import json

import pytest

from quotestance.errors import InputError
from quotestance.evaluation.corpora import (
    read_crossner,
    read_dse,
    read_gap,
    read_gum,
    read_newsmtsc,
    read_parc,
    read_polnear,
)

TEXT = "Ana Voss said the harbour is closed."


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def polnear(**more):
    row = {
        "id": "fiction_2031-02-03_harbour",
        "annotator": "a1",
        "publisher": "fiction",
        "date": "2031-02-03",
        "title": "Harbour",
        "text": TEXT,
        "attributions": [{"id": "E1", "source": [[0, 8]], "cue": [[9, 13]], "content": [[14, 35]]}],
    }
    return row | more


def test_polnear_rows_become_records_of_which_only_spans_are_labelled(tmp_path):
    (doc,) = read_polnear(write(tmp_path / "p.jsonl", polnear()))
    (quote,) = doc.quotes
    assert (doc.id, doc.outlet, doc.date) == (
        "fiction_2031-02-03_harbour",
        "fiction",
        "2031-02-03",
    )
    assert doc.meta == {"annotator": "a1"}
    assert [quote.source[0].text, quote.cue[0].text, quote.text] == [
        "Ana Voss",
        "said",
        "the harbour is closed",
    ]
    for key in ("kind", "speakers", "via", "polarity", "mode", "stance", "target"):
        assert not quote.has(key), key
    assert quote.has("source")
    assert "polarity" not in quote.to_dict()


def test_polnear_keeps_the_first_annotator_or_all(tmp_path):
    path = write(tmp_path / "p.jsonl", polnear(), polnear(annotator="a2"), polnear(id="fiction-2"))
    assert [doc.meta["annotator"] for doc in read_polnear(path)] == ["a1", "a1"]
    found = read_polnear(path, annotators="all")
    assert [doc.meta["annotator"] for doc in found] == ["a1", "a2", "a1"]


def test_attributions_without_content_are_kept(tmp_path):
    empty = [{"id": "E1", "source": [[0, 8]], "cue": [[9, 13]], "content": []}]
    (doc,) = read_polnear(write(tmp_path / "p.jsonl", polnear(attributions=empty)))
    assert doc.quotes[0].content == ()
    assert doc.quotes[0].cue[0].text == "said"


def standoff(folder, ann, text=TEXT):
    (folder / "text").mkdir(parents=True)
    (folder / "attributions").mkdir()
    (folder / "text" / "fiction_2031-02-03_harbour.txt").write_text(text, encoding="utf-8")
    file = folder / "attributions" / "fiction_2031-02-03_harbour_a1.ann"
    file.write_text(ann, encoding="utf-8")
    return file


ANN = (
    "T1\tSource 0 8\tAna Voss\n"
    "T2\tCue 9 13\tsaid\n"
    "T3\tContent 14 25;29 35\tthe harbour closed\n"
    "T4\tAttribution 9 13\tsaid\n"
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1 \n"
    "A1\tNested E1\n"
    "#1\tAnnotatorNotes T1\tsure\n"
)


@pytest.mark.parametrize("part", ["", "dev"])
def test_polnear_standoff_folders(tmp_path, part):
    standoff(tmp_path / part if part else tmp_path / "x", ANN)
    (doc,) = read_polnear(tmp_path if part else tmp_path / "x")
    assert (doc.id, doc.outlet, doc.date, doc.meta["annotator"]) == (
        *("fiction_2031-02-03_harbour", "fiction", "2031-02-03", "a1"),
    )
    assert [span.text for span in doc.quotes[0].content] == ["the harbour", "closed"]
    assert doc.quotes[0].source[0].text == "Ana Voss"


@pytest.mark.parametrize(
    ("line", "message", "number"),
    [
        ("T9\tContent 14 99\tx\n", "<= 36, the length of the text", 8),
        ("E2\tAttribution:T4 Content:T7\n", "field 'E2': expected the name of a T line", 8),
        ("E2\tAttribution:T4 Topic:T3\n", "expected Source, Cue or Content, found 'topic'", 8),
        ("nonsense\n", "expected a brat line", 8),
    ],
)
def test_faults_of_standoff_files_name_file_and_line(tmp_path, line, message, number):
    file = standoff(tmp_path, ANN + line)
    with pytest.raises(InputError, match=message.replace("(", r"\(")) as error:
        read_polnear(tmp_path)
    assert (error.value.file, error.value.line) == (str(file), number)


def test_a_folder_without_annotations_or_text_is_named(tmp_path):
    with pytest.raises(InputError, match="found no such file") as error:
        read_polnear(tmp_path)
    assert error.value.file == str(tmp_path)
    standoff(tmp_path, ANN)
    (tmp_path / "text" / "fiction_2031-02-03_harbour.txt").unlink()
    with pytest.raises(InputError, match="expected the text of fiction_2031"):
        read_polnear(tmp_path)


SENTENCE = {"id": "fiction-1", "text": TEXT, "target": [18, 25], "label": -1}
PAIR = SENTENCE | {"id": "fiction-1-pq", "source": [0, 8]}
SNIPPET = {
    "id": "fiction-1",
    "text": "Ana left when she was told.",
    "pronoun": [14, 17],
    "gender": "F",
    "candidates": [{"span": [0, 3], "label": True}],
}
DOCUMENT = {
    "id": "fiction-1",
    "text": TEXT,
    "mentions": [
        {"span": [14, 25], "cluster": 2, "entity_type": "place", "infstat": "new"},
        {"span": [0, 8], "cluster": 1, "entity_type": "person", "wiki": "Ana_Voss"},
    ],
}
ENTITIES = {"id": "fiction-1", "text": TEXT, "entities": [{"span": [0, 8], "type": "person"}]}


def test_sentences_with_a_target(tmp_path):
    (row,) = read_newsmtsc(write(tmp_path / "n.jsonl", SENTENCE))
    assert (row.target.text, row.holder, row.label, row.pair) == (
        *("harbour", None, "critical", None),
    )
    (row,) = read_dse(write(tmp_path / "d.jsonl", PAIR))
    assert (row.holder.text, row.label, row.pair) == ("Ana Voss", "critical", "fiction-1")


def test_coreference_rows(tmp_path):
    (row,) = read_gap(write(tmp_path / "g.jsonl", SNIPPET))
    assert (row.pronoun.text, row.gender, row.candidates[0][0].text, row.candidates[0][1]) == (
        *("she", "F", "Ana", True),
    )
    (document,) = read_gum(write(tmp_path / "u.jsonl", DOCUMENT))
    assert [m.span.text for m in document.mentions] == ["Ana Voss", "the harbour"]
    assert (document.mentions[0].wiki, document.mentions[1].infstat) == ("Ana_Voss", "new")
    (sentence,) = read_crossner(write(tmp_path / "c.jsonl", ENTITIES))
    assert [(span.text, kind) for span, kind in sentence.entities] == [("Ana Voss", "person")]


@pytest.mark.parametrize(
    ("reader", "row", "field", "message"),
    [
        (read_polnear, polnear(attributions=None), None, ""),
        (read_polnear, {"id": "x", "text": TEXT}, "attributions", "expected a list"),
        (read_polnear, polnear(text=None), "text", "expected a string, found None"),
        (read_polnear, polnear(date="yesterday"), "date", "YYYY-MM-DD"),
        (read_polnear, polnear(attributions=[{"id": "E1", "content": [[5, 5]]}]),
         "attributions[0].content[0]", "0 <= start < end <= 36"),
        (read_polnear, polnear(attributions=[{"id": "E1", "cue": [[5, 99]]}]),
         "attributions[0].cue[0]", r"found \[5, 99\]"),
        (read_polnear, polnear(attributions=[{"content": []}]), "attributions[0].id", "a string"),
        (read_newsmtsc, SENTENCE | {"label": 2}, "label", "expected -1, 0 or 1, found 2"),
        (read_newsmtsc, SENTENCE | {"label": True}, "label", "found True"),
        (read_newsmtsc, SENTENCE | {"label": [1]}, "label", r"found \[1\]"),
        (read_newsmtsc, SENTENCE | {"target": [1]}, "target", r"expected \[start, end\]"),
        (read_dse, PAIR | {"id": "fiction-1"}, "id", "an id that ends in -pq or -qp"),
        (read_dse, SENTENCE | {"id": "a-pq"}, "source", r"expected \[start, end\]"),
        (read_gap, SNIPPET | {"gender": "X"}, "gender", "expected one of M, F"),
        (read_gap, SNIPPET | {"candidates": []}, "candidates", "at least one candidate"),
        (read_gap, SNIPPET | {"candidates": [{"span": [0, 3]}]}, "candidates[0].label", "true or"),
        (read_gum, DOCUMENT | {"mentions": [{"span": [0, 3]}]}, "mentions[0].cluster", "a whole"),
        (read_crossner, ENTITIES | {"entities": [{"span": [0, 3]}]}, "entities[0].type", "string"),
        (read_crossner, ["not", "a", "row"], "record", "expected a JSON object"),
    ],
)  # fmt: skip
def test_a_malformed_row_is_named_by_file_line_and_field(tmp_path, reader, row, field, message):
    good = {
        read_polnear: polnear(), read_newsmtsc: SENTENCE, read_dse: PAIR, read_gap: SNIPPET,
        read_gum: DOCUMENT, read_crossner: ENTITIES,
    }[reader]  # fmt: skip
    path = write(tmp_path / "rows.jsonl", good, row)
    if field is None:
        assert len(reader(path)) == 1
        return
    with pytest.raises(InputError, match=message) as error:
        reader(path)
    assert (error.value.file, error.value.line, error.value.field) == (str(path), 2, field)


WORDS = [
    ("Ana", "9,12", "source"),
    ("Voss", "13,17", "source"),
    ("said", "18,22", "cue"),
    ("the", "23,26", "content"),
    ("harbour", "27,34", "content"),
    ("is", "35,37", "content"),
    ("closed", "38,44", "content"),
    (".", "44,45", None),
]


def parc_xml(words=WORDS, ident="fiction_set_0"):
    def element(word, place, role):
        given = f' ByteCount="{place}"' if place else ""
        label = (
            f'<attribution id="{ident}"><attributionRole roleValue="{role}"/></attribution>'
            if role
            else ""
        )
        return f'<WORD text="{word}"{given} pos="NN" lemma="x">{label}</WORD>'

    body = "".join(element(*word) for word in words)
    return f'<?xml version="1.0"?><root><SENTENCE gorn="0"><NP>{body}</NP></SENTENCE></root>'


def test_parc_xml_is_laid_out_at_its_byte_counts(tmp_path):
    (tmp_path / "00").mkdir()
    (tmp_path / "00" / "fiction_0001.xml").write_text(parc_xml(), encoding="utf-8")
    (doc,) = read_parc(tmp_path)
    assert (doc.id, doc.text) == ("fiction_0001", TEXT)
    (quote,) = doc.quotes
    assert [quote.source[0].text, quote.cue[0].text, quote.text] == [
        "Ana Voss",
        "said",
        "the harbour is closed",
    ]
    assert not quote.has("stance")


def test_parc_xml_without_byte_counts_is_joined(tmp_path):
    path = tmp_path / "fiction.xml"
    path.write_text(parc_xml([(w, None, r) for w, _, r in WORDS]), encoding="utf-8")
    assert read_parc(path)[0].text == TEXT


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (parc_xml([("a", "5,4", None)]), "START,END with START < END"),
        (parc_xml([("a", None, "topic")]), "expected source, cue or content, found 'topic'"),
        (parc_xml([("", None, None)]), "expected the word"),
        (parc_xml([("a", None, "cue")], ident=""), "expected an id"),
        ("<root><WORD", "expected XML"),
        ("<root/>", "expected WORD elements, found none"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><r/>', "expected XML without a document type"),
    ],
)
def test_faults_of_parc_xml_name_the_file(tmp_path, xml, message):
    path = tmp_path / "fiction.xml"
    path.write_text(xml, encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_parc(path)
    assert error.value.file == str(path)


def test_a_fault_of_parc_xml_names_the_line_of_the_word(tmp_path):
    path = tmp_path / "fiction.xml"
    path.write_text(parc_xml().replace("</WORD>", "</WORD>\n"), "utf-8")
    assert len(read_parc(path)) == 1
    path.write_text(path.read_text("utf-8").replace('"27,34"', '"27"'), "utf-8")
    with pytest.raises(InputError, match="START,END with START < END, found '27'") as error:
        read_parc(path)
    assert (error.value.line, error.value.field) == (5, "SENTENCE[0].WORD[4].ByteCount")


CONLL = [
    "fiction-a\t1\t1\tAna\tNNP\tAna\tB-source-1",
    "fiction-a\t1\t2\tVoss\tNNP\tVoss\tI-source-1",
    "fiction-a\t1\t3\tsaid\tVBD\tsay\tB-cue-1",
    "fiction-a\t1\t4\tthe\tDT\tthe\tB-content-1",
    "fiction-a\t1\t5\tharbour\tNN\tharbour\tI-content-1\tB-source-2",
    "fiction-a\t1\t6\tis\tVBZ\tbe\tI-content-1\t_",
    "fiction-a\t1\t7\tclosed\tVBN\tclose\tI-content-1",
    "fiction-a\t1\t8\t.\t.\t.\t_",
    "",
    "fiction-a\t2\t1\tSo\tRB\tso\t_",
    "fiction-b\t1\t1\tNo\tUH\tno\tO",
]


def test_parc_conll_has_a_word_a_line_and_nests(tmp_path):
    path = tmp_path / "fiction.conll"
    path.write_text("\n".join(CONLL) + "\n", encoding="utf-8")
    first, second = read_parc(path)
    assert (first.id, first.text, second.text) == ("fiction-a", TEXT + "\nSo", "No")
    assert [quote.id for quote in first.quotes] == ["1", "2"]
    assert first.quotes[0].text == "the harbour is closed"
    assert first.quotes[1].source[0].text == "harbour"


def test_parc_conll_columns_can_be_named(tmp_path):
    path = tmp_path / "fiction.tsv"
    path.write_text("# global.columns = FORM ATTRIBUTION\nNo\tB-content-1\n", encoding="utf-8")
    (doc,) = read_parc(path)
    assert (doc.id, doc.quotes[0].text) == ("fiction", "No")


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ("only\ttwo", "columns", "expected 6 columns"),
        ("d\t1\t1\tw\tp\tl\tB-topic-1", "ATTRIBUTION", "expected B-ROLE-ID"),
        ("d\t1\t1\t\tp\tl\t_", "FORM", "expected a word"),
        ("# global.columns = WORD\nx\t_", "global.columns", "a column FORM"),
    ],
)
def test_faults_of_parc_conll_name_file_line_and_field(tmp_path, line, field, message):
    path = tmp_path / "fiction.conll"
    path.write_text(CONLL[0] + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        read_parc(path)
    assert (error.value.file, error.value.field) == (str(path), field)
    assert error.value.line == 2 + line.count("\n")


def test_a_folder_without_parc_files_is_named(tmp_path):
    with pytest.raises(InputError, match=r"expected \.xml, \.conll or \.tsv files, found none"):
        read_parc(tmp_path)
