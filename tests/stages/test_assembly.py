from __future__ import annotations

import numpy as np
import pytest

from quotestance.network.runtime import Links
from quotestance.quotes import Quote, Span, Stance
from quotestance.stages.assembly import (
    assemble,
    calibrated,
    kind_of,
    only_quotes,
    sentence_bounds,
)
from quotestance.stages.decode import Found
from quotestance.stages.joining import Attribution
from quotestance.stages.stance import QuoteReading
from quotestance.text import find_marks, quote_regions
from tests.tiny_model import tiny_encoder

ENCODER = tiny_encoder()
TEXT = "Venn said “the wall will hold”. Ikede said Orla Venn told him that it “leaks”."
#       0    1    2 3   4    5    6   7 8 9     10   11  12   13   14  15   16 17 18   19 20
ENCODED = ENCODER.encode(TEXT)
NONE = np.array([1.0], dtype=np.float32)
STANCE = Stance("critical", {"supportive": 0.1, "neutral": 0.2, "critical": 0.7})


def item(
    *content: tuple[int, int],
    source: tuple[int, int] | None = None,
    cue: tuple[int, int] | None = None,
    inner: bool = False,
    probability: float = 0.8,
) -> Attribution:
    pieces = [Found(low, high, 0.9) for low, high in content]
    return Attribution(pieces, source, cue, inner, probability, Links(0, *[NONE] * 4))


def reading(is_quote: float = 1.0, target: tuple[int, int] | None = None) -> QuoteReading:
    return QuoteReading(is_quote, "speech", target, "issue" if target else None, STANCE)


def built(
    items: list[Attribution], readings: list[QuoteReading] | None = None, **calibration: float
) -> tuple[Quote, ...]:
    chosen = readings or [reading() for _ in items]
    settings = {k.replace("_", "."): v for k, v in calibration.items()}
    return assemble(TEXT, ENCODED, items, chosen, settings)


def test_spans_are_code_points_of_the_text() -> None:
    (quote,) = built([item((2, 7), source=(0, 0), cue=(1, 1))], [reading(target=(3, 4))])
    quote = quote.bind(TEXT)
    assert [str(s) for s in (*quote.content, *quote.cue, *quote.source)] == [
        "“the wall will hold”", "said", "Venn",
    ]  # fmt: skip
    assert str(quote.target_span) == "the wall"
    assert (quote.id, quote.kind, quote.polarity, quote.mode) == (
        "q1", "direct", "affirmed", "speech",
    )  # fmt: skip
    assert (quote.stance, quote.target_type, quote.is_quote) == (STANCE, "issue", True)
    assert quote.confidence.stance == 0.7


@pytest.mark.parametrize(
    "content, kind",
    [
        ("“the wall will hold”", "direct"),
        ("the wall will hold", "direct"),
        ("Orla Venn told him that it “leaks”", "mixed"),
        ("Orla Venn told him that it", "indirect"),
        (".", "indirect"),
    ],
)
def test_kind(content: str, kind: str) -> None:
    start = TEXT.index(content)
    regions = [(s, e) for s, e, _ in quote_regions(TEXT, find_marks(TEXT))]
    assert kind_of(TEXT, [Span(start, start + len(content))], regions) == kind


def test_a_split_quotation_is_direct() -> None:
    text = "“No,” she said, “never.”"
    regions = [(s, e) for s, e, _ in quote_regions(text, find_marks(text))]
    assert kind_of(text, [Span(0, 5), Span(16, 24)], regions) == "direct"


def test_an_inner_quote_names_the_quote_around_it() -> None:
    quotes = built([
        item((2, 7)),
        item((11, 20), source=(9, 9), cue=(10, 10)),
        item((16, 20), source=(11, 12), cue=(13, 13), inner=True),
    ])  # fmt: skip
    assert [quote.inside for quote in quotes] == [None, None, "q2"]


def test_an_inner_quote_whose_outer_one_was_dropped_stands_alone() -> None:
    quotes = built([item((2, 7)), item((16, 20), source=(11, 12), cue=(13, 13), inner=True)])
    assert [quote.inside for quote in quotes] == [None, None]


def test_a_bare_sentence_is_an_attribution_and_no_quote() -> None:
    quotes = built([
        item((11, 14)),
        item((3, 6)),
        item((11, 14), source=(9, 9)),
        item((11, 14), cue=(10, 10)),
    ])  # fmt: skip
    assert [quote.is_quote for quote in quotes] == [False, True, False, True]
    (unlikely,) = built([item((2, 7), source=(0, 0), cue=(1, 1))], [reading(0.4)])
    assert not unlikely.is_quote


def test_only_quotes_keeps_ids_and_leaves_no_reference_dangling() -> None:
    quotes = built(
        [
            item((11, 20), source=(9, 9), cue=(10, 10)),
            item((16, 20), source=(11, 12), cue=(13, 13), inner=True),
        ],
        [reading(0.2), reading(0.9)],
    )
    assert [(q.id, q.inside, q.is_quote) for q in quotes] == [
        ("q1", None, False), ("q2", "q1", True),
    ]  # fmt: skip
    assert [(q.id, q.inside) for q in only_quotes(quotes)] == [("q2", None)]


def test_confidence_is_calibrated() -> None:
    assert calibrated(0.5, {}) == pytest.approx(0.5)
    assert calibrated(0.8, {"quote.slope": 2.0, "quote.offset": 0.0}) == pytest.approx(16 / 17)
    assert calibrated(0.0, {}) < 1e-5 < 1 - 1e-5 < calibrated(1.0, {})
    (quote,) = built([item((2, 7), probability=0.8)], quote_slope=2.0)
    assert quote.confidence.quote == pytest.approx(16 / 17)


def test_sentences_in_words() -> None:
    assert sentence_bounds(ENCODED, TEXT).tolist() == [[0, 9], [9, 21]]
    assert sentence_bounds(ENCODER.encode(""), "").shape == (0, 2)


def test_nothing_found() -> None:
    assert built([], []) == ()
