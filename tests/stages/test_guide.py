from __future__ import annotations

import numpy as np
import pytest

from quotestance.network.runtime import Links
from quotestance.stages.assembly import sentence_bounds
from quotestance.stages.decode import Found
from quotestance.stages.guide import by_guide
from quotestance.stages.joining import Attribution
from quotestance.stages.passages import Places
from tests.tiny_model import tiny_encoder

ENCODER = tiny_encoder()
NO_LINKS = Links(0, *(np.ones(1, dtype=np.float32) for _ in range(4)))


def cut(
    text: str, *content: str, cue: str, source: str = "Venn", kept: str | None = None
) -> list[tuple[list[str], str]]:
    """Contents and cue of the quotes that the guide makes of one attribution of the text.

    ``kept`` is what it leaves of the source; the whole where not given.
    """
    encoded = ENCODER.encode(text)

    def words(part: str) -> tuple[int, int]:
        span = encoded.covering(text.index(part), text.index(part) + len(part))
        assert span is not None
        return span

    def surface(span: tuple[int, int] | None) -> str:
        return "" if span is None else text[encoded.words[span[0], 0] : encoded.words[span[1], 1]]

    pieces = [Found(*words(part), 0.9) for part in content]
    item = Attribution(pieces, words(source), words(cue), False, 0.9, NO_LINKS)
    places = Places.of(encoded, text, sentence_bounds(encoded, text))
    found = by_guide([item], encoded, text, places)
    assert all(quote.source == words(kept or source) for quote in found)
    return [([surface(piece.words) for piece in q.content], surface(q.cue)) for q in found]


def test_a_sentence_in_marks_after_words_out_of_marks_is_a_quote_of_its_own() -> None:
    text = "Venn said the wall would hold. “It will hold. It always has.”"
    own = "“It will hold. It always has.”"
    found = cut(text, "the wall would hold", own, cue="said")
    assert found == [(["the wall would hold"], "said"), ([own], "")]


def test_its_further_paragraphs_stay_with_it() -> None:
    text = "Venn said the wall would hold.\n\n“It will hold.\n\n“It always has.”"
    found = cut(text, "the wall would hold", "“It will hold.", "“It always has.”", cue="said")
    assert found[1] == (["“It will hold.", "“It always has.”"], "")


def test_a_sentence_in_marks_after_words_in_marks_goes_on_with_them() -> None:
    text = "“It will hold,” Venn said. “It always has.”"
    found = cut(text, "“It will hold,”", "“It always has.”", cue="said")
    assert found == [(["“It will hold,”", "“It always has.”"], "said")]


def test_a_part_of_a_sentence_in_marks_stays() -> None:
    text = "The wall, Venn said, “will hold for a year”."
    found = cut(text, "The wall", "“will hold for a year”", cue="said")
    assert found == [(["The wall", "“will hold for a year”"], "said")]


@pytest.mark.parametrize(
    ("text", "content", "cue", "narrow"),
    [
        ("Venn described the talks as “warm”.", "the talks as “warm”", "described", "“warm”"),
        ("Venn hails the pact as a turning point.", "the pact as a turning point", "hails",
         "a turning point"),
        ("Venn called Ikede “a joke” after the match.", "Ikede “a joke” after the match",
         "called", "“a joke”"),
        ("Venn has labelled it ‘a trap’.", "it ‘a trap’", "has labelled", "‘a trap’"),
    ],
)  # fmt: skip
def test_the_content_of_called_x_y_is_y(text: str, content: str, cue: str, narrow: str) -> None:
    assert cut(text, content, cue=cue) == [([narrow], cue)]


@pytest.mark.parametrize(
    ("text", "content", "cue"),
    [
        ("Venn called for “a truce” at once.", "“a truce” at once", "called for"),
        ("Venn called Ikede a liar.", "Ikede a liar", "called"),
        ("Venn said the talks were as “warm” as ever.", "the talks were as “warm” as ever", "said"),
        ("Venn praised “the plan as a whole”.", "“the plan as a whole”", "praised"),
        ("Venn called “a” and “b” names.", "“a” and “b” names", "called"),
    ],
)
def test_other_contents_stay_whole(text: str, content: str, cue: str) -> None:
    assert cut(text, content, cue=cue) == [([content], cue)]


@pytest.mark.parametrize(
    ("text", "source", "kept"),
    [
        ("According to the Water Board, Mayor Orla Venn stressed the need for stone.",
         "the Water Board, Mayor Orla Venn", "Mayor Orla Venn"),
        ("Per the Water Board, Venn stressed the need for stone.", "Water Board, Venn", "Venn"),
        ("Orla Venn, in a statement issued by the Water Board, stressed the need for stone.",
         "Orla Venn, in a statement issued by the Water Board,", "Orla Venn"),
        ("Orla Venn, in her weekly radio interview with the Calé Courier, stressed the need for "
         "stone.", "Orla Venn, in her weekly radio interview with the Calé Courier,", "Orla Venn"),
    ],
)  # fmt: skip
def test_a_channel_is_no_part_of_the_source(text: str, source: str, kept: str) -> None:
    found = cut(text, "the need for stone", cue="stressed", source=source, kept=kept)
    assert found == [(["the need for stone"], "stressed")]


@pytest.mark.parametrize(
    ("text", "source", "cue"),
    [
        ("It will hold, according to Orla Venn, mayor of Calé.", "Orla Venn, mayor of Calé",
         "according to"),
        ("Orla Venn, in office since May, said it will hold.", "Orla Venn, in office since May,",
         "said"),
    ],
)  # fmt: skip
def test_what_is_no_channel_stays_in_the_source(text: str, source: str, cue: str) -> None:
    content = "It will hold" if text.startswith("It") else "it will hold"
    assert cut(text, content, cue=cue, source=source) == [([content], cue)]


def test_what_is_reported_according_to_a_channel_is_one_quote() -> None:
    text = "Orla Venn condemned the wall, according to the Water Board."
    #       0    1    2         3   4   5 6         7  8   9     10    11
    encoded = ENCODER.encode(text)
    places = Places.of(encoded, text, sentence_bounds(encoded, text))

    def found(inner_source: tuple[int, int]) -> list[Attribution]:
        outer = Attribution([Found(0, 4, 0.9)], (8, 10), (6, 7), False, 0.9, NO_LINKS)
        inner = Attribution([Found(3, 4, 0.9)], inner_source, (2, 2), True, 0.9, NO_LINKS)
        return by_guide([outer, inner], encoded, text, places)

    (quote,) = found((0, 1))
    assert (quote.source, quote.cue, quote.inner) == ((0, 1), (2, 2), False)
    assert len(found((1, 1))) == 2
