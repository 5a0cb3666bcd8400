from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.records import AnnotatedArticle
from quotestance.training.headlines import HeadlineWriter, as_sentence
from tests.training.examples import articles

_BODY = (
    "The ferry of the Kestrian Line left the quay at noon, and nobody on board knew that the wind "
    "would turn before the evening."
)
DOCS = [*articles(), AnnotatedArticle(text=_BODY, id="ferry-fiction")]


@pytest.mark.parametrize("seed", range(60))
def test_a_made_headline_has_offsets_that_slice_right(seed: int) -> None:
    doc = HeadlineWriter(DOCS, seed).article(f"made-fiction-{seed}")
    headline, *body = doc.text.split("\n\n")
    assert body and all(any(part in other.text for other in DOCS) for part in body)
    (quote,) = doc
    for span in (*quote.content, *quote.source, *quote.cue):
        assert span.text == span.text.strip()
        assert span.end <= len(headline)
    (content,) = quote.content
    assert content.text.strip("‘’“”'").lower() in (
        "harbor wall would hold",
        "his members had asked for strike",
        "its neighbor will sign treaty",
    )
    assert not quote.has("stance")


@pytest.mark.parametrize(
    "style",
    [
        r"[‘'“]Harbor wall would hold[’'”], \w+ Orla Venn",
        r"Harbor wall would hold, Orla Venn \w+",
        r"Orla Venn \w+ harbor wall would hold",
        r"Orla Venn: [‘'“]Harbor wall would hold[’'”]",
        r"[‘'“]?Harbor wall would hold[’'”]?: Orla Venn",
        r"[‘'“]?Harbor wall would hold[’'”]? [-–] Orla Venn",
        r"[‘'“]Harbor wall would hold[’'”]",
        r"[‘'“]?HARBOR WALL WOULD HOLD[’'”]?, \w+ ORLA VENN",
    ],
)
def test_the_styles_of_headlines(style: str) -> None:
    writer = HeadlineWriter(DOCS, 1)
    assert any(re.match(style + "\n", writer.article("a").text) for _ in range(600))


def test_without_reports_there_is_nothing_to_write() -> None:
    assert not HeadlineWriter([AnnotatedArticle(text=_BODY, id="ferry-fiction")], 1)
    assert HeadlineWriter(DOCS, 1)


def test_a_headline_in_title_case_becomes_a_sentence() -> None:
    text = "Venn Says Harbor Wall Will Hold.\n\nThe harbor wall will hold, Orla Venn says."
    found = as_sentence(text)
    assert found == "Venn says harbor wall will hold \n\nThe harbor wall will hold, Orla Venn says."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One paragraph.",
        "No stop\n\nbody",
        "It is late. He said so.\n\nbody",
        "word " * 30 + "end.\n\nbody",
    ],
)
def test_what_is_no_such_headline_stays_as_it_is(text: str) -> None:
    assert as_sentence(text) == text


@given(st.text())
def test_every_offset_holds(text: str) -> None:
    assert len(as_sentence(text)) == len(text)
