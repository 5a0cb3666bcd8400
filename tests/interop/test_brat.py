"""brat standoff."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from quotestance.errors import InputError
from quotestance.interop import read_brat, write_brat
from quotestance.records import AnnotatedArticle
from tests.interop.interop_records import TEXT, UTF8, bare, by_hand, records

BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def held(doc):
    """Whether brat can hold the spans: each with a character that is no line break."""
    spans = [s for q in doc.quotes for role in (q.content, q.cue, q.source) for s in role]
    spans += [q.target_span for q in doc.quotes if q.target_span]
    return all(span.text.strip(BREAKS) for span in spans)


def test_a_record_comes_back_whole(tmp_path):
    doc = by_hand()
    write_brat([doc], tmp_path)
    (back,) = read_brat(tmp_path)
    assert back.to_dict() == doc.to_dict()
    assert (tmp_path / "00001-fiction-ferry-1.txt").read_bytes() == TEXT.encode()


@given(doc=records(UTF8, empty_spans=False, overlaps=False))
def test_any_record_comes_back_whole(tmp_path_factory, doc):
    folder = tmp_path_factory.mktemp("brat")
    if not held(doc):
        with pytest.raises(InputError, match="at offset"):
            write_brat([doc], folder)
        return
    (path,) = write_brat([doc], folder)
    assert read_brat(folder)[0].to_dict() == doc.to_dict()
    for line in path.read_text(encoding="utf-8").splitlines():
        assert line[:1] in "TRA#"


def test_labels_come_back_without_the_notes(tmp_path):
    doc = by_hand()
    (path,) = write_brat([doc], tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    path.write_text("\n".join(x for x in lines if not x.startswith("#")), encoding="utf-8",
                    newline="\n")  # fmt: skip
    path.with_suffix(".json").unlink()
    (back,) = read_brat(tmp_path)
    assert bare(back) == bare(doc)
    assert [q.is_quote for q in back.quotes] == [True, False, True]
    assert back.id == "00001-fiction-ferry-1"


def test_lines_are_those_of_the_format(tmp_path):
    (path,) = write_brat([by_hand()], tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    start = TEXT.index("“We")
    second = TEXT.index("“And")
    assert lines[0] == f"T1\tContent {start} {start + 15};{second} {second + 28}\t" + (
        "“We will sail,” “And\twe will not ask twice.”"
    )
    assert "R1\tHasCue Arg1:T1 Arg2:T2" in lines
    assert "A4\tStance T1 supportive" in lines
    conf = (tmp_path / "annotation.conf").read_text(encoding="utf-8")
    assert "HasSource\tArg1:Content, Arg2:Source" in conf
    assert "Stance\tArg:Content, Value:supportive|neutral|critical" in conf


def test_a_quote_over_paragraphs_is_cut_at_line_breaks_and_joined_again(tmp_path):
    text = "“We wait.\r\n\r\n“We wait long,” said Ada Quill."
    doc = AnnotatedArticle.from_dict(
        {"id": "fiction-2", "text": text, "quotes": [{"id": "q1", "content": [[0, 28]], "cue": []}]}
    )
    (path,) = write_brat([doc], tmp_path)
    assert path.read_text(encoding="utf-8").startswith("T1\tContent 0 9;13 28\t“We wait. “We wait")
    assert read_brat(tmp_path) == [doc]


def test_corrections_by_hand(tmp_path):
    (path,) = write_brat([by_hand()], tmp_path)
    old = path.read_text(encoding="utf-8")
    start = TEXT.index("Ferry")
    new = old.replace("Stance T1 supportive", "Stance T1 neutral") + (
        f"T90\tContent {start} {start + 9}\tFerry row\nA90\tMode T90 thought\n"
        f"T91\tSource {start} {start + 5}\tFerry\nR90\tHasSource Arg1:T90 Arg2:T91\n"
        "#90\tAnnotatorNotes T90\tplease check\n"
    )
    path.write_text(new, encoding="utf-8", newline="\n")
    (back,) = read_brat(tmp_path)
    assert [q.id for q in back.quotes] == ["q1", "a", "b", "c"]
    assert back["q1"].source[0].text == "Ferry"
    assert (back["q1"].mode, back["q1"].has("stance")) == ("thought", False)
    assert back["a"].stance.label == "neutral"
    assert back["a"].stance.probabilities is None
    assert back["a"].speakers == by_hand()["a"].speakers


def test_two_quotes_may_share_a_source(tmp_path):
    (tmp_path / "x.txt").write_text("A, B, said C", encoding="utf-8")
    (tmp_path / "x.ann").write_text(
        "T1\tContent 0 1\tA\nT2\tContent 3 4\tB\nT3\tSource 11 12\tC\n"
        "R1\tHasSource Arg1:T1 Arg2:T3\nR2\tHasSource Arg1:T2 Arg2:T3\n",
        encoding="utf-8",
    )
    (doc,) = read_brat(tmp_path)
    assert [q.source[0].text for q in doc.quotes] == ["C", "C"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T1\tPerson 0 1\tA", "Content, Cue, Source, Target, found 'Person'"),
        ("T1\tContent 0\tA", "START END"),
        ("T1\tContent 0 99\tA", "within the 12 characters"),
        ("T1\tContent 0 1\tB", "expected the words 'B', found 'A' at 0 1"),
        ("E1\tSay:T1", "starts with T, R, A or #"),
        ("R1\tHasCue T1 T2", "TYPE Arg1:ID Arg2:ID"),
        ("R1\tHasCue Arg1:T1 Arg2:T2", "expected the id of an annotation"),
        ("A1\tStance T1 cross", "expected one of Kind"),
        ("#1\tAnnotatorNotes T1\t{", "column"),
    ],
)
def test_lines_that_do_not_fit_are_named(tmp_path, line, message):
    (tmp_path / "x.txt").write_text("A, B, said C", encoding="utf-8")
    (tmp_path / "x.ann").write_text("\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"x\.ann:2: .*") as caught:
        read_brat(tmp_path)
    assert message in str(caught.value)


def test_what_brat_cannot_hold_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"'fiction-3'.*U\+D83D \(a lone surrogate\) at offset 4"):
        write_brat([AnnotatedArticle("It s\ud83dils", id="fiction-3")], tmp_path)
    quote = {"id": "q1", "content": [[0, 4], [2, 6]]}
    doc = AnnotatedArticle.from_dict({"id": "fiction-4", "text": "It sails", "quotes": [quote]})
    with pytest.raises(InputError, match=r"content \[2, 6\] at offset 2, before U\+0020 \(SPACE\)"):
        write_brat([doc], tmp_path)
    bare_quote = {"id": "q1", "content": []}
    doc = AnnotatedArticle.from_dict({"id": "f", "text": "It sails", "quotes": [bare_quote]})
    with pytest.raises(InputError, match="without content"):
        write_brat([doc], tmp_path)


def test_a_folder_without_texts(tmp_path):
    with pytest.raises(InputError, match=r"expected \.txt files, found none"):
        read_brat(tmp_path)
    (tmp_path / "x.txt").write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match="byte 0xe9 at byte 3"):
        read_brat(tmp_path)


def test_the_order_of_the_articles_is_kept(tmp_path):
    docs = [AnnotatedArticle("x", id=id_) for id_ in ("b/1", "a", "", "b/1", "ß∂")]
    write_brat(docs, tmp_path)
    assert read_brat(tmp_path) == docs
    side = json.loads((tmp_path / "00001-b-1.json").read_text(encoding="utf-8"))
    assert side["id"] == "b/1"
