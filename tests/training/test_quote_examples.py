from __future__ import annotations

import dataclasses

import numpy as np

from quotestance.network.labels import IGNORE, LAYERS, TAGS
from quotestance.quotes import Quote
from quotestance.records import AnnotatedArticle
from quotestance.training.quote_examples import (
    QuoteWindow,
    label_text,
    make_windows,
    reporting_words,
)
from tests.tiny_model import tiny_encoder
from tests.training.examples import FIRST, SECOND, article, spans

ENCODER = tiny_encoder()


def window(doc: AnnotatedArticle, nested_known: bool = True) -> QuoteWindow:
    (made,) = make_windows(label_text(doc, ENCODER, nested_known=nested_known), 400)
    return made


def tagged(doc: AnnotatedArticle, made: QuoteWindow, layer: str) -> dict[str, str]:
    """Words that are tagged in a layer, with their tags."""
    encoded = ENCODER.encode(doc.text)
    row = made.tags[LAYERS.index(layer)]
    return {
        doc.text[slice(*encoded.words[word])]: TAGS[row[word]] for word in np.flatnonzero(row > 0)
    }


def test_tags_of_each_role() -> None:
    made = window(article())
    assert tagged(article(), made, "source") == {"Orla": "B", "Venn": "E", "she": "S"}
    assert tagged(article(), made, "cue") == {"said": "S", "told": "B", "reporters": "E"}
    content = tagged(article(), made, "content")
    assert (content["the"], content["harbor"], content["hold"]) == ("I", "I", "E")
    assert (content["“"], content["stone"], content["”"]) == ("B", "I", "E")
    assert not (made.tags[3:] > 0).any()


def test_pieces_point_to_their_source_and_cue() -> None:
    first, second = window(article()).content
    assert (first.span, first.source, first.cue) == ((3, 7), ((0, 1),), ((2, 2),))
    assert second.source == ((16, 16),)
    assert second.cue == ((17, 18),)


def test_labels_of_a_quote() -> None:
    denied, hoped = window(article("second-fiction", SECOND)).quotes
    assert denied.labels == {"is_quote": 1, "mode": 0, "polarity": 1, "target_type": 5}
    assert hoped.labels == {"is_quote": 1, "mode": 1, "polarity": 0}
    assert (denied.has_target, hoped.has_target) == (True, True)
    assert denied.target is not None
    assert hoped.target is None


def test_an_attribution_that_is_no_quote_teaches_that_alone() -> None:
    doc = article()
    quotes = tuple(dataclasses.replace(quote, is_quote=False) for quote in doc.quotes)
    made = window(dataclasses.replace(doc, quotes=quotes))
    assert [quote.labels for quote in made.quotes if quote.labels] == [{"is_quote": 0}] * 2
    assert not any(quote.has_target for quote in made.quotes)
    assert tagged(doc, made, "cue")


def test_a_quote_in_a_quote_is_tagged_in_the_inner_layers() -> None:
    text = "Venn said that Ikede denied the strike."
    outer = Quote("o", spans(text, "that Ikede denied the strike"), spans(text, "said"),
                  spans(text, "Venn"))  # fmt: skip
    inner = Quote("i", spans(text, "the strike"), spans(text, "denied"), spans(text, "Ikede"))
    doc = AnnotatedArticle(text=text, id="nested-fiction", quotes=(outer, inner))
    made = window(doc)
    assert tagged(doc, made, "inner_source") == {"Ikede": "S"}
    assert tagged(doc, made, "inner_cue") == {"denied": "S"}
    assert tagged(doc, made, "inner_content") == {"the": "B", "strike": "E"}
    assert tagged(doc, made, "source") == {"Venn": "S"}


def test_where_inner_quotes_may_hide_the_inner_layers_say_nothing() -> None:
    text = "Venn said that Ikede denied the strike. The boats came back."
    outer = Quote("o", spans(text, "that Ikede denied the strike"), spans(text, "said"),
                  spans(text, "Venn"))  # fmt: skip
    doc = AnnotatedArticle(text=text, id="flat-fiction", quotes=(outer,))
    item = label_text(doc, ENCODER, frozenset({"denied"}))
    (made,) = make_windows(item, 400)
    assert (made.tags[3:, 2:7] == IGNORE).all()
    assert (made.tags[3:, 7:] == 0).all()
    assert (made.tags[:3] != IGNORE).all()
    (made,) = make_windows(label_text(doc, ENCODER, frozenset({"hopes"})), 400)
    assert (made.tags != IGNORE).all()


def test_roles_that_a_file_does_not_label_say_nothing() -> None:
    doc = AnnotatedArticle.from_dict({
        "text": FIRST, "id": "partial-fiction",
        "quotes": [{"id": "a", "content": [list(spans(FIRST, "the harbor wall would hold")[0])]}],
    })  # fmt: skip
    made = window(doc)
    assert [(piece.source, piece.cue) for piece in made.content] == [(None, None)]
    for layer in ("source", "cue", "inner_source", "inner_cue"):
        assert (made.tags[LAYERS.index(layer)] == IGNORE).all()
    assert tagged(doc, made, "content")
    assert made.quotes == [] or made.quotes[0].labels == {}


def test_a_piece_cut_by_a_window_is_tagged_as_whole_and_points_within_it() -> None:
    item = label_text(article(), ENCODER, nested_known=True)
    windows = make_windows(item, 12)
    assert len(windows) > 3
    assert sum(w.tags.shape[1] for w in windows) == len(item.encoded)
    for made in windows:
        words = made.tags.shape[1]
        assert len(made.first) == words
        for piece in made.content:
            low, high = piece.span
            assert 0 <= low <= high < words
            expected = [TAGS.index("S")] if low == high else [1, *[2] * (high - low - 1), 3]
            assert made.tags[0, low : high + 1].tolist() == expected
            for spans_of in (piece.source, piece.cue):
                assert all(0 <= s <= e < words for s, e in spans_of or ())
    cut_off = [w for w in windows if w.content and w.content[0].source is None]
    assert cut_off, "a piece whose source stands in another window must not point to none"


def test_dropped_features() -> None:
    item = label_text(article(), ENCODER)
    (made,) = make_windows(item, 400, drop_shape=True, drop_marks=True)
    assert not made.features[:, :2].any()


def test_reporting_words_are_last_words_of_frequent_cues() -> None:
    assert reporting_words([article()] * 3) == {"said", "reporters"}
    assert reporting_words([article()]) == frozenset()
