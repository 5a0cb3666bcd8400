from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.quotes import Span
from quotestance.training.nested import NestedWriter, find_reports, swap_marks
from tests.training.examples import article, articles


def test_reports_are_sentences_with_one_whole_attribution() -> None:
    reports = find_reports(articles())
    assert "Orla Venn said the harbor wall would hold." in [report.text for report in reports]
    for report in reports:
        parts = [report.text[s.start : s.end] for s in (report.source, report.cue, report.content)]
        assert parts[0] in ("Orla Venn", "Tomas Ikede", "Kestria")
        assert parts[1] in ("said", "denied", "hopes")
        assert parts[2] in report.text


@pytest.mark.parametrize("seed", range(40))
def test_a_made_quote_in_a_quote_has_offsets_that_slice_right(seed: int) -> None:
    doc = NestedWriter(articles(), seed).article(f"made-fiction-{seed}")
    outer = {quote.id: quote for quote in doc if quote.inside is None}
    inner = [quote for quote in doc if quote.inside is not None]
    assert len(outer) == len(inner) == 3
    reports = {report.text.rstrip("."): report for report in find_reports(articles())}
    for quote in inner:
        around = outer[quote.inside or ""]
        held = around.content[0]
        for span in (*quote.content, *quote.source, *quote.cue):
            assert held.start <= span.start < span.end <= held.end
            assert span.text == span.text.strip()
        sentence = Span(
            min(s.start for s in (*quote.content, *quote.source, *quote.cue)),
            max(s.end for s in (*quote.content, *quote.source, *quote.cue)),
        ).of(doc.text)
        assert sentence.text in reports
        report = reports[sentence.text]
        for span, right in (
            (quote.content[0], report.content),
            (quote.source[0], report.source),
            (quote.cue[0], report.cue),
        ):
            assert span.text == report.text[right.start : right.end]
    for quote in outer.values():
        assert quote.source[0].text in ("Orla Venn", "Tomas Ikede", "Kestria", "she", "She")
        assert quote.cue[0].text.strip() == quote.cue[0].text
        text = quote.content[0].text
        assert text.startswith("that ") or text[0] + text[-1] in ("“”", '""', "‘’")
        assert not quote.has("stance")


def test_the_same_seed_writes_the_same_articles() -> None:
    one, other = NestedWriter(articles(), 3), NestedWriter(articles(), 3)
    for _ in range(3):
        assert one.article("a").to_dict() == other.article("a").to_dict()
    assert one.article("a").to_dict() != NestedWriter(articles(), 4).article("a").to_dict()


def test_plain_paragraphs_hold_nothing_labelled() -> None:
    text = NestedWriter(articles(), 1).article("a", nested=0, plain=4).text
    assert text.count("The boats came back") + text.count("The talks are to go on") == 4


def test_swap_marks_turns_double_marks_into_single_ones_and_back() -> None:
    text = "“He called it ‘a disgrace’,” she said. The workers’ wall isn't 5'10\" high."
    swapped = swap_marks(text)
    assert swapped == text.replace("‘", "<").replace("e’,", "e>,").replace("“", "‘").replace(
        "”", "’"
    ).replace("<", "“").replace(">", "”")


def test_swapping_keeps_every_label_on_its_words() -> None:
    doc = article()
    swapped = swap_marks(doc.text)
    assert swapped != doc.text
    for quote in doc:
        for span in (*quote.source, *quote.cue):
            assert swapped[span.start : span.end] == span.text
    assert swapped[doc["b"].content[0].start : doc["b"].content[0].end] == "‘We have the stone,’"


@given(st.text(alphabet=st.sampled_from("ab .,\n“”‘’\"'«»`\ud800")))
def test_swapping_replaces_marks_alone_and_one_for_one(text: str) -> None:
    swapped = swap_marks(text)
    assert len(swapped) == len(text)
    for before, after in zip(text, swapped, strict=True):
        assert before == after or (before in "“”‘’\"'«»`„" and after in "“”‘’")
