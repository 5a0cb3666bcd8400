"""CoNLL-style IOB."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.errors import InputError
from quotestance.interop import from_conll, to_conll
from quotestance.interop.conll import lost
from quotestance.records import AnnotatedArticle
from tests.interop.interop_records import UTF8, bare, by_hand, records


def through(*docs):
    text = "".join(line + "\n" for line in to_conll(docs))
    return from_conll(text.encode("utf-8").decode("utf-8").split("\n"))


def test_records_come_back_whole():
    docs = [by_hand(), AnnotatedArticle("", id="fiction-empty"), by_hand()]
    assert [d.to_dict() for d in through(*docs)] == [d.to_dict() for d in docs]


@given(st.lists(records(UTF8), max_size=3))
def test_any_records_come_back_whole(docs):
    assert [d.to_dict() for d in through(*docs)] == [d.to_dict() for d in docs]


def test_spans_come_back_from_the_tags_alone():
    doc = by_hand()
    lines = [x for x in to_conll([doc]) if not x.startswith("# ") or "columns" in x]
    (back,) = from_conll(lines, "fiction.conll")
    spans = [{k: v for k, v in q.items() if isinstance(v, list)} for q in bare(doc)]
    assert [{k: v for k, v in q.items() if isinstance(v, list)} for q in bare(back)] == spans
    assert len(back.text) == len(doc.text)
    assert back.id == "fiction.conll"
    assert not back.quotes[0].has("stance")


def test_columns():
    text = "“A ‘b’ c,” he said."
    doc = AnnotatedArticle.from_dict({"id": "fiction-1", "text": text, "quotes": [
        {"id": "q1", "content": [[0, 10]], "cue": [[14, 18]], "source": [[11, 13]]},
        {"id": "q2", "content": [[3, 6]]}]})  # fmt: skip
    lines = [x for x in to_conll([doc]) if not x.startswith(("# text", "# quote", "# article"))]
    assert lines == [
        "# global.columns = FORM START END ROLE1 QUOTE1 ROLE2 QUOTE2",
        "“\t0\t1\tB-CONTENT\t1\tO\t_",
        "A\t1\t2\tI-CONTENT\t1\tO\t_",
        "‘\t3\t4\tI-CONTENT\t1\tB-CONTENT\t2",
        "b\t4\t5\tI-CONTENT\t1\tI-CONTENT\t2",
        "’\t5\t6\tI-CONTENT\t1\tI-CONTENT\t2",
        "c\t7\t8\tI-CONTENT\t1\tO\t_",
        ",\t8\t9\tI-CONTENT\t1\tO\t_",
        "”\t9\t10\tI-CONTENT\t1\tO\t_",
        "he\t11\t13\tB-SOURCE\t1\tO\t_",
        "said\t14\t18\tB-CUE\t1\tO\t_",
        ".\t18\t19\tO\t_\tO\t_",
        "",
    ]


def test_a_span_that_cuts_a_word_cuts_the_token():
    doc = AnnotatedArticle.from_dict(
        {"id": "fiction-1", "text": "unsaid", "quotes": [{"id": "q1", "content": [[2, 6]]}]}
    )
    lines = [x for x in to_conll([doc]) if "\t" in x]
    assert lines == ["un\t0\t2\tO\t_", "said\t2\t6\tB-CONTENT\t1"]


def test_what_the_tags_do_not_show_is_named():
    doc = AnnotatedArticle.from_dict(
        {"id": "fiction-1", "text": "It sails", "quotes": [
            {"id": "q1", "content": [[2, 8]], "cue": [[2, 2]], "source": [[0, 2]]}]}
    )  # fmt: skip
    assert lost(doc) == [
        "article 'fiction-1', quote 'q1': the content [2, 8] at offset 2 has white space at its "
        "edges; tags show words only",
        "article 'fiction-1', quote 'q1': the cue [2, 2] at offset 2 is empty; tags show words "
        "only",
    ]
    assert through(doc) == [doc]


def test_lone_surrogates_are_refused():
    doc = AnnotatedArticle("It s\udfffils", id="fiction-3")
    with pytest.raises(InputError, match=r"'fiction-3': CoNLL cannot hold U\+DFFF.*offset 4"):
        list(to_conll([doc]))


def test_corrections_in_the_tags():
    lines = list(to_conll([by_hand()]))
    changed = [
        x.replace("\tB-CUE\t1", "\tO\t_").replace("\tB-CONTENT\t3", "\tO\t_")
        .replace("\tI-CONTENT\t3", "\tO\t_").replace("\tB-CUE\t3", "\tO\t_")
        for x in lines
    ]  # fmt: skip
    (back,) = from_conll(changed)
    assert [q.id for q in back.quotes] == ["a", "b"]
    assert back["a"].cue == ()
    assert back["a"].stance == by_hand()["a"].stance
    assert back["b"] == by_hand()["b"]


HEAD = "# global.columns = FORM START END ROLE1 QUOTE1"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["A\t0\t1\tO\t_"], "f:1: expected the names of the columns"),
        (["# global.columns = ID FORM"], "f:1: expected the columns FORM START END"),
        ([HEAD, "A\t0\t1\tO"], "f:2: expected 5 cells"),
        ([HEAD, "A\tx\t1\tO\t_"], "f:2: expected 5 cells"),
        ([HEAD, "A\t0\t2\tO\t_"], "expected a token of 1 code points"),
        ([HEAD, "A\t0\t1\tO\t_", "B\t0\t1\tO\t_"], "f:3: field 'START'"),
        ([HEAD, "A\t0\t1\tB-PER\t1"], "expected O, or B- or I- with one of CONTENT"),
        ([HEAD, "A\t0\t1\tB-CUE\t_"], "f:2: field 'ROLE1'"),
        ([HEAD, "A\t0\t1\tI-CUE\t1"], "expected B-CUE at the start"),
        ([HEAD, "# article = [1]"], "f:2: field 'article'"),
        ([HEAD, '# article = {"id": "x"}', '# text = "B"', "A\t0\t1\tO\t_"], "f:4: expected 'A'"),
    ],
)
def test_lines_that_do_not_fit_are_named(lines, message):
    with pytest.raises(InputError) as caught:
        from_conll(lines, "f")
    assert message in str(caught.value)


def test_windows_line_ends():
    lines = [line + "\r\n" for line in to_conll([by_hand()])]
    assert from_conll(lines) == [by_hand()]
