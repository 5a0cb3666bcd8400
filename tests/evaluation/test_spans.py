"""Quote spans: hand-worked cases of every figure."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotestance.errors import InputError
from quotestance.evaluation.evaluate import human_ceiling, score_quotes
from quotestance.evaluation.spans import Tokens, align, match, unit
from quotestance.quotes import Quote, Span
from quotestance.records import AnnotatedArticle

# Tokens that count:  0  1    2     3   4    5    6     7    8   9
TEXT = 'Ana Voss said "the harbour is closed", and Ben Okt denied it.'


def at(words: str, text: str = TEXT) -> tuple[Span, ...]:
    start = text.index(words)
    return (Span(start, start + len(words)),)


def doc(*quotes: Quote, id: str = "fiction-1", text: str = TEXT) -> AnnotatedArticle:
    return AnnotatedArticle(text=text, id=id, quotes=quotes)


def quote(content: str, source: str = "", cue: str = "", id: str = "q1", **more: object) -> Quote:
    return Quote(
        id,
        at(content) if content else (),
        at(cue) if cue else (),
        at(source) if source else (),
        **more,  # type: ignore[arg-type]
    )


GOLD = quote('"the harbour is closed"', "Ana Voss", "said")


def figures(gold: AnnotatedArticle, predicted: AnnotatedArticle | None, **more: bool) -> dict:
    found = score_quotes([gold], [predicted] if predicted else [], resamples=0, **more)
    return {name: figure.value for name, figure in found.items()}


def test_only_tokens_that_begin_with_a_letter_or_digit_count():
    tokens = Tokens('"No," it\'s 5% _x_ naïve.')
    found = [(s, e) for s, e in zip(tokens.starts, tokens.ends, strict=True)]
    words = ['"No," it\'s 5% _x_ naïve.'[s:e] for s, e in found]
    assert words == ["No", "it", "s", "5", "naïve"]


def test_a_token_belongs_to_every_span_that_touches_it():
    tokens = Tokens("harbour closed")
    assert tokens.within([Span(3, 8)]) == {0}
    assert tokens.within([Span(6, 9)]) == {0, 1}
    assert tokens.within([Span(7, 8)]) == frozenset()
    assert tokens.within([Span(4, 4)]) == frozenset()


def test_marks_and_commas_at_the_edges_decide_nothing():
    found = figures(doc(GOLD), doc(quote("the harbour is closed", "Ana Voss", "said")))
    assert found["exact_f1"] == found["content_token_f1"] == found["relation_f1"] == 100


def test_token_figures_by_hand():
    # Gold content: the harbour is closed (4). Predicted: is closed", and (3), 2 of them shared.
    found = figures(doc(GOLD), doc(quote('is closed", and', "Ana", "said")))
    assert found["content_token_precision"] == pytest.approx(200 / 3)
    assert found["content_token_recall"] == 50
    assert found["content_token_f1"] == pytest.approx(100 * 2 * 2 / 7)
    assert found["source_token_recall"] == 50
    assert found["source_token_precision"] == found["cue_token_f1"] == 100


def test_half_overlap_is_intersection_over_union_and_relation_needs_a_shared_source_token():
    # 2 shared of 4 or 4 tokens: 2 / 4 = .5 is enough; exact it is not.
    found = figures(doc(GOLD), doc(quote("is closed", "Voss")))
    assert found["half_overlap_f1"] == found["relation_f1"] == 100
    assert found["exact_f1"] == 0
    # 2 shared of a union of 5: below half.
    assert figures(doc(GOLD), doc(quote('is closed", and', "Voss")))["half_overlap_f1"] == 0
    assert figures(doc(GOLD), doc(quote("the harbour", "Ben Okt")))["relation_f1"] == 0
    assert figures(doc(GOLD), doc(quote("the harbour")))["relation_f1"] == 0


def test_two_quotes_without_a_source_are_a_relation():
    found = figures(doc(quote("the harbour is closed")), doc(quote("the harbour is closed")))
    assert found["relation_f1"] == 100


def test_soft_overlap_by_hand():
    # Predicted span of 3 tokens, 2 covered; gold span of 4 tokens, 2 covered.
    found = figures(doc(GOLD), doc(quote('is closed", and')))
    p, r = 2 / 3, 2 / 4
    assert found["soft_precision"] == pytest.approx(100 * p)
    assert found["soft_recall"] == pytest.approx(100 * r)
    assert found["soft_f1"] == pytest.approx(100 * 2 * p * r / (p + r))


def test_nested_gold_against_itself_is_100_everywhere():
    inner = quote("closed", "Ben Okt", id="q2", inside="q1")
    found = figures(doc(GOLD, inner), doc(inner, GOLD))
    f1 = {name: value for name, value in found.items() if name.endswith(("_token_f1", "_f1"))}
    for name in ("content_token_f1", "exact_f1", "soft_f1", "relation_f1", "half_overlap_f1"):
        assert f1[name] == 100


def test_matching_is_one_to_one_best_first():
    tokens = Tokens(TEXT)
    gold = [unit(GOLD, tokens, TEXT)]
    worse, best = quote("harbour is closed"), quote("the harbour is closed")
    predicted = [unit(one, tokens, TEXT) for one in (worse, best)]
    assert match(gold, predicted) == [(0, 1)]


def test_equal_contents_are_matched_by_source():
    first = quote("it", "Ana Voss", id="a")
    second = quote("it", "Ben Okt", id="b")
    found = figures(doc(first, second), doc(second, first))
    assert found["relation_f1"] == 100


def test_quotes_without_content_count_for_cue_and_source_tokens_only():
    empty = quote("", "Ben Okt", "denied", id="q2")
    found = score_quotes([doc(GOLD, empty)], [doc(GOLD)], resamples=0, attributions=True)
    assert found["relation_f1"].value == 100
    assert found["relation_f1"].n == 1
    assert found["source_token_recall"].value == 50
    assert found["cue_token_recall"].value == 50


def test_gold_that_is_no_quote_is_left_out_and_predictions_that_match_only_it_too():
    no_quote = quote("it", "Ben Okt", "denied", id="q2", is_quote=False)
    found = figures(doc(GOLD, no_quote), doc(GOLD, quote("it", "Ben Okt", "denied", id="x")))
    assert found["relation_f1"] == found["content_token_f1"] == found["cue_token_f1"] == 100
    # A prediction elsewhere is still spurious.
    found = figures(doc(GOLD, no_quote), doc(GOLD, quote("Ana", id="x")))
    assert found["half_overlap_precision"] == 50


def test_with_attributions_everything_counts():
    no_quote = quote("it", "Ben Okt", "denied", id="q2", is_quote=False)
    found = score_quotes([doc(GOLD, no_quote)], [doc(GOLD)], attributions=True, resamples=0)
    assert found["half_overlap_recall"].value == 50
    marked = doc(GOLD.replace(is_quote=False))
    assert figures(doc(GOLD), marked)["half_overlap_recall"] == 0
    assert figures(doc(GOLD), marked, attributions=True)["half_overlap_recall"] == 100


def test_quoted_relation_looks_at_marks_in_or_next_to_the_content_on_both_sides():
    unmarked = quote("it", "Ben Okt", id="q2")
    inside = quote("the harbour is closed", "Ana Voss")
    found = score_quotes([doc(GOLD, unmarked)], [doc(inside)], resamples=0)
    assert found["quoted_relation_f1"].value == 100
    assert found["quoted_relation_f1"].n == 1
    # The predicted quote of the plain sentence does not count either.
    found = score_quotes([doc(GOLD)], [doc(GOLD, unmarked)], resamples=0)
    assert found["quoted_relation_precision"].value == 100
    assert found["relation_precision"].value == 50


def test_an_empty_prediction_is_0_without_a_division_by_zero():
    found = figures(doc(GOLD), None)
    for name, value in found.items():
        assert value == 0 or value != value, name
    assert found["relation_f1"] == found["content_token_precision"] == found["soft_f1"] == 0


def test_the_text_and_the_ids_are_checked():
    with pytest.raises(InputError, match="'fiction-1' twice in the predictions"):
        score_quotes([doc(GOLD)], [doc(GOLD), doc(GOLD)])
    with pytest.raises(InputError, match="found another") as error:
        score_quotes([doc(GOLD)], [AnnotatedArticle(text=TEXT + " ", id="fiction-1")])
    assert error.value.field == "text"
    with pytest.raises(InputError, match="found 'other' and no id that the gold labels have"):
        score_quotes([doc(GOLD)], [doc(GOLD, id="other")])


def test_the_human_ceiling_is_the_mean_over_ordered_pairs_of_annotators():
    half = quote("the harbour", "Ana Voss", "said")
    rows = [doc(GOLD), doc(GOLD), doc(half), doc(GOLD, id="fiction-alone")]
    found = human_ceiling(rows, resamples=0)
    # Six ordered pairs of three annotators: two agree exactly.
    assert found["exact_f1"].value == pytest.approx(100 * 2 / 6)
    assert found["half_overlap_f1"].value == 100
    assert found["exact_f1"].n == 6


spans = st.tuples(st.integers(0, 10), st.integers(0, 4)).map(lambda t: Span(t[0], t[0] + t[1]))
quotes = st.builds(
    lambda c, s: Quote("q", tuple(c), (), tuple(s)),
    st.lists(spans, max_size=2),
    st.lists(spans, max_size=1),
)


@given(st.text(min_size=14, max_size=20), st.lists(quotes, max_size=4), st.data())
def test_gold_against_itself_in_any_order_is_never_below_100(text, found, data):
    order = data.draw(st.permutations(found))
    gold = AnnotatedArticle(text=text, id="fiction-any", quotes=tuple(found))
    predicted = AnnotatedArticle(text=text, id="fiction-any", quotes=tuple(order))
    scores = score_quotes([gold], [predicted], resamples=0)
    for name in ("content_token_f1", "exact_f1", "soft_f1", "half_overlap_f1", "relation_f1"):
        value = scores[name].value
        assert value == pytest.approx(100) or value != value, name


@given(st.lists(quotes, max_size=4), st.lists(quotes, max_size=4))
def test_half_overlap_is_symmetric_and_relation_never_above_it(first, second):
    a = AnnotatedArticle(text="one two 3 four five", id="fiction-any", quotes=tuple(first))
    b = AnnotatedArticle(text="one two 3 four five", id="fiction-any", quotes=tuple(second))
    there, back = align(a, b), align(b, a)
    assert len({i for i, _ in there.pairs}) == len(there.pairs) == len({j for _, j in there.pairs})
    scores = score_quotes([a], [b], resamples=0)
    if there.pairs:
        assert scores["relation_f1"].value <= scores["half_overlap_f1"].value
    best = [
        max((_share(x, y) for x, y in itertools.product(there.gold, there.predicted)), default=0)
    ]
    assert bool(there.pairs) == bool(back.pairs) == (best[0] >= 0.5)


def _share(x, y):
    union = len(x.content | y.content)
    return len(x.content & y.content) / union if union else 0
